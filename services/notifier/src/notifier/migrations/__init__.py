"""The schema of the notifier's database."""
