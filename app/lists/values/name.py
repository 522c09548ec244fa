"""A person's name: Chinese with the dot of 少数民族 names, or in another script; spaces inside are layout."""

from __future__ import annotations

import re
import unicodedata

from app.lists.values.text import INVISIBLE

_DOTS = re.compile("[·•・．‧∙⋅｡。․]")
_NOTE = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]$")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]")
_ONLY_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af〇·]+")
_NOT_NAMES = frozenset(
    ["姓名", "无", "合计", "小计", "总计", "户主", "本人", "不详", "未知", "测试", "同上", "空", "备注"]
)
_COMMON = re.compile(r"[\u4e00-\u9fa5]{2,4}")
LONGEST = 50


def parse_name(text: str) -> tuple[str | None, str | None]:
    """(name, None), or (None, reason): bad_name or too_long. Blank text gives (None, None)."""
    if _COMMON.fullmatch(text) and text not in _NOT_NAMES:
        return text, None
    name = INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()
    if not name:
        return None, None
    if len(name) > LONGEST * 2:
        return None, "too_long"
    name = _DOTS.sub("·", _NOTE.sub("", name).strip())
    squeezed = "".join(name.split())
    name = squeezed if _ONLY_HAN.fullmatch(squeezed) else " ".join(name.split())
    if len(name) > LONGEST:
        return None, "too_long"
    return (name, None) if _is_name(name) else (None, "bad_name")


def _is_name(name: str) -> bool:
    if name in _NOT_NAMES or not len(name) >= 2:
        return False
    if _ONLY_HAN.fullmatch(name):
        return bool(_HAN.match(name)) and not name.endswith("·") and len(name.split("·", 1)[0]) <= 20
    return all(char.isalpha() or unicodedata.category(char).startswith("M") or char in "·.'’- " for char in name)
