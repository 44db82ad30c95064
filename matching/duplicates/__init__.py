"""Near-duplicates at once: an exact search for titles and bodies that say nearly the same."""

from matching.duplicates.finder import THRESHOLD, Duplicate, DuplicateFinder, near_duplicates

__all__ = ["THRESHOLD", "Duplicate", "DuplicateFinder", "near_duplicates"]
