"""The contract of the exchange: envelope, messages, documents and the catalogue that ties them together."""
