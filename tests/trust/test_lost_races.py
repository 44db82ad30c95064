"""Somebody else was faster: every form that names a version says what stands now, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from models import (
    HandshakeEventState,
    Invitation,
    MatchState,
    MeetingState,
    OrganizationKind,
    PostingState,
    ProjectState,
    Role,
)
from service.context import Context
from service.usecases.account_invitations import InvitePerson, invite_person
from service.usecases.conflicts import AddBlacklistEntry, AddTie, add_blacklist_entry, add_tie
from service.usecases.organizations import WriteOrganization
from service.usecases.searches import KeepSearch, keep_search
from service.usecases.sensitive_words import WriteSensitiveWord, add_sensitive_word
from service.usecases.synonyms import WriteSynonym, add_synonym
from service.web.differences import standing
from service.web.forms import FormState
from tests.doors.conftest import Browser
from tests.factories import (
    actor_for,
    add_account,
    add_achievement,
    add_contract,
    add_event,
    add_match,
    add_meeting,
    add_need,
    add_organization,
    add_project,
)

FRESH = 70
"""A version that no record here stands at."""


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what its fields hold. A free text's name is in ``typed``."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self._area = self._choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}, []))
        name = given.get("name")
        if tag == "option" and self._choice and given.get("value"):
            fields = self.found[-1][1]
            if "selected" in given or self._choice not in fields:
                fields[self._choice] = given["value"]
        if not self.found or not name:
            return
        _, fields, typed = self.found[-1]
        if tag == "textarea":
            self._area = name
            fields.setdefault(name, "")
            typed.append(name)
        elif tag == "select":
            self._choice = name
        elif given.get("type") == "radio":
            if "checked" in given or name not in fields:
                fields[name] = given["value"]
        elif tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            fields[name] = given.get("value", "")
            if given.get("type") == "text" and "inputmode" not in given and "maxlength" in given:
                typed.append(name)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1][1][self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._choice = ""


def _versioned(page: str) -> list[tuple[str, dict[str, str], list[str]]]:
    return [one for one in Forms(page).found if "version" in one[1]]


def _pages(ctx: Context, staff: dict[Role, Any]) -> list[tuple[Role, str]]:
    """Every page with a form about something that stands in a version, and who may send it."""
    there = {"region_code": "150600"}
    organizer = ctx.__class__(ctx.session, ctx.now, actor_for(ctx, staff[Role.ORGANIZER]), ctx.settings, ctx.demands)
    admin = ctx.__class__(ctx.session, ctx.now, actor_for(ctx, staff[Role.ADMIN]), ctx.settings, ctx.demands)
    security = ctx.__class__(ctx.session, ctx.now, actor_for(ctx, staff[Role.SECURITY]), ctx.settings, ctx.demands)
    firm, other = add_organization(ctx, **there), add_organization(ctx)
    draft = add_need(ctx, state=PostingState.DRAFT, created_by_id=staff[Role.ORGANIZER].id, **there)
    waiting = add_need(ctx, state=PostingState.SUBMITTED, **there)
    public = add_achievement(ctx, **there)
    match = add_match(ctx, state=MatchState.SHORTLISTED, need=add_need(ctx, **there))
    event = add_event(ctx, state=HandshakeEventState.PLANNED, **there)
    meeting = add_meeting(ctx, state=MeetingState.CONFIRMED, event=add_event(ctx, **there))
    project = add_project(ctx, state=ProjectState.INTENT, **there)
    contract = add_contract(ctx, project=project)
    synonym = add_synonym(admin, WriteSynonym(words=["动力电池", "车用锂电"]))
    word = add_sensitive_word(security, WriteSensitiveWord(word="某某代号"))
    search = keep_search(organizer, KeepSearch(name="煤制烯烃", q="煤制烯烃"))
    add_tie(organizer, firm.id, AddTie(kind="SHARED_PERSON", other_id=other.id, person_name="张工"))
    add_blacklist_entry(organizer, firm.id, AddBlacklistEntry(other_id=other.id, reason="诉讼中"))
    invite_person(admin, InvitePerson(email="new@example.com", name="新人", role=Role.LEADER, organization_id=firm.id))
    for written in (organizer, admin, security):
        ctx.written.extend(written.written)
    invited = ctx.session.query(Invitation).first()
    return [
        (Role.ORGANIZER, f"/needs/{draft.id}/edit"),
        (Role.ORGANIZER, f"/needs/{waiting.id}"),
        (Role.ORGANIZER, f"/achievements/{public.id}"),
        (Role.ORGANIZER, f"/matches/{match.id}"),
        (Role.ORGANIZER, f"/events/{event.id}"),
        (Role.ORGANIZER, f"/events/{event.id}/edit"),
        (Role.ORGANIZER, f"/meetings/{meeting.id}"),
        (Role.ORGANIZER, f"/projects/{project.id}"),
        (Role.ORGANIZER, f"/projects/{project.id}/edit"),
        (Role.ORGANIZER, f"/projects/{project.id}/parties/new"),
        (Role.ORGANIZER, f"/contracts/{contract.id}/edit"),
        (Role.ORGANIZER, f"/organizations/{firm.id}/edit"),
        (Role.ORGANIZER, f"/organizations/{firm.id}/conflicts"),
        (Role.ORGANIZER, f"/searches/{search.id}/edit"),
        (Role.ORGANIZER, "/searches"),
        (Role.ADMIN, f"/admin/synonyms/{synonym.id}/edit"),
        (Role.SECURITY, f"/admin/sensitive-words/{word.id}/edit"),
        (Role.ADMIN, f"/accounts/{staff[Role.LEADER].id}"),
        (Role.ADMIN, "/account-invitations"),
        *([(Role.ORGANIZER, f"/invitations/{invited.id}")] if invited is not None else []),
    ]


def test_every_form_with_a_version_shows_a_lost_race_and_keeps_what_was_typed(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    bureau = add_organization(ctx, kind=OrganizationKind.AGENCY)
    staff = {
        role: add_account(ctx, role, organization=bureau, region_code="150600" if role is Role.ORGANIZER else None)
        for role in (Role.ORGANIZER, Role.ADMIN, Role.SECURITY, Role.LEADER)
    }
    pages = _pages(ctx, staff)
    browsers = {role: browse(staff[role]) for role, _ in pages}
    asked, wrong = 0, []
    for role, path in pages:
        browser = browsers[role]
        drawn = browser.get(path)
        forms = _versioned(drawn.text)
        if drawn.status_code != 200 or not forms:
            wrong.append((path, drawn.status_code, "no form with a version"))
        for action, fields, typed in forms:
            words = {name: f"我写的{number}号话、第{number}句" for number, name in enumerate(typed)}
            sent = {**fields, **words, "version": FRESH}
            sent.pop("csrf_token")
            answer = browser.post(action, {name: value for name, value in sent.items() if name != "idempotency_key"})
            asked += 1
            said = "已被修改" in answer.text and f"版本 {FRESH}" in answer.text
            lost = [name for name, text in words.items() if text not in answer.text]
            if answer.status_code != 409 or not said or lost:
                wrong.append((path, action, answer.status_code, said, lost))
    print(f"forms with a version: {asked}, pages: {len(pages)}, wrong: {len(wrong)}")
    for one in wrong:
        print(one)
    assert wrong == []
    assert asked >= 30


def test_a_lost_race_shows_theirs_beside_mine_and_what_stood_before(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    organizer = browse(role=Role.ORGANIZER)
    firm = add_organization(ctx, name="原来的名字")
    path = f"/organizations/{firm.id}/edit"
    [(action, fields, _)] = [one for one in _versioned(organizer.get(path).text) if one[0].endswith("/edit")]
    fields = {name: value for name, value in fields.items() if name not in ("csrf_token", "idempotency_key")}
    assert fields["seen.name"] == "原来的名字"
    firm.name = "别人改的名字"
    ctx.commit()

    page = organizer.post(action, {**fields, "kind": "ENTERPRISE", "name": "我改的名字"})

    assert page.status_code == 409
    assert "您打开时：原来的名字" in page.text
    [(_, again, _)] = [one for one in _versioned(page.text) if one[0].endswith("/edit")]
    assert (again["theirs.name"], again["name"]) == ("别人改的名字", "我改的名字")
    assert again["seen.name"] == "别人改的名字"
    assert again["version"] == str(firm.version)
    again = {name: value for name, value in again.items() if name not in ("csrf_token", "idempotency_key")}

    saved = organizer.post(action, {**again, "kind": "ENTERPRISE", "take.name": "theirs"}, follow_redirects=False)

    assert saved.status_code == 303
    ctx.session.refresh(firm)
    assert firm.name == "别人改的名字"


def test_what_a_form_was_drawn_with_reads_as_the_form_writes_it(ctx: Context) -> None:
    need = add_need(ctx, budget_fen=12_800_000, keywords=["膜", "堆"], is_bottleneck=True)
    state = FormState({"budget": "128000", "keywords": "膜、堆", "is_bottleneck": True, "no_secret": True})

    assert standing(need, state.values) == {"budget": "128000", "keywords": "膜、堆", "is_bottleneck": "true"}
    assert "version" not in standing(need, WriteOrganization.model_fields)
