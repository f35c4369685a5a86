"""The window: projections of the log. May be deleted: it reads the log again and is the same."""
