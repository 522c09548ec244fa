"""The log is for developers only; the webhook is signed, says who it is each time, and tells later from never."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from app.messages.senders import Outgoing, Refused, SenderUnsafe, Undelivered, Webhook, make_sender
from app.settings import Settings
from tests.messages.hook import Hook, listening

SECRET = b"a secret of the operator's"
MESSAGE = Outgoing(UUID(int=7), "notice", "13900000001", "您好")


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A provider."""
    with listening() as found:
        yield found


def webhook(hook: Hook) -> Webhook:
    """Our side, less patient than in earnest."""
    return Webhook(hook.url, SECRET, connect=0.3, patience=0.3)


def settings(**given: object) -> Settings:
    return Settings(**given)  # type: ignore[arg-type]


def test_the_hook_gets_the_message_with_its_id(hook: Hook) -> None:
    webhook(hook)(MESSAGE)
    [received] = hook.received
    assert json.loads(received.body) == {
        "id": str(MESSAGE.id),
        "kind": "notice",
        "phone": MESSAGE.phone,
        "text": MESSAGE.text,
    }
    assert received.headers["idempotency-key"] == str(MESSAGE.id)
    assert received.headers["content-type"] == "application/json"


def test_the_signature_is_over_time_and_body(hook: Hook) -> None:
    webhook(hook)(MESSAGE)
    [received] = hook.received
    at = received.headers["x-eastwest-timestamp"]

    def signed(secret: bytes, words: bytes) -> str:
        return "sha256=" + hmac.new(secret, words, hashlib.sha256).hexdigest()

    given = received.headers["x-eastwest-signature"]
    assert given == signed(SECRET, at.encode() + b"." + received.body)
    assert given not in (
        signed(b"another", at.encode() + b"." + received.body),
        signed(SECRET, b"0." + received.body),
        signed(SECRET, at.encode() + b"." + received.body + b" "),
    )


def test_a_repeat_has_the_same_id(hook: Hook) -> None:
    hook.answers = [500, 200]
    with pytest.raises(Undelivered):
        webhook(hook)(MESSAGE)
    webhook(hook)(MESSAGE)
    assert len({received.headers["idempotency-key"] for received in hook.received}) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_yes_is_a_yes(hook: Hook, status: int) -> None:
    hook.answers = [status]
    webhook(hook)(MESSAGE)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_later_is_worth_another_try(hook: Hook, status: int) -> None:
    hook.answers = [status]
    with pytest.raises(Undelivered):
        webhook(hook)(MESSAGE)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 413, 422])
def test_never_is_not_tried_again_and_no_redirect_is_followed(hook: Hook, status: int) -> None:
    hook.answers = [status]
    with pytest.raises(Refused):
        webhook(hook)(MESSAGE)
    assert len(hook.received) == 1


@pytest.mark.parametrize("how", ["hang", "hang_up"])
def test_a_hook_that_does_not_answer_is_tried_later(hook: Hook, how: str) -> None:
    hook.answers = [getattr(hook, how)]
    with pytest.raises(Undelivered):
        webhook(hook)(MESSAGE)


def test_a_hook_that_dawdles_over_its_words_is_not_listened_to(hook: Hook) -> None:
    hook.answers = [hook.stall]
    webhook(hook)(MESSAGE)


def test_a_hook_that_is_not_there_is_tried_later() -> None:
    with pytest.raises(Undelivered):
        Webhook("http://127.0.0.1:9/sms", SECRET, connect=0.3, patience=0.3)(MESSAGE)


def test_what_went_wrong_says_nothing_of_the_message(hook: Hook) -> None:
    hook.answers = [500, 400]
    told = []
    for _ in range(2):
        with pytest.raises((Undelivered, Refused)) as error:
            webhook(hook)(MESSAGE)
        told.append(f"{error.value!r} {error.value.__cause__!r}")
    assert not [words for words in told if MESSAGE.phone in words or MESSAGE.text in words]


def test_the_log_shows_messages_to_developers(capsys: pytest.CaptureFixture[str]) -> None:
    sends = make_sender(settings(env="development"))
    assert sends is not None
    sends(MESSAGE)
    assert (MESSAGE.phone in (told := capsys.readouterr().err), MESSAGE.text in told) == (True, True)


def test_production_shows_no_message_in_its_log() -> None:
    with pytest.raises(SenderUnsafe):
        make_sender(settings(env="production", sms="log"))
    assert make_sender(settings(env="production")) is None


@pytest.mark.parametrize("missing", ["sms_url", "sms_secret"])
def test_a_webhook_needs_an_address_and_a_secret(missing: str) -> None:
    given = {"sms_url": "https://sms.example/", "sms_secret": "s"} | {missing: None}
    with pytest.raises(SenderUnsafe):
        make_sender(settings(sms="webhook", **given))


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://sms.example/send", True),
        ("http://127.0.0.1:9000/", True),
        ("http://[::1]:9000/", True),
        ("http://localhost/", True),
        ("http://sms.example/send", False),
        ("http://10.0.0.8/", False),
        ("http://127.0.0.1.sms.example/", False),
    ],
)
def test_in_production_phones_leave_the_machine_encrypted_only(url: str, safe: bool) -> None:
    given = settings(env="production", sms="webhook", sms_url=url, sms_secret=str(uuid4()))
    if safe:
        assert make_sender(given) is not None
    else:
        with pytest.raises(SenderUnsafe):
            make_sender(given)


def test_the_secret_is_not_shown_with_the_settings() -> None:
    assert "hush" not in repr(settings(sms="webhook", sms_secret="hush"))
