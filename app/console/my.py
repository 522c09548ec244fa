"""The worker's phone: three jobs, yes or another one, what happens next, wishes and rights. Nothing presses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import orjson
from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from app.complaints.schemas import ComplaintIn, ComplaintKind
from app.complaints.usecases import complain, my_complaints, who_reads
from app.console.cookies import DEVICE_COOKIE, forgotten
from app.console.door import FormWrite, PageRead, PageWrite
from app.console.formats import day, day_in_words
from app.console.forms import checked, in_words, wanted_of
from app.console.limits import my_limit_words
from app.console.my_queries import (
    given_up,
    offers_taken_back,
    passed_over,
    pay_of,
    suggestions_of,
    terms_of,
)
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.console.spoken import facts
from app.console.steps import agreed_on, step_words
from app.console.warming import market_of
from app.console.words import COMPLAINT, MY_STATES, MY_STEPS, NOT_HIRING, Words
from app.edge.paging import Paging, Window
from app.edge.public_ids import SuggestionId, find, show
from app.errors import ConsentMissing, Invalid, NotFound
from app.identity.sessions import sign_out
from app.occupations.in_english import title_in
from app.occupations.lexicon_files import lexicon
from app.placements import usecases as placements
from app.placements.model import OVER_STATES, TAKEN_STATES, Placement
from app.placements.schemas import PlacementId, PlacementOut
from app.placements.usecases import Step
from app.reports.gone_before import gone_before
from app.suggestions.me import my_suggestions
from app.suggestions.schemas import SuggestionOut, SuggestionsOut
from app.vacancies.queries import with_verified_employer
from app.vacancies.usecases import read_vacancy
from app.workers import me
from app.workers.me_queries import my_office
from app.workers.me_schemas import LookOut, MeOut
from app.workers.schemas import ConsentPurpose
from app.workers.wishes import unknown_places

router = APIRouter(prefix="/my", route_class=PageRoute, include_in_schema=False)
_TOP = 3
_SAID = {
    "disclosure": ("收回了：那家单位看不到您的电话了。", "Taken back: that employer sees your phone no more."),
    "matching": (
        "收回了：不再给您推荐岗位，说过的“想去”也都停了，那些单位联系不到您。想再要岗位，到“我的岗位”按“同意”。",
        "Taken back: no more jobs are suggested, and every yes has ended: those employers cannot reach you."
        " To have jobs again, press “I agree” under My jobs.",
    ),
    "complaint": (
        "收到了，会有人查。留了名字的，答复写在“我要投诉”下面。",
        "Received; somebody looks into it. If you gave your name, the answer comes under “Complain”.",
    ),
}


@router.get("")
def see_jobs(
    request: Request,
    tx: PageWrite,
    gone: SuggestionId | None = None,
    yes: PlacementId | None = None,
    left: PlacementId | None = None,
    later: Annotated[bool, Query()] = False,
) -> Response:
    """Three jobs, and above them what is under way; `gone` was passed over just now, `yes` was said just now, `left`
    was taken back just now; `later`: the question for consent was put off."""
    mine = MeOut.of(me.read_me(tx))
    language = language_of(request)
    try:
        offers, _ = my_suggestions(tx, market_of(request), top=_TOP)
        jobs = SuggestionsOut.of(offers, language)
    except ConsentMissing:
        jobs = None
    offered = [job.vacancy for job in jobs.items] if jobs else []
    offered_ids = [vacancy.id for vacancy in offered]
    rows, over = _own_placements(tx)
    going = [PlacementOut.of(row, tx.actor, language) for row in rows]
    pay = pay_of(tx, [one.vacancy.id for one in going])
    stands = (*TAKEN_STATES, "offered")  # an offer outlives its vacancy's closing
    not_hiring = {one.id for one in going if one.state not in stands and one.vacancy.id not in pay}
    closer = _closer(tx, rows)
    left_now = next((row for row in over if row.id == left), None)

    def words(steps: Mapping[str, Words], closed: Words, one: PlacementOut) -> str:
        if one.id in not_hiring:
            return closed[language == "en"]
        return step_words(steps, one, language, closer=closer.get(one.id))

    terms = terms_of(tx, offered_ids)
    told = gone_before(tx, mine.home.division, [vacancy.division for vacancy in offered])

    def told_of(job: SuggestionOut) -> list[tuple[str, str]]:
        wanted = terms[job.vacancy.id].requirements if job.vacancy.id in terms else None
        gone_there = told.get(job.vacancy.division)
        return facts(job, mine.intention.min_wage, language, gone_there, requirements=wanted)

    return render(
        request,
        "my.html",
        me=mine,
        jobs=jobs,
        facts=told_of,
        verified=with_verified_employer(tx, offered_ids),
        going=going,
        pay=pay,
        agreed=agreed_on(tx, going),
        said_yes_to=suggestions_of(tx, [one.vacancy.id for one in going if one.state == "interested"]),
        has_place=any(one.state in TAKEN_STATES for one in going),
        my_limit_words=my_limit_words,
        terms=terms,
        gone=gone,
        yes=yes,
        left=left_now,
        again=_to_say_again(tx, left_now) if left_now else None,
        later=later,
        station=my_office(tx),
        passed_over=passed_over(tx),
        given_up=given_up(tx),
        not_hiring=not_hiring,
        my_step=lambda one: words(MY_STEPS, NOT_HIRING[1], one),
        my_state=lambda one: words(MY_STATES, NOT_HIRING[0], one),
    )


def _own_placements(tx: PageWrite) -> tuple[list[Placement], list[Placement]]:
    """The worker's placements: under way, and over."""
    rows, _ = placements.list_placements(tx, Window("/my", 20))
    over = [row for row in rows if row.state in OVER_STATES]
    return [row for row in rows if row not in over], over


