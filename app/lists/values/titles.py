"""Several jobs in one cell: 钢筋工、木工、瓦工."""

from __future__ import annotations

import re

_MARKS = "、,，;；\n"
_CLOSING = {"(": ")", "（": "）", "[": "]", "【": "】"}
_COUNT_TAIL = re.compile(r"[:：]?\s*[(（]?(\d+)\s*(?:人|名|个)[)）]?$")


def split_titles(text: str) -> tuple[str, ...]:
    """The titles in their order; marks inside brackets do not split: 车工（数控、普车） is one."""
    parts, current, until = [], "", ""
    for char in text:
        if until:
            until = "" if char == until else until
        elif char in _CLOSING:
            until = _CLOSING[char]
        elif char in _MARKS:
            parts.append(current)
            current = ""
            continue
        current += char
    parts.append(current)
    return tuple(part for part in (piece.strip(" \t\u3000.。") for piece in parts) if part)


def counted_title(title: str) -> tuple[str, int | None]:
    """木工5人 → (木工, 5); without a count (title, None)."""
    match = _COUNT_TAIL.search(title)
    if match is None or match.start() == 0:
        return title, None
    return title[: match.start()].strip(), int(match.group(1)[:6])
