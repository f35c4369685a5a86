"""The rules of the State of export; no mechanism."""
