"""Who can do what with which row of which table: SECURITY's matrix, by hand, with nothing read from the database.

What is not written here must be impossible. Labels are those of tests/security/world.py, parted by `/`.
"""

from __future__ import annotations

from tests.security.attack import Rights
from tests.security.world import ACTORS, ATTEMPTS, KEYS, MANAGERS, SIGNED, SPEAKERS, STAFF

EVERYBODY = tuple(ACTORS)
OPEN = "/".join(f"{poster}:open" for poster in SPEAKERS)
CLOSED = "/".join(f"{poster}:closed" for poster in SPEAKERS)
SHOCKS = "elsewhere/below/own_side"
#: Who decides on whose waiting offer: the offices of the place of work.
WAITING = {"destination": "employer:pending", "coordinator": "other_employer:pending"}


def _states(poster: str) -> str:
    return "/".join(f"{poster}:{state}" for state in ("open", "pending", "closed"))


def _all_read(*labels: str) -> dict[str, Rights]:
    return {name: Rights.of(select="/".join(labels)) for name in EVERYBODY}


def _poster(poster: str, *, reads_open: bool) -> Rights:
    own = _states(poster)
    seen = f"{own}/{OPEN}/{WAITING.get(poster, '')}" if reads_open else own
    return Rights.of(select=seen, insert=own, update=own)


def _own(name: str) -> Rights:
    return Rights.of(select=name, insert=name, update=name, delete=name)


def _all_tokens() -> Rights:
    every = "/".join(KEYS["tokens"])
    return Rights.of(select=every, insert="/".join(ATTEMPTS["tokens"]), update=every)


_INVITED = "/".join((*MANAGERS, "operator"))
def _keeps(name: str) -> Rights:
    return Rights.of(select=name, insert=name, update=name)


_CARE = "mine/neighbour/spare"
_THEIR_CARE = "foreign/foreign_spare"

