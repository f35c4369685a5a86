"""The life of a file at an authority's desk, and of a shipment at the facility's gate."""
