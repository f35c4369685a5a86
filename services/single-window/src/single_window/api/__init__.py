"""The single window's endpoints."""
