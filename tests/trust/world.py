"""People of every role and records of every kind, two of each kind of owner and of region, every text a canary."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from models import (
    Account,
    AccountInvitation,
    Achievement,
    BlacklistEntry,
    Confidentiality,
    EventLetter,
    EventTable,
    HandshakeEvent,
    HandshakeEventState,
    Introduction,
    Invitation,
    InvitationState,
    LetterKind,
    Match,
    MatchState,
    Meeting,
    MeetingState,
    Need,
    Organization,
    OrganizationKind,
    OrganizationTie,
    PartyRole,
    PostingState,
    ProjectState,
    Role,
    SavedSearch,
    SensitiveWord,
    Source,
    StateChange,
    Synonym,
    TieKind,
    Wish,
    WishLevel,
)
from service.context import Context
from tests.factories import (
    add_account,
    add_achievement,
    add_attendee,
    add_category,
    add_contract,
    add_entry,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_organization,
    add_party,
    add_project,
    add_scientist,
)
from tests.trust.people import ASKERS, HERE, THERE, Thing, canary

T, P, M = Confidentiality, PostingState, MatchState
POSTINGS: dict[str, type[Any]] = {"Need": Need, "Achievement": Achievement}
_numbers = itertools.count(1)


@dataclass
class World:
    """All that was written, and who has an account."""

    ctx: Context
    things: list[Thing] = field(default_factory=list)
    houses: dict[str, Any] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def of(self, kind: str) -> list[Thing]:
        """Every record of a kind."""
        return [thing for thing in self.things if thing.kind == kind]

    def put(self, thing: Thing) -> Thing:
        """Keep a record that was written."""
        self.things.append(thing)
        return thing

    # who there is

    def settle(self) -> None:
        """Write the houses and one account for each asker of ``ASKERS``."""
        kinds = {"E": OrganizationKind.ENTERPRISE, "I": OrganizationKind.INSTITUTE, "B": OrganizationKind.BROKERAGE}
        for name in ("E1", "E2", "E3", "E9", "I1", "I2", "I9", "B1", "G1", "G2"):
            n = next(_numbers)
            kind = kinds.get(name[0], OrganizationKind.AGENCY)
            texts = {of: canary("Organization", n, of) for of in ("name", "profile")}
            row = add_organization(
                self.ctx, kind, region_code=HERE, aliases=[canary("Organization", n, "alias")],
                status_note=canary("Organization", n, "note"), **texts,
            )  # fmt: skip
            self.houses[name] = self.put(Thing("Organization", n, row.id, frozenset({name}), HERE))
        for asker in ASKERS:
            if asker.role is None:
                continue
            n = next(_numbers)
            account = add_account(
                self.ctx,
                asker.role,
                organization=self._row(asker.house),
                region_code=asker.region or None,
                is_organization_admin=asker.leads,
                name=canary("Account", n, "name"),
                email=f"{canary('Account', n, 'mail')}@example.cn".lower(),
            )
            self.accounts[asker.name] = account
            self.put(Thing("Account", n, account.id, frozenset({asker.house}), author=asker.name))

    def _row(self, house: str) -> Any:
        return self.ctx.find(Organization, self.houses[house].id)

    # what there is

    def posting(
        self, kind: str, house: str, region: str, tier: Confidentiality = T.PUBLIC, *, masked: bool = False,
        state: PostingState = P.PUBLISHED, official: bool = False, **facts: Any,
    ) -> Thing:  # fmt: skip
        """A need or an achievement with a canary in every text."""
        n = next(_numbers)
        own = (
            ("title", "problem", "present", "targets") if kind == "Need" else ("title", "abstract", "use", "gain", "ip")
        )
        names = {
            "present": "present_state", "targets": "target_indicators", "use": "application", "gain": "advantages",
            "ip": "ip_summary",
        }  # fmt: skip
        columns = {names.get(of, of): canary(kind, n, of) for of in own}
        columns |= {"contact_name": canary(kind, n, "contact"), "contact_phone": canary(kind, n, "phone")}
        columns |= {"stage_hint": canary(kind, n, "stage"), "review_remark": canary(kind, n, "remark")}
        add = add_need if kind == "Need" else add_achievement
        row = add(
            self.ctx, organization=self._row(house), region_code=region, confidentiality=tier, state=state,
            keywords=[canary(kind, n, "keyword")], masked_name=canary(kind, n, "mask") if masked else "",
            seed_key=f"K{n}" if official else None, **columns,
        )  # fmt: skip
        thing = Thing(kind, n, row.id, frozenset({house}), region, state, tier, masked, official=official, **facts)
        self.ctx.add(
            StateChange(
                record_type=kind, record_id=row.id, from_state="DRAFT", to_state=state.value, at=self.ctx.now,
                reason=canary(kind, n, "reason"), actor_name=canary(kind, n, "actor"),
            )
        )  # fmt: skip
        return self.put(thing)

    def pair(
        self, owner: str, region: str, tier: Confidentiality, state: MatchState = M.SUGGESTED, *, masked: bool = False,
        introduced: bool = False, official: bool = False, spoken: bool = True,
    ) -> Thing:  # fmt: skip
        """A match of two postings alike: those of E1 and I1, or of E2 and I2."""
        asks, offers = f"E{owner}", f"I{owner}"
        chosen, agreed = state in (M.SHORTLISTED, M.MUTUAL), state is M.MUTUAL or introduced
        sides = []
        for kind, house, other in (("Need", asks, offers), ("Achievement", offers, asks)):
            facts = {"met": frozenset({other}) if chosen else frozenset()}
            facts["acquainted"] = frozenset({other}) if agreed else frozenset()
            sides.append(self.posting(kind, house, region, tier, masked=masked, official=official, **facts))
        n = next(_numbers)
        rows = [self.ctx.find(POSTINGS[side.kind], side.id) for side in sides]
        match = add_match(
            self.ctx, need=rows[0], achievement=rows[1], state=state, reason=canary("Match", n, "reason"),
            remark=canary("Match", n, "remark") if spoken else "",
        )  # fmt: skip
        if introduced:
            self.ctx.add(
                Introduction(match_id=match.id, introduced_at=self.ctx.now, note=canary("Match", n, "introduction"))
            )
        return self.put(
            Thing(
                "Match",
                n,
                match.id,
                frozenset({asks, offers}),
                region,
                state,
                parts=tuple(sides),
                official=official,
                spoken=spoken,
                introduced=introduced,
            )
        )

    def match_of(self, need: Thing, achievement: Thing) -> Thing:
        """A suggested pair of two postings there are."""
        n = next(_numbers)
        rows = [self.ctx.find(POSTINGS[side.kind], side.id) for side in (need, achievement)]
        match = add_match(self.ctx, need=rows[0], achievement=rows[1], reason=canary("Match", n, "reason"))
        houses = need.houses | achievement.houses
        return self.put(Thing("Match", n, match.id, houses, need.region, M.SUGGESTED, parts=(need, achievement)))

    def event(self, region: str, state: HandshakeEventState) -> Thing:
        """A handshake event in a region, held by that region's bureau."""
        n = next(_numbers)
        house = "G1" if region == HERE else "G2"
        row = add_event(
            self.ctx, organizer=self._row(house), region_code=region, state=state,
            **{of: canary("HandshakeEvent", n, of) for of in ("title", "theme", "venue", "letter")},
        )  # fmt: skip
        event = self.put(Thing("HandshakeEvent", n, row.id, frozenset({house}), region, state))
        n = next(_numbers)
        table = EventTable(
            handshake_event_id=row.id, number=1, name=canary("EventTable", n, "name"), equipment=["投影"],
            remote_link=f"https://example.cn/{canary('EventTable', n, 'remote')}", zone=canary("EventTable", n, "zone"),
            closed_slots=[], note=canary("EventTable", n, "note"),
        )  # fmt: skip
        self.put(Thing("EventTable", n, self.ctx.add(table).id, frozenset({house}), region, parts=(event,)))
        return event

    def invitation(self, event: Thing, house: str, state: InvitationState = InvitationState.ACCEPTED) -> Thing:
        """A house asked to an event."""
        n = next(_numbers)
        row = add_invitation(
            self.ctx, event=self.ctx.find(HandshakeEvent, event.id), organization=self._row(house), state=state,
            attendee=canary("Invitation", n, "attendee"), reply_note=canary("Invitation", n, "note"),
        )  # fmt: skip
        asked = self.put(Thing("Invitation", n, row.id, frozenset({house}), event.region, state, parts=(event,)))
        self._person(event, row, house)
        return asked

    def _person(self, event: Thing, invitation: Invitation, house: str) -> None:
        """Somebody who comes for a house, with a letter, and a wish where the house has a pair."""
        facts: Any = (frozenset({house}), event.region)
        n = next(_numbers)
        person = add_attendee(
            self.ctx, invitation=invitation, badge=f"W{n:05d}",
            **{of: canary("Attendee", n, of) for of in ("name", "position", "note", "feedback")},
        )  # fmt: skip
        self.put(Thing("Attendee", n, person.id, *facts, parts=(event,)))
        n = next(_numbers)
        letter = EventLetter(
            attendee_id=person.id, kind=LetterKind.INVITATION, subject=canary("EventLetter", n, "subject"),
            text=canary("EventLetter", n, "text"), created_at=self.ctx.now,
        )  # fmt: skip
        self.put(Thing("EventLetter", n, self.ctx.add(letter).id, *facts, parts=(event,)))
        match = next((one for one in self.of("Match") if house in one.houses), None)
        if match is not None:
            n = next(_numbers)
            wish = Wish(
                invitation_id=invitation.id, match_id=match.id, level=WishLevel.UNWANTED,
                reason=canary("Wish", n, "reason"),
            )  # fmt: skip
            self.put(Thing("Wish", n, self.ctx.add(wish).id, *facts, parts=(event,)))

    def meeting(self, event: Thing, match: Thing, state: MeetingState = MeetingState.HELD) -> Thing:
        """A talk of a pair at an event."""
        n = next(_numbers)
        taken = sum(event in one.parts for one in self.of("Meeting"))
        row = add_meeting(
            self.ctx, event=self.ctx.find(HandshakeEvent, event.id), match=self.ctx.find(Match, match.id),
            state=state, note=canary("Meeting", n, "note"), next_step=canary("Meeting", n, "next"),
            next_step_owner=canary("Meeting", n, "owner"), due_on=self.ctx.today, slot=taken % 8,
            table_number=taken // 8 + 1,
        )  # fmt: skip
        thing = Thing(
            "Meeting", n, row.id, match.houses, event.region, state, match.part("Need").tier, parts=(match, event)
        )
        return self.put(thing)

    def project(self, meeting: Thing, financier: str = "E3") -> Thing:
        """What came of a talk: a project with its contract and two ledger lines; a financier takes part in it."""
        n = next(_numbers)
        row = add_project(
            self.ctx, meeting=self.ctx.find(Meeting, meeting.id), state=ProjectState.ACTIVE,
            region_code=meeting.region, title=canary("Project", n, "title"), summary=canary("Project", n, "summary"),
            acceptance_note=canary("Project", n, "acceptance"), direct_reason=canary("Project", n, "direct"),
        )  # fmt: skip
        add_party(self.ctx, row, self._row(financier), PartyRole.FUNDING)
        houses = meeting.houses | {financier}
        project = self.put(Thing("Project", n, row.id, houses, meeting.region, parts=(meeting,)))
        n = next(_numbers)
        contract = add_contract(
            self.ctx, project=row, title=canary("Contract", n, "title"), registration_number=f"Qco{n:09d}regQ"
        )
        self.put(Thing("Contract", n, contract.id, houses, meeting.region, parts=(project,)))
        n = next(_numbers)
        entry = add_entry(
            self.ctx, project=row, contract_id=contract.id,
            evidence=canary("InvestmentEntry", n, "evidence"), note=canary("InvestmentEntry", n, "note"),
            entered_by_name=canary("InvestmentEntry", n, "by"),
        )  # fmt: skip
        self.put(Thing("InvestmentEntry", n, entry.id, houses, meeting.region, parts=(project,)))
        return project

    def odds(self) -> None:
        """Records that belong to a person or to the house: kept searches, invitations to join, ties, words."""
        self.ctx.add(Source(key="S1", title="实施方案"))
        add_category(self.ctx, scheme="point")
        for name, account in self.accounts.items():
            if name in ("ENTERPRISE", "ENTERPRISE other", "INSTITUTE", "ADMIN"):
                n = next(_numbers)
                row = SavedSearch(
                    account_id=account.id, name=canary("SavedSearch", n, "name"),
                    query=canary("SavedSearch", n, "query"), filters={}, seen=[], fresh=[],
                )  # fmt: skip
                self.put(Thing("SavedSearch", n, self.ctx.add(row).id, author=name))
        for house in ("E1", "E2"):
            n = next(_numbers)
            invited = AccountInvitation(
                email=f"{canary('AccountInvitation', n, 'mail')}@example.cn".lower(),
                name=canary("AccountInvitation", n, "name"), role=Role.ENTERPRISE,
                organization_id=self.houses[house].id, token_digest=f"{n:064d}",
                invited_by_id=self.accounts["ADMIN"].id, expires_at=self.ctx.now + timedelta(days=900),
            )  # fmt: skip
            self.put(Thing("AccountInvitation", n, self.ctx.add(invited).id, frozenset({house})))
        for house in ("I1", "I2"):
            n = next(_numbers)
            scientist = add_scientist(
                self.ctx, organization=self._row(house), fields=[canary("Scientist", n, "field")],
                **{of: canary("Scientist", n, of) for of in ("name", "position")},
            )  # fmt: skip
            self.put(Thing("Scientist", n, scientist.id, frozenset({house})))
        n = next(_numbers)
        tie = OrganizationTie(
            organization_id=self.houses["E9"].id, other_id=self.houses["I9"].id, kind=TieKind.AFFILIATED,
            note=canary("OrganizationTie", n, "note"),
        )  # fmt: skip
        self.put(Thing("OrganizationTie", n, self.ctx.add(tie).id))
        n = next(_numbers)
        entry = BlacklistEntry(
            organization_id=self.houses["E9"].id, reason=canary("BlacklistEntry", n, "reason"), starts_on=self.ctx.today
        )
        self.put(Thing("BlacklistEntry", n, self.ctx.add(entry).id))
        n = next(_numbers)
        self.put(Thing("SensitiveWord", n, self.ctx.add(SensitiveWord(word=canary("SensitiveWord", n, "word"))).id))
        n = next(_numbers)
        words = [canary("Synonym", n, "one"), canary("Synonym", n, "other")]
        self.put(Thing("Synonym", n, self.ctx.add(Synonym(words=words)).id))


