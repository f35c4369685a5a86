"""The law as dated entries with their sources, and pure functions over them; the date is an argument."""
