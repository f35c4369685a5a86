"""The chain of this store's schema."""
