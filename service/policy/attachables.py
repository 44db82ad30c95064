"""Which kinds of record take files, where they are found, and whose business it is to add one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models import Achievement, Contract, InvestmentEntry, Meeting, Need, Project


@dataclass(frozen=True)
class Attachable:
    """One kind of record: its class, its nouns on pages and in the API, and the action that adding a file takes."""

    model: type[Any]
    page: str
    noun: str
    action: str


ATTACHABLES: Mapping[str, Attachable] = {
    one.model.__name__: one
    for one in (
        Attachable(Need, "needs", "needs", "edit_posting"),
        Attachable(Achievement, "achievements", "achievements", "edit_posting"),
        Attachable(Meeting, "meetings", "meetings", "record_outcome"),
        Attachable(Project, "projects", "projects", "edit_project"),
        Attachable(Contract, "contracts", "contracts", "add_contract"),
        Attachable(InvestmentEntry, "ledger", "entries", "add_entry"),
    )
}
