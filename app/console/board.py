"""The employer's board: post a vacancy with the law looking over one's shoulder, see who said yes, offer, decline."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from app.console.door import Fields, FormWrite, PageRead, PageWrite
from app.console.page_route import PageRoute
from app.console.pages import language_of, onward, render
from app.console.posting import (
    LABELS,
    SELDOM,
    Judged,
    as_typed,
    changed_meanwhile,
    changes_of,
    judged,
    own_name,
    signed,
)
from app.console.questions import answered_by, place_in_words
from app.console.steps import step_words
from app.console.warming import market_of
from app.console.words import BOARD_SAID, EMPLOYER_STEPS, PAY
from app.db.transaction import Read
from app.edge.paging import Window
from app.edge.public_ids import VacancyId, show
from app.errors import NotAllowed
from app.identity.permissions import Permission, allow, may
from app.placements import usecases as placements
from app.placements.model import Placement
from app.placements.schemas import DeclineCode, PlacementId, PlacementOut
from app.placements.suitable import Offered, Reach
from app.plans.schemas import FillOut
from app.plans.usecases import read_fill, read_own_fills
from app.vacancies import usecases
from app.vacancies.approval import stands_until, would_stand_until
from app.vacancies.model import Vacancy
from app.vacancies.queries import Filters

router = APIRouter(prefix="/board", route_class=PageRoute, include_in_schema=False)
_MOST = 100
#: State -> what is said of an offer that was changed, when it is not simply changed.
_SAID_OF_CHANGED = {"pending": "pending", "refused": "same"}
#: A word of words.BOARD_SAID.
Said = Annotated[str, Query(max_length=20)]


@router.get("")
def see_board(request: Request, tx: PageWrite, said: Said = "") -> Response:
    """Own vacancies, those first where somebody waits for the employer, and who said yes."""
    allow(tx.actor, Permission.POST_VACANCIES)
    found, _ = usecases.list_vacancies(tx, Window("/board", _MOST), usecases.own_only(tx, Filters()), None)
    open_ones, _ = placements.list_placements(tx, Window("/board", _MOST), only_open=True)
    answers = answers_by_vacancy(open_ones)
    return render(
        request,
        "board.html",
        own=own_name(tx),
        vacancies=sorted(
            found, key=lambda one: (-answers[one.vacancy.id]["introduced"], one.vacancy.state == "closed")
        ),
        introductions=answers,
        fills=read_own_fills(tx),
        said=said_words(request, said),
    )


def answers_by_vacancy(rows: Sequence[Placement]) -> dict[UUID, Counter[str]]:
    """Vacancy -> how many wait for the employer ("introduced"), for their own decision ("offered"), for neither."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for row in rows:
        stands = row.state if row.state in ("introduced", "offered") else "others"
        found[row.vacancy_id][stands] += 1
    return found


def said_words(request: Request, said: str) -> str:
    """What was done just now, in words, with the day {until} which an offer stands; empty for nothing."""
    return BOARD_SAID[said][language_of(request) == "en"] if said in BOARD_SAID else ""


@router.get("/new")
def new(request: Request, tx: PageRead) -> Response:
    """The form of a new vacancy, an employer's own name in it already."""
    usecases.check_may_post(tx)
    return form_page(request, tx, own_name(tx), Judged())


def form_page(
    request: Request,
    tx: Read,
    values: Mapping[str, str],
    said: Judged,
    *,
    status: int = 200,
    edits: Vacancy | None = None,
    meanwhile: Sequence[str] = (),
) -> Response:
    """The form with what stands in it, and what is to be said of it; it posts, or `edits` what was posted. `meanwhile`:
    what was changed elsewhere since it was opened."""
    heading = ("修改岗位", "Change the vacancy") if edits else ("发布岗位", "Post a vacancy")
    own = own_name(tx)
    return render(
        request,
        "post_vacancy.html",
        status=status,
        heading=heading[language_of(request) == "en"],
        action=request.url.path,
        values=values,
        version=edits.version if edits else None,
        meanwhile=meanwhile,
        own=own,
        seldom_open=any(values.get(name) or name in said.wrong for name in SELDOM),
        **beside(request, tx, said),
    )


def beside(request: Request, tx: Read, said: Judged) -> dict[str, Any]:
    """What the parts of the form's page need to speak of it."""
    english = language_of(request) == "en"
    return {
        "judged": said,
        "labels": LABELS,
        "label": lambda name: LABELS[name][english],
        "wage": said.floor,
        "place": place_in_words(said.draft.workplace.code, language_of(request)) if said.draft else "",
        "sure": answered_by(said.questions),
        "suit": reach_of(request, tx, said),
        "pay_words": PAY,
    }


def reach_of(request: Request, tx: Read, said: Judged) -> Reach | None:
    """Whom the offer would reach, once it can be posted; told to verified employers alone."""
    if said.draft is None or not may(tx.actor, Permission.OFFER_PLACES):
        return None
    draft = said.draft
    offer = Offered(draft.occupation, draft.workplace.code, draft.wage_lo, draft.wage_hi)
    return placements.read_reach(tx, market_of(request), offer)


@router.post("/check")
def check(request: Request, form: Fields, tx: PageRead) -> Response:
    """While it is typed: what the law says of words and pay, and about how many it suits. Nothing is kept."""
    said = judged(tx, signed(tx, form), language_of(request))
    return render(request, "post_check.html", **beside(request, tx, said))


