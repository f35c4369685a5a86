"""The HTTP edge: parse, call one command or query, map."""
