"""Longer runs that ``make drill`` starts."""
