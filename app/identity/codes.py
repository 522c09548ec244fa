"""One-time codes for any act: ordered in the actor's transaction, made by the worker process, redeemed once.

Nobody who orders a code can read it, and a code is good for the one purpose, worker and subject it was ordered for.
"""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

from app.db.sealing import blind_index, seal_text, unseal_text
from app.db.transaction import Write, write_apart
from app.errors import NoPhone, NoSender, TooManyCodes, WrongCode
from app.identity import codes_queries as queries
from app.identity.codes_phones import phone_of
from app.messages.model import Message
from app.messages.senders import sender
from app.messages.usecases import sealed_phone

SIGN_IN, ANSWER, PHONE = "sign_in", "answer", "phone"
#: What a code is called in its message; `words` are the caller's.
TEXTS = {
    SIGN_IN: "【东西部劳务协作】登录验证码 {code}，5分钟内有效。请勿告诉任何人，工作人员也不会向您索要。",
    ANSWER: "【东西部劳务协作】工作站正协助您办理：{words}。确认码 {code}，5分钟内有效，只用于这一件事，不能用于登录。"
    "如果不是您的意愿，请不要告诉任何人；不回复没有任何影响。",
    PHONE: "【东西部劳务协作】手机号验证码 {code}，5分钟内有效。如非本人操作请忽略。",
}
#: What the number a worker had before is told.
PHONE_CHANGED = (
    "【东西部劳务协作】您登记的手机号已被更改，此号码今后不再收到通知。如果不是您本人要求的，请尽快联系工作站，"
    "或拨打12333。"
)
#: What workers are told for whom one device answered, as for others (SECURITY T3).
ASKED_AGAIN = (
    "【东西部劳务协作】有一台手机替包括您在内的几个人答复了岗位。如果是您本人的意思，不用做任何事，三天后生效；"
    "如果不是，请登录撤回或拨打12333，撤回没有任何影响。"
)
#: Longest words of a caller in a message.
LONGEST = 80


def issue_code(tx: Write, purpose: str, worker_id: UUID, subject: str, words: str, *, phone: str | None = None) -> None:
    """Send the worker a code for one act. `words` name it: job and act. `subject` is what it is about (a suggestion's
    public id); the same goes into `redeem_code`.

    "answer": a station for a worker in its care, to the stored phone. "phone": a worker, to the new `phone`.
    Raises NoSender, NoPhone, TooManyCodes; whom the purpose is not for, the database refuses.
    """
    if sender() is None:
        raise NoSender
    to = phone or phone_of(tx, worker_id)
    if to is None:
        raise NoPhone
    if not order_code(tx, purpose, worker_id, subject, to, words):
        raise TooManyCodes


def redeem_code(tx: Write, purpose: str, worker_id: UUID, subject: str, code: str, *, phone: str | None = None) -> None:
    """Take the code for the act this transaction does. Raises WrongCode.

    The try counts whatever becomes of the transaction; the code is used up only if it commits.
    """
    to = phone or phone_of(tx, worker_id)
    if to is None:
        raise WrongCode
    with write_apart(tx.actor) as apart:
        code_id = queries.try_code(apart, purpose, worker_id, subject, blind_index(to, "phone"), code)
    if code_id is None or not queries.spend_code(tx, code_id):
        raise WrongCode


def order_code(tx: Write, purpose: str, worker_id: UUID | None, subject: str, phone: str, words: str = "") -> bool:
    """Order a code and its message; False: this phone has had its codes for today."""
    message_id = uuid4()
    return queries.order(
        tx,
        code_id=uuid4(),
        message_id=message_id,
        purpose=purpose,
        worker_id=worker_id,
        subject=subject,
        number=blind_index(phone, "phone"),
        phone_sealed=sealed_phone(message_id, phone),
        words_sealed=seal_text(_one_line(words), "messages.words_sealed", message_id) if words else None,
    )


def compose(tx: Write, message: Message, phone: str) -> str | None:
    """The text of a message that has none yet; its code is made here. None: it is not to be sent. For the worker
    process."""
    if message.kind == "phone_changed":
        return PHONE_CHANGED
    if message.kind == "asked_again":
        return ASKED_AGAIN
    code = queries.live_code(tx, message.code_id) if message.code_id else None
    if code is None or code.number != blind_index(phone, "phone"):
        return None
    if code.purpose == SIGN_IN and not queries.records_of(tx, code.number):
        return None  # nobody here has this phone; who asked is not told
    digits = f"{secrets.randbelow(1_000_000):06d}"
    queries.keep_hash(tx, code, digits)
    return TEXTS[code.purpose].format(code=digits, words=_words_of(message))


def _words_of(message: Message) -> str:
    if message.words_sealed is None:
        return ""
    return unseal_text(message.words_sealed, "messages.words_sealed", message.id)


def _one_line(words: str) -> str:
    """An employer's title may be in it: no line of its own, no length that hides the rest."""
    return "".join(c if c.isprintable() else " " for c in words)[:LONGEST]
