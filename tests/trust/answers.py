"""What the programs' door answers about one record, key by key, for each reader: written by hand from the promise."""

from __future__ import annotations

from typing import Any

from tests.trust.oracle import may_read, plans, reads_name
from tests.trust.people import Person, Thing
from tests.trust.world import World

ADDRESSES = {
    "Need": "/api/v1/needs",
    "Achievement": "/api/v1/achievements",
    "Match": "/api/v1/matches",
    "HandshakeEvent": "/api/v1/events",
    "Invitation": "/api/v1/invitations",
    "Meeting": "/api/v1/meetings",
    "Project": "/api/v1/projects",
    "Contract": "/api/v1/contracts",
    "InvestmentEntry": "/api/v1/entries",
    "Organization": "/api/v1/organizations",
    "SavedSearch": "/api/v1/searches",
}
_POSTING = """id version posted_on_behalf region_code categories confidentiality state published_at is_demo"""
PLAIN = {
    kind: frozenset(keys.split())
    for kind, keys in {
        "Need": f"{_POSTING} budget deadline cooperation_modes wanted_trl is_bottleneck",
        "Achievement": f"{_POSTING} trl conversion_modes price price_negotiable",
        "Match": "id version need_id achievement_id score parts shared_terms lit_terms missing_terms aligned "
        "need_passages offer_passages indicators conditions state need_agrees offer_agrees dismissed_by "
        "dismissal_reason side introduced_at conflict is_demo",
        "HandshakeEvent": "id version point_id point organizer_id region_code starts_at ends_at slots slot_minutes "
        "break_minutes tables breaks reply_by minimum_talks maximum_talks score_weight wanted_weight state is_demo",
        "Invitation": "id version event_id starts_at organization_id seats state replied_at checked_in_at is_demo",
        "Meeting": "id version event_id match_id slot table_number state outcome held_at due_on is_demo begins "
        "projects",
        "Project": "id version state meeting_id region_code point_id mode trl_start trl_now opened_on contracted_on "
        "starts_on ends_on accepted_on termination_reason in_good_faith updated_at is_demo money gates",
        "Contract": "id version project_id kind buyer_id seller_id signed_on amount technology_amount payment_mode "
        "valid_from valid_to is_demo",
        "InvestmentEntry": "id project_id contract_id occurred_on kind source amount reverses_id created_at is_demo "
        "reversed_by",
        "Organization": "id version kind uscc region_code is_demo needs achievements",
        "SavedSearch": "id version filters alerts fresh checked_at created_at",
    }.items()
}
"""The keys that hold no text of anybody's: numbers, dates, states."""
OWN_TEXTS = {
    "Need": {"problem": "problem", "present_state": "present", "target_indicators": "targets"},
    "Achievement": {"abstract": "abstract", "advantages": "gain", "application": "use", "ip_summary": "ip"},
    "HandshakeEvent": {"title": "title", "theme": "theme", "venue": "venue"},
    "Invitation": {"attendee": "attendee", "reply_note": "note"},
    "Meeting": {"note": "note", "next_step": "next", "next_step_owner": "owner"},
    "Project": {
        "title": "title", "summary": "summary", "acceptance_note": "acceptance", "direct_reason": "direct",
    },
    "Contract": {"title": "title"},
    "InvestmentEntry": {"evidence": "evidence", "note": "note", "entered_by": "by"},
    "Organization": {"name": "name", "profile": "profile", "status_note": "note"},
    "SavedSearch": {"name": "name", "query": "query"},
}  # fmt: skip


ROWS: dict[str, tuple[set[str], dict[str, set[str]]]] = {
    "Need": ({"title", "stage"}, {}),
    "Achievement": ({"title", "stage"}, {}),
    "Match": ({"reason", "remark"}, {}),
    "HandshakeEvent": ({"title", "venue"}, {}),
    "Invitation": ({"attendee", "note"}, {"HandshakeEvent": {"title", "venue"}}),
    "Meeting": ({"next", "owner"}, {"HandshakeEvent": {"title"}}),
    "Project": ({"title"}, {}),
    "Contract": ({"title", "reg"}, {"Project": {"title"}}),
    "InvestmentEntry": ({"evidence", "note", "by"}, {"Project": {"title"}}),
}
"""What a row of a file holds: texts of the record's own, and of the records it hangs on."""
Text = tuple[str, int, str]


def _house(world: World, thing: Thing) -> Thing:
    return world.houses[next(iter(thing.houses))]


