"""What a process makes ready before the first request is what that request then uses."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

import service.ranking as shelf
from service.config import Settings
from service.context import Context
from service.following import Shelf
from service.ranking import catalogue
from service.warming import warm_up
from service.web.installation import Installation
from tests.factories import add_achievement, add_need


def test_the_catalogue_is_there_before_anybody_asks(
    ctx: Context, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_need(ctx)
    add_achievement(ctx)
    ctx.commit()
    monkeypatch.setattr(shelf, "_SHELF", Shelf(shelf.state_of, shelf._next))
    warm_up(Installation(settings, engine))

    monkeypatch.setattr(shelf, "_read", None)  # reading anew would fail now

    assert len(catalogue(ctx).profiles["needs"]) == 1


def test_an_empty_installation_is_warmed_up_too(ctx: Context, engine: Engine, settings: Settings) -> None:
    ctx.commit()

    warm_up(Installation(settings, engine))
