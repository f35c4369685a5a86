"""One file per revision; the name is the revision."""
