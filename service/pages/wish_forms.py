"""The form of wishes: one choice for each counterpart, read into one command; the same for a link and an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi.responses import Response

from models import Attendee, Invitation
from service.commands import read
from service.context import Context
from service.errors import Conflict, Invalid
from service.usecases.wishes import SetWishes, set_wishes
from service.web.dependencies import Form
from service.web.forms import FormState

LEVEL, REASON = "level-", "reason-"


def keep_wishes(
    ctx: Context,
    form: Form,
    invitation: Invitation,
    attendee: Attendee | None,
    done: Callable[[], Response],
    again: Callable[[FormState, int], Response],
) -> Response:
    """Write the wishes down and go on, or show the form again as it was filled in."""
    values = {name: texts[-1] for name, texts in form.items() if name.startswith((LEVEL, REASON))}
    try:
        command = read(SetWishes, {"wishes": _wishes(values)})
        set_wishes(ctx, invitation, command, attendee)
        ctx.flush()
    except Invalid as error:
        ctx.discard()
        return again(FormState(values, error.fields), error.status)
    except Conflict as error:
        ctx.discard()
        return again(FormState(values, {"": error.sentence}), error.status)
    return done()


def _wishes(values: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {
            "match_id": name.removeprefix(LEVEL),
            "level": level or None,
            "reason": values.get(f"{REASON}{name.removeprefix(LEVEL)}", ""),
        }
        for name, level in values.items()
        if name.startswith(LEVEL)
    ]
