"""The statute files: what the law says, as dated YAML with a source at every entry."""
