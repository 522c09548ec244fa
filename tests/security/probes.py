"""Questions to the functions that work in the owner's name, with the right answers; and each condition in those
functions with what it would say broken: some question must then be answered otherwise.

A probe: who asks, what the superuser sets up first, the question, its answer (rows, or the SQLSTATE of a refusal).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from tests.people import PEOPLE
from tests.security.attack import Connection, context_here
from tests.security.world import ACTORS, WORKPLACES, named, organisation

REFUSED = "42501"


@dataclass(frozen=True)
class Probe:
    """A question to a function as somebody."""

    who: str
    ask: str
    answer: Any
    #: Statements past all rules, before; `after` is asked past all rules, afterwards, instead of the answer itself.
    before: tuple[str, ...] = ()
    after: str = ""
    #: The audience whose role acts, when it is not the actor's own.
    role: str = ""

    def holds(self, superuser: Connection) -> bool:
        """Whether the answer is the right one. Everything is undone."""
        return bool(self.given(superuser) == self.answer)

    def given(self, superuser: Connection) -> Any:
        """The answer."""
        with superuser.transaction(force_rollback=True):
            for statement in self.before:
                superuser.execute(statement.encode())
            actor = ACTORS[self.who]
            superuser.execute("set local session authorization eastwest_app")
            try:
                role = f"rt_{self.role or actor.role.audience}"
                with superuser.transaction():
                    context = context_here(superuser, actor)
                    superuser.execute(
                        "select set_config('role', %s, true), set_config('app.context', %s, true)", (role, context)
                    )
                    given = [row if len(row) > 1 else row[0] for row in superuser.execute(self.ask.encode()).fetchall()]
            except psycopg.Error as refused:
                return refused.sqlstate
            if not self.after:
                return given
            superuser.execute("reset role")
            superuser.execute("reset session authorization")
            return [row if len(row) > 1 else row[0] for row in superuser.execute(self.after.encode()).fetchall()]


def _id(kind: str, label: str) -> str:
    return f"'{named(kind, label)}'::uuid"


_MINE, _FOREIGN, _NEIGHBOUR = (_id("worker", label) for label in ("mine", "foreign", "neighbour"))
_INTRODUCED, _HELD, _CLOSED, _ACCEPTED = (
    _id("placement", label) for label in ("mine:introduced", "mine:held", "mine:closed", "foreign:accepted")
)
_JOB, _THEIR_JOB = _id("vacancy", "employer:open"), _id("vacancy", "other_employer:open")
_QUIETLY = "set local session_replication_role = replica"
_LOUDLY = "set local session_replication_role = origin"
_AT_EASE = "update tokens set gives_from = '2100-01-01' where hash = 'other_worker'"


def _quietly(*statements: str) -> tuple[str, ...]:
    """Without the triggers that would follow."""
    return (_QUIETLY, *statements, _LOUDLY)


def _placed(label: str, **values: str) -> str:
    changes = ", ".join(f"{column} = {value}" for column, value in values.items())
    return f"update placements set {changes} where id = {_id('placement', label)}"


def _let(label: str) -> tuple[str, str]:
    """An office let this offer, for another company, onto the market."""
    which = f"where id = {_id('vacancy', label)}"
    return f"update vacancies set employer = 'another' {which}", f"update vacancies set decided_at = now() {which}"


_CONTACT = "select worker_id from app.disclosed_contact({})"
_OFFER = "select app.employer_acts({}, '{}', null)"
_CONFIRM = "select app.confirm_step({}, '{}')"
_ACCEPT = "select app.accept_placement({}, '{}')"
_SAY = "select word from app.say_interested({}, {}, '{}', '{{}}', 'a clerk', current_date)"
_SUGGESTED = {label: _id("suggestion", label) for label in ("mine", "foreign", "neighbour", "mine:former")}
#: The foreign worker's acceptance, before it: offered, with a live disclosure.
_OFFERED = (
    *_quietly(_placed("foreign:accepted", state="'offered'", accepted_at="null", destination_id="null")),
    f"insert into consents (id, station_id, worker_id, purpose, vacancy_id, given_by) values (gen_random_uuid(),"
    f" '{organisation('other_station')}', {_FOREIGN}, 'disclosure', {_THEIR_JOB}, 'worker')",
)
_PHONES = (f"update workers set phone_index = '\\x01' where id in ({_MINE}, {_FOREIGN})",)
_THEIR_DEVICE = (
    "insert into device_uses (id, person_id, device_id) select gen_random_uuid(), person_id,"
    f" {_id('device', 'other')} from person_records where worker_id = {_FOREIGN}",
)
_CODE = (
    "insert into codes (id, purpose, number, worker_id, subject, expires_at, matched_at, matched_by, ended_at)"
    f" values ({_id('code', 'right')}, 'phone', 'n', {_MINE}, 's', now() + interval '5 minutes', {{}}, {{}}, {{}})"
)
_MY_TOKEN = f"'{ACTORS['worker'].token_id}'::uuid"
_SPEND = f"select app.spend_code({_id('code', 'right')})"
_DECIDE = "select app.decide_vacancy({}, null)"
_FETCH = "select app.fetch_export({})"
_MOVED_ON = (
    "update exports set state = '{}', decided_by = gen_random_uuid(), decided_at = now(), fetched_at = null,"
    f" expires_at = now() + interval '1 hour' where id = {_id('export', 'station')}"
)
_CHECK = "select app.decide_check({}, true)"
_MY_CHECK, _THEIR_CHECK = _id("answer_check", "mine:introduced"), _id("answer_check", "foreign:accepted")
_EMPLOYER = f"where id = '{organisation('employer')}'"
_LIST = _id("list", "station")
_TAKE_BACK = "select app.take_back_workers({}, array[{}]::uuid[], array[{}]::uuid[])"
_BACK = _TAKE_BACK.format(_LIST, f"{_MINE}, {_NEIGHBOUR}, {_FOREIGN}", f"{_MINE}, {_NEIGHBOUR}, {_FOREIGN}")
#: Stored when mine and the foreign worker came, who did nothing since; the neighbour was there before.
_STORED = (
    f"update lists set state = 'stored', updated_at = '2099-01-01' where id = {_LIST}",
    f"update workers set created_at = '2099-01-01' where id in ({_MINE}, {_FOREIGN})",
)
_STAY = "select name from workers where name not like '%spare' order by name"
_STATED = f"update consents set list_id = {_LIST}"
_ANSWERED = "select app.answered_vacancies(array[{}], '2020-01-01')"
_DISCLOSURE = f"where id = {_id('consent', 'mine:disclosure')}"
_TWINS = f"where id = {_JOB}"
_ALIKE = "update vacancies set"
#: The employer offers what the other employer offers.
_TWIN = (
    f"update vacancies mine set employer = v.employer from vacancies v where mine.id = {_JOB} and v.id = {_THEIR_JOB}",
    "update vacancies set wage_hi = 9",
)
_ELSEWHERE = f"select app.offered_elsewhere(array[{_THEIR_JOB}])"
_LEFT_OUT = f"select count(*) from app.left_out({_FOREIGN})"
_AGREED = "select vacancy_id from app.accepted_job({})"
_MAY_POST = "select app.may_post_for('{}', {})"
_RECRUITER = "select app.recruiter_of('{}', '{}')"
_VERIFIED = f"select app.with_verified_employer(array[{_JOB}])"
_OWN_NAME = PEOPLE["employer"][2]
_WORDS = "select app.complaint_words({})"
_WHOSE = "select worker_id from app.complainant({})"
_HOME, _ABROAD, _GIVEN = (_id("complaint", label) for label in ("mine:home", "mine:abroad", "given"))
#: Every complaint is in hand, and this one may be nameless: those the owner meets whoever asks.
_IN_HAND = _quietly("update complaints set state = 'in_hand'")
_ANSWERED_COMPLAINT = "update complaints set state = 'answered', answer_sealed = 'said'"
_NAMELESS = (*_IN_HAND, f"update complaints set worker_id = null where id = {_HOME}")
_PLACE = "select app.complaint_place({})"
_SHUT = _quietly(f"update vacancies set state = 'closed' where id = {_JOB}")
_READER = "select app.complaint_reader('{}', '{}')"

PROBES: dict[str, list[Probe]] = {
    "disclosed_contact(uuid)": [
        Probe("employer", _CONTACT.format(_INTRODUCED), [named("worker", "mine")]),
        Probe("employer", _CONTACT.format("gen_random_uuid()"), []),
        Probe("other_employer", _CONTACT.format(_INTRODUCED), []),
        Probe("employer", _CONTACT.format(_INTRODUCED), [], _quietly(_placed("mine:introduced", state="'waiting'"))),
        Probe("employer", _CONTACT.format(_INTRODUCED), [], (_placed("mine:introduced", disclosure_until="now()"),)),
        Probe("employer", _CONTACT.format(_INTRODUCED), [], (f"update organisations set uscc = null {_EMPLOYER}",)),
        Probe(
            "employer", _CONTACT.format(_INTRODUCED), [], (f"update organisations set approved_at = null {_EMPLOYER}",)
        ),
        *(
            Probe("employer", _CONTACT.format(_INTRODUCED), [], _quietly(f"update consents set {change} {_DISCLOSURE}"))
            for change in ("withdrawn_at = now()", f"worker_id = {_NEIGHBOUR}", f"vacancy_id = {_THEIR_JOB}")
        ),
    ],
    "employer_acts(uuid,text,text)": [
        Probe("employer", _OFFER.format(_INTRODUCED, "offer"), ["offered"]),
        Probe("other_employer", _OFFER.format(_INTRODUCED, "offer"), ["absent"]),
        Probe("other_employer", _OFFER.format(_HELD, "offer"), ["absent"]),
        Probe("employer", _OFFER.format(_CLOSED, "decline"), ["absent"]),
        Probe("employer", _OFFER.format(_INTRODUCED, "end"), ["over"]),
        Probe("other_employer", _OFFER.format(_ACCEPTED, "decline"), ["over"]),
        Probe(
            "employer",
            _OFFER.format(_INTRODUCED, "offer"),
            ["over"],
            _quietly(_placed("mine:introduced", state="'waiting'")),
        ),
        Probe(
            "employer",
            _OFFER.format(_INTRODUCED, "offer"),
            ["over"],
            (_placed("mine:introduced", disclosure_until="now()"),),
        ),
        Probe("employer", _OFFER.format(_INTRODUCED, "take_back"), ["over"]),
        Probe(
            "employer",
            _OFFER.format(_INTRODUCED, "take_back"),
            ["introduced"],
            _quietly(_placed("mine:introduced", state="'offered'")),
        ),
        Probe(
            "employer",
            _OFFER.format(_INTRODUCED, "take_back"),
            ["over"],
            _quietly(_placed("mine:introduced", state="'offered'", held_act="'accept'", held_until="'2100-01-01'")),
        ),
    ],
    "accepted_job(uuid)": [
        *(
            Probe(who, _AGREED.format(_ACCEPTED), found)
            for who, found in {
                "other_worker": [named("vacancy", "other_employer:open")],
                "other_station": [named("vacancy", "other_employer:open")],
                "worker": [],
                "station": [],
            }.items()
        ),
        Probe("worker", _AGREED.format(_INTRODUCED), []),
        Probe("station", _AGREED.format(_INTRODUCED), []),
        Probe("other_worker", _AGREED.format("gen_random_uuid()"), []),
        Probe(
            "other_worker",
            f"select contact from app.accepted_job({_ACCEPTED})",
            ["somebody"],
            (f"update vacancy_contacts set name = 'somebody' where vacancy_id = {_THEIR_JOB}",),
        ),
    ],
    "may_post_for(text,text)": [
        Probe("employer", _MAY_POST.format(_OWN_NAME, "null"), [True]),
        Probe("employer", _MAY_POST.format(_OWN_NAME, "'another code'"), [False]),
        Probe("employer", _MAY_POST.format(PEOPLE["other_employer"][2], "null"), [False]),
        Probe("employer", _MAY_POST.format("another", "null"), [False]),
        Probe("employer", _MAY_POST.format("another", "null"), [True], _let("employer:closed")),
        Probe("employer", _MAY_POST.format("another", "'another code'"), [False], _let("employer:closed")),
        Probe("employer", _MAY_POST.format("a third", "null"), [False], _let("employer:closed")),
        Probe("employer", _MAY_POST.format("another", "null"), [False], _let("other_employer:closed")),
        Probe(
            "employer",
            _MAY_POST.format("another", "null"),
            [False],
            (*_let("employer:closed"), "update vacancies set rejected_code = 'not_true'"),
        ),
        Probe(
            "employer",
            _MAY_POST.format("another", "null"),
            [False],
            (*_let("employer:closed"), "update vacancies set decided_at = null"),
        ),
    ],
    "recruiter_of(uuid,text)": [
        Probe("worker", _RECRUITER.format(organisation("employer"), "another"), [_OWN_NAME]),
        Probe("worker", _RECRUITER.format(organisation("employer"), _OWN_NAME), [None]),
        Probe("worker", _RECRUITER.format(organisation("destination"), "another"), [None]),
    ],
    "with_verified_employer(uuid[])": [
        Probe("worker", _VERIFIED, [named("vacancy", "employer:open")]),
        Probe("worker", _VERIFIED, [], (f"update organisations set approved_at = null {_EMPLOYER}",)),
        Probe("employer", _VERIFIED, REFUSED),
    ],
    "worker_ends(uuid)": [
        Probe("worker", f"select app.worker_ends({_INTRODUCED})", ["closed"]),
        Probe("other_worker", f"select app.worker_ends({_INTRODUCED})", ["absent"]),
        Probe("station", f"select app.worker_ends({_INTRODUCED})", ["closed"]),
        Probe("other_station", f"select app.worker_ends({_INTRODUCED})", ["absent"]),
        Probe("other_station", f"select app.worker_ends({_ACCEPTED})", ["absent"]),
        Probe("worker", f"select app.worker_ends({_CLOSED})", ["closed"]),
        Probe(
            "worker",
            f"select app.worker_ends({_INTRODUCED})",
            [named("consent", "foreign:paper"), named("consent", "neighbour:paper")],
            after="select id from consents where withdrawn_at is null order by worker_id <> " + _FOREIGN,
        ),
        Probe(
            "worker",
            f"select app.worker_ends({_INTRODUCED})",
            [named("worker", "neighbour")],
            (
                "insert into consents (id, station_id, worker_id, purpose, vacancy_id, given_by) values"
                f" (gen_random_uuid(), '{organisation('station')}', {_NEIGHBOUR}, 'disclosure', {_JOB}, 'worker')",
            ),
            after="select worker_id from consents where purpose = 'disclosure' and withdrawn_at is null",
        ),
        Probe(
            "worker",
            f"select app.worker_ends({_CLOSED})",
            [None],
            after=f"select ended_at from placements where id = {_CLOSED}",
        ),
    ],
    "confirm_step(uuid,text)": [
        *(
            Probe(who, _CONFIRM.format(_ACCEPTED, "departed"), [word])
            for who, word in {
                "other_worker": "departed",
                "worker": "absent",
                "other_station": "departed",
                "station": "absent",
                "destination": "departed",
                "employer": "absent",
                "other_employer": "over",
            }.items()
        ),
        Probe("destination", _CONFIRM.format(_INTRODUCED, "departed"), ["absent"]),
        Probe("destination", _CONFIRM.format(_ACCEPTED, "onboarded"), ["over"]),
        Probe("other_station", _CONFIRM.format(_ACCEPTED, "settled"), ["over"]),
        Probe("other_employer", _CONFIRM.format(_ACCEPTED, "settled"), ["over"]),
        Probe("other_employer", _CONFIRM.format(_HELD, "onboarded"), ["absent"]),
        Probe("station", _CONFIRM.format(_CLOSED, "departed"), ["absent"]),
        Probe("other_employer", _CONFIRM.format(_ACCEPTED, "onboarded"), ["accepted"]),
        Probe("other_worker", _CONFIRM.format(_ACCEPTED, "onboarded"), ["accepted"]),
    ],
    "accept_placement(uuid,text)": [
        Probe("other_worker", _ACCEPT.format(_ACCEPTED, "own"), ["accepted"], _OFFERED),
        Probe("worker", _ACCEPT.format(_ACCEPTED, "own"), ["absent"], _OFFERED),
        Probe("station", _ACCEPT.format(_ACCEPTED, "paper"), ["absent"], _OFFERED),
        Probe("other_station", _ACCEPT.format(_ACCEPTED, "own"), ["absent"], _OFFERED),
        Probe("other_station", _ACCEPT.format(_ACCEPTED, "paper"), ["held"], _OFFERED),
        Probe("other_station", _ACCEPT.format(_ACCEPTED, "code"), ["no_word"], _OFFERED),
        Probe("station", _ACCEPT.format(_CLOSED, "paper"), ["absent"]),
        Probe("other_worker", _ACCEPT.format(_ACCEPTED, "own"), ["held"], (*_OFFERED, _AT_EASE)),
        Probe(
            "other_station",
            _ACCEPT.format(_ACCEPTED, "paper"),
            ["no_consent"],
            (*_OFFERED, *_quietly(f"update consents set withdrawn_at = now() where worker_id = {_FOREIGN}")),
        ),
    ],
    "take_place(uuid)": [
        *(
            Probe("other_worker", _ACCEPT.format(_ACCEPTED, "own"), [word], (*_OFFERED, *_quietly(change)))
            for word, change in (
                ("no_consent", f"update consents set withdrawn_at = now() where vacancy_id = {_THEIR_JOB}"),
                ("accepted", f"update vacancies set state = 'closed' where id = {_THEIR_JOB}"),
                ("accepted", f"update vacancies set valid_until = current_date - 1 where id = {_THEIR_JOB}"),
                ("closed_vacancy", f"update vacancies set state = 'pending' where id = {_THEIR_JOB}"),
                ("full", f"update vacancies set filled = headcount where id = {_THEIR_JOB}"),
                ("over", _placed("foreign:accepted", disclosure_until="now() - interval '1 hour'")),
                ("over", _placed("foreign:accepted", state="'introduced'")),
                (
                    "placed",
                    "insert into placed_persons (person_id, placement_id)"
                    f" select person_id, {_INTRODUCED} from person_records where worker_id = {_FOREIGN}",
                ),
            )
        )
    ],
    "say_interested(uuid,boolean,text,jsonb,text,date)": [
        Probe("other_worker", _SAY.format(_SUGGESTED["foreign"], "false", "own"), ["interested"]),
        Probe("other_worker", _SAY.format(_SUGGESTED["foreign"], "true", "own"), ["introduced"]),
        Probe("worker", _SAY.format(_SUGGESTED["foreign"], "false", "own"), ["absent"]),
        Probe("worker", _SAY.format(_SUGGESTED["mine"], "false", "own"), ["no_consent"]),
        Probe("other_station", _SAY.format(_SUGGESTED["foreign"], "false", "paper"), ["held"]),
        Probe("other_station", _SAY.format(_SUGGESTED["foreign"], "false", "own"), ["absent"]),
        Probe("other_station", _SAY.format(_SUGGESTED["foreign"], "false", "code"), ["no_word"]),
        Probe("station", _SAY.format(_SUGGESTED["foreign"], "false", "paper"), ["absent"]),
        Probe("station", _SAY.format(_SUGGESTED["mine:former"], "false", "paper"), ["absent"]),
        Probe("other_worker", _SAY.format(_SUGGESTED["foreign"], "false", "own"), ["held"], (_AT_EASE,)),
        Probe(
            "other_worker",
            _SAY.format(_SUGGESTED["foreign"], "false", "own"),
            ["interested"],
            (_AT_EASE.replace("other_worker", "worker"),),
        ),
        *(
            Probe(
                "other_worker", _SAY.format(_SUGGESTED["foreign"], "false", "own"), ["closed_vacancy"], _quietly(change)
            )
            for change in (
                f"update vacancies set state = 'closed' where id = {_JOB}",
                f"update vacancies set valid_until = current_date - 1 where id = {_JOB}",
                f"update vacancies set filled = headcount where id = {_JOB}",
                f"update placements set worker_id = {_FOREIGN}, station_id = '{organisation('other_station')}',"
                f" ended_by = 'employer' where id = {_CLOSED}",
            )
        ),
        Probe(
            "other_worker",
            _SAY.format(_SUGGESTED["foreign"], "false", "own"),
            ["placed"],
            _quietly(
                "insert into placed_persons (person_id, placement_id)"
                f" select person_id, {_ACCEPTED} from person_records where worker_id = {_FOREIGN}"
            ),
        ),
    ],
    "introduce_waiting(uuid)": [
        Probe("other_worker", _SAY.format(_SUGGESTED["foreign"], "true", "own"), ["waiting"], (change,))
        for change in (
            f"update organisations set approved_at = null {_EMPLOYER}",
            f"update organisations set uscc = null {_EMPLOYER}",
            f"update vacancies set employer = 'another' where id = {_JOB}",
        )
    ]
    + [
        Probe(
            "employer",
            f"select app.settle_vacancy({_JOB})",
            ["waiting"],
            _quietly(_placed("mine:introduced", state="'waiting'"), change),
            after=f"select state from placements where id = {_INTRODUCED}",
        )
        for change in (
            f"update vacancies set state = 'closed' where id = {_JOB}",
            f"update vacancies set valid_until = current_date - 1 where id = {_JOB}",
            f"update vacancies set filled = headcount where id = {_JOB}",
            f"update consents set withdrawn_at = now() {_DISCLOSURE}",
        )
    ],
    "settle_vacancy(uuid)": [
        Probe(
            who,
            f"select app.settle_vacancy({_JOB})",
            [state],
            _quietly(_placed("mine:introduced", state="'waiting'")),
            after=f"select state from placements where id = {_INTRODUCED}",
        )
        for who, state in (("employer", "introduced"), ("other_employer", "waiting"))
    ],
    "hold_consents(uuid,uuid,boolean)": [
        Probe("other_worker", _SAY.format(_SUGGESTED["foreign"], "false", "own"), ["no_consent"], _quietly(change))
        for change in (
            f"update consents set withdrawn_at = now() where worker_id = {_FOREIGN}",
            f"delete from consents where worker_id = {_FOREIGN}",
        )
    ],
    "decide_check(uuid,boolean)": [
        Probe("head", _CHECK.format(_MY_CHECK), [True]),
        Probe("head", _CHECK.format(_THEIR_CHECK), [False]),
        Probe("station", _CHECK.format(_MY_CHECK), [False]),
        Probe("auditor", _CHECK.format(_THEIR_CHECK), [True]),
        Probe(
            "head",
            _CHECK.format(_MY_CHECK),
            [False],
            (f"update answer_checks set outcome = 'genuine', decided_at = now() where id = {_MY_CHECK}",),
        ),
        Probe(
            "head",
            _CHECK.format(_MY_CHECK),
            [True],
            (f"update answer_checks set paper_id = {_id('paper', 'mine:held')} where id = {_MY_CHECK}",),
        ),
        Probe(
            "head",
            _CHECK.format(_MY_CHECK),
            [False],
            (
                f"update papers set taken_by = '{ACTORS['head'].token_id}' where id = {_id('paper', 'mine:held')}",
                f"update answer_checks set paper_id = {_id('paper', 'mine:held')} where id = {_MY_CHECK}",
            ),
        ),
    ],
    "keep_suggestions(uuid,jsonb)": [
        Probe("station", f"select app.keep_suggestions({_FOREIGN}, '[]')", REFUSED),
        Probe("worker", f"select app.keep_suggestions({_NEIGHBOUR}, '[]')", REFUSED),
        *(
            Probe(who, f"select app.keep_suggestions({_FOREIGN}, '[]')", [2], after=left)
            for who in ("other_station", "other_worker")
            for left in ["select count(*) from suggestions where current"]
        ),
    ],
    "fetch_export(uuid)": [
        Probe("station", _FETCH.format(_id("export", "station")), [True], (_MOVED_ON.format("approved"),)),
        Probe("station", _FETCH.format(_id("export", "station")), [False], (_MOVED_ON.format("fetched"),)),
        Probe("station", _FETCH.format("gen_random_uuid()"), [False], (_MOVED_ON.format("approved"),)),
    ],
    "left_out(uuid)": [
        Probe("engine", f"select count(*) from app.left_out({_FOREIGN})", [1]),
        Probe("other_worker", f"select count(*) from app.left_out({_FOREIGN})", [1]),
        Probe("worker", f"select count(*) from app.left_out({_FOREIGN})", [0]),
        Probe("engine", _LEFT_OUT, [2], _TWIN),
        *(
            Probe(
                "engine", f"select count(*) from app.left_out({_FOREIGN})", [1], (*_TWIN, f"{_ALIKE} {change} {_TWINS}")
            )
            for change in ("employer = 'x'", "title = 'x'", "wage_lo = 2", "wage_hi = 2")
        ),
        Probe(
            "engine",
            _LEFT_OUT,
            [1],
            (*_TWIN, *_quietly(f"{_ALIKE} poster_id = '{organisation('other_employer')}' {_TWINS}")),
        ),
    ],
    "offered_elsewhere(uuid[])": [
        Probe("other_employer", _ELSEWHERE, [named("vacancy", "other_employer:open")], _TWIN),
        Probe("other_employer", _ELSEWHERE, []),
        Probe("employer", _ELSEWHERE, [], _TWIN),
        *(
            Probe("other_employer", _ELSEWHERE, [], (*_TWIN, f"{_ALIKE} {change} {_TWINS}"))
            for change in (
                *("employer = 'x'", "title = 'x'", "wage_lo = 2", "wage_hi = 2", "state = 'closed'"),
                *("valid_until = current_date - 1", "filled = headcount"),
            )
        ),
    ],
    "has_many_alike(uuid,integer,integer,text[])": [
        Probe("station", f"select app.has_many_alike({_FOREIGN}, 0, 200, '{{}}')", [False]),
        Probe(
            "station",
            f"select app.has_many_alike({_MINE}, 0, 200, '{{}}')",
            [True],
            _quietly(
                f"update workers set station_id = '{organisation('station')}'",
                "insert into consents (id, station_id, worker_id, purpose, given_by)"
                " select gen_random_uuid(), station_id, id, 'matching', 'worker' from workers on conflict do nothing",
            ),
        ),
        Probe(
            "station",
            f"select app.has_many_alike({_MINE}, 0, 200, '{{}}')",
            [False],
            # three of the own station are not five, whoever else is like them
            _quietly(
                "insert into consents (id, station_id, worker_id, purpose, given_by)"
                " select gen_random_uuid(), station_id, id, 'matching', 'worker' from workers"
                " on conflict do nothing"
            ),
        ),
    ],
    "decide_vacancy(uuid,text)": [
        Probe("destination", _DECIDE.format(_id("vacancy", "employer:pending")), [True]),
        Probe("destination", _DECIDE.format(_id("vacancy", "other_employer:pending")), [False]),
        Probe("destination", _DECIDE.format(_id("vacancy", "coordinator:pending")), [False]),
        Probe("coordinator", _DECIDE.format(_id("vacancy", "other_employer:pending")), [True]),
        Probe("coordinator", _DECIDE.format(_id("vacancy", "employer:pending")), [False]),
        Probe("coordinator", _DECIDE.format(_id("vacancy", "other_employer:open")), [False]),
        Probe("station", _DECIDE.format(_id("vacancy", "employer:pending")), REFUSED, role="destination"),
        *(
            Probe(
                "destination",
                _DECIDE.format(_id("vacancy", "employer:pending")),
                [is_trusted],
                (f"update organisations set approved_at = null{also} {_EMPLOYER}",),
                after=f"select approved_at is not null from organisations {_EMPLOYER}",
            )
            for also, is_trusted in (("", True), (", uscc = null", False))
        ),
        Probe(
            "coordinator",
            "select app.decide_vacancy({}, 'incomplete')".format(_id("vacancy", "other_employer:pending")),
            ["refused"],
            after="select state from vacancies where id = " + _id("vacancy", "other_employer:pending"),
        ),
    ],
    "choose_record(uuid)": [
        Probe("worker", f"select app.choose_record({_MINE})", [True]),
        Probe("worker", f"select app.choose_record({_FOREIGN})", [False]),
        Probe("worker", f"select app.choose_record({_NEIGHBOUR})", [False]),
    ],
    "ctx_records()": [Probe("worker", "select app.ctx_records()", [[named("worker", "mine")]])],
    "office_names(uuid[])": [
        Probe("worker", f"select count(*) from app.office_names(array['{organisation('station')}'::uuid])", [1]),
        Probe(
            "station",
            f"select count(*) from app.office_names(array['{organisation('other_station')}'::uuid])",
            [0],
            role="worker",
        ),
    ],
    "my_office()": [
        Probe(
            "worker",
            "select count(*) from app.my_office()",
            [1],
            (f"select set_config('app.asked_worker', {_FOREIGN}::text, true)",),
        ),
        Probe("station", "select count(*) from app.my_office()", [0], role="worker"),
    ],
    "complaint_words(uuid)": [
        Probe("coordinator", _WORDS.format(_HOME), [b"sealed"], _IN_HAND),
        Probe("coordinator", _WORDS.format(_HOME), [None]),
        Probe("coordinator", _WORDS.format(_GIVEN), [None], _IN_HAND),
        Probe("coordinator", _WORDS.format("gen_random_uuid()"), [None], _IN_HAND),
        Probe(
            "coordinator",
            _WORDS.format(_HOME),
            [None],
            (*_NAMELESS, f"update complaints set overseen_by = gen_random_uuid() where id = {_HOME}"),
        ),
        Probe("destination", _WORDS.format(_ABROAD), [b"sealed"], _IN_HAND),
        Probe("destination", _WORDS.format(_ABROAD), [None]),
        Probe("destination", _WORDS.format(_HOME), [None], _NAMELESS),
        Probe("worker", _WORDS.format(_HOME), REFUSED, _IN_HAND),
        Probe("station", _WORDS.format(_HOME), [None], _NAMELESS, role="coordinator"),
    ],
    "complainant(uuid)": [
        Probe("coordinator", _WHOSE.format(_HOME), [named("worker", "mine")], _IN_HAND),
        Probe("destination", _WHOSE.format(_ABROAD), [named("worker", "mine")], _IN_HAND),
        Probe("coordinator", _WHOSE.format(_HOME), []),
        Probe("coordinator", _WHOSE.format(_HOME), [], _quietly(_ANSWERED_COMPLAINT)),
        Probe("coordinator", _WHOSE.format("gen_random_uuid()"), [], _IN_HAND),
        Probe(
            "coordinator",
            _WHOSE.format(_GIVEN),
            [],
            (*_IN_HAND, f"update complaints set worker_id = {_MINE} where id = {_GIVEN}"),
        ),
        Probe("destination", _WHOSE.format(_HOME), [], _IN_HAND),
        Probe("auditor", _WHOSE.format(_HOME), REFUSED, _IN_HAND),
        Probe("station", _WHOSE.format(_HOME), [], _IN_HAND, role="coordinator"),
    ],
    "complaint_place(uuid)": [
        Probe("other_worker", _PLACE.format(_JOB), [WORKPLACES["employer"]]),
        Probe("other_worker", _PLACE.format(_JOB), [None], _SHUT),
        Probe("worker", _PLACE.format(_JOB), [WORKPLACES["employer"]], _SHUT),
        Probe("worker", _PLACE.format("gen_random_uuid()"), [None]),
        Probe("station", _PLACE.format(_JOB), [None], role="worker"),
    ],
    "complaint_reader(text,text)": [
        *(
            Probe("worker", _READER.format(side, place), reader)
            for side, place, reader in (
                ("destination", "440106", [PEOPLE["destination"][2]]),
                ("home", "440106", [None]),
                ("home", "520500", [PEOPLE["coordinator"][2]]),
                ("destination", "520526", [PEOPLE["coordinator"][2]]),
                ("destination", "990101", [None]),
            )
        ),
        Probe("station", _READER.format("home", "520500"), [None], role="worker"),
    ],
    "withdraw_my_consent(text,uuid)": [
        Probe("station", "select app.withdraw_my_consent('matching', null)", REFUSED, role="worker"),
        Probe(
            "worker",
            f"select app.withdraw_my_consent('disclosure', {_THEIR_JOB})",
            [None],
            after=f"select withdrawn_at from consents {_DISCLOSURE}",
        ),
        Probe(
            "other_worker",
            "select app.withdraw_my_consent('matching', null)",
            [named("worker", "mine"), named("worker", "neighbour")],
            after="select worker_id from consents where withdrawn_at is null order by worker_id <> " + _MINE,
        ),
        Probe(
            "other_worker",
            "select app.withdraw_my_consent('matching', null)",
            ["foreign"],
            after="select convert_from(id_index, 'UTF8') from persons where withdrew_at is not null",
        ),
        Probe(
            "other_worker",
            "select app.withdraw_my_consent('matching', null)",
            [2],
            after="select count(*) from suggestions where current",
        ),
        Probe(
            "other_worker",
            "select app.withdraw_my_consent('disclosure', null)",
            [None],
            after=f"select withdrawn_at from consents where id = {_id('consent', 'foreign:paper')}",
        ),
        Probe(
            "worker",
            "select app.withdraw_my_consent('matching', null)",
            [True],
            after=f"select withdrawn_at < '2026-02-02' from consents where id = {_id('consent', 'mine:withdrawn')}",
        ),
    ],
    "workers_of_phone(bytea)": [
        Probe("door", "select count(*) from app.workers_of_phone('\\x01')", [2], _PHONES),
        Probe("door", "select count(*) from app.workers_of_phone('\\x02')", [0], _PHONES),
        Probe("station", "select count(*) from app.workers_of_phone('\\x01')", REFUSED, _PHONES, role="door"),
    ],
    "is_phone_of(uuid,bytea)": [
        Probe("station", f"select shared from app.phone_standing({_MINE}, '\\x01')", [1], _PHONES),
        Probe("station", f"select shared from app.phone_standing({_FOREIGN}, '\\x01')", [], _PHONES),
        Probe("station", f"select shared from app.phone_standing({_NEIGHBOUR}, '\\x01')", [], _PHONES),
        Probe("worker", f"select shared from app.phone_standing({_MINE}, '\\x01')", [1], _PHONES),
        Probe("worker", f"select shared from app.phone_standing({_FOREIGN}, '\\x01')", [], _PHONES),
    ],
    "may_have_code(text,uuid,bytea)": [
        Probe("station", f"select app.try_code('answer', {_FOREIGN}, 's', '\\x01', 'g')", REFUSED, _PHONES),
        Probe("station", f"select app.try_code('answer', {_MINE}, 's', '\\x01', 'g')", [None], _PHONES),
        Probe("station", f"select app.try_code('phone', {_MINE}, 's', '\\x01', 'g')", REFUSED, _PHONES),
        Probe("station", "select app.try_code('sign_in', null, '', '\\x01', 'g')", REFUSED, _PHONES),
        Probe("worker", f"select app.try_code('answer', {_MINE}, 's', '\\x01', 'g')", REFUSED, _PHONES),
        Probe("worker", f"select app.try_code('phone', {_FOREIGN}, 's', '\\x01', 'g')", REFUSED, _PHONES),
        Probe("worker", f"select app.try_code('phone', {_MINE}, 's', '\\x01', 'g')", [None], _PHONES),
        Probe("door", "select app.try_code('sign_in', null, '', '\\x01', 'g')", [None], _PHONES),
        Probe("door", f"select app.try_code('sign_in', {_MINE}, '', '\\x01', 'g')", REFUSED, _PHONES),
    ],
    "spend_code(uuid)": [
        Probe("worker", _SPEND, [True], (_CODE.format("now()", _MY_TOKEN, "null"),)),
        Probe("other_worker", _SPEND, [False], (_CODE.format("now()", _MY_TOKEN, "null"),)),
        Probe("worker", _SPEND, [False], (_CODE.format("null", _MY_TOKEN, "null"),)),
        Probe("worker", _SPEND, [False], (_CODE.format("now() - interval '2 minutes'", _MY_TOKEN, "null"),)),
        Probe("worker", _SPEND, [False], (_CODE.format("now()", _MY_TOKEN, "now()"),)),
        Probe("door", _SPEND, [False], (_CODE.format("now()", "null", "null"),)),
        Probe(
            "worker", "select app.spend_code(gen_random_uuid())", [False], (_CODE.format("now()", _MY_TOKEN, "null"),)
        ),
    ],
    "check_phone(uuid,bytea)": [
        Probe("head", f"select app.check_phone({_MINE}, '\\x01')", [True], _PHONES),
        Probe("head", f"select app.check_phone({_FOREIGN}, '\\x01')", [False], _PHONES),
        Probe("station", f"select app.check_phone({_MINE}, '\\x01')", REFUSED, _PHONES),
    ],
    "queue_message(uuid,text,bytea,bytea,bytea)": [
        Probe("station", "select app.queue_message(gen_random_uuid(), 'sign_in', 'n', 'p', 't')", REFUSED),
        Probe("worker", "select app.queue_message(gen_random_uuid(), 'answer', 'n', 'p', 't')", REFUSED),
    ],
    "my_devices()": [
        Probe("worker", "select count(*) from app.my_devices()", [1]),
        Probe("worker", "select device_id from app.my_devices()", [named("device", "planted")], _THEIR_DEVICE),
    ],
    "remove_device(uuid)": [
        Probe("worker", f"select app.remove_device({_id('device', 'planted')})", [True]),
        Probe("other_worker", f"select app.remove_device({_id('device', 'planted')})", [False]),
        Probe("worker", f"select app.remove_device({_id('device', 'other')})", [False], _THEIR_DEVICE),
        Probe(
            "worker",
            f"select app.remove_device({_id('device', 'planted')})",
            [named("worker", "mine")],
            (f"update tokens set device_id = {_id('device', 'planted')}",),
            after="select worker_id from tokens where revoked_at is not null",
        ),
    ],
    "waiting_for_first_three()": [
        Probe(
            "station",
            "select worker_id from app.waiting_for_first_three()",
            [named("worker", "neighbour")],
            ("delete from suggestions",),
        ),
        Probe("station", "select worker_id from app.waiting_for_first_three()", []),
        Probe(
            "station",
            "select worker_id from app.waiting_for_first_three()",
            [],
            ("delete from suggestions", *_quietly("update consents set withdrawn_at = now()")),
        ),
        Probe(
            "station",
            "select worker_id from app.waiting_for_first_three()",
            [],
            ("delete from suggestions", "delete from consents where purpose = 'matching'"),
        ),
    ],
    "take_back_workers(uuid,uuid[],uuid[])": [
        Probe("station", _BACK, ["canary foreign", "canary neighbour"], _STORED, after=_STAY),
        Probe(
            "station",
            _TAKE_BACK.format(_LIST, _NEIGHBOUR, _NEIGHBOUR),
            ["canary foreign", "canary mine", "canary neighbour"],
            (*_STORED, "update tokens set created_at = '2099-02-01'"),
            after=_STAY,
        ),
        Probe(
            "station",
            _TAKE_BACK.format(_LIST, _NEIGHBOUR, _NEIGHBOUR),
            [],
            (*_STORED, "update tokens set created_at = '2099-02-01'"),
        ),
        Probe("station", _BACK, REFUSED),
        Probe("employer", _BACK, REFUSED, _STORED, role="station"),
        Probe("station", _BACK, REFUSED, (*_STORED, f"update lists set kind = 'vacancy' where id = {_LIST}")),
        Probe(
            "station",
            _BACK.replace(_LIST, _id("list", "other_station")),
            REFUSED,
            (*_STORED, "update lists set state = 'stored', updated_at = '2099-01-01'"),
        ),
        Probe(
            "station",
            _TAKE_BACK.format(_LIST, _MINE, f"{_MINE}, {_NEIGHBOUR}, {_FOREIGN}"),
            [named("worker", "mine")],
            (*_STORED, "update tokens set created_at = '2099-02-01'"),
        ),
        Probe(
            "station",
            _BACK,
            [named("worker", "mine")],
            (*_STORED, *_quietly("update placements set answered_at = '2099-02-01'")),
        ),
        Probe(
            "station",
            _BACK,
            [named("consent", "foreign:paper"), named("consent", "neighbour:paper")],
            (
                *_STORED,
                f"update workers set created_at = '2098-01-01' where id = {_MINE}",
                _STATED + f" where id in ({_id('consent', 'mine:paper')}, {_id('consent', 'foreign:paper')})",
            ),
            after="select id from consents where purpose = 'matching' and withdrawn_at is null"
            " and worker_id not in (select id from workers where name like '%spare') order by list_id",
        ),
        Probe(
            "station",
            _BACK,
            [named("consent", "mine:withdrawn")],
            (
                *_STORED,
                f"update workers set created_at = '2098-01-01' where id = {_MINE}",
                _STATED + f" where worker_id = {_MINE}",
            ),
            after=f"select id from consents where worker_id = {_MINE} and purpose = 'matching'",
        ),
        Probe(
            "station",
            _BACK,
            sorted([named("worker", "foreign"), named("worker", "neighbour")]),
            (
                *_STORED,
                f"update workers set created_at = '2098-01-01' where id = {_MINE}",
                _STATED + f" where worker_id in ({_MINE}, {_FOREIGN})",
            ),
            after="select worker_id from suggestions where current order by worker_id",
        ),
        Probe(
            "station",
            _BACK,
            [b"mine"],
            (*_STORED, _STATED),
            after="select id_index from persons where withdrew_at = '2026-02-01+00'",
        ),
        Probe("station", _BACK, [], _STORED, after="select id_index from persons where withdrew_at is not null"),
    ],
    "answered_vacancies(uuid[],timestamptz)": [
        Probe("employer", _ANSWERED.format(_JOB), [named("vacancy", "employer:open")]),
        Probe("employer", _ANSWERED.format(_THEIR_JOB), []),
        Probe("employer", _ANSWERED.format("gen_random_uuid()"), []),
        Probe("employer", _ANSWERED.format(_JOB).replace("2020", "2199"), []),
        Probe(
            "employer",
            _ANSWERED.format(_JOB),
            [],
            _quietly("delete from placements where state = 'introduced'"),
        ),
        Probe(
            "other_employer",
            _ANSWERED.format(_THEIR_JOB),
            [],
            _quietly("delete from placements where state = 'accepted'"),
        ),
    ],
    "duties_by_office()": [
        Probe(
            "coordinator",
            "select distinct office from app.duties_by_office() order by 1",
            sorted([organisation("station"), organisation("coordinator")]),
            (
                "update vacancies set confirmed_at = now() - interval '40 days',"
                " updated_at = now() - interval '40 days'",
            ),
        )
    ],
}

#: function -> (what it says, what it would say broken)
CONDITIONS: dict[str, list[tuple[str, str]]] = {
    "disclosed_contact(uuid)": [
        ("p.id = of_placement and", ""),
        ("p.employer_id = app.ctx_organisation('employer')", "true"),
        ("and p.state in ('introduced', 'offered', 'accepted', 'departed', 'onboarded', 'settled')", ""),
        ("and p.disclosure_until > clock_timestamp()", ""),
        ("and e.uscc is not null", ""),
        ("and e.approved_at is not null", ""),
        ("c.worker_id = p.worker_id and", ""),
        ("and c.vacancy_id = p.vacancy_id", ""),
        ("and c.withdrawn_at is null", ""),
        ("where w.id = whom", "where w.id <> whom"),
    ],
    "employer_acts(uuid,text,text)": [
        ("employer_id = app.ctx_organisation('employer')", "true"),
        ("and state not in ('held', 'closed')", ""),
        ("and p.state = 'introduced'", ""),
        ("and p.disclosure_until > clock_timestamp()", ""),
        ("act = 'take_back' and p.state = 'offered'", "act = 'take_back'"),
        ("and p.held_act is null", ""),
        ("(act = 'end' and", "(true and"),
        ("(act = 'decline' and", "(true and"),
        ("act = 'end' and p.state in ('accepted', 'departed', 'onboarded', 'settled')", "act = 'end'"),
        ("act = 'decline' and p.state in ('interested', 'waiting', 'introduced', 'offered')", "act = 'decline'"),
    ],
    "worker_ends(uuid)": [
        ("(worker_id = app.ctx_worker()\n", "(true\n"),
        ("or station_id = app.ctx_organisation('station')\n", "or true\n"),
        ("and state in ('held', 'interested', 'waiting', 'introduced', 'offered')", ""),
        (
            "update public.consents set withdrawn_at = clock_timestamp()\n    where worker_id = p.worker_id and",
            "update public.consents set withdrawn_at = clock_timestamp()\n    where",
        ),
        ("if p.state in ('closed', 'ended') then", "if false then"),
    ],
    "confirm_step(uuid,text)": [
        ("then worker_id = app.ctx_worker()", "then true"),
        ("then employer_id = app.ctx_organisation('employer')", "then true"),
        ("and state not in ('held', 'closed')", ""),
        ("then station_id = app.ctx_organisation('station')", "then true"),
        ("and state <> 'closed'", ""),
        ("then destination_id = app.ctx_organisation('destination')", "then true"),
        ("side in ('worker', 'station', 'destination') and", ""),
        (
            "side in ('worker', 'employer') and p.state in ('accepted', 'departed', 'onboarded')",
            "p.state in ('accepted', 'departed', 'onboarded')",
        ),
        ("side in ('worker', 'employer') and p.state in ('onboarded', 'settled')", "true"),
        ("and (side = 'employer' or p.onboarded_by_employer is not null)", ""),
        ("(side = 'worker' or p.onboarded_by_worker is not null)", "true"),
    ],
    "accept_placement(uuid,text)": [
        ("then worker_id = app.ctx_worker()", "then true"),
        ("then station_id = app.ctx_organisation('station')", "then true"),
        ("and state <> 'closed'", ""),
        ("if manner = 'code' and", "if false and"),
        ("when manner = 'own' then app.gives_from()", ""),
        ("when manner = 'paper' then clock_timestamp() + interval '72 hours'", "else null"),
        ("if not app.hold_consents(p.worker_id, p.vacancy_id, true) then", "if false then"),
    ],
    "take_place(uuid)": [
        ("if not app.hold_consents(p.worker_id, p.vacancy_id, true) then", "if false then"),
        ("p.state <> 'offered' or", ""),
        ("or p.disclosure_until < clock_timestamp()", ""),
        ("and state in ('open', 'closed')", ""),
        ("and filled < headcount", ""),
        ("on conflict do nothing", "on conflict (person_id) do update set placement_id = excluded.placement_id"),
    ],
    "say_interested(uuid,boolean,text,jsonb,text,date)": [
        ("then worker_id = app.ctx_worker()", "then true"),
        ("then station_id = app.ctx_organisation('station')", "then true"),
        ("and (current or", "and (true or"),
        ("if manner = 'code' and", "if false and"),
        ("if not app.hold_consents(s.worker_id, s.vacancy_id, false) then", "if false then"),
        ("hold := app.gives_from();", ""),
        ("hold := clock_timestamp() + interval '72 hours';", ""),
        ("v.state <> 'open' or", ""),
        ("v.valid_until < current_date or", ""),
        ("or v.filled >= v.headcount", ""),
        ("or (p.state = 'closed' and p.ended_by = 'employer')", ""),
        ("if exists (select from public.placed_persons where person_id = who) then", "if false then"),
    ],
    "introduce_waiting(uuid)": [
        ("known is null or", "false or"),
        ("v.state <> 'open' or", ""),
        ("v.valid_until < current_date or", ""),
        ("or v.filled >= v.headcount", ""),
        ("and c.withdrawn_at is null", ""),
    ],
    "accepted_job(uuid)": [
        ("p.id = of_placement and", ""),
        ("and p.state in ('accepted', 'departed', 'onboarded', 'settled')", ""),
        ("(p.worker_id = app.ctx_worker() or", "(true or"),
        ("p.station_id = app.ctx_organisation('station')", "true"),
        ("p.worker_id = app.ctx_worker() or", ""),
        ("or p.station_id = app.ctx_organisation('station')", ""),
    ],
    "speaks_for(uuid,text,text)": [
        ("where o.id = of_poster and", "where"),
        ("and app.plain_name(o.name) = app.plain_name(named)", ""),
        ("and coalesce(code = o.uscc, true)", ""),
        ("v.poster_id = of_poster and", ""),
        ("and v.employer = named", ""),
        ("and v.uscc is not distinct from code", ""),
        ("and v.decided_at is not null", ""),
        ("and v.rejected_code is null", ""),
    ],
    "recruiter_of(uuid,text)": [
        ("and o.kind = 'employer'", ""),
        ("and app.plain_name(o.name) <> app.plain_name(named)", ""),
    ],
    "with_verified_employer(uuid[])": [
        ("v.id = any (ids) and", ""),
        ("app.verified_employer(v) is not null and", ""),
    ],
    "verified_employer(vacancies)": [
        ("and app.speaks_for(p.id, v.employer, v.uscc)", ""),
        ("and e.uscc is not null", ""),
        ("and e.approved_at is not null", ""),
    ],
    "settle_vacancy(uuid)": [("and poster_id = app.ctx_organisation('employer')", "")],
    "gives_from()": [("id = app.ctx_token() and", ""), ("and gives_from > now()", "and gives_from < now()")],
    "hold_consents(uuid,uuid,boolean)": [
        ("worker_id = of_worker and", ""),
        ("and withdrawn_at is null", ""),
        ("'matching' = any (held) and", ""),
        ("and (not disclosed or 'disclosure' = any (held))", ""),
    ],
    "code_was_spent(uuid,text)": [("select exists (", "select not exists (")],
    "decide_check(uuid,boolean)": [
        ("and c.outcome is null", ""),
        ("who[2] = 'auditor' or", "false or"),
        ("(who[2] = 'head' and", "(true and"),
        ("and c.station_id = app.ctx_organisation('station')", ""),
        ("and a.taken_by = app.ctx_token()", ""),
        ("and not exists (select from public.papers a where a.id = c.paper_id and a.taken_by = app.ctx_token())", ""),
    ],
    "keep_suggestions(uuid,jsonb)": [
        ("w.station_id = station or", "true or"),
        ("w.station_id = station or", ""),
        ("or w.id = app.ctx_worker()", ""),
        ("where worker_id = of_worker and current", "where current"),
    ],
    "fetch_export(uuid)": [("id = of_export and", ""), ("and state = 'approved'", "")],
    "left_out(uuid)": [
        ("app.ctx_is('engine') or of_worker = app.ctx_worker()", "true"),
        ("app.ctx_is('engine') or", ""),
        ("or of_worker = app.ctx_worker()", ""),
        ("where p.worker_id = of_worker", ""),
        ("and v.employer = said.employer", ""),
        ("and v.title = said.title", ""),
        ("and v.wage_lo = said.wage_lo", ""),
        ("and v.wage_hi = said.wage_hi", ""),
        ("(v.id = said.id or v.poster_id <> said.poster_id)", "true"),
        ("(v.id = said.id or v.poster_id <> said.poster_id)", "v.id = said.id"),
    ],
    "offered_elsewhere(uuid[])": [
        ("on o.employer = v.employer and", "on"),
        ("o.title = v.title and", ""),
        ("and o.wage_lo = v.wage_lo", ""),
        ("and o.wage_hi = v.wage_hi", ""),
        ("v.id = any (ids) and", ""),
        ("and v.poster_id = (select nullif(c[3], '')::uuid from app.context() c)", ""),
        ("o.poster_id <> v.poster_id and", ""),
        ("and o.state = 'open'", ""),
        ("and o.valid_until >= current_date", ""),
        ("and o.filled < o.headcount", ""),
    ],
    "decide_vacancy(uuid,text)": [
        ("who is null or who[1] not in ('destination', 'coordinator')", "false"),
        ("and state = 'pending'", ""),
        ("and approved_at is null and uscc is not null", "and approved_at is null"),
        ("then 'open' else 'refused'", "then 'open' else 'open'"),
        ("and workplace_code between app.ctx_area_from(who[1]) and app.ctx_area_to(who[1])", ""),
    ],
    "choose_record(uuid)": [("mine is null or chosen <> all (mine)", "false")],
    "ctx_records()": [("where one.worker_id = app.ctx_worker()", "")],
    "office_names(uuid[])": [("and app.ctx_worker() is not null", "")],
    "my_office()": [("where w.id = app.ctx_worker()", "")],
    "complaint_words(uuid)": [("c.id = of_complaint and", ""), ("and app.was_taken_up(c)", "")],
    "complainant(uuid)": [
        ("c.id = of_complaint and", ""),
        ("c.state = 'in_hand'", "true"),
        ("and app.was_taken_up(c)", ""),
    ],
    "was_taken_up(complaints)": [
        ("c.state <> 'received'", "true"),
        ("c.assigned_to = app.ctx_organisation('destination')", "true"),
        ("c.assigned_to is null and", ""),
        ("c.overseen_by = app.ctx_organisation('coordinator')", "true"),
    ],
    "complaint_place(uuid)": [
        ("v.id = of_vacancy and", ""),
        ("and app.ctx_worker() is not null", ""),
        ("(v.state = 'open' or", "(true or"),
        ("(v.state = 'open' or", "("),
        ("p.vacancy_id = v.id and", ""),
        ("and p.worker_id = app.ctx_worker()", ""),
    ],
    "complaint_reader(text,text)": [
        ("where app.ctx_worker() is not null", ""),
        ("coalesce(f.station, f.authority)", "f.station"),
        ("coalesce(f.station, f.authority)", "f.authority"),
    ],
    "withdraw_my_consent(text,uuid)": [
        ("if mine is null then", "if false then"),
        ("where worker_id = any (mine) and purpose = for_purpose", "where purpose = for_purpose"),
        ("and purpose = for_purpose and withdrawn_at is null", "and withdrawn_at is null"),
        ("purpose = for_purpose and withdrawn_at is null", "purpose = for_purpose"),
        ("and (of_vacancy is null or vacancy_id = of_vacancy)", ""),
        ("if for_purpose = 'matching' then", "if false then"),
        ("where id in (select person_id from public.person_records where worker_id = any (mine))", ""),
        ("where worker_id = any (mine) and current", "where current"),
    ],
    "workers_of_phone(bytea)": [("if app.ctx_is('door') is not true then", "if false then")],
    "is_phone_of(uuid,bytea)": [
        ("and w.id = of_worker", ""),
        ("w.station_id = app.ctx_organisation('station') or", ""),
        ("w.station_id = app.ctx_organisation('station') or", "true or"),
        ("or w.id = app.ctx_worker()", ""),
    ],
    "may_have_code(text,uuid,bytea)": [
        ("app.ctx_is('door') and", ""),
        ("and of_worker is null", ""),
        ("then of_worker = app.ctx_worker()", "then true"),
        ("and app.is_phone_of(of_worker, to_number)", ""),
        ("app.ctx_organisation('station') is not null and", ""),
    ],
    "spend_code(uuid)": [
        ("c.id = code and", ""),
        ("and c.ended_at is null", ""),
        ("and c.matched_at > now() - interval '1 minute'", ""),
        ("and c.matched_by is not distinct from app.ctx_token()", ""),
        ("and (c.purpose = 'sign_in') = app.ctx_is('door')", ""),
    ],
    "check_phone(uuid,bytea)": [
        ("(app.context())[2] is distinct from 'head'", "false"),
        ("if not app.is_phone_of(of_worker, its_number) then", "if false then"),
    ],
    "queue_message(uuid,text,bytea,bytea,bytea)": [("or of_kind not in ('new_device', 'phone_changed', 'notice')", "")],
    "my_devices()": [("r.worker_id = app.ctx_worker() and", "")],
    "remove_device(uuid)": [
        ("u.person_id = me and", ""),
        ("and u.device_id = device", ""),
        ("and t.worker_id in (select r.worker_id from public.person_records r where r.person_id = me)", ""),
    ],
    "waiting_for_first_three()": [
        ("c.station_id = app.ctx_organisation('station') and", ""),
        ("and c.purpose = 'matching'", ""),
        ("and c.withdrawn_at is null", ""),
        ("and not exists (select from public.suggestions s where s.worker_id = c.worker_id)", ""),
    ],
    "take_back_workers(uuid,uuid[],uuid[])": [
        ("l.id = of_list and", ""),
        ("and l.kind = 'worker'", ""),
        ("and l.state = 'stored'", ""),
        ("w.id = any (touched)", "true"),
        ("and t.created_at >= stored", ""),
        ("and p.answered_at >= stored", ""),
        ("exists (select from public.tokens", "false and exists (select from public.tokens"),
        ("or exists (select from public.placements", "or false and exists (select from public.placements"),
        ("and c.list_id = of_list and c.withdrawn_at is not null", "and c.withdrawn_at is not null"),
        (
            "c.list_id = of_list and c.station_id = station and c.withdrawn_at is null)",
            "c.list_id = of_list and c.withdrawn_at is null)",
        ),
        (
            "c.list_id = of_list and c.station_id = station and c.withdrawn_at is null)",
            "c.station_id = station and c.withdrawn_at is null)",
        ),
        (
            "where c.list_id = of_list and c.station_id = station and c.withdrawn_at is null;",
            "where c.list_id = of_list and c.withdrawn_at is null;",
        ),
        (
            "where c.list_id = of_list and c.station_id = station and c.withdrawn_at is null;",
            "where c.station_id = station and c.withdrawn_at is null;",
        ),
        (
            "where c.list_id = of_list and c.station_id = station and c.withdrawn_at is null;",
            "where c.list_id = of_list and c.station_id = station;",
        ),
        ("w.id = any (brought) and", ""),
        ("and w.created_at = stored", ""),
    ],
    "answered_vacancies(uuid[],timestamptz)": [
        ("p.vacancy_id = any (ids) and", ""),
        ("and p.answered_at >= since", ""),
        ("p.state not in ('held', 'closed')", "p.state not in ('held')"),
        ("p.state not in ('held', 'closed')", "p.state not in ('closed')"),
        ("and p.poster_id = (select nullif(c[3], '')::uuid from app.context() c)", ""),
    ],
    "duties_by_office()": [
        ("o.division_code between app.ctx_area_from('coordinator') and app.ctx_area_to('coordinator')", "true")
    ],
}
