"""Mechanism of the exchange: bus, outbox, inbox, clock, worlds, access. No domain word lives here."""
