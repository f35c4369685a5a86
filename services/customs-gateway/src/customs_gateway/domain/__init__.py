"""The rules of customs: what is known of a notification, what was declared, what may pass."""
