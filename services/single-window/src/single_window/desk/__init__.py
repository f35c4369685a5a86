"""The desk: what the single window owns itself - worlds, their clients, the signing key."""
