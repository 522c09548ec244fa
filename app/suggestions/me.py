"""The worker's own jobs, for a phone on a bad line: small, and not sent twice.

Whether an answer still holds is told by the versions of what it was made of: the worker, what the worker wants, agreed
to and answered, each vacancy in it, and the market's snapshot. They are read in one statement, so that an answer the
phone has already costs no search. Only tags are remembered, never an answer.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, NamedTuple, Self
from uuid import UUID

import orjson

from app.db.driver_words import ask
from app.db.transaction import Read, Write
from app.edge.language import Language
from app.errors import NotFound
from app.identity.permissions import Permission, allow
from app.suggestions.market import LiveMarket
from app.suggestions.queries import OWN_KNOWN_WORDS, SEEKING, STANDING_LIVE, known_from, live_from, seeking_of
from app.suggestions.snapshot import Snapshot
from app.suggestions.usecases import Offers, offers_to

#: So many answers' tags are remembered; the one not asked for for longest is forgotten first: 50,000 take 30 MB.
REMEMBERED = 50_000

#: A row's xmin is the transaction that wrote it: it changes with every change and with nothing else.
_VERSIONS_WORDS = """concat_ws('|', w.xmin, i.xmin, current_date,
      (select string_agg(c.id::text, ',') from consents c
       where c.worker_id = w.id and c.purpose = 'matching' and c.withdrawn_at is null),
      (select max(o.made_at) from opening_prices o),
      (select max(a.xmin::text) from assignments a where a.worker_id = w.id),
      (select concat(count(*), ':', max(d.at)) from declines d where d.worker_id = w.id),
      (select string_agg(p.xmin::text, ',' order by p.id) from placements p where p.worker_id = w.id),
      (select string_agg(concat(s.id, s.xmin, v.xmin), ',' order by s.rank, s.id)
       from suggestions s join vacancies v on v.id = s.vacancy_id
       where s.worker_id = w.id and s.current and v.state = 'open' and v.filled < v.headcount
         and v.valid_until >= current_date))"""
_VERSIONS = f"select {_VERSIONS_WORDS} from workers w join intentions i on i.worker_id = w.id where w.id = %(me)s"
#: The same with all that an answer is made of but for the market, as one JSON text.
_BASIS = f"""
    select json_build_object('versions', {_VERSIONS_WORDS}, 'worker', (select to_json(s) from ({SEEKING.sql}) s),
                             'known', {OWN_KNOWN_WORDS},
                             'live', (select coalesce(json_agg(l), '[]') from ({STANDING_LIVE.sql}) l))::text
    from workers w join intentions i on i.worker_id = w.id where w.id = %(me)s"""
_BASIS_VALUES = SEEKING.values | STANDING_LIVE.values


class Asked(NamedTuple):
    """Whose answer, and which."""

    worker_id: UUID
    limit: int
    language: Language

    @classmethod
    def by(cls, tx: Read, limit: int, language: Language) -> Self:
        """By the worker whose session it is."""
        allow(tx.actor, Permission.OWN_DOOR)
        assert tx.actor.worker_id is not None
        return cls(tx.actor.worker_id, limit, language)


@dataclass(frozen=True, slots=True)
class _Made:
    """What an answer was made of, and its tag."""

    versions: str
    #: Weak: a market that has gone is not kept in memory for a tag's sake.
    snapshot: weakref.ref[Snapshot]
    tag: str


class Tags:
    """The tags of answers given by this process."""

    def __init__(self) -> None:
        self._made: OrderedDict[Asked, _Made] = OrderedDict()
        self._lock = threading.Lock()

    def standing(self, asked: Asked, versions: str, snapshot: Snapshot) -> str | None:
        """The tag of the answer that stands; None: something changed since, or it was not given here."""
        with self._lock:
            made = self._made.get(asked)
            if made is None or made.versions != versions or made.snapshot() is not snapshot:
                return None
            self._made.move_to_end(asked)
            return made.tag

    def keep(self, asked: Asked, versions: str, snapshot: Snapshot, tag: str) -> None:
        """Remember what an answer was made of. `versions` are those from before it was made."""
        with self._lock:
            self._made[asked] = _Made(versions, weakref.ref(snapshot), tag)
            self._made.move_to_end(asked)
            if len(self._made) > REMEMBERED:
                self._made.popitem(last=False)


def my_versions(tx: Read) -> str:
    """The versions of all that the worker's answer is made of, but for the market."""
    allow(tx.actor, Permission.OWN_DOOR)
    found: str | None = _scalar(tx, _VERSIONS, {})
    if found is None:
        raise NotFound
    return found


def my_suggestions(tx: Write, market: LiveMarket, *, top: int) -> tuple[Offers, str]:
    """The worker's best vacancies, by the same way as the station's, and the versions of what they are made of. Raises
    ConsentMissing."""
    allow(tx.actor, Permission.OWN_DOOR)
    found = _scalar(tx, _BASIS, _BASIS_VALUES)
    if found is None:
        raise NotFound
    basis = orjson.loads(found)
    known = known_from(basis["known"])._replace(live=live_from(basis["live"]))
    return offers_to(tx, market, seeking_of(basis["worker"]), top=top, known=known), basis["versions"]


def _scalar(tx: Read, words: str, values: dict[str, Any]) -> Any:
    """The one value of a statement about the worker who asks; None: there is no such worker."""
    return ask(tx.session.connection(), words, values | {"me": tx.actor.worker_id})
