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


class BadCredentials(NotSignedIn):
    """Name or password is wrong, or the account has ended."""

    code, zh = "bad_credentials", "账号或密码不对，或者账号已停用。"


class SecondFactorNeeded(NotSignedIn):
    """The password is right; the six digits of your authenticator are missing, wrong or were used before."""

    code, zh = "second_factor_needed", "密码正确；请输入身份验证器上的 6 位数字（缺少、有误或已用过）。"


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


class LoginTaken(Conflict):
    """Somebody signs in with this name already: choose another."""

    code, zh = "login_taken", "该登录名已被使用，请换一个。"


class EmployerKnown(Conflict):
    """An employer with this licence number is registered already: ask a colleague for an invitation."""

    code, zh = "employer_known", "该统一社会信用代码已登记，请向本单位管理员索取邀请。"


class OrganisationKnown(Conflict):
    """There is an organisation of this kind, place and name, or with this licence number, already."""

    code, zh = "organisation_known", "同类同地同名，或同一统一社会信用代码的机构已存在。"


class AlreadyDecided(Conflict):
    """This was decided before, or its time is over."""

    code, zh = "already_decided", "该事项已经办结或已过期。"


class NothingToUse(Conflict):
    """There is no approval left to use: it waits, was refused, is over, was used before, or another person asked."""

    code, zh = "nothing_to_use", "没有可使用的批准：尚未批准、未获批准、已过期、已使用，或不是由您提出。"


class SecondPersonNeeded(NotAllowed):
    """This takes two persons: another one decides."""

    code, zh = "second_person_needed", "此事需两人经办：请由另一人审批。"


class IdempotencyKeyReused(Conflict):
    """The Idempotency-Key was used for another request: send a new key."""

    code, zh = "idempotency_key_reused", "幂等键已用于另一个请求，请换一个新的键。"


class DeviceOnHold(Conflict):
    """This device is new: it may withdraw at once, but not yet agree or change anything for you."""

    code, zh = "device_on_hold", "这台设备是新登录的：为保护您，暂不能同意或更改；撤回随时可以。"


class NoSender(Conflict):
    """No message can be sent from here: use the signed paper."""

    code, zh = "no_sms", "没有开通短信：请改用本人签字的纸质材料。"


class NoPhone(Conflict):
    """No usable phone is known of this worker: use the signed paper, or enter the phone first."""

    code, zh = "no_phone", "没有登记可用的手机号：请先登记本人手机号，或改用签字材料。"


class PhoneOnHold(Conflict):
    """This phone cannot answer yet: it was changed lately, or several workers share it and nobody has checked."""

    code, zh = "phone_on_hold", "该手机号暂不能用于确认：刚被更改，或多人共用且尚未核实。"


class PreconditionFailed(ProductError):
    """It has changed since you read it: read it again."""

    code, zh = "precondition_failed", "内容已被修改，请重新读取后再提交。"


class TooLarge(ProductError):
    """The request is too large."""

    code, zh = "too_large", "请求内容过大。"


class UnsupportedMedia(ProductError):
    """This kind of content is not accepted here: send JSON, or a list's file as multipart/form-data."""

    code, zh = "unsupported_media_type", "不接受这种内容类型：请用 JSON；清单文件用 multipart/form-data。"


class Invalid(ProductError):
    """Some fields are wrong: see errors."""

    code, zh = "invalid", "部分字段有误，见 errors。"


class WrongCode(Invalid):
    """The code is wrong, over, used, or was tried too often: ask for a new one."""

    code, zh = "wrong_code", "验证码有误、已过期、已使用或尝试次数过多，请重新获取。"


class IdLastFourNeeded(Invalid):
    """Several people use this phone: give the last four characters of your ID number too."""

    code, zh = "id_last_four_needed", "此手机号登记了多人，请同时填写您身份证号的后四位。"


class TooManyRequests(ProductError):
    """Too many requests: wait a little."""

    code, zh = "too_many_requests", "请求过于频繁，请稍后再试。"


class Unavailable(ProductError):
    """The service is away for a moment: try again."""

    code, zh = "unavailable", "服务暂时不可用，请稍后重试。"


class TooManyCodes(TooManyRequests):
    """This phone has had its codes for today: try again tomorrow, or use the signed paper."""

    code, zh = "too_many_codes", "该手机号今天的验证码已用完，请明天再试，或改用签字材料。"


class SignInPaused(Unavailable):
    """Signing in by code is paused for a few minutes: too many wrong codes were tried."""

    code, zh = "sign_in_paused", "验证码登录暂停几分钟：错误尝试过多，请稍后再试。"


class DiskFull(ProductError):
    """The disk is full: nothing was stored."""

    code, zh = "disk_full", "磁盘空间不足，内容未保存。"
