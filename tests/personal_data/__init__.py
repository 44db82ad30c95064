"""Personal data: registry, consent, export, erasure, retention, incidents."""
