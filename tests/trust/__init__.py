"""Whether the service can be trusted: attacks, and what the law asks."""
