"""A posted list as it arrives: a multipart file, or the JSON body itself."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from app.errors import FieldError, Invalid, UnsupportedMedia

#: Shown in the OpenAPI document: FastAPI cannot describe "either of two bodies" by itself.
REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            "application/json": {
                "schema": {
                    "oneOf": [
                        # Each row should be an object; one that is not is told of when the list is read.
                        {"type": "array"},
                        {"type": "object"},
                    ]
                }
            },
        },
    }
}


class Posted(NamedTuple):
    """The bytes and the name they came under."""

    filename: str
    content: bytes


async def posted_file(request: Request) -> Posted:
    """The file of a multipart form, or a JSON body as `list.json`. Raises UnsupportedMedia, Invalid."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        body = await request.body()
        if body.lstrip()[:1] not in (b"[", b"{"):
            raise _no_list()
        return Posted("list.json", body)
    if kind != "multipart/form-data":
        raise UnsupportedMedia
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise _missing()
        return Posted((file.filename or "list")[:200], await file.read())


def _no_list() -> Invalid:
    zh, en = "清单须是行的数组，或含有行的对象。", "A list is an array of rows, or an object that holds them."
    return Invalid(errors=(FieldError(("body",), "not_a_list", zh, en),))


def _missing() -> Invalid:
    zh, en = "缺少文件：请用名为 file 的字段上传。", "No file: upload it in a field named file."
    return Invalid(errors=(FieldError(("body", "file"), "missing_required", zh, en),))


PostedFile = Annotated[Posted, Depends(posted_file)]
