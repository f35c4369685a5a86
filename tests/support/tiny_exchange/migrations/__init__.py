"""One chain for both tiny services."""
