"""The single window: the exchange's front door, and the read side that derives every case from the log."""
