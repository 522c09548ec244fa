"""What can go wrong, as a tree. The docstring is the English message; `zh` the Chinese one; HTTP learns of them in
edge/error_responses.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: where, which rule, and the sentence in both languages."""

    loc: tuple[str | int, ...]
    code: str
    zh: str
    en: str


class ProductError(Exception):
    """Something went wrong."""

    code = "error"
    zh = "出错了。"

    def __init__(
        self,
        *,
        zh: str | None = None,
        en: str | None = None,
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.message_zh = zh or self.zh
        self.message_en = en or " ".join((self.__doc__ or "").split())
        self.errors = errors
        self.headers = dict(headers or {})
        super().__init__(self.message_en)


class Malformed(ProductError):
    """The request cannot be read."""

    code, zh = "malformed", "请求无法读取，请检查格式。"


class NotSignedIn(ProductError):
    """Sign in first: the token is missing, wrong, expired or revoked."""

    code, zh = "not_signed_in", "请先登录：令牌缺失、有误、已过期或已撤销。"


class NotAllowed(ProductError):
    """Your role may not do this."""

    code, zh = "not_allowed", "您的角色不能进行此操作。"


class NotFound(ProductError):
    """There is no such thing, or it is not yours to see."""

    code, zh = "not_found", "没有找到，或者您无权查看。"


class Conflict(ProductError):
    """This does not go with the present state."""

    code, zh = "conflict", "与当前状态冲突。"


class ConsentMissing(Conflict):
    """The worker has not agreed to matching: ask, and record the signed paper."""

    code, zh = "consent_missing", "劳动者尚未同意岗位匹配：请先征得本人同意并登记签字材料。"


class IdempotencyKeyReused(Conflict):
    """The Idempotency-Key was used for another request: send a new key."""

    code, zh = "idempotency_key_reused", "幂等键已用于另一个请求，请换一个新的键。"


class PreconditionFailed(ProductError):
    """It has changed since you read it: read it again."""

    code, zh = "precondition_failed", "内容已被修改，请重新读取后再提交。"


class TooLarge(ProductError):
    """The request is too large."""

    code, zh = "too_large", "请求内容过大。"


class UnsupportedMedia(ProductError):
    """This kind of content is not accepted here."""

    code, zh = "unsupported_media_type", "不接受这种内容类型。"


class Invalid(ProductError):
    """Some fields are wrong: see errors."""

    code, zh = "invalid", "部分字段有误，见 errors。"


class TooManyRequests(ProductError):
    """Too many requests: wait a little."""

    code, zh = "too_many_requests", "请求过于频繁，请稍后再试。"


class Unavailable(ProductError):
    """The service is away for a moment: try again."""

    code, zh = "unavailable", "服务暂时不可用，请稍后重试。"


class DiskFull(ProductError):
    """The disk is full: nothing was stored."""

    code, zh = "disk_full", "磁盘空间不足，内容未保存。"
