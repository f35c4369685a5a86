"""State of export: notifications, the export authority's desk, movement documents."""
