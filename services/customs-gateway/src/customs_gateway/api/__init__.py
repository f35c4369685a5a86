"""HTTP of the customs gateway: parse, ask one command or query, answer."""
