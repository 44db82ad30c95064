"""What JSON is held to: no text for a number, no number for a day; and what the contract says of blanks."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

LEFT_ALONE = ("metadata", "config", "serialization")
"""Parts of a Pydantic core schema that hold no validators."""
DAYS = {
    "date": ("date_parsing", "请填写真实存在的日期，例如 2026-03-31"),
    "datetime": ("datetime_parsing", "请填写真实存在的日期和时间，例如 2026-03-31 09:00"),
}


def exact(node: Any) -> Any:
    """The same core schema, strict at every number, truth value, day and text in it.

    Strictness set here yields to ``strict=False`` of one validation, which is how forms pass. A whole number may be
    written 2.0, as JSON Schema has it. Days and times stay lax, because JSON has no type for them, but a number is
    none. A text holds no NUL, which PostgreSQL cannot keep.
    """
    if isinstance(node, list | tuple):
        return type(node)(exact(item) for item in node)
    if not isinstance(node, dict):
        return node
    match node.get("type"):
        case "bool" | "float":
            return {**node, "strict": True}
        case "int":
            return _before(_whole, {**node, "strict": True})
        case "date" | "datetime" as kind:
            return _before(_day(*DAYS[kind]), node)
        case "str":
            return {"type": "function-after", "function": {"type": "no-info", "function": _no_nul}, "schema": node}
    return {key: value if key in LEFT_ALONE else exact(value) for key, value in node.items()}


def describe_trimmed(schema: dict[str, Any]) -> None:
    """Say in a command's JSON schema that blanks at the ends do not count towards a least length."""
    for field in schema.get("properties", {}).values():
        least = field.get("minLength", 0)
        if field.get("type") == "string" and least and "pattern" not in field:
            field["pattern"] = r"\S" if least == 1 else rf"\S[\s\S]{{{least - 2},}}\S"


def _before(function: Any, node: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function-before", "function": {"type": "no-info", "function": function}, "schema": node}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _day(error: Any, sentence: str) -> Any:
    def refuse_numbers(value: Any) -> Any:
        if isinstance(value, int | float) or (isinstance(value, str) and value.strip().lstrip("-+").isdigit()):
            raise PydanticCustomError(error, sentence)
        return value

    return refuse_numbers


def _no_nul(value: Any) -> Any:
    if "\x00" in value:
        raise PydanticCustomError("sentence", "文字中有看不见的空字符，请删除后重试")
    return value
