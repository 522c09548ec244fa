"""Who can do what with which row of which table: SECURITY's matrix, by hand, with nothing read from the database.

What is not written here must be impossible. Labels are those of tests/security/world.py, parted by `/`.
"""

from __future__ import annotations

from tests.security.attack import Rights
from tests.security.world import ACTORS, SIGNED, SPEAKERS

EVERYBODY = tuple(ACTORS)
OPEN = "/".join(f"{poster}:open" for poster in SPEAKERS)


def _states(poster: str) -> str:
    return "/".join(f"{poster}:{state}" for state in ("open", "pending", "closed"))


def _all_read(*labels: str) -> dict[str, Rights]:
    return {name: Rights.of(select="/".join(labels)) for name in EVERYBODY}


def _poster(poster: str, *, reads_open: bool) -> Rights:
    own = _states(poster)
    return Rights.of(select=f"{own}/{OPEN}" if reads_open else own, insert=own, update=own)


def _own(name: str) -> Rights:
    return Rights.of(select=name, insert=name, update=name, delete=name)


_CARE = "mine/neighbour/spare"
_THEIR_CARE = "foreign/foreign_spare"

MATRIX: dict[str, dict[str, Rights]] = {
    # Public reference data.
    "divisions": _all_read("county", "other"),
    "former_names": _all_read("county"),
    "key_counties": _all_read("county"),
    "pairings": _all_read("pair"),
    "occupations": _all_read("planted"),
    "minimum_wages": _all_read("planted"),
    "scoring_profiles": _all_read("planted"),
    "places": _all_read("county") | {name: Rights.of(select="county", insert="county") for name in (*SPEAKERS, "head")},
    # Organisations, users, keys: nobody at run time, but one's own name.
    "organisations": {name: Rights.of(select=name) for name in SPEAKERS} | {"head": Rights.of(select="station")},
    "tokens": {},
    # Record, skills, status: the station's workers; the worker's own.
    "workers": {
        "station": Rights.of(select=_CARE, insert=_CARE, update=_CARE),
        "head": Rights.of(select=_CARE, insert=_CARE, update=_CARE),
        "other_station": Rights.of(select=_THEIR_CARE, insert=_THEIR_CARE, update=_THEIR_CARE),
        "worker": Rights.of(select="mine"),
        "other_worker": Rights.of(select="foreign"),
    },
    "intentions": {
        "station": Rights.of(select="mine/neighbour", insert="mine", update="mine/neighbour"),
        "head": Rights.of(select="mine/neighbour", insert="mine", update="mine/neighbour"),
        "other_station": Rights.of(select="foreign", insert="foreign", update="foreign"),
        "worker": Rights.of(select="mine", update="mine"),
        "other_worker": Rights.of(select="foreign", update="foreign"),
    },
    # Consent: the station reads live ones and writes from paper; the worker's own word is the worker's.
    "consents": {
        "station": Rights.of(select="neighbour:paper/mine:disclosure", insert="spare:paper/mine:as a paper"),
        "head": Rights.of(select="neighbour:paper/mine:disclosure", insert="spare:paper/mine:as a paper"),
        "other_station": Rights.of(select="foreign:paper", insert="foreign:paper"),
        "worker": Rights.of(select="mine:withdrawn/mine:disclosure", insert="mine:own word/mine:own disclosure"),
        "other_worker": Rights.of(select="foreign:paper", insert="foreign:own disclosure"),
    },
    # One person behind the records: nobody.
    "persons": {},
    "person_records": {},
    # Vacancies: who matches or is matched reads open ones; a poster keeps its own; an employer sees no rival's.
    "vacancies": {poster: _poster(poster, reads_open="employer" not in poster) for poster in SPEAKERS}
    | {"head": _poster("station", reads_open=True)}
    | {name: Rights.of(select=OPEN) for name in ("worker", "other_worker", "auditor", "engine")},
    "vacancy_contacts": {poster: Rights.of(select=poster, insert=poster, update=poster) for poster in SPEAKERS}
    | {"head": Rights.of(select="station", insert="station", update="station")},
    # Lists, rows, problems: who posted them.
    **{
        table: {poster: _own(poster) for poster in SPEAKERS} | {"head": _own("station")}
        for table in ("lists", "list_rows", "list_problems")
    },
    # Suggestions: the station that serves the worker, and the worker.
    "suggestions": {
        "station": Rights.of(select="mine/neighbour", insert="mine/neighbour", update="mine/neighbour"),
        "head": Rights.of(select="mine/neighbour", insert="mine/neighbour", update="mine/neighbour"),
        "other_station": Rights.of(select="foreign", insert="foreign", update="foreign"),
        "worker": Rights.of(select="mine"),
        "other_worker": Rights.of(select="foreign"),
    },
    "idempotent_answers": {name: _own(name) for name in SIGNED},
    # Audit: everybody adds in their own name; the auditor reads all, a worker what concerns them; nobody alters.
    "audit_entries": {name: Rights.of(insert=name) for name in SIGNED}
    | {"auditor": Rights.of(select="/".join(SIGNED), insert="auditor")}
    | {
        "worker": Rights.of(select="/".join(n for n in SIGNED if not n.startswith("other")), insert="worker"),
        "other_worker": Rights.of(select="/".join(n for n in SIGNED if n.startswith("other")), insert="other_worker"),
    },
}

#: Reference data that everybody may read, signed in or not.
PUBLIC = frozenset(table for table, by in MATRIX.items() if by.get("visitor", Rights()).select)

#: Tables of the machinery: no role that serves requests may touch them at all.
CLOSED = frozenset(
    {
        "public.alembic_version",
        "app.context_key",
        "jobs.procrastinate_jobs",
        "jobs.procrastinate_events",
        "jobs.procrastinate_periodic_defers",
        "jobs.procrastinate_workers",
    }
)


def expected(table: str, actor: str) -> Rights:
    """What an actor can do with a table."""
    return MATRIX[table].get(actor, Rights())
