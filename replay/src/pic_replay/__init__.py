"""Plays message scenarios against an exchange, from outside, over HTTP."""
