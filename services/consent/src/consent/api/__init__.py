"""Parse, call one command or query, answer."""
