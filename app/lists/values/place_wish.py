"""Where a worker wants to go: 山东或者天津, 不限, 省内, 广东、浙江, 不去新疆, 长三角."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.lists.values.text import plain

#: Regions people name, as province or prefecture codes (GB/T 2260).
REGIONS = {
    "长三角": ("310000", "320000", "330000", "340000"),
    "珠三角": ("440100", "440300", "440400", "440600", "440700", "441200", "441300", "441900", "442000"),
    "京津冀": ("110000", "120000", "130000"),
    "江浙沪": ("320000", "330000", "310000"),
    "江浙": ("320000", "330000"),
    "北上广深": ("110000", "310000", "440100", "440300"),
    "北上广": ("110000", "310000", "440100"),
    "闽浙": ("350000", "330000"),
    "云贵川": ("530000", "520000", "510000"),
    "两广": ("440000", "450000"),
    "沿海": ("110000", "120000", "310000", "320000", "330000", "350000", "370000", "440000"),
    "东部": ("110000", "120000", "310000", "320000", "330000", "350000", "370000", "440000"),
}
_ANY = re.compile(
    r"^(?:地点|地区|区域)?(?:不限|无要求|没要求|没有要求|不挑|随便|随意|任意|均可|哪里?都(?:行|可以|去)|哪儿都行|都行|都可以?|都愿意|无所谓|服从(?:安排|分配|调配)|听(?:从)?安排|全国(?:各地|范围)?|国内|任何地方|无|可以)$"
)
_COUNTY = re.compile(
    r"^(?:本县|县内|县域内?|县城|本地|当地|附近|就近|家门口|本乡|本镇|乡内|镇内|村里|家附近|离家近|本区|区内|县区内|本乡镇|乡镇内|就地就近|就地|家里|家乡|老家|县里|不出县|本村)$"
)
_PREFECTURE = re.compile(r"^(?:本市|市内|市域内|州内|本州|地区内|市州内|本地区|县外市内|市里|县外省内市内)$")
_PROVINCE = re.compile(r"^(?:省内|本省|区内省内|省里|自治区内|县外省内|市外省内|本省内|不出省|跨县)$")
_OUTSIDE = re.compile(r"^(?:省外|外省|出省|跨省|区外省外|外地|自治区外)$")
_NOT = re.compile(r"^(?:不(?:想|愿意?|要|能)?去|不考虑|除了?|除开|拒绝)(.+?)(?:以外|之外|外|都行|都可以?|均可)*$")
_EXCEPT = re.compile(r"^(.+?)(?:除外|以外|不去)$")
_SPLIT = re.compile(r"[、,，;；/|。\s+&]|或者?|和|及|以及|跟|还有|优先")
_TAIL = re.compile(r"(?:一带|附近|那边|等地?|地区|方向|周边|都行|都可以|均可|也行|最好|那一块|打工|务工)+$")
_HEAD = re.compile(r"^(?:想去|愿意?去|去|到|在|希望去?|意向|最好是?|优先)")


@dataclass(frozen=True, slots=True)
class PlaceWish:
    """A wish as limits. All empty: nothing stated, or anywhere."""

    #: 'any', 'county' (own county) or 'province' (own province).
    scope: str = "any"
    #: Division codes of any level the worker wants to go to.
    wanted: tuple[str, ...] = ()
    #: Division codes the worker does not want.
    unwanted: tuple[str, ...] = ()
    #: Pieces nobody understood.
    unknown: tuple[str, ...] = ()


def parse_place_wish(text: str, home: str | None, find: Callable[[str], str | None]) -> PlaceWish:
    """home is the worker's county code (None: unknown); find turns a place name into a code of any level."""
    words = plain(text.replace(" ", "、").replace("\u3000", "、"))[:200]
    scope, wanted, unwanted, unknown = "any", list[str](), list[str](), list[str]()
    narrowest = "any"
    for piece in (part for part in _SPLIT.split(_keep_but(words)) if part):
        negated = _NOT.match(piece) or _EXCEPT.match(piece)
        if negated:
            codes = _codes(_TAIL.sub("", negated[1]), find)
            (unwanted.extend(codes) if codes else unknown.append(piece))
            continue
        if _ANY.match(piece):
            continue
        if _COUNTY.match(piece):
            narrowest = "county" if narrowest == "any" else narrowest
        elif _PROVINCE.match(piece):
            narrowest = "province"
        elif _PREFECTURE.match(piece) and home:
            wanted.append(home[:4] + "00")
        elif _OUTSIDE.match(piece) and home:
            unwanted.append(home[:2] + "0000")
        else:
            codes = _codes(piece, find) or _codes(_HEAD.sub("", _TAIL.sub("", piece)), find)
            (wanted.extend(codes) if codes else unknown.append(piece))
    scope, wanted = _combined(narrowest, wanted, home)
    return PlaceWish(scope, tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)), tuple(unknown))


def _keep_but(words: str) -> str:
    """不限，新疆除外 and 除新疆外都行 stay whole pieces: only the marks inside brackets are opened."""
    return re.sub(r"[()（）]", "、", words)


def _combined(scope: str, wanted: list[str], home: str | None) -> tuple[str, list[str]]:
    """A scope beside named places widens the wish (本县或者广东): the scope becomes a place of its own."""
    if scope == "any" or not wanted:
        return scope, wanted
    if home is None:
        return "any", wanted
    own = home if scope == "county" else home[:2] + "0000"
    return "any", [own, *wanted]


def _codes(piece: str, find: Callable[[str], str | None]) -> tuple[str, ...]:
    region = REGIONS.get(_TAIL.sub("", piece)) or REGIONS.get(piece)
    if region:
        return region
    code = find(piece) if 2 <= len(piece) <= 30 else None
    return (code,) if code else ()
