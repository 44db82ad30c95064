"""Seating held against other ways of finding it: enumeration, another solver, random events."""