MATRIX: dict[str, dict[str, Rights]] = {
    # Public reference data.
    "divisions": _all_read("county", "other", "coordinated", "below"),
    "former_names": _all_read("county"),
    "key_counties": _all_read("county"),
    # Pairings: everybody reads; a coordinator keeps its own side's. Shocks: offices read, a coordinator keeps its own.
    "pairings": _all_read("pair", "own_side")
    | {"coordinator": Rights.of(select="pair/own_side", insert="own_side", update="own_side")},
    "shocks": {name: Rights.of(select=SHOCKS) for name in ("station", "head", "other_station", "destination")}
    | {name: Rights.of(select=SHOCKS) for name in ("auditor", "engine")}
    | {"coordinator": Rights.of(select=SHOCKS, insert="own_side", update="own_side")},
    "occupations": _all_read("planted"),
    "minimum_wages": _all_read("planted"),
    "scoring_profiles": _all_read("planted"),
    "places": _all_read("county") | {name: Rights.of(select="county", insert="county") for name in (*SPEAKERS, "head")},
    # Organisations: one's own, a coordinator's region; the door takes in an employer nobody has approved.
    "organisations": {name: Rights.of(select=name) for name in SPEAKERS}
    | {"head": Rights.of(select="station"), "coordinator": Rights.of(select="coordinator/station")}
    | {name: Rights.of(select="/".join(KEYS["organisations"])) for name in ("operator", "auditor")}
    | {"door": Rights.of(select="/".join(KEYS["organisations"]), insert="an employer")},
    # Staff: oneself, who looks after them, the auditor; the door makes them and alone reads what proves them.
    "users": {
        "station": Rights.of(select="station"),
        "head": Rights.of(select="station/head"),
        "operator": Rights.of(select="operator"),
        "auditor": Rights.of(select="/".join(STAFF)),
        "door": Rights.of(select="/".join(STAFF), insert="/".join(STAFF)),
    }
    | {name: Rights.of(select=name) for name in ("destination", "employer", "other_employer", "coordinator")},
    "passwords": {"door": Rights.of(select="station/employer", insert="head", update="station/employer")},
    "tokens": {"door": _all_tokens()},
    "sign_in_attempts": {"door": _own("one")},
    "api_keys": {name: Rights.of(select=name, insert=name) for name in MANAGERS}
    | {name: Rights.of(select="/".join(MANAGERS)) for name in ("operator", "auditor")},
    "invitations": {name: Rights.of(select=name, insert=name) for name in MANAGERS}
    | {
        "coordinator": Rights.of(select="coordinator"),
        "auditor": Rights.of(select=_INVITED),
        "door": Rights.of(select=_INVITED, update=_INVITED),
    },
    "approvals": {
        "head": Rights.of(select="head"),
        "coordinator": Rights.of(select="head"),
        "operator": Rights.of(select="operator"),
        "auditor": Rights.of(select="head/other_station/operator"),
    },
    # Record, skills, status: the station's workers; the worker's own.
    "workers": {
        "station": Rights.of(select=_CARE, insert=_CARE, update=_CARE),
        "head": Rights.of(select=_CARE, insert=_CARE, update=_CARE),
        "other_station": Rights.of(select=_THEIR_CARE, insert=_THEIR_CARE, update=_THEIR_CARE),
        # the worker corrects some columns: COLUMNS says which
        "worker": Rights.of(select="mine", update="mine"),
        "other_worker": Rights.of(select="foreign", update="foreign"),
        # planning reads what matching asks of people: COLUMNS says which
        "engine": Rights.of(select=f"{_CARE}/{_THEIR_CARE}"),
    },
    "intentions": {
        "station": Rights.of(select="mine/neighbour", insert="mine", update="mine/neighbour"),
        "head": Rights.of(select="mine/neighbour", insert="mine", update="mine/neighbour"),
        "other_station": Rights.of(select="foreign", insert="foreign", update="foreign"),
        "worker": Rights.of(select="mine", update="mine"),
        "other_worker": Rights.of(select="foreign", update="foreign"),
        "engine": Rights.of(select="mine/neighbour/foreign"),
    },
    # Consent: the station reads live ones and writes from paper; the worker's own word is the worker's.
    "consents": {
        "station": Rights.of(select="neighbour:paper/mine:disclosure", insert="spare:paper/mine:as a paper"),
        "head": Rights.of(select="neighbour:paper/mine:disclosure", insert="spare:paper/mine:as a paper"),
        "other_station": Rights.of(select="foreign:paper", insert="foreign:paper"),
        "worker": Rights.of(select="mine:withdrawn/mine:disclosure", insert="mine:own word/mine:own disclosure"),
        "other_worker": Rights.of(select="foreign:paper", insert="foreign:own disclosure"),
        "engine": Rights.of(select="mine:withdrawn/mine:disclosure/neighbour:paper/foreign:paper"),
    },
    # One person behind the records: nobody; a plan counts everybody once.
    "persons": {},
    "person_records": {"engine": Rights.of(select=f"{_CARE}/{_THEIR_CARE}")},
    # Vacancies: who matches or is matched reads open ones; a poster keeps its own; an employer sees no rival's.
    "vacancies": {poster: _poster(poster, reads_open="employer" not in poster) for poster in SPEAKERS}
    | {"head": _poster("station", reads_open=True)}
    | {name: Rights.of(select=OPEN) for name in ("worker", "other_worker", "auditor")}
    | {"engine": Rights.of(select=f"{OPEN}/{CLOSED}")},
    "vacancy_contacts": {poster: Rights.of(select=poster, insert=poster, update=poster) for poster in SPEAKERS}
    | {"head": Rights.of(select="station", insert="station", update="station")},
    # Lists, rows, problems: who posted them.
    **{
        table: {poster: _own(poster) for poster in SPEAKERS} | {"head": _own("station")}
        for table in ("lists", "list_rows", "list_problems")
    },
    # Suggestions: the station that serves the worker reads the current ones, the worker all; one function writes.
    "suggestions": {
        "station": Rights.of(select="mine/neighbour"),
        "head": Rights.of(select="mine/neighbour"),
        "other_station": Rights.of(select="foreign"),
        "worker": Rights.of(select="mine/mine:former"),
        "other_worker": Rights.of(select="foreign"),
        "engine": Rights.of(select="mine/neighbour/foreign"),
    },
    # The market's changes: the engine. Runs: nobody. What a run found: the station that serves the worker, the worker.
    "market_changes": {"engine": Rights.of(select="planted")},
    "match_runs": {},
    "match_results": {
        "station": Rights.of(select="mine/neighbour"),
        "head": Rights.of(select="mine/neighbour"),
        "other_station": Rights.of(select="foreign"),
        "worker": Rights.of(select="mine"),
        "other_worker": Rights.of(select="foreign"),
    },
    # A decline: the worker and the engine, nobody else.
    "declines": {
        "worker": Rights.of(select="mine", insert="mine", delete="mine"),
        "other_worker": Rights.of(select="foreign", insert="foreign", delete="foreign"),
        "engine": Rights.of(select="mine/foreign"),
    },
    # Placements: written by functions alone. Closed ones are the worker's; held ones no employer meets.
    "placements": {
        "station": Rights.of(select="mine:introduced/mine:held"),
        "head": Rights.of(select="mine:introduced/mine:held"),
        "other_station": Rights.of(select="foreign:accepted"),
        "worker": Rights.of(select="mine:introduced/mine:held/mine:closed"),
        "other_worker": Rights.of(select="foreign:accepted"),
        "employer": Rights.of(select="mine:introduced"),
        "other_employer": Rights.of(select="foreign:accepted"),
        "destination": Rights.of(select="foreign:accepted"),
        "auditor": Rights.of(select="mine:introduced/mine:held/foreign:accepted"),
        "engine": Rights.of(select="mine:introduced/mine:held/mine:closed/foreign:accepted"),
    },
    "placement_ends": {
        "worker": Rights.of(select="mine:closed", insert="mine:closed"),
        "other_worker": Rights.of(select="foreign:accepted", insert="foreign:accepted"),
    },
    "placed_persons": {},
    "papers": {
        "station": Rights.of(select="mine:held", insert="mine:held"),
        # the paper of the other clerk's token is not in this token's name
        "head": Rights.of(select="mine:held"),
        "other_station": Rights.of(select="foreign:accepted", insert="foreign:accepted"),
        "auditor": Rights.of(select="mine:held/foreign:accepted"),
    },
    "answer_checks": {
        "station": Rights.of(select="mine:introduced"),
        "head": Rights.of(select="mine:introduced"),
        "other_station": Rights.of(select="foreign:accepted"),
        "auditor": Rights.of(select="mine:introduced/foreign:accepted"),
    },
    # Complaints: the worker's own; what an office was given; never the worker's own station.
    "complaints": {
        "worker": Rights.of(select="mine:abroad/mine:home", insert="mine:abroad/mine:home/nameless/given"),
        "other_worker": Rights.of(select="foreign", insert="foreign/nameless/given"),
        "destination": Rights.of(select="mine:abroad/nameless/given", update="mine:abroad/nameless/given"),
        # the case of what a station answers, and no more
        "coordinator": Rights.of(select="mine:home/given", update="mine:home"),
        "auditor": Rights.of(select="mine:abroad/mine:home/foreign/nameless/given"),
    },
    "idempotent_answers": {name: _own(name) for name in SIGNED},
    # Audit: everybody adds in their own name; the auditor reads all, a worker what concerns them; nobody alters.
    "audit_entries": {name: Rights.of(insert=name) for name in SIGNED}
    | {"auditor": Rights.of(select="/".join(SIGNED), insert="auditor"), "door": Rights.of(insert="door")}
    | {
        "worker": Rights.of(select="/".join(n for n in SIGNED if not n.startswith("other")), insert="worker"),
        "other_worker": Rights.of(select="/".join(n for n in SIGNED if n.startswith("other")), insert="other_worker"),
    },
    # One-time codes, messages, counts, phones, devices: the door; everybody else asks the functions of codes.sql.
    **{
        table: {"door": Rights.of(select=rows, insert=rows, update=rows)}
        for table, rows in {
            **dict.fromkeys(("messages", "codes", "door_counts"), "planted"),
            "phones": "mine",
        }.items()
    },
    "devices": {"door": Rights.of(select="planted/other", insert="planted/other", update="planted/other")},
    "device_uses": {"door": Rights.of(select="planted", insert="planted", update="planted")},
    # Seals over the audit log: the auditor's audience adds and reads them, nobody alters one.
    "audit_seals": {"auditor": Rights.of(select="first", insert="first")},
    # Plans: the office that ordered them. Assignments: the engine adds, the station decides, the worker reads what is
    # published.
    "plans": {
        **{name: _keeps(name) for name in ("station", "other_station", "coordinator")},
        "head": _keeps("station"),
    },
    "assignments": {
        "station": Rights.of(select="mine/neighbour", update="mine/neighbour"),
        "head": Rights.of(select="mine/neighbour", update="mine/neighbour"),
        "other_station": Rights.of(select="foreign", update="foreign"),
        "worker": Rights.of(select="mine"),
        "engine": Rights.of(
            select="mine/neighbour/foreign", insert="mine/neighbour/foreign", delete="mine/neighbour/foreign"
        ),
    },
    "opening_prices": {
        **{
            name: Rights.of(select="planted")
            for name in ("station", "head", "other_station", "worker", "other_worker", "coordinator")
        },
        "engine": Rights.of(select="planted", insert="planted", update="planted", delete="planted"),
    },
    # How many have gone where: the engine counts; whoever is shown jobs reads.
    "gone_before": {
        **{
            name: Rights.of(select="planted")
            for name in ("station", "head", "other_station", "worker", "other_worker")
        },
        "engine": Rights.of(select="planted", insert="planted", delete="planted"),
    },
    "crowding": {
        **{name: Rights.of(select="planted") for name in ("station", "head", "other_station", "coordinator")},
        "engine": Rights.of(select="planted", insert="planted", delete="planted"),
    },
    "vacancy_fills": {
        **{name: Rights.of(select=name) for name in SPEAKERS},
        "head": Rights.of(select="station"),
        "engine": Rights.of(
            select="/".join(SPEAKERS), insert="/".join(SPEAKERS), update="/".join(SPEAKERS), delete="/".join(SPEAKERS)
        ),
    },
    "companions": {
        "station": Rights.of(select="mine/neighbour", insert="mine/neighbour", delete="mine/neighbour"),
        "head": Rights.of(select="mine/neighbour", insert="mine/neighbour", delete="mine/neighbour"),
        "other_station": Rights.of(select="foreign", insert="foreign", delete="foreign"),
        "worker": Rights.of(select="mine"),
        "other_worker": Rights.of(select="foreign"),
        "engine": Rights.of(select="mine/neighbour/foreign"),
    },
    # Figures: a station counts itself; coordinators and the auditor add up.
    "figures": {
        **{name: Rights.of(select=name, insert=name, delete=name) for name in ("station", "other_station")},
        "head": Rights.of(select="station", insert="station", delete="station"),
        **{name: Rights.of(select="station/other_station") for name in ("coordinator", "auditor")},
    },
    # Who is counted twice: the engine counts; coordinators and the auditor take it off.
    "counted_twice": {
        "engine": Rights.of(select="planted", insert="planted", delete="planted"),
        **{name: Rights.of(select="planted") for name in ("coordinator", "auditor")},
    },
    # Alarms: the station's head and the auditor.
    "alarms": {"head": Rights.of(select="station"), "auditor": Rights.of(select="station/other_station")},
    # Exports: the station asks in its own name; the auditor reads that it did.
    "exports": {
        "station": Rights.of(select="station/head", insert="station"),
        "head": Rights.of(select="station/head", insert="head"),
        "other_station": Rights.of(select="other_station", insert="other_station"),
        "auditor": Rights.of(select="station/head/other_station"),
    },
}

