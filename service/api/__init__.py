"""The JSON door under /api/v1: the same use-cases and queries as the pages."""
