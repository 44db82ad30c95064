"""An attendee's event as an iCalendar object (RFC 5545), to be mailed as a request (RFC 6047) or downloaded."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from models import HandshakeEvent, HandshakeEventState
from service.context import SHANGHAI, Context
from service.keys import key_of
from service.links import personal_link
from service.queries.attendees import Comer
from service.queries.own_talks import OwnTalk

E = HandshakeEventState
STATUS = {E.OPEN: "TENTATIVE", E.CANCELLED: "CANCELLED"}
BEFORE = timedelta(hours=1)


def event_request(ctx: Context, event: HandshakeEvent, organizer: str, person: Comer) -> str:
    """The event as a request to one attendee, or as its cancellation; one object, as calendars expect in mail."""
    calendar = _calendar("CANCEL" if event.state is E.CANCELLED else "REQUEST")
    calendar.add_component(_whole(ctx, event, organizer, person))
    return _text(calendar)


def event_calendar(ctx: Context, event: HandshakeEvent, organizer: str, person: Comer, talks: Sequence[OwnTalk]) -> str:
    """The event and the attendee's talks as they stand now, to be put into one's own calendar."""
    calendar = _calendar("PUBLISH")
    calendar.add_component(_whole(ctx, event, organizer, person))
    for talk in talks:
        calendar.add_component(_talk(ctx, event, organizer, talk))
    return _text(calendar)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Woshou//Handshake events//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _text(calendar: Calendar) -> str:
    calendar.add_missing_timezones(first_date=datetime(2000, 1, 1, tzinfo=UTC).date())
    text: str = calendar.to_ical().decode()
    return text


def _whole(ctx: Context, event: HandshakeEvent, organizer: str, person: Comer) -> Event:
    link = ctx.absolute(personal_link(ctx, person.attendee))
    made = _entry(ctx, f"event-{event.id}-{person.attendee.id}", event.starts_at, event.ends_at, event.version)
    made.add("summary", event.title)
    if event.venue:
        made.add("location", event.venue)
    made.add("description", "\n".join(filter(None, [event.theme, f"主办单位：{organizer}", f"个人页面：{link}"])))
    made.add("status", STATUS.get(event.state, "CONFIRMED"))
    made.add("organizer", _organizer(ctx, event, organizer))
    if person.attendee.email:
        guest = vCalAddress(f"mailto:{person.attendee.email}")
        guest.params["CN"] = vText(person.name)
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        guest.params["PARTSTAT"] = vText("NEEDS-ACTION" if person.attendee.replied_at is None else "ACCEPTED")
        made.add("attendee", guest, encode=False)
    if event.state is not E.CANCELLED:
        made.add_component(_alarm(event.title))
    return made


def _talk(ctx: Context, event: HandshakeEvent, organizer: str, talk: OwnTalk) -> Event:
    made = _entry(ctx, f"talk-{talk.meeting_id}", talk.begins, talk.ends, talk.version)
    made.add("summary", f"{talk.place}：{talk.other_organization}")
    made.add("location", " ".join(filter(None, [event.venue, talk.place])))
    remote = f"远程接入：{talk.table.remote_link}" if talk.table is not None and talk.table.remote_link else ""
    made.add("description", "\n".join(filter(None, [talk.slot_name, talk.own_title, talk.other_title, remote])))
    made.add("status", "CONFIRMED" if talk.state.value in ("CONFIRMED", "HELD") else "TENTATIVE")
    made.add("organizer", _organizer(ctx, event, organizer))
    return made


def _entry(ctx: Context, name: str, begins: datetime, ends: datetime, version: int) -> Event:
    """An entry under a name that stays the same; its sequence rises with every change of the record."""
    made = Event()
    made.add("uid", f"{name}@{_house(ctx)}.woshou")
    made.add("sequence", version - 1)
    made.add("dtstamp", ctx.now.astimezone(UTC))
    made.add("dtstart", begins.astimezone(SHANGHAI))
    made.add("dtend", ends.astimezone(SHANGHAI))
    return made


def _organizer(ctx: Context, event: HandshakeEvent, name: str) -> Any:
    address = f"mailto:{ctx.settings.mail_from}" if ctx.settings.mail_from else f"urn:woshou:event:{event.id}"
    made = vCalAddress(address)
    made.params["CN"] = vText(name)
    return made


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -BEFORE)
    return alarm


def _house(ctx: Context) -> str:
    """A mark of this installation, so that two bureaus' entries never have the same name."""
    return hmac.new(key_of(ctx.settings, "calendar"), b"house", "sha256").hexdigest()[:12]