def name_of(world: World, asker: Person, posting: Thing) -> str:
    """The name a posting has for the asker: whose it is, or what it shows to the public."""
    house = _house(world, posting).canary("name")
    return house if reads_name(asker, posting) else posting.canary("mask")


def texts_of(world: World, asker: Person, thing: Thing) -> dict[str, Any]:
    """Every key of the answer that may hold somebody's text, with what the asker must find there."""
    found: dict[str, Any] = {key: thing.canary(of) for key, of in OWN_TEXTS.get(thing.kind, {}).items()}
    if thing.kind in ("Need", "Achievement"):
        named = reads_name(asker, thing)
        calls = may_read(asker, thing, "contact")
        found |= {
            "title": thing.canary("title"),
            "keywords": [thing.canary("keyword")],
            "organization": name_of(world, asker, thing),
            "organization_id": _house(world, thing).id if named else None,
            "review_remark": thing.canary("remark") if may_read(asker, thing, "remark") else "",
            "contact_name": thing.canary("contact") if calls else None,
            "contact_phone": thing.canary("phone") if calls else None,
        }
    elif thing.kind == "Match":
        found |= _sides(world, asker, thing)
        told = may_read(asker, thing, "remark")
        found |= {
            "reason": thing.canary("reason"),
            "remark": thing.canary("remark") if told and thing.spoken else "",
            "introduction_note": thing.canary("introduction") if told and thing.introduced else "",
        }
    elif thing.kind == "HandshakeEvent":
        found |= {
            "organizer": _house(world, thing).canary("name"),
            "letter": thing.canary("letter") if plans(asker, thing) else None,
        }
    elif thing.kind == "Invitation":
        event = thing.part("HandshakeEvent").canary("title")
        found |= {"event": event, "organization": _house(world, thing).canary("name")}
    elif thing.kind == "Meeting":
        found |= _sides(world, asker, thing.part("Match"))
        found |= {"event": thing.part("HandshakeEvent").canary("title")}
    elif thing.kind == "Project":
        found |= {"parties": {world.houses[house].canary("name") for house in thing.houses}}
    elif thing.kind == "Contract":
        found |= {"registration_number": f"Qco{thing.n:09d}regQ"}
    elif thing.kind == "InvestmentEntry":
        found |= {"project_title": thing.part("Project").canary("title")}
    elif thing.kind == "Organization":
        found |= {"aliases": [thing.canary("alias")]}
    return found


def _sides(world: World, asker: Person, match: Thing) -> dict[str, str]:
    need, achievement = match.part("Need"), match.part("Achievement")
    return {
        "need": need.canary("title"),
        "achievement": achievement.canary("title"),
        "need_organization": name_of(world, asker, need),
        "offer_organization": name_of(world, asker, achievement),
    }


def public_name(world: World, posting: Thing) -> Text:
    """The name a posting shows in lists, to everybody alike."""
    if posting.masked:
        return posting.kind, posting.n, "mask"
    return "Organization", _house(world, posting).n, "name"


def row_of(world: World, thing: Thing) -> set[Text]:
    """The texts in a record's row of a file: kind, number and field of each."""
    fields, parts = ROWS[thing.kind]
    found = {(thing.kind, thing.n, of) for of in fields}
    if thing.kind == "Match" and not thing.spoken:
        found.discard(("Match", thing.n, "remark"))
    pair = thing if thing.kind == "Match" else next((part for part in thing.parts if part.kind == "Match"), None)
    sides = pair.parts if pair is not None else (thing,) if thing.kind in ("Need", "Achievement") else ()
    found |= {(side.kind, side.n, "title") for side in sides} | {public_name(world, side) for side in sides}
    for part in thing.parts:
        found |= {(part.kind, part.n, of) for of in parts.get(part.kind, ())}
    if thing.kind in ("Invitation", "HandshakeEvent"):
        found.add(("Organization", _house(world, thing).n, "name"))
    if thing.kind in ("Project", "Contract"):
        meeting = (thing if thing.kind == "Project" else thing.part("Project")).part("Meeting")
        found |= {("Organization", _house(world, side).n, "name") for side in meeting.part("Match").parts}
    if thing.kind == "InvestmentEntry":
        contract = next(one for one in world.of("Contract") if one.parts == thing.parts)
        found.add(("Contract", contract.n, "title"))
    return found


def told_in(answer: dict[str, Any], kind: str) -> dict[str, Any]:
    """The keys of an answer that may hold text, in the shape of ``texts_of``."""
    found = {key: value for key, value in answer.items() if key not in PLAIN[kind]}
    if kind == "Project":
        found["parties"] = {party["name"] for party in answer["parties"]}
    return found
