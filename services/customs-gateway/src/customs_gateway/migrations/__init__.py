"""The schema of this service, revision by revision."""
