"""Who may do what: one table in three parts, read by both doors, the pages' buttons, exports, search and the jobs.

``actions`` says which role may do what to whose records (ownership, region); ``routes`` which of that each address
takes, and which record it is about; ``fields`` who may read what of a record. ``service/visibility.py`` says which rows
there are for somebody at all (confidentiality, region). What no row allows is refused.
"""

from service.policy.actions import COLLEAGUES, POLICY, Scope, allows, demand, posts_on_behalf
from service.policy.fields import FIELDS, may_read
from service.policy.routes import ROUTES, Gate, admit, gate_of, unlisted

__all__ = [
    "COLLEAGUES",
    "FIELDS",
    "POLICY",
    "ROUTES",
    "Gate",
    "Scope",
    "admit",
    "allows",
    "demand",
    "gate_of",
    "may_read",
    "posts_on_behalf",
    "unlisted",
]
