"""What is wrong with a field, said in both languages; nothing of what was sent is repeated (SECURITY decision 6)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from app.errors import FieldError

#: pydantic's rule -> our code and the sentence; `{…}` are limits of the rule itself, never the value.
_RULES: dict[str, tuple[str, str, str]] = {
    "missing": ("missing", "必填。", "This is required."),
    "extra_forbidden": ("unknown_field", "没有这个字段。", "There is no such field."),
    "string_too_short": ("too_short", "至少 {min_length} 个字。", "At least {min_length} characters."),
    "string_too_long": ("too_long", "最多 {max_length} 个字。", "At most {max_length} characters."),
    "too_short": ("too_few", "至少 {min_length} 项。", "At least {min_length} items."),
    "too_long": ("too_many", "最多 {max_length} 项。", "At most {max_length} items."),
    "string_pattern_mismatch": ("bad_format", "格式不对。", "The format is not right."),
    "greater_than": ("too_small", "必须大于 {gt}。", "Must be more than {gt}."),
    "greater_than_equal": ("too_small", "不能小于 {ge}。", "Must be {ge} or more."),
    "less_than": ("too_big", "必须小于 {lt}。", "Must be less than {lt}."),
    "less_than_equal": ("too_big", "不能大于 {le}。", "Must be {le} or less."),
    "multiple_of": ("bad_step", "必须是 {multiple_of} 的倍数。", "Must be a multiple of {multiple_of}."),
    "enum": ("not_allowed_value", "只能是 {expected}。", "Must be one of {expected}."),
    "literal_error": ("not_allowed_value", "只能是 {expected}。", "Must be one of {expected}."),
    "finite_number": ("not_a_number", "必须是有限的数。", "Must be a finite number."),
}
#: pydantic's families of rules, by how their name begins.
_FAMILIES: tuple[tuple[str, tuple[str, str, str]], ...] = (
    ("int_", ("not_an_integer", "必须是整数。", "Must be an integer.")),
    ("float_", ("not_a_number", "必须是数。", "Must be a number.")),
    ("bool_", ("not_a_boolean", "必须是 true 或 false。", "Must be true or false.")),
    ("string_", ("not_text", "必须是文字。", "Must be text.")),
    ("list_", ("not_a_list", "必须是列表。", "Must be a list.")),
    ("dict_", ("not_an_object", "必须是对象。", "Must be an object.")),
    ("model_", ("not_an_object", "必须是对象。", "Must be an object.")),
    ("datetime_", ("bad_time", "必须是带时区的时间（RFC 3339）。", "Must be a time with an offset (RFC 3339).")),
    ("timezone_", ("bad_time", "必须是带时区的时间（RFC 3339）。", "Must be a time with an offset (RFC 3339).")),
    ("date_", ("bad_date", "必须是日期，如 2026-03-28。", "Must be a date such as 2026-03-28.")),
    ("uuid_", ("bad_id", "不是有效的编号。", "Not an id.")),
)
_OTHERWISE = ("bad_value", "值不对。", "This value is not right.")
_NAME = re.compile(r"[A-Za-z_]{1,40}")
MOST = 20


def field_fault(code: str, zh: str, en: str) -> PydanticCustomError:
    """What a validator of a room raises: its own rule with its own sentences (which must not repeat the value)."""
    return PydanticCustomError("room_rule", "{en}", {"code": code, "zh": zh, "en": en})


def field_errors(errors: Sequence[Mapping[str, Any]]) -> tuple[FieldError, ...]:
    """pydantic's errors, at most MOST of them, in our words."""
    return tuple(_field_error(error) for error in errors[:MOST])


def _field_error(error: Mapping[str, Any]) -> FieldError:
    limits = error.get("ctx") or {}
    if error["type"] == "room_rule":
        return FieldError(_place(error["loc"]), limits["code"], limits["zh"], limits["en"])
    code, zh, en = _rule(error["type"])
    return FieldError(_place(error["loc"]), code, zh.format_map(_in_chinese(limits)), en.format_map(limits))


def _in_chinese(limits: Mapping[str, Any]) -> Mapping[str, Any]:
    """pydantic lists what it expects in English: 'a', 'b' or 'c'."""
    if "expected" not in limits:
        return limits
    return {**limits, "expected": limits["expected"].replace(" or ", "、").replace(", ", "、")}


def _rule(kind: str) -> tuple[str, str, str]:
    if kind in _RULES:
        return _RULES[kind]
    return next((rule for start, rule in _FAMILIES if kind.startswith(start)), _OTHERWISE)


def _place(loc: Sequence[str | int]) -> tuple[str | int, ...]:
    """Names and positions; a name the caller made up is shown only when it can be no number, name or phone."""
    return tuple(part if isinstance(part, int) or _NAME.fullmatch(part) else "?" for part in loc[:8])
