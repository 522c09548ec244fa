"""Yes and no in the words of forms; what is neither stays None."""

from __future__ import annotations

from app.lists.values.text import plain

_YES = frozenset(
    [
        "是",
        "y",
        "yes",
        "1",
        "t",
        "true",
        "有",
        "√",
        "✓",
        "✔",
        "☑",
        "v",
        "对",
        "同意",
        "愿意",
        "愿",
        "想",
        "要",
        "需要",
        "包",
        "提供",
        "可以",
        "可",
        "已签",
        "已同意",
        "已授权",
        "授权",
        "本人同意",
        "同意推送",
        "同意推荐",
        "同意匹配",
        "是的",
        "有意愿",
        "有意向",
        "已签字",
        "签字",
        "已签订",
        "签订",
        "属于",
        "外出",
        "愿意外出",
        "全包",
        "免费",
        "均可",
        "需",
        "有需求",
        "有需要",
        "想去",
        "能",
        "会",
        "行",
        "好",
    ]
)
_NO = frozenset(
    [
        "否",
        "n",
        "no",
        "0",
        "f",
        "false",
        "无",
        "×",
        "✗",
        "✘",
        "x",
        "☒",
        "不",
        "不是",
        "不同意",
        "不愿意",
        "不愿",
        "不想",
        "不要",
        "不需要",
        "不包",
        "不提供",
        "不可以",
        "未签",
        "未同意",
        "未授权",
        "没有",
        "没",
        "无意愿",
        "无意向",
        "非",
        "不属于",
        "不外出",
        "不愿外出",
        "不愿意外出",
        "暂不",
        "暂无",
        "暂不外出",
        "不用",
        "自理",
        "无需",
        "不需",
        "无需求",
        "未签字",
        "不能",
        "不会",
        "不行",
        "拒绝",
    ]
)
_BLANK = frozenset(
    ["", "-", "--", "/", "\\", "—", "——", "?", "不详", "未知", "未填", "待定", "空", "null", "none", "n/a"]
)


def parse_yes_no(text: str) -> bool | None:
    """True, False, or None for a blank and for words that say neither."""
    word = plain(text).strip("。.!！,，;；()[]【】\"'")
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in _BLANK:
        return None
    if word.startswith(("不", "未", "无", "没", "拒")):
        return False
    if word.startswith(("同意", "愿意", "是,", "是，", "是(", "有,", "有意", "已同意", "已授权", "已签")):
        return None if "不同意" in word or "不愿" in word else True
    return None


def is_blank_word(text: str) -> bool:
    """True for the signs people put into a cell that they leave empty: - / 无 没有 暂无 不详."""
    word = plain(text)
    return word in _BLANK or word in ("无", "没有", "暂无", "无.", "无。", "没", "〇", "0", "零")
