"""The schema of the window, step by step."""