@router.post("/new")
def post(request: Request, form: Fields, tx: FormWrite) -> Response:
    """Post it; what is wrong is said under each field of the form, which keeps what was typed."""
    form = signed(tx, form)
    said = judged(tx, form, language_of(request), is_sent=True)
    if said.offer is None:
        return form_page(request, tx, form, said, status=409 if said.draft else 422)
    detail = usecases.post_vacancy(tx, said.offer)
    return onward(request, f"/board/{show('v', detail.vacancy.id)}?said={detail.vacancy.state}")


@router.get("/{vacancy_id}/edit")
def see_edit(request: Request, vacancy_id: VacancyId, tx: PageWrite) -> Response:
    """The form with what was posted."""
    detail = usecases.vacancy_to_change(tx, vacancy_id)
    return form_page(request, tx, as_typed(detail), Judged(), edits=detail.vacancy)


@router.post("/{vacancy_id}/edit")
def edit(request: Request, vacancy_id: VacancyId, form: Fields, tx: FormWrite) -> Response:
    """Change it; what is wrong is said under each field, and what was changed elsewhere is not undone unseen."""
    detail, language = usecases.vacancy_to_change(tx, vacancy_id), language_of(request)
    form = signed(tx, form)
    said = judged(tx, form, language, is_sent=True, was=detail.vacancy)
    meanwhile = changed_meanwhile(detail, form, language)
    if said.offer is None or meanwhile:
        status = 409 if meanwhile or said.draft else 422
        return form_page(request, tx, form, said, status=status, edits=detail.vacancy, meanwhile=meanwhile)
    changed = usecases.change_vacancy(tx, detail, changes_of(said.offer, detail.vacancy)).vacancy
    return onward(request, f"/board/{show('v', vacancy_id)}?said={_SAID_OF_CHANGED.get(changed.state, 'changed')}")


@router.get("/{vacancy_id}")
def see_vacancy(request: Request, vacancy_id: VacancyId, tx: PageWrite, said: Said = "") -> Response:
    """One's own vacancy: how many suit, who said yes, what keeps it empty, what to do now."""
    detail, language, market = usecases.read_vacancy(tx, vacancy_id), language_of(request), market_of(request)
    if not detail.is_own:  # looked at without a lock: a slow count keeps nobody waiting
        raise NotAllowed
    vacancy, at = detail.vacancy, Window("/board", _MOST)
    fill = FillOut.of(*read_fill(tx, vacancy_id), language)
    suitable = placements.list_candidates(tx, market, vacancy_id, at)[0] if vacancy.state == "open" else None
    offer = Offered(vacancy.occupation, vacancy.workplace_code, vacancy.wage_lo, vacancy.wage_hi)
    will_fill = suitable and vacancy.occupation and (fill.filled is None or fill.filled >= fill.openings)
    is_empty = suitable is not None and not will_fill
    rows, _ = placements.list_placements(tx, at, vacancy_id=vacancy_id)
    return render(
        request,
        "board_vacancy.html",
        detail=detail,
        suitable=suitable,
        fill=fill,
        is_empty=is_empty,
        reach=placements.read_reach(tx, market, offer) if is_empty else None,
        pay_words=PAY,
        placements=[PlacementOut.of(row, tx.actor, language) for row in waiting_first(rows)],
        step=lambda one: step_words(EMPLOYER_STEPS, one, language),
        codes=DeclineCode,
        said=said_words(request, said).format(until=stands_until(vacancy)),
        until=stands_until(vacancy),
        longer=would_stand_until(vacancy),
    )


def waiting_first(rows: Sequence[Placement]) -> list[Placement]:
    """Those first who wait for the employer."""
    return sorted(rows, key=lambda one: one.state != "introduced")


@router.get("/introductions/{placement_id}/contact")
def contact(request: Request, placement_id: PlacementId, tx: PageWrite) -> Response:
    """Name and phone, while the worker's yes to it lives; the worker sees the look."""
    placement = placements.read_placement(tx, placement_id)
    return render(request, "board_contact.html", placement=placement, reached=placements.read_contact(tx, placement_id))


@router.post("/introductions/{placement_id}/{act}")
def act(
    request: Request,
    placement_id: PlacementId,
    act: Literal["offer", "take_back", "decline", "onboarded"],
    tx: FormWrite,
    reason: Annotated[DeclineCode, Form()] = DeclineCode.FILLED,
) -> Response:
    """Offer the place, take the offer back, decline with a coded reason, confirm the start."""
    placement = placements.read_placement(tx, placement_id)
    match act:
        case "offer":
            placements.offer(tx, placement_id)
        case "take_back":
            placements.take_offer_back(tx, placement_id)
        case "decline":
            placements.turn_down(tx, placement_id, reason.value)
        case "onboarded":
            placements.confirm(tx, placement_id, placements.Step.ONBOARDED)
    return onward(request, f"/board/{show('v', placement.vacancy_id)}?said={act}")


@router.post("/{vacancy_id}/confirm")
def confirm(request: Request, vacancy_id: VacancyId, tx: FormWrite) -> Response:
    """It still stands: another month."""
    usecases.confirm_own_vacancy(tx, vacancy_id)
    return onward(request, f"/board/{show('v', vacancy_id)}?said=confirmed")


@router.post("/{vacancy_id}/close")
def close(request: Request, vacancy_id: VacancyId, tx: FormWrite) -> Response:
    """Take it from the market."""
    usecases.close_vacancy(tx, vacancy_id)
    return onward(request, f"/board/{show('v', vacancy_id)}")


@router.post("/{vacancy_id}/reopen")
def reopen(request: Request, vacancy_id: VacancyId, tx: FormWrite) -> Response:
    """It was closed by mistake, or more people are wanted."""
    detail = usecases.reopen_own_vacancy(tx, vacancy_id)
    return onward(request, f"/board/{show('v', vacancy_id)}?said={detail.vacancy.state}")
