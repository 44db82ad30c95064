"""What pages, files, programs' answers and searches tell each reader, text by text: every text is a canary."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest

from tests.trust.answers import ADDRESSES, row_of, texts_of, told_in
from tests.trust.oracle import expected, knows, may_come_in, may_read
from tests.trust.people import ASKERS, KINDS_OF, Person
from tests.trust.promise import PROMISES, Promise
from tests.trust.standing import Standing
from tests.trust.test_matrix import AT, is_let_in

CANARY = re.compile(r"[Qq]([a-z]{2})([0-9]+)([a-z]+)[Qq]")
MARKED = re.compile(r"</?mark[^>]*>")
SILENT = {"/static", "/api/openapi.json", "/healthz", "/readyz", "/gallery", "/setup", "/login/sso/callback"}
"""Addresses that tell the same to everybody."""
READERS = [asker for asker in ASKERS if not asker.leads]
"""Whoever keeps the accounts of a house reads what its other people read, accounts apart."""
FORMS = ("csv", "xlsx")
LISTS = {
    "Need": "/needs",
    "Achievement": "/achievements",
    "Match": "/matches",
    "HandshakeEvent": "/events",
    "Invitation": "/invitations",
    "Meeting": "/meetings",
    "Project": "/projects",
    "Contract": "/contracts",
    "InvestmentEntry": "/ledger",
}
API_LISTS = {**{kind: f"/api/v1{path}" for kind, path in LISTS.items()}, "InvestmentEntry": "/api/v1/entries"}


def told(text: str) -> set[tuple[str, int, str]]:
    """The canaries in a text: kind, number and field."""
    found = CANARY.findall(MARKED.sub("", text))
    return {(KINDS_OF[mark], int(n), of) for mark, n, of in found if mark in KINDS_OF}


def _addresses(standing: Standing, promise: Promise, asker: Person) -> Iterator[str]:
    if promise.path in AT:
        yield AT[promise.path]
    elif promise.kind:
        seen = set()
        for thing in standing.world.of(promise.kind):
            facts = (thing.masked, asker.house in thing.houses, asker.house in thing.met)
            if expected(asker, promise, thing) == 0 and facts not in seen and promise.path.count("{}") == 1:
                seen.add(facts)
                yield promise.path.replace("{}", str(thing.id))
    elif ".{}" in promise.path:
        yield promise.path.replace("{}", "csv")
    elif "{}" not in promise.path:
        yield f"{promise.path}?size=200"


@pytest.mark.parametrize("standing", ["sqlite"], indirect=True)
def test_no_answer_tells_a_text_to_whom_it_is_not_for(standing: Standing) -> None:
    by_key = {(thing.kind, thing.n): thing for thing in standing.world.things}
    cells, texts, wrong = 0, 0, []
    for promise in PROMISES.values():
        if promise.method != "GET" or promise.path in SILENT:
            continue
        for asker in READERS:
            if not may_come_in(asker, promise):
                continue
            for address in _addresses(standing, promise, asker):
                answer = standing.get(asker, address)
                found = told(answer.text)
                cells += 1
                texts += len(found)
                if not is_let_in(promise, answer.status):
                    wrong.append(f"{asker.name} {address}: {answer.status}, wanted to be let in")
                wrong += [
                    f"{asker.name} {address} tells {of} of {by_key[kind, n]}"
                    for kind, n, of in sorted(found)
                    if not may_read(asker, by_key[kind, n], of)
                ]
    print(f"answers: {cells}, texts told: {texts}, wrong: {len(wrong)}")
    assert wrong == []


def test_each_record_is_answered_key_by_key_or_as_if_there_were_none(standing: Standing) -> None:
    cells, wrong = 0, []
    for kind, address in ADDRESSES.items():
        promise = PROMISES["GET", f"{address}/{{}}"]
        for asker in READERS:
            if not may_come_in(asker, promise):
                continue
            nobody = standing.get(asker, f"{address}/999999").json["detail"]
            for thing in standing.world.of(kind):
                answer = standing.get(asker, f"{address}/{thing.id}")
                cells += 1
                if not knows(asker, thing):
                    if answer.status != 404 or answer.json["detail"] != nobody:
                        wrong.append(f"{asker.name} {kind} {thing.id}: {answer.status} {answer.text[:200]}")
                    continue
                wanted, got = texts_of(standing.world, asker, thing), told_in(answer.json, kind)
                wrong += [
                    f"{asker.name} {kind} {thing.id} {key}: {got.get(key, 'missing')!r}, wanted {wanted.get(key)!r}"
                    for key in wanted.keys() | got.keys()
                    if key not in wanted or got.get(key, "missing") != wanted[key]
                ]
    print(f"records × readers: {cells}, wrong: {len(wrong)}")
    print("\n".join(wrong[:40]))
    assert wrong == []


def test_each_list_and_file_has_the_rows_of_its_reader_and_no_other(standing: Standing) -> None:
    cells, wrong = 0, []
    for kind, path in LISTS.items():
        everything = {thing.id: thing for thing in standing.world.of(kind)}
        for asker in READERS:
            if not may_come_in(asker, PROMISES["GET", path]):
                continue
            known = {number for number, thing in everything.items() if knows(asker, thing)}
            if may_come_in(asker, PROMISES["GET", API_LISTS[kind]]):
                listed = standing.get(asker, f"{API_LISTS[kind]}?size=200").json
                rows = {row["id"] for row in listed["items"]}
                cells += 1
                if (listed["total"], rows) != (len(known), known):
                    wrong.append(f"{asker.name} {API_LISTS[kind]}: {rows ^ known} total {listed['total']}")
            wanted = {thing.n: row_of(standing.world, thing) for thing in map(everything.get, known) if thing}
            for form in FORMS:
                answer = standing.get(asker, f"{path}.{form}")
                table = answer.rows if form == "xlsx" else list(csv.reader(io.StringIO(answer.text)))
                texts = [told("\t".join(row)) for row in table[1:]]
                got = {n: row for row in texts for at, n, _ in row if at == kind}
                cells += 1
                wrong += [
                    f"{asker.name} {path}.{form} {n}: {got.get(n, set()) ^ wanted.get(n, set())}"
                    for n in got.keys() | wanted.keys()
                    if got.get(n) != wanted.get(n)
                ]
                wrong += [f"{asker.name} {path}.{form}: {len(texts)} rows"] if len(texts) != len(known) else []
    print(f"lists and files: {cells}, wrong: {len(wrong)}")
    print("\n".join(wrong[:40]))
    assert wrong == []