def _to_say_again(tx: PageWrite, over: Placement) -> UUID | None:
    """The suggestion under which a yes that is over can be said again. None: the vacancy is off the market."""
    job = over.vacancy_id
    return suggestions_of(tx, [job]).get(job) if job in pay_of(tx, [job]) else None


def _closer(tx: PageWrite, rows: Sequence[Placement]) -> dict[UUID, str]:
    """Where the worker is told more than the state: an answer held without a paper, an offer taken back."""
    held = {row.id: "held_here" for row in rows if row.held_until and row.how != "paper"}
    back = offers_taken_back(tx, [row.id for row in rows if row.state == "introduced"])
    return held | dict.fromkeys(back, "taken_back")


@router.get("/jobs/{suggestion_id}/yes")
def think(request: Request, suggestion_id: SuggestionId, tx: PageRead) -> Response:
    """The one question that goes with a yes: name and phone, to this employer only?"""
    suggestion = placements.suggestion_to_answer(tx, suggestion_id)
    detail = read_vacancy(tx, suggestion.vacancy_id)
    return render(
        request,
        "my_yes.html",
        vacancy=detail.vacancy,
        recruiter=detail.recruiter,
        is_verified=bool(with_verified_employer(tx, [suggestion.vacancy_id])),
        counts_from=counts_from(tx),
        address=request.url.path,
    )


def counts_from(tx: PageRead) -> datetime | None:
    """From when a yes said on this phone counts. None: at once."""
    since = tx.actor.gives_from
    return since if since and since > datetime.now(UTC) else None


@router.post("/jobs/{suggestion_id}/yes")
def say_yes(
    request: Request, suggestion_id: SuggestionId, tx: FormWrite, disclose: Annotated[str, Form()] = "no"
) -> Response:
    """I want this one."""
    suggestion = placements.suggestion_to_answer(tx, suggestion_id)
    said = placements.say_interested(tx, suggestion, disclose=disclose == "yes")
    return onward(request, f"/my?yes={show('pm', said.id)}")


@router.post("/jobs/{suggestion_id}/another")
def say_another(request: Request, suggestion_id: SuggestionId, tx: FormWrite) -> Response:
    """Another one, please. Nobody else ever sees this."""
    placements.say_not_this_one(tx, placements.suggestion_to_answer(tx, suggestion_id))
    return onward(request, f"/my?gone={show('s', suggestion_id)}#jobs")


