"""Certificates: which one a text names, which work the law asks one for, and what counts as holding it.

A certificate is one bit of a 64-bit mask, so `required & ~held == 0` is the whole test. Three kinds:
*statutory* (the law forbids the work without it: a hard filter), *health* (takes days to get: shown as
"to be got", never a filter) and *plain* (an employer may ask for it by name).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Kind = Literal["statutory", "health", "plain"]
MOST: Final = 64


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate; `words` are the ways people write it, `includes` those it covers as well (A2 covers C1)."""

    id: str
    name: str
    name_en: str
    kind: Kind
    regulation: str
    #: What counts as holding it: the paper's exact name, the issuing office, the class.
    holding: str
    #: Months between reviews or until it ends; 0 = it does not expire.
    valid_months: int
    words: tuple[str, ...]
    includes: tuple[str, ...]
    #: Trades that stand for it where nothing but certificates is listed (电工、焊工 in a certificate column).
    trades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateRuleRow:
    """The law asks one of `certificates` for an occupation."""

    occupation: str
    certificates: tuple[str, ...]
    regulation: str
    note: str


@dataclass(frozen=True, slots=True)
class Certificates:
    """What a text said about certificates."""

    #: Ids named, in the order of their bits.
    named: tuple[str, ...]
    #: Ids the text says are missing (没有电工证) or no longer valid (叉车证已过期).
    denied: tuple[str, ...]
    #: Words that look like a certificate and are none we know.
    unknown: tuple[str, ...]
    #: Bits of `named` and of everything those cover.
    mask: int


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate a worker holds, and until when (None: no date given)."""

    certificate: str
    valid_until: date | None = None


_DENIAL = re.compile(r"(?:没有?|无|未[考取持]?|不[要需]?|缺|过期|失效|作废)[^,、;。，；]{0,4}$")
_EXPIRED = re.compile(r"(?:但|证)?(?:已经?|早已?|都)?(?:过期|失效|作废|到期|吊销|注销|扣了)")
# 证明, 保证, 身份证 … end like certificates and are none.
_NO_CERTIFICATE = re.compile(r"证明|保证|认证|验证|证件齐全|证照齐全|凭证")
_LOOKS_LIKE_ONE = re.compile(
    r"[a-z0-9\u4e00-\u9fff]{1,12}?(?:资格证书|资格证|上岗证|操作证|从业证|等级证|证书|证|驾照)"
)
_NOT_PROFESSIONAL: Final = ("身份证", "居住证", "暂住证", "毕业证", "结婚证", "残疾证", "退伍证", "学生证", "社保证")
_PARTS = re.compile(r"[,、;/。\s+及和与]+")
_EMPTY: Final = frozenset({"", "无", "没有", "没", "暂无", "否", "未", "-", "/", "none", "no", "0"})


class CertificateBook:
    """All certificates and rules, indexed once."""

    def __init__(self, rows: Sequence[CertificateRow], rules: Sequence[CertificateRuleRow]) -> None:
        if len(rows) > MOST:
            raise ValueError(f"{len(rows)} certificates do not fit into {MOST} bits")
        self._rows = {row.id: row for row in rows}
        self._bits = {row.id: bit for bit, row in enumerate(rows)}
        self._words = {_plain(word): row.id for row in rows for word in (row.name, *row.words)}
        self._trades = {_plain(word): row.id for row in rows for word in row.trades}
        self._by_length = sorted(self._words, key=lambda word: (-len(word), word))
        self._covers = {row.id: self._mask_of((row.id, *row.includes)) for row in rows}
        self._rules: dict[str, CertificateRuleRow] = {}
        for rule in rules:
            for certificate in rule.certificates:
                if certificate not in self._rows:
                    raise ValueError(f"rule for {rule.occupation} names unknown certificate {certificate}")
            self._rules[rule.occupation] = rule

    def __iter__(self) -> Iterator[CertificateRow]:
        return iter(self._rows.values())

    def row(self, certificate_id: str) -> CertificateRow:
        """The certificate of that id; KeyError when there is none."""
        return self._rows[certificate_id]

    def bit(self, certificate_id: str) -> int:
        """Its place in the mask, 0 to 63."""
        return self._bits[certificate_id]

    def mask(self, certificate_ids: Sequence[str]) -> int:
        """Bits of these certificates and of all they cover."""
        total = 0
        for one in certificate_ids:
            total |= self._covers[one]
        return total

    def required_mask(self, certificate_ids: Sequence[str]) -> int:
        """Bits a vacancy may filter by: its own certificates without what they cover, and none of kind health."""
        return self._mask_of([one for one in certificate_ids if self._rows[one].kind != "health"])

    def held_mask(self, held: Sequence[Held], on: date) -> int:
        """Bits held on a day: what has expired does not count, what has no date does."""
        return self.mask([one.certificate for one in held if one.valid_until is None or one.valid_until >= on])

    def required_by_law(self, occupation_id: str) -> CertificateRuleRow | None:
        """The law's rule for an occupation, None when it asks for nothing."""
        return self._rules.get(occupation_id)

    def read(self, text: str, spelling: Mapping[int, str] | None = None) -> Certificates:
        """Certificates a text names (longest name first), those it denies, and those nobody knows."""
        rest = _plain(text.translate(spelling) if spelling else text)
        if rest in _EMPTY:
            return Certificates((), (), (), 0)
        named: set[str] = set()
        denied: set[str] = set()
        for word in self._by_length:
            at = rest.find(word)
            while at >= 0:
                if not _inside_latin(rest, at, at + len(word)):
                    invalid = _DENIAL.search(rest[:at]) or _EXPIRED.match(rest[at + len(word) :])
                    (denied if invalid else named).add(self._words[word])
                    rest = rest[:at] + "," * len(word) + rest[at + len(word) :]
                at = rest.find(word, at + len(word))
        left = [part for part in _PARTS.split(rest) if part]
        if all(part in self._trades for part in left):
            named.update(self._trades[part] for part in left)
            rest = ""
        unknown = tuple(dict.fromkeys(w for part in _PARTS.split(rest) for w in _certificate_like(part)))
        order = sorted(named, key=self._bits.__getitem__)
        return Certificates(tuple(order), tuple(sorted(denied - named)), unknown, self.mask(order))

    def _mask_of(self, ids: Sequence[str]) -> int:
        total = 0
        for one in ids:
            total |= 1 << self._bits[one]
        return total


def _inside_latin(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is cut out of a longer Latin run (c1 in abc12)."""
    left = start > 0 and text[start].isascii() and text[start].isalnum() and text[start - 1].isascii()
    right = end < len(text) and text[end - 1].isascii() and text[end - 1].isalnum() and text[end].isascii()
    return (left and text[start - 1].isalnum()) or (right and text[end].isalnum())


def _plain(text: str) -> str:
    """Brackets and spaces carry nothing in a certificate's name."""
    return re.sub(r"[\s()（）\[\]【】《》·:：\"'“”]", "", text.lower())


def _certificate_like(part: str) -> list[str]:
    part = re.sub(r"^(?:持有?|须持|需要?|有|会|具备|要求?|必须|优先)+", "", part)
    if _NO_CERTIFICATE.search(part) or part.endswith(_NOT_PROFESSIONAL):
        return []
    return [found for found in _LOOKS_LIKE_ONE.findall(part) if len(found) > 1 and not found.startswith(("没", "无"))]