_OWN_WORD = "name skills_text skills phone_sealed phone_index own_word version updated_at"
_COMPLAINT = "id kind worker_id words_sealed vacancy_id division_code side repeat_key"
_CASE = "id kind vacancy_id division_code side state answer_sealed received_on changed_at version"
#: (table, role, verb) -> the columns, where the right is not to all of them.
COLUMNS: dict[tuple[str, str, str], frozenset[str]] = {
    key: frozenset(columns.split())
    for key, columns in {
        ("workers", "rt_worker", "update"): _OWN_WORD,
        ("workers", "rt_engine", "select"): (
            "id station_id birth_date home_id home_code groups skills certificates labour_ability employment_status"
        ),
        ("intentions", "rt_engine", "select"): (
            "worker_id station_id willing_to_go_out occupations destinations not_destinations scope min_wage reach_km"
            " reach_is_limit available_from in_work_asks"
        ),
        ("consents", "rt_engine", "select"): "id worker_id station_id purpose withdrawn_at",
        ("placements", "rt_engine", "select"): "id worker_id station_id vacancy_id state updated_at",
        ("person_records", "rt_engine", "select"): "worker_id person_id holds",
        ("suggestions", "rt_engine", "select"): "id worker_id vacancy_id rank current",
        ("assignments", "rt_station", "update"): "vacancy_id score price overridden override_reason published",
        ("complaints", "rt_worker", "insert"): _COMPLAINT,
        ("complaints", "rt_worker", "select"): f"{_CASE} worker_id words_sealed",
        ("complaints", "rt_destination", "select"): f"{_CASE} assigned_to",
        ("complaints", "rt_destination", "update"): "state answer_sealed changed_at version",
        ("complaints", "rt_coordinator", "select"): f"{_CASE} assigned_to overseen_by",
        ("complaints", "rt_coordinator", "update"): "state answer_sealed changed_at version",
    }.items()
}

#: Reference data without row security, that everybody may read, signed in or not.
PUBLIC = frozenset(table for table, by in MATRIX.items() if by.get("visitor", Rights()).select) - {"pairings"}

#: Tables of the machinery: no role that serves requests may touch them at all.
CLOSED = frozenset(
    {
        "public.alembic_version",
        "app.context_key",
        "app.match_staged",
        "jobs.procrastinate_jobs",
        "jobs.procrastinate_events",
        "jobs.procrastinate_periodic_defers",
        "jobs.procrastinate_workers",
    }
)


def expected(table: str, actor: str) -> Rights:
    """What an actor can do with a table."""
    return MATRIX[table].get(actor, Rights())
