"""No page shows a button or a link that whoever sees it may not press."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from html.parser import HTMLParser

import pytest

from tests.trust.oracle import expected
from tests.trust.people import ASKERS, Person
from tests.trust.promise import PROMISES
from tests.trust.standing import Standing

NUMBER = re.compile(r"/\d+(?=/|$|\.)")
OWN = ("/account", "/logout", "/login", "/demo/")
"""Where a write takes effect without being told anything; everybody has these for themselves."""
PAGES_OF_A_KIND, ADDRESSES_OF_A_KIND = 2, 1
ALIKE = {"ENTERPRISE other", "ENTERPRISE financier", "INSTITUTE other", "ORGANIZER there"}
"""Askers whose pages have the buttons that somebody else's have."""
REFUSED = {401, 403, 404, 405}


class Pressed(HTMLParser):
    """What can be pressed on a page: where its forms and links lead within the service."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.writes: set[str] = set()
        self.reads: set[str] = set()
        self._posts = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._posts = given.get("method") == "post"
            if self._posts and given.get("action"):
                self.writes.add(given["action"])
        if tag == "button" and given.get("formaction") and self._posts:
            self.writes.add(given["formaction"])
        if tag == "a" and given.get("href", "").startswith("/"):
            self.reads.add(given["href"].split("#")[0])


def _pages(standing: Standing, asker: Person) -> list[str]:
    """Pages that are open to the asker: each without a record, and some of each kind of record."""
    found = []
    for promise in PROMISES.values():
        if promise.method != "GET" or promise.path.startswith(("/api/", "/static")) or ".{}" in promise.path:
            continue
        if not promise.kind:
            if "{}" not in promise.path and expected(asker, promise, None) == 0:
                found.append(promise.path)
            continue
        states: Counter[object] = Counter()
        for thing in standing.world.of(promise.kind):
            if expected(asker, promise, thing) == 0 and not states[thing.state]:
                states[thing.state] += 1
                found.append(promise.path.replace("{}", str(thing.id), 1))
            if sum(states.values()) == PAGES_OF_A_KIND:
                break
    return [path for path in found if "{}" not in path]


@pytest.mark.parametrize("standing", ["sqlite"], indirect=True)
def test_nothing_that_can_be_pressed_is_refused(standing: Standing) -> None:
    pages, pressed = 0, Counter[str]()
    wrong = []
    for asker in (one for one in ASKERS if one.name not in ALIKE):
        shown: dict[tuple[str, str], list[str]] = defaultdict(list)
        where: dict[str, str] = {}
        for path in _pages(standing, asker):
            page = standing.get(asker, path)
            if page.status != 200 or "html" not in page.headers["content-type"]:
                continue
            pages += 1
            found = Pressed(page.text)
            for method, actions in (("POST", found.writes), ("GET", found.reads)):
                for action in actions:
                    alike = shown[method, NUMBER.sub("/{}", action.split("?")[0])]
                    if action not in alike and len(alike) < ADDRESSES_OF_A_KIND:
                        alike.append(action)
                        where[method + action] = path
        for (method, _), actions in shown.items():
            for action in actions:
                if method == "POST" and action.startswith(OWN):
                    continue
                answer = standing.send(asker, method, action)
                pressed[method] += 1
                if answer.status in REFUSED:
                    wrong.append((asker.name, where[method + action], method, action, answer.status))
    print(f"pages: {pages}, pressed: {dict(pressed)}, refused: {len(wrong)}")
    for one in wrong:
        print(one)
    assert wrong == []
    assert pressed["POST"] > 100
    assert pressed["GET"] > 500
