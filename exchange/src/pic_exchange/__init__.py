"""The `pic` command, and the ways to run the exchange: one process, one service, or the whole stack."""
