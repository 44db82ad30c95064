"""Signed-in browsers and programs, as the doors' tests open them, and a published notice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import PrivacyNotice
from service.context import Context
from tests.doors.conftest import app_client, bearer, browse

__all__ = ["app_client", "bearer", "browse"]


@pytest.fixture
def publish(ctx: Context) -> Callable[..., PrivacyNotice]:
    """``publish(number, what_changed)`` puts a version of the notice in force."""

    def one(number: int = 1, what_changed: str = "") -> PrivacyNotice:
        text = f"我们是谁\n这是第 {number} 版个人信息处理规则。"
        return ctx.add(PrivacyNotice(number=number, text=text, what_changed=what_changed, published_at=ctx.now))

    return one
