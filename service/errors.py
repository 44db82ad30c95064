"""The errors a person may meet; each carries its HTTP status and a Chinese sentence to act on.

WoshouError
├── NotSignedIn   401  sign in first
├── Forbidden     403  may not
│   └── StepOwed  403  has to do something else first: a second factor, a new password
├── NotFound      404  no such record, or none this person may know of
├── Conflict      409  someone else was faster, or the record stands in the way
│   └── Illegal   409  the state table does not allow the move
│   └── Stale     409  somebody changed the record since it was read
├── Invalid       422  the input is wrong, field by field
├── TooMany       429  asked too often
└── Unavailable   503  another service this one relies on does not answer as it should
"""

from __future__ import annotations

from collections.abc import Mapping


class WoshouError(Exception):
    """Base of the tree. ``sentence`` is shown to people."""

    status = 500
    slug = "internal"
    title = "服务出错"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotSignedIn(WoshouError):
    """Nobody is signed in and the action needs somebody."""

    status, slug, title = 401, "not-signed-in", "请先登录"


class Forbidden(WoshouError):
    """The policy does not let this person do it."""

    status, slug, title = 403, "forbidden", "没有权限"


class StepOwed(Forbidden):
    """Something has to be done first; ``location`` is the page where."""

    slug, title = "step-owed", "请先完成一步"

    def __init__(self, sentence: str, location: str) -> None:
        super().__init__(sentence)
        self.location = location


class NotFound(WoshouError):
    """There is no such record, or none this person may know of."""

    status, slug, title = 404, "not-found", "没有找到"


class Conflict(WoshouError):
    """The record changed meanwhile, or another record stands in the way."""

    status, slug, title = 409, "conflict", "与现有记录冲突"


class Illegal(Conflict):
    """The record's state does not allow the move."""

    slug, title = "illegal-transition", "当前状态不允许此操作"


class Stale(Conflict):
    """Somebody changed a record since the asker read it; ``record`` has its columns as they stand now."""

    slug, title = "stale", "内容已被别人修改"

    def __init__(self, sentence: str, record: object) -> None:
        super().__init__(sentence)
        self.record = record


class TooMany(WoshouError):
    """Asked too often; it may be tried again after ``seconds``."""

    status, slug, title = 429, "too-many", "操作太频繁"

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class Invalid(WoshouError):
    """The input is wrong. ``fields`` maps each field's name to what to change there."""

    status, slug, title = 422, "invalid", "填写有误"

    def __init__(self, fields: Mapping[str, str], sentence: str = "") -> None:
        super().__init__(sentence or f"有 {len(fields)} 处需要修改，原内容没有丢失。")
        self.fields = dict(fields)


class Unavailable(WoshouError):
    """Another service this one relies on does not answer as it should."""

    status, slug, title = 503, "unavailable", "暂时不可用"
