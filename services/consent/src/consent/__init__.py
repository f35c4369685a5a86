"""Each importing and transit authority for itself, and the facility of the State of import."""
