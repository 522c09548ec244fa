"""The worker's phone: three jobs, yes or another one, what happens next, wishes and rights. Nothing presses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Form, Query, Request
from sqlalchemy import select
from starlette.responses import Response

from app.complaints.schemas import ComplaintIn, ComplaintKind
from app.complaints.usecases import complain
from app.console.cookies import forgotten
from app.console.door import FormWrite, PageRead, PageWrite
from app.console.forms import checked, wishes_of
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.db.transaction import Read
from app.edge.paging import Paging, Window
from app.edge.public_ids import SuggestionId, find
from app.errors import ConsentMissing, NotFound
from app.identity.sessions import sign_out
from app.placements import usecases as placements
from app.placements.schemas import PlacementId, PlacementOut
from app.suggestions.me import my_suggestions
from app.suggestions.model import Suggestion
from app.suggestions.routes import market_of
from app.suggestions.schemas import SuggestionsOut
from app.vacancies.usecases import read_vacancy
from app.workers import forms, me
from app.workers.me_schemas import LookOut, MeOut
from app.workers.schemas import ConsentPurpose

router = APIRouter(prefix="/my", route_class=PageRoute, include_in_schema=False)
_TOP = 3
_SAID = {
    "withdrawn": ("收回了。", "Taken back."),
    "complaint": ("收到了，会有人查。", "Received; somebody looks into it."),
}
_KINDS = (
    ("asked_for_money", "有人向我收钱", "I was asked for money"),
    ("pay_late", "工资拖欠", "my pay is late"),
    ("id_card_kept", "扣了我的证件", "my papers were kept"),
    ("pressed", "有人逼我去", "I was pressed to go"),
    ("unsafe", "干活不安全", "the work is unsafe"),
    ("other", "别的事", "something else"),
)


@router.get("")
def see_jobs(request: Request, tx: PageWrite) -> Response:
    """Three jobs, and above them what is under way."""
    mine = MeOut.of(me.read_me(tx))
    language = language_of(request)
    try:
        offers, _ = my_suggestions(tx, market_of(request), top=_TOP)
        jobs = SuggestionsOut.of(offers, language)
    except ConsentMissing:
        jobs = None
    going = under_way(tx, request)
    said_yes_to = suggestions_of(tx, [one.vacancy.id for one in going if one.state == "interested"])
    return render(request, "my.html", me=mine, jobs=jobs, going=going, said_yes_to=said_yes_to)


def suggestions_of(tx: Read, vacancy_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Vacancy -> the worker's suggestion of it: where a yes without a phone can be added to."""
    query = select(Suggestion.vacancy_id, Suggestion.id).where(
        Suggestion.worker_id == tx.actor.worker_id, Suggestion.vacancy_id.in_(vacancy_ids)
    )
    return dict(tx.session.execute(query).tuples().all()) if vacancy_ids else {}


def under_way(tx: PageWrite, request: Request) -> list[PlacementOut]:
    """The worker's placements that are not over."""
    rows, _ = placements.list_placements(tx, Window("/my", 20))
    language = language_of(request)
    return [PlacementOut.of(row, tx.actor, language) for row in rows if row.state not in ("ended", "closed")]


@router.get("/jobs/{suggestion_id}/yes")
def think(request: Request, suggestion_id: SuggestionId, tx: PageRead) -> Response:
    """The one question that goes with a yes: name and phone, to this employer only?"""
    suggestion = placements.suggestion_to_answer(tx, suggestion_id)
    vacancy = read_vacancy(tx, suggestion.vacancy_id).vacancy
    return render(request, "my_yes.html", vacancy=vacancy, address=request.url.path)


@router.post("/jobs/{suggestion_id}/yes")
def say_yes(
    request: Request, suggestion_id: SuggestionId, tx: FormWrite, disclose: Annotated[str, Form()] = "no"
) -> Response:
    """I want this one."""
    suggestion = placements.suggestion_to_answer(tx, suggestion_id)
    placements.say_interested(tx, suggestion, disclose=disclose == "yes")
    return onward(request, "/my")


@router.post("/jobs/{suggestion_id}/another")
def say_another(request: Request, suggestion_id: SuggestionId, tx: FormWrite) -> Response:
    """Another one, please. Nobody else ever sees this."""
    placements.say_not_this_one(tx, placements.suggestion_to_answer(tx, suggestion_id))
    return onward(request, "/my")


@router.post("/going/{placement_id}/accept")
def accept(request: Request, placement_id: PlacementId, tx: FormWrite) -> Response:
    """I take the job."""
    placements.accept(tx, placement_id)
    return onward(request, "/my")


@router.post("/going/{placement_id}/end")
def not_going(request: Request, placement_id: PlacementId, tx: FormWrite) -> Response:
    """I am not going: no reason asked."""
    placements.end(tx, placement_id, None)
    return onward(request, "/my")


@router.post("/consent")
def agree(request: Request, tx: FormWrite) -> Response:
    """I agree to be suggested jobs."""
    me.give_my_consent(tx)
    return onward(request, "/my")


@router.get("/wishes")
def see_wishes(request: Request, tx: PageRead, saved: Annotated[bool, Query()] = False) -> Response:
    """What I want."""
    return render(request, "my_wishes.html", me=MeOut.of(me.read_me(tx)), saved=saved)


@router.post("/wishes")
def set_wishes(
    request: Request,
    tx: FormWrite,
    occupations: Annotated[str, Form(max_length=300)] = "",
    places: Annotated[str, Form(max_length=300)] = "",
    min_wage: Annotated[str, Form(pattern=r"^\d{0,6}$")] = "",
    going_out: Annotated[str, Form(pattern="^(yes|no|)$")] = "",
) -> Response:
    """My own word: no list overrides it."""
    mine = me.read_me(tx, locked=True)
    said = wishes_of(mine, occupations, places, min_wage, going_out)
    me.set_my_intention(tx, mine, forms.intention(said, mine.worker.home_code))
    return onward(request, "/my/wishes?saved=true")


@router.get("/rights")
def see_rights(request: Request, tx: PageRead, at: Paging, said: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Who looked at me, what I agreed to, where to complain, my data."""
    english = language_of(request) == "en"
    looks, following = me.my_looks(tx, at)
    return render(
        request,
        "my_rights.html",
        looks=[LookOut.of(look, english) for look in looks],
        following=following,
        consents=me.my_consents(tx),
        kinds=[(code, en if english else zh) for code, zh, en in _KINDS],
        said=_SAID[said][english] if said in _SAID else "",
    )


@router.post("/withdraw")
def withdraw(
    request: Request, tx: FormWrite, purpose: Annotated[ConsentPurpose, Form()], vacancy: Annotated[str, Form()] = ""
) -> Response:
    """Take a consent back."""
    me.withdraw_my_consent(tx, purpose.value, find("v", vacancy) if vacancy else None)
    return onward(request, "/my/rights?said=withdrawn")


@router.post("/complaint")
def send_complaint(
    request: Request,
    tx: FormWrite,
    kind: Annotated[ComplaintKind, Form()],
    words: Annotated[str, Form(max_length=2000)] = "",
    anonymous: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Something went wrong: to an office that is not the own station."""
    said = checked(ComplaintIn, kind=kind, words=words.strip() or None, anonymous=anonymous == "yes")
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
    return forgotten(onward(request, "/welcome"))
