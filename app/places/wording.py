"""What stands around the name of a division in an address, and what only looks like one.

兴隆场村 is no place in 兴隆县, 上海路 is not in Shanghai, 东方市场 is not the city of 东方: what follows a name tells.
"""

from __future__ import annotations

import re

_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\x00-\x1f]+")
_GAP = re.compile(
    r"(?:[-—–_·.。,，、;；:：/|\\()（）\[\]【】<>《》\"'“”+~>→]|市辖区|省直辖县级行政(?:区划|单位)|自治区直辖县级行政(?:区划|单位)|"
    r"直辖县|(?<=重庆市)县(?!城)|境内|所辖|辖区)+"
)
_BEFORE = re.compile(
    r"^(?:中华人民共和国|中国|我国|户籍(?:所在)?地?|户口(?:所在)?地?|家庭|现居住地|居住地|常住|现住|工作|单位|公司|企业|"
    r"通讯|联系|详细|地址|住址|地点|所在地|籍贯|原籍|老家|家住|家在|位于|来自|坐落|住在|现在|住|在|为|是|"
    r"[:：,，.。、\-—/|(（\[【])+"
)
_TOWN = (
    r"(?:镇|乡|街道|街办|办事处|苏木|(?:农|林|牧|渔|茶|鹿|畜|种|园艺|奶牛)场|监狱|煤矿|林业局|管理区|管理处|农垦|景区)"
)
#: 瑶族乡, 彝族苗族乡 after the town's own name.
_PEOPLES_TOWN = r"(?:[^镇乡]{1,2}族)+乡"
_PEOPLES_WORD = re.compile(r"(?:[^镇乡]{1,4}族)+自治[县旗]")
_VILLAGE = r"(?:村|组|屯|寨|庄|社区|大队|队|嘎查|居委会)"
_STREET = r"(?:路|街(?!道)|大道|巷|胡同|弄|里弄|大桥|立交)"
#: A direction and a number between the name and the road: 北京西路, 重庆南路三段.
_TURN = r"[东南西北中前后新老内外上下环]{0,2}[一二三四五六七八九十\d]{0,3}"
_IN_TOWN = (
    r"(?:大厦|大楼|广场|市场|商场|商城|酒店|宾馆|饭店|花园|小区|公寓|家园|新村|车站|火车站|机场|医院|学校|大学|中学|小学|"
    r"工业园|产业园|科技园)"
)
_ROAD = re.compile(rf"(?:{_TURN}|.){_STREET}|{_IN_TOWN}")
#: Below an upper level a street may begin a town's own name: 榆次路西街道, 玉山横街镇.
_ROAD_BELOW = re.compile(rf"{_TURN}{_STREET}(?!.{{1,4}}?{_TOWN})|{_IN_TOWN}")
_PART_AT_BEGINNING = re.compile(rf".?{_TOWN}|{_PEOPLES_TOWN}|.{{0,2}}{_VILLAGE}(?!.{{0,4}}{_TOWN})|.?(?:路|街)")
#: 宝安西乡 is in 宝安, but 大兴庄镇 is not in 大兴.
_PART_BELOW = re.compile(rf"(?![东西南北]乡).?{_TOWN}|{_PEOPLES_TOWN}|{_VILLAGE}(?!.{{0,4}}{_TOWN})")
_TOWN_FOLLOWS = re.compile(r"镇|乡|街道")
#: A level word that belongs to the next word: 东方市场, 工业区域.
_GOES_ON = re.compile(rf"(?<=市)[场民](?!.{{0,3}}{_TOWN})|(?<=区)[域块间位](?!.{{0,3}}{_TOWN})")
_BELOW_COUNTY = re.compile(
    rf"{_TOWN}|{_VILLAGE}|小区|安置点|安置区|街|路\d|\d号|连队|兵团|生活区|^(?:本|我|该)[县市区旗镇乡村]"
)
#: An upper level that nobody knows (某某县), and not a town called 小市镇 or 旧县镇.
_UNKNOWN_UPPER = re.compile(
    r"省|自治区|自治州|(?<=[^本我该镇乡村])[县市旗盟](?![镇乡村街社路屯组城内场渡桥口坪营山农管])"
)
_OWN = re.compile(r"^(?:本|我|该)[县市区旗]")
#: Names that say nothing without the city above them.
_GENERIC = frozenset(
    (
        "城区|矿区|郊区|东区|西区|南区|北区|新城区|老城区|新市区|西市区|新城|老城|新市|西市|城东|城西|城北|城中|城关|市中|市南|市北|"
        "东城|西城|站前|江北|江南|河东|河西|河口|和平|新华|向阳|友好|新兴|复兴|解放|红旗|前进|东风|振兴|太平|长安|文峰|中站|中原|"
        "金山|龙山|南山|东山|铁东|铁西|青山|宝山|清河|双桥|平桥|龙华|龙港|东港|红星|胜利|光明|港口|港北|港南|海港|龙凤|龙江|云龙|"
        "白云|凤山|兴宁|永安|永兴|永定|兴隆|东兴|新安|石龙|龙门|石门|三江|大安|大田|龙泉|安平|平安|东方|乌兰|巴彦"
    ).split("|")
)


