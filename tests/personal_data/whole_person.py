"""Somebody whose unmistakable name, address and number stand in every column that may hold them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import JSON, Connection, LargeBinary, MetaData, String, Table, TypeDecorator, select, update

from models import Account, Achievement, AuditEntry, Base, EntryKind, Need, PostingState, ProjectState, Role
from models.sealed import KEY_RING, MARK
from service.context import Context
from service.personal_data.registry import fields
from service.usecases.lockout import account_key
from tests.factories import actor_for, add_account, add_entry, add_need, add_organization, add_project
from tests.models.everything import write_everything

NAME, EMAIL, PHONE = "欧阳青岚", "qinglan.ouyang@example.cn", "13947731234"
NEEDLES = (NAME, EMAIL, PHONE)
SAID = f"{NAME} {EMAIL} {PHONE}"
BOOKS = {"state_changes", "investment_entries", "audit_entries"}
"""Written once: their columns are filled when a line is written."""


def write_whole_person(ctx: Context) -> Account:
    """A row in every table, with the person in every column of the registry that a row may be changed in."""
    house = add_organization(ctx, name="独此一家制造有限公司")
    person = add_account(ctx, Role.ENTERPRISE, organization=house, name=NAME, email=EMAIL)
    write_everything(ctx)
    _write_books(ctx, person)
    ctx.flush()
    for one in fields():
        if one.table not in BOOKS and one.erase not in ("keep", "anonymous"):
            _fill(ctx, Base.metadata.tables[one.table], one.column)
    _tie(ctx, person)
    ctx.session.expire_all()
    ctx.commit()
    return person


def _write_books(ctx: Context, person: Account) -> None:
    """Lines of the books, and an audit log of somebody who searched for, answered and moved things by these words."""
    acting = Context(ctx.session, ctx.now, actor_for(ctx, person), ctx.settings, ctx.demands, written=ctx.written)
    need = add_need(ctx, state=PostingState.PUBLISHED)
    acting.log(need.move_to(PostingState.TAKEN_DOWN, f"{SAID}来电要求下架"))
    acting.saw("export", list="账号", narrowed={"q": SAID, "role": "ADMIN"})
    acting.audit("answer", need, note=SAID, attendee=NAME)
    project = add_project(ctx, state=ProjectState.ACTIVE)
    add_entry(
        ctx,
        project=project,
        kind=EntryKind.SPENT,
        evidence=f"{SAID}经手的发票",
        note=SAID,
        entered_by_id=person.id,
        entered_by_name=NAME,
    )


def _fill(ctx: Context, table: Table, column: str) -> None:
    """Name the person in one column of the table's first row."""
    kind = table.c[column].type
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    value: Any = {"contact_name": NAME, "contact_phone": PHONE}.get(column, SAID)
    if isinstance(plain, JSON):
        value = [NAME, PHONE] if column in ("keywords", "aliases", "fields", "seen", "fresh") else {"q": SAID}
    elif isinstance(plain, LargeBinary):
        value = SAID.encode()
    elif isinstance(plain, String) and plain.length is not None and plain.length < len(SAID):
        value = f"{NAME}{PHONE}"
    keys = ctx.session.execute(select(*table.primary_key).order_by(*table.primary_key).limit(1)).one()
    same = [key == at for key, at in zip(table.primary_key, keys, strict=True)]
    ctx.session.execute(update(table).where(*same).values({column: value}))


def _tie(ctx: Context, person: Account) -> None:
    """The rows that belong to an account belong to this one."""
    for table in Base.metadata.tables.values():
        if "account_id" in table.c and table.name not in ("account_invitations",):
            ctx.session.execute(update(table).values(account_id=person.id))
    for model in (Need, Achievement):
        table: Any = model.__table__
        ctx.session.execute(update(table).where(table.c.contact_phone != "").values(created_by_id=person.id))
    tables = Base.metadata.tables
    ctx.session.execute(update(tables["sign_in_failures"]).values(account_key=account_key(EMAIL)))
    letter = KEY_RING.seal(json.dumps({"to": EMAIL, "subject": "您好", "text": NAME}))
    ctx.session.execute(
        update(tables["jobs"]).where(tables["jobs"].c.name == "rank").values(payload={"letter": letter})
    )


def texts_in(connection: Connection) -> dict[str, list[str]]:
    """“table.column” → every value there is in the database, read without the mapping, opened where it is sealed."""
    raw = MetaData()
    raw.reflect(connection)
    found: dict[str, list[str]] = {}
    for table in raw.sorted_tables:
        for row in connection.execute(select(table)).mappings():
            for column, value in row.items():
                found.setdefault(f"{table.name}.{column}", []).append(_as_text(value))
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return " ".join(KEY_RING.open(word) if word.startswith(MARK) else word for word in text.replace('"', " ").split())


def where_named(connection: Connection) -> dict[str, list[str]]:
    """“table.column” → the texts in which the person is still named."""
    return {
        where: hits
        for where, texts in texts_in(connection).items()
        if (hits := [text for text in texts if any(needle in text for needle in NEEDLES)])
    }


def entries_of(ctx: Context, person: Account) -> list[AuditEntry]:
    """The person's own lines of the audit log."""
    return list(ctx.session.scalars(select(AuditEntry).where(AuditEntry.actor_id == person.id)))
