"""RFC 9457 problems: the one shape of every error, in two languages, never with the caller's input in it."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from app.edge.language import Language
from app.errors import (
    Conflict,
    DiskFull,
    Invalid,
    Malformed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PreconditionFailed,
    ProductError,
    TooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedMedia,
)

MEDIA_TYPE = "application/problem+json"


class ProblemField(BaseModel):
    """One wrong field."""

    model_config = ConfigDict(title="ProblemField")

    #: Where: "body", "query", "path" or "header", then names and positions.
    loc: list[str | int]
    #: Which rule; never changes with the language.
    code: str
    message: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). `code` never changes with the language."""

    model_config = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemField]


class MethodNotAllowed(ProductError):
    """This address does not know this method."""

    code, zh = "method_not_allowed", "此地址不支持这种请求方法。"


class Unexpected(ProductError):
    """Something went wrong on our side; it has been noted."""

    code, zh = "unexpected", "服务出错，已记录。"


#: The status of each branch of the tree; the nearest ancestor counts.
STATUS: dict[type[ProductError], int] = {
    Malformed: 400,
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    PreconditionFailed: 412,
    TooLarge: 413,
    UnsupportedMedia: 415,
    Invalid: 422,
    TooManyRequests: 429,
    Unavailable: 503,
    DiskFull: 507,
    ProductError: 500,
}
_TITLES: dict[int, str] = {
    400: "请求格式有误",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    405: "方法不支持",
    409: "状态冲突",
    412: "内容已变",
    413: "内容过大",
    415: "类型不支持",
    422: "字段有误",
    429: "请求过多",
    500: "服务出错",
    503: "暂不可用",
    507: "空间不足",
}
#: Seconds after which a client may try again, unless the error says otherwise.
RETRY_AFTER = {429: "1", 503: "2"}


def status_of_kind(kind: type[ProductError]) -> int:
    """The HTTP status of a kind of error."""
    return next(STATUS[ancestor] for ancestor in kind.__mro__ if ancestor in STATUS)


def title_of(status: int, language: Language) -> str:
    """The short name of a status."""
    return _TITLES.get(status, _TITLES[500]) if language == "zh" else HTTPStatus(status).phrase


def problem_response(error: ProductError, language: Language) -> Response:
    """The answer to a request that failed so."""
    status = status_of_kind(type(error))
    problem = Problem(
        type=f"/docs#{error.code}",
        title=title_of(status, language),
        status=status,
        detail=error.message_zh if language == "zh" else error.message_en,
        code=error.code,
        errors=[
            ProblemField(loc=list(field.loc), code=field.code, message=field.zh if language == "zh" else field.en)
            for field in error.errors
        ],
    )
    headers = {"Content-Language": language, **({"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {})}
    return Response(
        orjson.dumps(problem.model_dump()),
        status,
        headers={**headers, **error.headers},
        media_type=MEDIA_TYPE,
    )
