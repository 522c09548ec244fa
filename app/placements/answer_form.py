"""An answer as it arrives: JSON, or a multipart form with the scan of a signed paper."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from app.db.base import today
from app.edge.field_messages import field_errors
from app.edge.form_fields import wrong
from app.edge.strict import In
from app.errors import Invalid, UnsupportedMedia
from app.placements.papers import SignedPaper, read_scan
from app.placements.schemas import AcceptIn, AnswerIn, AnswerKind, PaperAnswerIn

T = TypeVar("T", bound=In)
_SCAN = {"type": "string", "format": "binary", "description": "PNG, JPEG, PDF"}


def request_body(model: type[In], *, is_required: bool) -> dict[str, Any]:
    """For the OpenAPI document: FastAPI cannot describe "either of two bodies" by itself."""
    paper = PaperAnswerIn.model_json_schema()
    form = {
        "type": "object",
        "properties": paper["properties"] | {"paper": _SCAN},
        "required": ["paper", "witness", "signed_on"],
    }
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    content = {"application/json": {"schema": schema}, "multipart/form-data": {"schema": form}}
    return {"requestBody": {"required": is_required, "content": content}}


class Stated:
    """What was answered, and the paper it stands on, if it came with one."""

    def __init__(self, answer: AnswerIn, paper: SignedPaper | None = None) -> None:
        self.answer = answer
        self.paper = paper


async def stated_answer(request: Request) -> Stated:
    """An answer to a suggestion. Raises UnsupportedMedia, Invalid."""
    if not _is_form(request):
        return Stated(_read(AnswerIn, await request.body()))
    async with request.form(max_files=1, max_fields=10) as form:
        fields = _read(PaperAnswerIn, _json(form))
        answer = AnswerIn(answer=AnswerKind.INTERESTED, disclose=fields.disclose)
        return Stated(answer, await _paper(form, fields))


async def stated_acceptance(request: Request) -> Stated:
    """An acceptance; its body may be left out. Raises UnsupportedMedia, Invalid."""
    answer = AnswerIn(answer=AnswerKind.INTERESTED)
    if not request.headers.get("content-type"):
        return Stated(answer)
    if not _is_form(request):
        code = _read(AcceptIn, await request.body() or b"{}").one_time_code
        return Stated(answer.model_copy(update={"one_time_code": code}))
    async with request.form(max_files=1, max_fields=10) as form:
        return Stated(answer, await _paper(form, _read(PaperAnswerIn, _json(form))))


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "multipart/form-data"):
        raise UnsupportedMedia
    return kind == "multipart/form-data"


def _json(form: FormData) -> dict[str, Any]:
    """The texts of a form as the JSON they stand for."""
    words = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    truth = {"true": True, "false": False}
    return words | {"disclose": truth.get(words["disclose"], words["disclose"])} if "disclose" in words else words


def _read(model: type[T], given: bytes | dict[str, Any]) -> T:
    try:
        return model.model_validate_json(given) if isinstance(given, bytes) else model.model_validate(given)
    except ValidationError as error:
        faults = [fault | {"loc": ("body", *fault["loc"])} for fault in error.errors(include_input=False)]
        raise Invalid(errors=field_errors(faults)) from None


async def _paper(form: FormData, fields: PaperAnswerIn) -> SignedPaper:
    scan = form.get("paper")
    if not isinstance(scan, UploadFile):
        raise wrong("paper", "missing_required", "请附签字材料的扫描件或照片。", "Attach the scan of the signed paper.")
    return read_scan(await scan.read(), fields.witness, fields.signed_on, today())


StatedAnswer = Annotated[Stated, Depends(stated_answer)]
StatedAcceptance = Annotated[Stated, Depends(stated_acceptance)]
