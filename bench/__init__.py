"""Benchmarks: one module each, run by ``python -m bench [name …]``."""
