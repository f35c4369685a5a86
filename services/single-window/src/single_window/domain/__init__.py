"""What a case looks like from outside: pure functions from its events."""
