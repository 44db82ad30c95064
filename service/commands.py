"""What every command has in common: strict Pydantic models whose complaints are Chinese sentences at the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError

from models.money import NotMoney, parse_yuan
from service import exactness
from service.errors import Invalid

C = TypeVar("C", bound="Command")


class Command(BaseModel):
    """Input of a use-case, the same for forms and JSON. Unknown fields are refused.

    JSON has types of its own and is held to them: ``"1"`` is no number and ``0`` no truth value. A form has nothing but
    text, so ``read`` lets text stand for both.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        exact: CoreSchema = exactness.exact(handler(source))
        return exact

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        shown = handler(schema)
        exactness.describe_trimmed(handler.resolve_ref_schema(shown))
        return shown


def _money(value: Any) -> Any:
    if value is None or value == "":
        return None
    if not isinstance(value, str | int):
        raise PydanticCustomError("money", '金额请用文本传入，单位为元，例如 "1280000.50"')
    try:
        return parse_yuan(value)
    except NotMoney as error:
        raise PydanticCustomError("money", "{sentence}", {"sentence": str(error)}) from error


def _optional(value: Any, info: ValidationInfo) -> Any:
    """A form says "none" with an empty text; JSON has null for that."""
    return None if value == "" and info.context is FROM_A_FORM else value


def empty_is_none(value: Any) -> Any:
    """For validators: an empty text is none, from a form and in JSON."""
    return None if value == "" else value


FROM_A_FORM = object()
"""The validation context of values that came as text."""


_MONEY_SCHEMA = {
    "type": "string",
    "description": "金额，单位为元，最多两位小数，也可写 128万元",
    "examples": ["1280000.50"],
}

Money = Annotated[int, BeforeValidator(_money), WithJsonSchema({**_MONEY_SCHEMA, "minLength": 1})]
"""An amount typed in 元 and held in 分."""
OptionalMoney = Annotated[
    int | None, BeforeValidator(_money), WithJsonSchema({**_MONEY_SCHEMA, "type": ["string", "null"]})
]
OrNone = BeforeValidator(_optional)
"""For fields that may be left open: a form says so with an empty text."""
OptionalDate = Annotated[date | None, OrNone]
OptionalText = Annotated[str | None, BeforeValidator(empty_is_none)]
OptionalInt = Annotated[int | None, OrNone]
TalksAtMost = Annotated[Annotated[int, Field(ge=1, le=48)] | None, OrNone]
"""How many talks somebody holds at most; none is any number."""
Chairs = Annotated[Annotated[int, Field(ge=2, le=100)] | None, OrNone]
"""How many people fit at a table; none is any number."""
OptionalLevel = Annotated[Annotated[int, Field(ge=1, le=9)] | None, OrNone]
"""A level of technological maturity (TRL), 1 to 9."""
Version = Annotated[int, Field(ge=1, title="版本号", description="读到记录时的版本号；别人先改过就会被拒绝")]


KEYWORDS_AT_MOST = 5


def split_keywords(value: Any) -> Any:
    """Keywords come as a list, or as one line separated by 、，；or blanks; what is neither stays as it is."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        joined = "、".join(value)
        for mark in ",，;；\n\t 　":
            joined = joined.replace(mark, "、")
        return list(dict.fromkeys(word for word in joined.split("、") if word))
    return value


def list_or_line(at_most: int, longest: int) -> WithJsonSchema:
    """The contract of a field that takes a list of texts or one text with marks between them."""
    item = {"type": "string", "maxLength": longest}
    return WithJsonSchema(
        {"anyOf": [{"type": "array", "items": item, "maxItems": at_most}, {"type": "string"}], "default": []}
    )


Keywords = Annotated[
    list[Annotated[str, Field(max_length=15)]],
    BeforeValidator(split_keywords),
    list_or_line(KEYWORDS_AT_MOST, 15),
    Field(max_length=KEYWORDS_AT_MOST, title="关键词", description="1–5 个，用顿号或空格分开，每个不超过 15 字"),
]

SENTENCES: dict[str, str] = {
    "json_invalid": "请求内容不是合法的 JSON",
    "model_attributes_type": "请求内容应为一个 JSON 对象",
    "dict_type": "请求内容应为一个 JSON 对象",
    "missing": "请填写{label}",
    "string_too_short": "请填写{label}",
    "string_too_long": "{label}不能超过 {max_length} 字，现在有 {length} 字",
    "string_type": "{label}应为文字",
    "too_long": "{label}最多 {max_length} 项，现在有 {actual_length} 项",
    "too_short": "{label}至少选填 {min_length} 项",
    "date_from_datetime_parsing": "请填写真实存在的日期，例如 2026-03-31",
    "date_parsing": "请填写真实存在的日期，例如 2026-03-31",
    "date_type": "请填写真实存在的日期，例如 2026-03-31",
    "datetime_from_date_parsing": "请填写真实存在的日期和时间，例如 2026-03-31 09:00",
    "datetime_parsing": "请填写真实存在的日期和时间，例如 2026-03-31 09:00",
    "datetime_type": "请填写真实存在的日期和时间，例如 2026-03-31 09:00",
    "int_parsing": "{label}请填写整数",
    "int_type": "{label}请填写整数",
    "int_from_float": "{label}请填写整数",
    "float_parsing": "{label}请填写数字",
    "float_type": "{label}请填写数字",
    "finite_number": "{label}请填写数字",
    "bool_parsing": "{label}请选择是或否",
    "enum": "{label}请从列表中选择",
    "literal_error": "{label}请从列表中选择",
    "greater_than_equal": "{label}不能小于 {ge}",
    "less_than_equal": "{label}不能大于 {le}",
    "greater_than": "{label}须大于 {gt}",
    "extra_forbidden": "没有这一项：{name}",
    "list_type": "{label}应为列表",
    "string_pattern_mismatch": "{label}的格式不对",
}


def _sentence(command: type[BaseModel], name: str, error: Mapping[str, Any]) -> str:
    if error["type"] in ("money", "sentence"):
        return str(error["msg"])
    field = command.model_fields.get(name)
    label = (field.title if field is not None else None) or "此项"
    facts: dict[str, Any] = {"label": label, "name": name, **error.get("ctx", {})}
    value = error.get("input")
    facts.setdefault("length", len(value) if isinstance(value, str) else 0)
    if len(error["loc"]) > 1 and error["type"] == "string_too_long":
        return f"{label}中“{str(value)[:15]}…”太长，每个不超过 {facts['max_length']} 字"
    left_blank = value in ("", None) and error["type"] != "extra_forbidden"
    template = SENTENCES.get("missing" if left_blank else error["type"])
    return template.format_map(facts) if template is not None else f"{label}填写有误"


def complaints(command: type[BaseModel], details: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Each wrong field's first complaint, as a Chinese sentence, from Pydantic's ``errors()``."""
    found: dict[str, str] = {}
    for detail in details:
        name = str(detail["loc"][0]) if detail["loc"] else "form"
        found.setdefault(name, _sentence(command, name, detail))
    return found


def read(command: type[C], values: Mapping[str, Any]) -> C:
    """Build a command from text, as a form has it. Raises Invalid with a sentence for each wrong field."""
    try:
        return command.model_validate(values, strict=False, context=FROM_A_FORM)
    except ValidationError as error:
        raise Invalid(complaints(command, error.errors(include_url=False))) from error


def wrong(sentence: str) -> PydanticCustomError:
    """For validators of a command: the sentence is shown at the field as it is."""
    return PydanticCustomError("sentence", "{sentence}", {"sentence": sentence})