@router.post("/jobs/{suggestion_id}/back")
def take_back(request: Request, suggestion_id: SuggestionId, tx: FormWrite) -> Response:
    """It was a slip: that job again."""
    placements.take_back_not_this_one(tx, placements.suggestion_to_answer(tx, suggestion_id))
    return onward(request, "/my#jobs")


@router.get("/going/{placement_id}/accept")
def think_again(request: Request, placement_id: PlacementId, tx: PageWrite) -> Response:
    """Before a yes that binds: the job once more, and what follows from it."""
    one = PlacementOut.of(placements.read_placement(tx, placement_id), tx.actor, language_of(request))
    terms = terms_of(tx, [one.vacancy.id])
    return render(request, "my_accept.html", one=one, terms=terms.get(one.vacancy.id), counts_from=counts_from(tx))


@router.post("/going/{placement_id}/accept")
def accept(request: Request, placement_id: PlacementId, tx: FormWrite) -> Response:
    """I take the job."""
    placements.accept(tx, placement_id)
    return onward(request, "/my")


@router.post("/going/{placement_id}/step")
def take_step(request: Request, placement_id: PlacementId, tx: FormWrite, step: Annotated[Step, Form()]) -> Response:
    """I have left; I have started."""
    placements.confirm(tx, placement_id, step)
    return onward(request, "/my")


@router.post("/going/{placement_id}/end")
def not_going(request: Request, placement_id: PlacementId, tx: FormWrite) -> Response:
    """I am not going: no reason asked."""
    placements.end(tx, placement_id, None)
    return onward(request, f"/my?left={show('pm', placement_id)}")


@router.post("/consent")
def agree(request: Request, tx: FormWrite) -> Response:
    """I agree to be suggested jobs."""
    me.give_my_consent(tx)
    return onward(request, "/my")


@router.get("/wishes")
def see_wishes(request: Request, tx: PageRead, saved: Annotated[bool, Query()] = False) -> Response:
    """What I want."""
    mine = MeOut.of(me.read_me(tx))
    wish = mine.intention
    going_out = {True: "yes", False: "no", None: ""}[wish.willing_to_go_out]
    said = Wishes(wish.desired_occupations or "", wish.desired_places or "", str(wish.min_wage or ""), going_out)
    wrong = _unheard(said.occupations, language_of(request) == "en")
    return render(request, "my_wishes.html", me=mine, said=said, saved=saved, wrong=wrong)


def _unheard(occupations: str, english: bool) -> dict[str, str]:
    """What is said of work that means no occupation to us: kept as it was said, and no job is found by it."""
    if not occupations.strip() or lexicon().understand(occupations, kind="worker").occupations:
        return {}
    if english:
        return {"desired_occupations": f"“{occupations}” was not understood: say it another way, such as 缝纫, 电工."}
    return {"desired_occupations": f"没听懂“{occupations}”是什么活，换个说法，如：缝纫、电工。"}


def _no_such_place(names: Sequence[str], english: bool) -> str:
    """What is said of places nobody knows by these names."""
    quoted = "".join(f"“{name}”" for name in names)
    if english:
        return (
            f"{quoted} was not understood: name a province or city, such as 广东. To stay at home, choose “no” below."
        )
    return f"没看懂{quoted}。写省或者市，如：广东、青岛市。不想出县，在下面选“不愿意”。"


class Wishes(NamedTuple):
    """The four questions' answers, as they were typed."""

    occupations: str
    places: str
    min_wage: str
    going_out: str


@router.post("/wishes")
def set_wishes(
    request: Request,
    tx: FormWrite,
    occupations: Annotated[str, Form(max_length=300)] = "",
    places: Annotated[str, Form(max_length=300)] = "",
    min_wage: Annotated[str, Form(max_length=30)] = "",
    going_out: Annotated[str, Form(pattern="^(yes|no|)$")] = "",
) -> Response:
    """My own word: no list overrides it. What is not understood is said under its question; nothing typed is lost."""
    mine, said = me.read_me(tx, locked=True), Wishes(occupations, places, min_wage, going_out)
    try:
        wanted = wanted_of(mine, *said)
    except Invalid as problem:
        english = language_of(request) == "en"
        wrong = in_words(problem, english) | _unheard(occupations, english)
        if "desired_places" in wrong:
            wrong["desired_places"] = _no_such_place(unknown_places(places, mine.worker.home_code), english)
        return render(request, "my_wishes.html", status=422, me=MeOut.of(mine), said=said, saved=False, wrong=wrong)
    me.set_my_intention(tx, mine, wanted)
    return onward(request, "/my/wishes?saved=true")


