"""Where a worker wants to go, in a list or a form: 山东或者天津, 不限, 省内, 广东、浙江, 不去新疆, 长三角."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from app.edge.form_fields import wrong
from app.places.addresses import gazetteer

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
    "东北": ("210000", "220000", "230000"),
    "珠江三角洲": ("440100", "440300", "440400", "440600", "440700", "441200", "441300", "441900", "442000"),
    "大湾区": ("440100", "440300", "440400", "440600", "440700", "441200", "441300", "441900", "442000"),
    "长江三角洲": ("310000", "320000", "330000", "340000"),
    "东部沿海": ("110000", "120000", "310000", "320000", "330000", "350000", "370000", "440000"),
    "沿海": ("110000", "120000", "310000", "320000", "330000", "350000", "370000", "440000"),
    "东部": ("110000", "120000", "310000", "320000", "330000", "350000", "370000", "440000"),
}
_ANY = re.compile(
    r"^(?:地点|地区|区域)?(?:不限|无要求|没要求|没有要求|不挑|随便|随意|任意|均可|哪里?都(?:行|可以|去)|哪儿都行|都行|都可以?|都愿意|无所谓|服从(?:安排|分配|调配)|听(?:从)?安排|(?:全国|去?哪里|去?哪儿|哪)(?:各地|范围|内)?(?:都(?:行|可以?|去))?|国内|任何地方|无|可以)$"
)
_COUNTY = re.compile(
    r"^(?:本县|县内|县域内?|县城|本地|当地|附近|就近|家门口|本乡|本镇|乡内|镇内|村里|家附近|离家近|本区|区内|县区内|本乡镇|乡镇内|就地就近|就地|家里|家乡|老家|县里|不出县|本村)$"
)
_PREFECTURE = re.compile(r"^(?:本市|市内|市域内|州内|本州|地区内|市州内|本地区|县外市内|市里|县外省内市内)$")
_PROVINCE = re.compile(r"^(?:省内|本省|区内省内|省里|自治区内|县外省内|市外省内|本省内|不出省|跨县)$")
_OUTSIDE = re.compile(r"^(?:省外|外省|出省|跨省|区外省外|外地|自治区外)(?:都行|都可以?|均可)?$")
#: 上海及周边: says no more than the place before it.
_AROUND = re.compile(r"^周边(?:地区|城市|省份|省市)?$")
_NOT = re.compile(r"^(?:不(?:想|愿意?|要|能)?去|不考虑|除了?|除开|拒绝)(.+?)(?:以外|之外|外|都行|都可以?|均可)*$")
_EXCEPT = re.compile(r"^(.+?)(?:除外|以外|不去)$")
_SPLIT = re.compile(r"[、,，;；/|。\s+&]|或者?|和|及|以及|跟|还有|优先")
#: What may stand after a name that holds 和, which then joins nothing: 平和县, 呼和浩特 and 政和; not 上海和平湖.
_NAME_ENDS = r"(?=[县区市旗盟州、,，;；/|。\s和及跟或等]|地区|一带|附近|周边|$)"
_KEPT = "\ue000"
#: What ends a refusal.
_CLAUSE = re.compile(r"[,，;；/|。]+")
_OUTSIDE_OF = re.compile(r"(?:以外|之外|除外|外)(?:其他)?(?:都行|都可以?|均可)*$")
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


def understand_wishes(text: str, home: str) -> PlaceWish:
    """The wish of a form, seen from the home division. Raises Invalid (unknown_place) when a piece means no place."""
    wish = _as_a_form_says(text, home)
    if wish.unknown:
        zh, en = (
            "意向地区中有不认识的地名，请写省、市、县的名称。",
            "A place wished for is unknown: name provinces, prefectures or counties.",
        )
        raise wrong("desired_places", "unknown_place", zh, en)
    return wish


def unknown_places(text: str, home: str) -> tuple[str, ...]:
    """The pieces of a form's wish that mean no place: for the page that shows what was typed, and no answer of ours."""
    return _as_a_form_says(text, home).unknown


def _as_a_form_says(text: str, home: str) -> PlaceWish:
    known = gazetteer()
    return parse_place_wish(
        text, home, lambda name: name if name in known.units else known.find(name).code or known.find(name, home).code
    )


def parse_place_wish(text: str, home: str | None, find: Callable[[str], str | None]) -> PlaceWish:
    """home is the worker's county code (None: unknown); find turns a place name into a code of any level."""
    words = unicodedata.normalize("NFKC", "、".join(text.split())).lower()[:200]
    scope, wanted, unwanted, unknown = "any", list[str](), list[str](), list[str]()
    narrowest = "any"
    for piece, is_refused in _pieces(words):
        if is_refused:
            codes = _codes(_TAIL.sub("", piece), find)
            (unwanted.extend(codes) if codes else unknown.append(piece))
            continue
        if _ANY.match(piece) or (wanted and _AROUND.match(piece)):
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


def _pieces(words: str) -> list[tuple[str, bool]]:
    """The places and words of a wish in order, and whether each is refused."""
    opened = re.sub(r"[()（）]", "、", words)
    kept = _names_with_and().sub(lambda name: name[0].replace("和", _KEPT), opened)
    found: list[tuple[str, bool]] = []
    for clause in _CLAUSE.split(kept):
        found += _of_clause([part.replace(_KEPT, "和") for part in _SPLIT.split(clause) if part])
    return found


def _of_clause(parts: list[str]) -> Iterator[tuple[str, bool]]:
    """A refusal holds for all that is named with it: 不去新疆、西藏; 除新疆和西藏外都行; 新疆、西藏除外."""
    refuses = bool(parts and _EXCEPT.match(parts[-1]))
    for part in parts:
        negated = _NOT.match(part) or _EXCEPT.match(part)
        if negated:
            refuses = True
        elif _HEAD.match(part) or _is_scope(part):
            refuses = False
        name = negated[1] if negated else _OUTSIDE_OF.sub("", part) if refuses else part
        yield name, refuses
        if _OUTSIDE_OF.search(part):
            refuses = False


def _is_scope(part: str) -> bool:
    return any(words.match(part) for words in (_ANY, _COUNTY, _PREFECTURE, _PROVINCE, _OUTSIDE))


@cache
def _names_with_and() -> re.Pattern[str]:
    """Divisions whose name holds the word that joins others."""
    names = {unit.short_name for unit in gazetteer().units.values() if "和" in unit.short_name}
    return re.compile(f"(?:{'|'.join(sorted(names, key=len, reverse=True))}){_NAME_ENDS}")


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
    named = _provinces().findall(piece)
    if len(named) > 1 and "".join(named) == piece:  # 新疆西藏: no mark between them
        return tuple(code for name in named if (code := find(name)))
    code = find(piece) if 2 <= len(piece) <= 30 else None
    return (code,) if code else ()


@cache
def _provinces() -> re.Pattern[str]:
    """The provinces' short names."""
    names = {unit.short_name for unit in gazetteer().units.values() if unit.level == 1}
    return re.compile("|".join(sorted(names, key=len, reverse=True)))
