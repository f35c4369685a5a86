"""Two tiny services, lodging and desk, that use every mechanism of the kit and know no law."""