def unspaced(text: str) -> str:
    """Without blanks and invisible characters."""
    return _SPACE.sub("", text)


def beginning(words: str) -> int:
    """Where the address itself begins: after 户籍地址：, 家住, 中国."""
    found = _BEFORE.match(words)
    return found.end() if found else 0


def after_gap(words: str, at: int) -> int:
    """Past marks and the words statisticians put between two levels (市辖区)."""
    found = _GAP.match(words, at)
    return found.end() if found else at


def rest(shown: str, words: str, end: int) -> str:
    """What follows a division in the text as it was written: without marks between, the people's names of an
    autonomous county written in another order, or the bracket that closed the division's."""
    peoples = _PEOPLES_WORD.match(words, end)
    label = shown[after_gap(words, peoples.end() if peoples else end) :]
    return label if "(" in label else label.replace(")", "", 1) if label.endswith(")") else label


def is_generic(name: str) -> bool:
    """Whether the name says nothing without the city above it (城区, 和平)."""
    return name in _GENERIC


def level_word_goes_on(words: str, end: int) -> bool:
    """Whether the level word at the end of a name belongs to the next word: 东方市场."""
    return bool(_GOES_ON.match(words, end))


def is_towns_name(words: str, start: int, end: int) -> bool:
    """Whether a name with its level word is itself a town's: 古县镇, 新市区街道."""
    short = end - start == 2 or words[start:end] in _GENERIC
    return short and bool(_TOWN_FOLLOWS.match(words, end))


def is_road(words: str, end: int) -> bool:
    """Whether a name goes on as a road's: 上海路, 北京西路."""
    return bool(_ROAD.match(words, end))


def begins_other_name(words: str, end: int, *, below: bool) -> bool:
    """Whether a name without level word is only the beginning of a road's, a town's or a village's name.

    `below`: an upper level stands before it, so that more is believed.
    """
    road, part = (_ROAD_BELOW, _PART_BELOW) if below else (_ROAD, _PART_AT_BEGINNING)
    return bool(road.match(words, end) or part.match(words, end))


def is_below_county(words: str) -> bool:
    """Whether a text speaks of a town, a village or a street."""
    return bool(_BELOW_COUNTY.search(words))


def names_unknown_upper(words: str) -> bool:
    """Whether a text names a province, prefecture or county that nobody knows."""
    return bool(_UNKNOWN_UPPER.search(words))


def after_own(words: str) -> int:
    """Past 本县, 我市 at the beginning; 0 when it is not said."""
    found = _OWN.match(words)
    return found.end() if found else 0