def write_world(ctx: Context, *, whole: bool) -> World:
    """Write the world; not ``whole``: fewer variants of each kind."""
    world = World(ctx)
    world.settle()
    for owner, region, tier in itertools.product("12", (HERE, THERE), T):
        if whole or region == HERE:
            world.pair(owner, region, tier, masked=(tier in (T.MEMBERS, T.COUNTERPARTS)) is (owner == "1"))
    for owner, region in itertools.product("12", (HERE, THERE)):
        for state in (P.DRAFT, P.SUBMITTED, P.RETURNED, P.TAKEN_DOWN):
            world.posting("Need", f"E{owner}", region, state=state)
        for state in (P.DRAFT, P.SUBMITTED):
            world.posting("Achievement", f"I{owner}", region, state=state)
    for state in (P.ENGAGED, P.CLOSED_WON, P.CLOSED, P.EXPIRED):
        world.posting("Need", "E1", HERE, state=state)
    world.pair("2", HERE, T.PUBLIC, official=True)
    world.pair("2", HERE, T.PUBLIC, official=True, spoken=False)
    world.pair("1", HERE, T.PUBLIC, M.DISMISSED)
    world.pair("1", HERE, T.MEMBERS, masked=True, introduced=True)
    world.pair("2", THERE, T.COUNTERPARTS, masked=True, introduced=True)
    events = {
        (region, state): world.event(region, state)
        for region in (HERE, THERE)
        for state in (HandshakeEventState.PLANNED, HandshakeEventState.OPEN, HandshakeEventState.HELD)
    }
    for event in events.values():
        for house in ("E1", "I1", "E2", "I2"):
            world.invitation(event, house)
    for owner, region, (tier, state) in itertools.product(
        "12",
        (HERE, THERE) if whole else (HERE,),
        (
            (T.COUNTERPARTS, M.SHORTLISTED),
            (T.ORGANIZERS, M.SHORTLISTED),
            (T.PUBLIC, M.MUTUAL),
            (T.COUNTERPARTS, M.MUTUAL),
            (T.ORGANIZERS, M.MUTUAL),
        ),
    ):
        match = world.pair(owner, region, tier, state, masked=state is M.MUTUAL or tier is T.COUNTERPARTS)
        world.meeting(events[region, HandshakeEventState.OPEN], match, MeetingState.CONFIRMED)
        if state is M.MUTUAL:
            world.project(world.meeting(events[region, HandshakeEventState.HELD], match))
    world.odds()
    return world
