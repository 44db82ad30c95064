"""Erase a person: their account keeps a number, everything that names them elsewhere is hidden or goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, String, Table, Text, TypeDecorator, bindparam, cast, delete, func, or_, select, update
from sqlalchemy.types import TypeEngine

from models import (
    Account,
    AccountInvitation,
    ApiToken,
    Base,
    Consent,
    IdempotentRequest,
    InvestmentEntry,
    Invitation,
    Job,
    KnownDevice,
    PersonalDataRequest,
    RecoveryCode,
    SavedSearch,
    Scientist,
    SignInFailure,
    SignInSession,
    StateChange,
    UsedPassword,
    VerificationCode,
)
from models.account import NO_PASSWORD
from models.sealed import KEY_RING
from service.context import Context
from service.errors import Conflict
from service.kinds import KINDS
from service.personal_data.needles import Needles, mark_of
from service.personal_data.registry import columns_erased, titles
from service.usecases.accounts import check_not_the_last
from service.usecases.attachments import erase_files_of
from service.usecases.erased_attendees import erase_attendees
from service.usecases.lockout import account_key

THEIR_ROWS = (
    SignInSession,
    ApiToken,
    KnownDevice,
    RecoveryCode,
    UsedPassword,
    VerificationCode,
    SavedSearch,
)
"""Kinds whose rows belong to an account and go with it."""
BOOKS_WITH_NAMES: tuple[tuple[Any, str, str], ...] = (
    (InvestmentEntry, "entered_by_name", "entered_by_id"),
    (StateChange, "actor_name", "actor_id"),
)


@dataclass(frozen=True)
class Erased:
    """What was done: cells emptied or rewritten by table, and where a name others bear too is left to be looked at."""

    account_id: int
    cells: Mapping[str, int]
    left: Mapping[str, int]


def erase_person(ctx: Context, account: Account) -> Erased:
    """Erase whoever the account belongs to, everywhere but in the audit log, which knows them by number alone.

    Raises Conflict when nobody else would administer the installation, or it was done before. A job finishes the work
    outside the transaction: word statistics, index files, the embedded database's log.
    """
    if account.erased_at is not None:
        raise Conflict("这个账号已经注销。")
    check_not_the_last(ctx, account)
    ctx.flush()
    done: Counter[str] = Counter()
    done["attachments"] += erase_files_of(ctx, account)
    needles, shared = _needles(ctx, account, done)
    _drop_rows(ctx, account, needles, done)
    _hide_in_books(ctx, account, needles.mark, done)
    done["attendees"] += erase_attendees(ctx, needles)
    _hide_words(ctx, needles, done)
    left = _same_name(ctx, account, needles, done) if shared else {}
    _anonymise(ctx, account)
    ctx.session.expire_all()
    ctx.enqueue("finish_erasure", account=account.id, postings=bool(done["needs"] or done["achievements"]))
    ctx.audit("erase_person", account, cells=sum(done.values()), rows=len(done), left=sum(left.values()))
    return Erased(account.id, dict(done), left)


def _needles(ctx: Context, account: Account, done: Counter[str]) -> tuple[Needles, bool]:
    """What names the person, and whether somebody else bears the same name; their contact entries are emptied."""
    name = account.name.strip()
    addresses = set(
        ctx.session.scalars(select(VerificationCode.target).where(VerificationCode.account_id == account.id))
    )
    addresses |= set(
        ctx.session.scalars(select(AccountInvitation.email).where(AccountInvitation.account_id == account.id))
    )
    phones, shared = _contacts(ctx, account, name, done)
    others = select(Account.id).where(Account.name == name, Account.id != account.id, Account.erased_at.is_(None))
    elsewhere = select(Scientist.id).where(Scientist.name == name, Scientist.organization_id != account.organization_id)
    shared = shared or any(ctx.session.scalar(query.limit(1)) is not None for query in (others, elsewhere))
    exact = tuple(sorted({account.email, *filter(None, addresses), *phones}))
    return Needles(mark_of(account.id), exact, "" if shared else name), shared


def _contacts(ctx: Context, account: Account, name: str, done: Counter[str]) -> tuple[set[str], bool]:
    """Empty the person's contact entries; gives their numbers, and whether others elsewhere have the same name.

    A number that stands beside other names too is an office's, not theirs.
    """
    rows = [
        (kind.model, row)
        for kind in KINDS.values()
        for row in ctx.session.execute(
            select(
                kind.model.id,
                kind.model.organization_id,
                kind.model.created_by_id,
                kind.model.contact_name,
                kind.model.contact_phone,
            )
        )
        if row.contact_name or row.contact_phone
    ]
    theirs = [(model, row) for model, row in rows if _is_theirs(account, name, row)]
    of_others = {row.contact_phone for _, row in rows if row.contact_name and name not in row.contact_name}
    phones = {row.contact_phone for _, row in theirs} - of_others - {""}
    theirs += [(m, r) for m, r in rows if r.contact_phone in phones and (m, r) not in theirs]
    for model, row in theirs:
        blank = {"contact_name": "", "contact_phone": "", "version": model.version + 1}
        ctx.session.execute(update(model.__table__).where(model.__table__.c.id == row.id).values(blank))
        done[model.__tablename__] += 1
    emptied = {(model, row.id) for model, row in theirs}
    shared = any(name and row.contact_name == name and (model, row.id) not in emptied for model, row in rows)
    return phones, shared


def _is_theirs(account: Account, name: str, row: Any) -> bool:
    mine = row.created_by_id == account.id
    if row.contact_name:
        return name in row.contact_name and (mine or row.organization_id == account.organization_id)
    return bool(mine)


def _drop_rows(ctx: Context, account: Account, needles: Needles, done: Counter[str]) -> None:
    keys = [account_key(one) for one in (account.email, f"factor:{account.id}", f"own:{account.id}")]
    gone: list[tuple[Any, Any]] = [(kind, kind.account_id == account.id) for kind in THEIR_ROWS]
    gone += [
        (SignInFailure, SignInFailure.account_key.in_(keys)),
        (
            AccountInvitation,
            or_(AccountInvitation.account_id == account.id, func.lower(AccountInvitation.email).in_(needles.exact)),
        ),
        (IdempotentRequest, IdempotentRequest.id.in_(_answers(ctx, account, needles))),
        (Job, Job.id.in_(_jobs(ctx, needles))),
    ]
    for kind, condition in gone:
        result: Any = ctx.session.execute(delete(kind).where(condition))
        done[kind.__tablename__] += result.rowcount
    for kind, values in (
        (Consent, {"address": ""}),
        (PersonalDataRequest, {"text": "", "answer": ""}),
    ):
        table: Any = kind.__table__
        ctx.session.execute(update(table).where(table.c.account_id == account.id).values(values))


def _answers(ctx: Context, account: Account, needles: Needles) -> list[int]:
    """Answers kept for repeated requests that are theirs or name them; there are those of one day."""
    found = []
    columns = (IdempotentRequest.id, IdempotentRequest.owner, IdempotentRequest.headers, IdempotentRequest.body)
    for number, owner, headers, body in ctx.session.execute(select(*columns)):
        said = f"{headers} {(body or b'').decode('utf-8', 'replace')}"
        if owner == f"account {account.id}" or needles.in_text(said):
            found.append(number)
    return found


def _jobs(ctx: Context, needles: Needles) -> list[int]:
    """Jobs whose payload names them, letters to them among those."""
    found = []
    for number, payload in ctx.session.execute(select(Job.id, Job.payload)):
        sealed = payload.get("letter")
        said = KEY_RING.open(sealed) if isinstance(sealed, str) else str(payload)
        if needles.in_text(said):
            found.append(number)
    return found


def _hide_in_books(ctx: Context, account: Account, mark: str, done: Counter[str]) -> None:
    """Names that older lines of the books carry beside the number."""
    for kind, column, owner in BOOKS_WITH_NAMES:
        table = kind.__table__
        theirs = (table.c[owner] == account.id) & (table.c[column] != "")
        result: Any = ctx.session.execute(update(table).where(theirs).values({column: mark}))
        done[table.name] += result.rowcount


def _hide_words(ctx: Context, needles: Needles, done: Counter[str]) -> None:
    """Hide the person in every text that may name them."""
    by_table: dict[str, list[str]] = {}
    for how in ("text", "row", "blank", "expires"):
        for table, column in columns_erased(how):
            by_table.setdefault(table, []).append(column)
    for name, columns in by_table.items():
        _hide_in_table(ctx, Base.metadata.tables[name], columns, needles, done)


def _hide_in_table(
    ctx: Context, table: Table, columns: list[str], needles: Needles, done: Counter[str], only: Any = None
) -> None:
    searched = [one for one in columns if isinstance(_plain(table.c[one].type), String | JSON)]
    if not searched or not needles.pieces():
        return
    keys = list(table.primary_key)
    looked_for = [
        cast(table.c[one], Text).icontains(piece, autoescape=True) for one in searched for piece in needles.pieces()
    ]
    query = select(*keys, *(table.c[one] for one in searched if not table.c[one].primary_key)).where(or_(*looked_for))
    if only is not None:
        query = query.where(only)
    for row in ctx.session.execute(query).mappings().all():
        changed = {one: _hidden(needles, row[one], table.c[one].type) for one in searched if one in row}
        changed = {one: value for one, value in changed.items() if value != row[one]}
        if not changed:
            continue
        same = [key == bindparam(f"key_{key.name}", row[key.name]) for key in keys]
        counted = {"version": table.c.version + 1} if "version" in table.c else {}
        ctx.session.execute(update(table).where(*same).values({**changed, **counted}))
        done[table.name] += len(changed)


def _hidden(needles: Needles, value: Any, kind: TypeEngine[Any]) -> Any:
    if isinstance(value, str):
        return needles.hide(value, getattr(_plain(kind), "length", None))
    return needles.hide_in(value)


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _same_name(ctx: Context, account: Account, needles: Needles, done: Counter[str]) -> dict[str, int]:
    """Where others bear the name too: hide it in their own organization's lists, count the texts left to a person."""
    named = Needles(needles.mark, (), account.name)
    for kind, columns in ((Scientist, ["name"]), (Invitation, ["attendee", "reply_note"])):
        table: Any = kind.__table__
        own = table.c.organization_id == account.organization_id
        _hide_in_table(ctx, table, columns, named, done, own)
    left: Counter[str] = Counter()
    for name, column in columns_erased("text"):
        table = Base.metadata.tables[name]
        if isinstance(_plain(table.c[column].type), String):
            texts = ctx.session.scalars(select(table.c[column]).where(table.c[column].contains(account.name)))
            left[titles()[name]] += sum(named.in_text(text) for text in texts)
    return {title: number for title, number in left.items() if number}


def _anonymise(ctx: Context, account: Account) -> None:
    table: Any = Account.__table__
    ctx.session.execute(
        update(table)
        .where(table.c.id == account.id)
        .values(
            email=f"erased-{account.id}@erased.invalid",
            name=f"已注销用户-{account.id}",
            password_hash=NO_PASSWORD,
            is_active=False,
            is_organization_admin=False,
            awaits_approval=False,
            email_verified_at=None,
            password_changed_at=None,
            must_change_password=False,
            totp_secret=None,
            totp_confirmed_at=None,
            totp_last_step=None,
            oidc_issuer=None,
            oidc_subject=None,
            wants_recommendations=False,
            erased_at=ctx.now,
            updated_at=ctx.now,
            version=account.version + 1,
        )
    )