@router.get("/rights")
def see_rights(
    request: Request, tx: PageWrite, at: Paging, said: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Who looked at me, what I agreed to, where to complain, my data."""
    english = language_of(request) == "en"
    looks, following = me.my_looks(tx, at)
    rows, _ = placements.list_placements(tx, Window("/my/rights", 100))
    language = language_of(request)
    employers = {row.vacancy_id: f"{row.employer} · {title_in(row.title, language)}" for row in rows}
    latest = {row.vacancy_id: row for row in reversed(rows)}  # one that is under way was changed last
    return render(
        request,
        "my_rights.html",
        looks=by_day([LookOut.of(look, english) for look in looks]),
        following=following,
        consents=[one for one in me.my_consents(tx) if one.withdrawn_at is None],
        employers=employers,
        ended={vacancy for vacancy, row in latest.items() if row.state in OVER_STATES},
        held={vacancy: day_in_words(row.held_until, language) for vacancy, row in latest.items() if row.held_until},
        complaints=my_complaints(tx, Window("/my/rights", 10))[0],
        complaint_words={code: words[english] for code, words in COMPLAINT.items()},
        readers=who_reads(tx, list(employers)),
        me=MeOut.of(me.read_me(tx)),
        said=_SAID[said][english] if said in _SAID else "",
    )


def by_day(looks: Sequence[LookOut]) -> list[tuple[str, str | None, list[str]]]:
    """A day, an office and what it did on that day, each act once; the last day first."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for look in looks:
        found.setdefault((day(look.at), look.office), []).append(look.what)
    return [(*key, list(dict.fromkeys(acts))) for key, acts in found.items()]


@router.post("/withdraw")
def withdraw(
    request: Request, tx: FormWrite, purpose: Annotated[ConsentPurpose, Form()], vacancy: Annotated[str, Form()] = ""
) -> Response:
    """Take a consent back."""
    me.withdraw_my_consent(tx, purpose.value, find("v", vacancy) if vacancy else None)
    return onward(request, f"/my/rights?said={purpose.value}")


@router.post("/complaint")
def send_complaint(
    request: Request,
    tx: FormWrite,
    kind: Annotated[ComplaintKind, Form()],
    words: Annotated[str, Form(max_length=2000)] = "",
    vacancy: Annotated[str, Form(max_length=40)] = "",
    anonymous: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Something went wrong: to an office that is not the own station."""
    said = checked(
        ComplaintIn, kind=kind, words=words.strip() or None, vacancy_id=vacancy or None, anonymous=bool(anonymous)
    )
    complain(tx, said.said(), None)
    return onward(request, "/my/rights?said=complaint")


@router.get("/data.json")
def download(tx: PageWrite) -> Response:
    """Everything about me."""
    content = orjson.dumps(me.my_data(tx), option=orjson.OPT_INDENT_2, default=str)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(content, media_type="application/json", headers=headers)


@router.post("/sign-out-everywhere")
def leave_everywhere(request: Request, tx: FormWrite) -> Response:
    """End all my sessions."""
    sign_out(tx, everywhere=True)
    return forgotten(onward(request, "/welcome"))


@router.post("/delete")
def delete(request: Request, tx: FormWrite, confirm: Annotated[str, Form(max_length=10)]) -> Response:
    """Delete everything about me, at once and for good."""
    if confirm != "delete":
        raise NotFound
    me.delete_me(tx)
    request.state.actor, request.state.csrf = None, ""
    answer = forgotten(render(request, "my_deleted.html"))
    answer.delete_cookie(DEVICE_COOKIE, path="/")
    return answer
