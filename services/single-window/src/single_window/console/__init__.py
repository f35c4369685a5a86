"""The console: pages for people, that need no other server, and no script to be read."""
