"""The customs gateway: offices let only lawful loads pass, and account for every kilogram consented."""
