"""Nothing malformed gets past the front door, nothing makes it fall over, nothing is repeated back."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.edge.front_door import DEEPEST, strict_json
from tests.client import TestClient

#: Somebody's data, which no answer may repeat.
CANARY = "金丝雀530102199001011234"
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Bad:
    """A request that must be refused with a status."""

    status: int
    body: bytes = b""
    method: str = "POST"
    path: str = "/v1/things"
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)


def thing(**fields: object) -> bytes:
    """A body that would be taken but for these fields."""
    return json.dumps({"name": "柜子", **fields}).encode()


def raw(value: str, name: str = "share") -> bytes:
    """A body with one value written as it stands."""
    return b'{"name": "x", "%s": %s}' % (name.encode(), value.encode("utf-8", "surrogatepass"))


NOT_JSON: dict[str, bytes] = {
    "NaN": raw("NaN"),
    "Infinity": raw("Infinity"),
    "minus Infinity": raw("-Infinity"),
    "a number beyond every float": raw("1e400"),
    "a negative number beyond every float": raw("-1e999"),
    "an integer of five thousand digits": raw("9" * 5000, "size"),
    "a leading zero": raw("01"),
    "a plus sign": raw("+1"),
    "a number that ends in a point": raw("1."),
    "a hexadecimal number": raw("0x10"),
    "an escaped NUL": raw(r'"a\u0000b"', "name2"),
    "an escaped NUL in a key": rb'{"a\u0000": 1}',
    "a NUL byte": b'{"name": "a\0b"}',
    "a lone high surrogate": raw(r'"\ud800"', "colour"),
    "a lone low surrogate": raw(r'"\udfff"', "colour"),
    "surrogates the wrong way round": raw(r'"\udc00\ud800"', "colour"),
    "a surrogate as UTF-8 bytes": b'{"name": "\xed\xa0\x80"}',
    "a lone surrogate in a key": rb'{"\ud800": 1}',
    "Latin-1": '{"name": "Müller"}'.encode("latin-1"),
    "GBK": '{"name": "柜子"}'.encode("gbk"),
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "UTF-16 without its mark": '{"name": "x"}'.encode("utf-16-le"),
    "UTF-32": '{"name": "x"}'.encode("utf-32"),
    "a byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "an overlong slash": b'{"name": "\xc0\xaf"}',
    "a cut character": b'{"name": "\xe6\x9f"}',
    "a code point beyond Unicode": b'{"name": "\xf5\x80\x80\x80"}',
    "a key twice": b'{"name": "a", "name": "b"}',
    "a key twice, once escaped": rb'{"name": "a", "n\u0061me": "b"}',
    "a key twice inside": b'{"name": "a", "parts": [{"count": 1, "count": 2}]}',
    "a trailing comma": b'{"name": "a",}',
    "a trailing comma in a list": b'{"name": "a", "parts": [1,]}',
    "a comment": b'{"name": "a" /* why */}',
    "single quotes": b"{'name': 'a'}",
    "a bare word": b"name",
    "Python's True": b'{"name": "a", "is_open": True}',
    "undefined": b'{"name": undefined}',
    "nothing but a brace": b"{",
    "an unclosed text": b'{"name": "a',
    "an unclosed list": b'{"name": "a", "parts": [',
    "two values": b'{"name": "a"}{"name": "b"}',
    "something after the value": b'{"name": "a"} x',
    "a line break in a text": b'{"name": "a\nb"}',
    "a tab in a text": b'{"name": "a\tb"}',
    "an unknown escape": rb'{"name": "\x41"}',
    "a short escape": rb'{"name": "\u12"}',
    "spaces only": b"   ",
    "a NUL only": b"\0",
    "a form in JSON's name": b"name=a&size=1",
    "XML in JSON's name": b"<name>a</name>",
    "gzip in JSON's name": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "a number after minus is missing": raw("-"),
    "an exponent without digits": raw("1e"),
    "lists 65 deep": b'{"name": ' + b"[" * 65 + b"]" * 65 + b"}",
    "objects 65 deep": b'{"a": ' * 66 + b"1" + b"}" * 66,
    "lists 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "objects 100,000 deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 opening brackets": b"[" * 100_000,
    "a canary": b'{"name": ' + CANARY.encode(),
}

WRONG_FIELDS: dict[str, bytes] = {
    "no body's fields": b"{}",
    "a list for an object": b"[]",
    "a text for an object": b'"x"',
    "a number for an object": b"1",
    "null for an object": b"null",
    "true for an object": b"true",
    "an unknown field": thing(**{CANARY: 1}),
    "a known field in capitals": b'{"Name": "x"}',
    "a number for a text": thing(name=1),
    "null for a text": thing(name=None),
    "a list for a text": thing(name=[CANARY]),
    "an object for a text": thing(name={CANARY: CANARY}),
    "an empty text": thing(name=""),
    "too long a text": thing(name=CANARY * 10),
    "a text for an integer": thing(size="20"),
    "true for an integer": thing(size=True),
    "a fraction for an integer": thing(size=1.5),
    "a whole fraction for an integer": raw("1.0", "size"),
    "an exponent for an integer": raw("1e2", "size"),
    "zero where one is least": thing(size=0),
    "too big an integer": thing(size=1_000_001),
    "an integer beyond 64 bits": thing(size=2**70),
    "an integer of 4,000 digits": raw("9" * 4000, "size"),
    "a text for a number": thing(share="0.5"),
    "true for a number": thing(share=True),
    "a number for a boolean": thing(is_open=1),
    "a text for a boolean": thing(is_open="true"),
    "null for a boolean": thing(is_open=None),
    "a number for a day": thing(day=20260328),
    "a number as text for a day": thing(day="0"),
    "a day with points": thing(day="2026.3.28"),
    "a day that is none": thing(day="2026-02-30"),
    "a day with a time": thing(day="2026-03-28T01:00:00Z"),
    "a day in year zero": thing(day="0000-01-01"),
    "a day in the year 10000": thing(day="10000-01-01"),
    "a time without an offset": thing(at="2026-03-28T08:00:00"),
    "a time as a number": thing(at=1_700_000_000),
    "a number as text for a time": thing(at="1700000000"),
    "a time that is none": thing(at="2026-03-28T25:00:00Z"),
    "an unknown colour": thing(colour=CANARY),
    "a colour in capitals": thing(colour="RED"),
    "an id of another kind": thing(owner="v_" + "0" * 32),
    "an id without its letter": thing(owner="0" * 32),
    "an id in capitals": thing(owner="w_" + "A" * 32),
    "a bare UUID": thing(owner="12345678-1234-5678-1234-567812345678"),
    "an id with something after it": thing(owner="w_" + "0" * 32 + "\n"),
    "too many parts": thing(parts=[{"count": 1}] * 6),
    "an object for a list": thing(parts={"count": 1}),
    "a number for a part": thing(parts=[1]),
    "a part without its count": thing(parts=[{}]),
    "a part with an unknown field": thing(parts=[{"count": 1, CANARY: 2}]),
    "a part below nothing": thing(parts=[{"count": -1}]),
    "the canary as a number": thing(size=CANARY),
    "prototype pollution": b'{"name": "x", "__proto__": {"admin": true}}',
}

WRONG_KINDS: dict[str, tuple[tuple[str, str], ...]] = {
    "no content type": (),
    "plain text": (("content-type", "text/plain"),),
    "XML": (("content-type", "application/xml"),),
    "JSON's old name": (("content-type", "text/json"),),
    "a nonsense type": (("content-type", "json"),),
    "an empty type": (("content-type", ""),),
    "a type with only a slash": (("content-type", "/"),),
    "JSON in GBK": (("content-type", "application/json; charset=gbk"),),
    "JSON in UTF-16": (("content-type", "application/json; charset=utf-16"),),
    "JSON in an unknown charset": (("content-type", "application/json; charset=nothing"),),
    "compressed with gzip": (*JSON.items(), ("content-encoding", "gzip")),
    "compressed with br": (*JSON.items(), ("content-encoding", "br")),
    "a form where JSON belongs": (("content-type", "application/x-www-form-urlencoded"),),
    "octets": (("content-type", "application/octet-stream"),),
}

OTHER: dict[str, Bad] = {
    "a NUL in the path": Bad(400, method="GET", path="/v1/things/%00"),
    "broken UTF-8 in the path": Bad(400, method="GET", path="/v1/things/%ff"),
    "a surrogate in the path": Bad(400, method="GET", path="/v1/things/%ed%a0%80"),
    "a NUL in the query": Bad(400, method="GET", path="/v1/things?q=%00"),
    "a NUL in a query's name": Bad(400, method="GET", path="/v1/things?q%00=1"),
    "broken UTF-8 in the query": Bad(400, method="GET", path="/v1/things?q=%c0%af"),
    "GBK in the query": Bad(400, method="GET", path="/v1/things?q=%B9%F1"),
    "a limit of nothing": Bad(422, method="GET", path="/v1/things?limit="),
    "a limit of zero": Bad(422, method="GET", path="/v1/things?limit=0"),
    "a limit below nothing": Bad(422, method="GET", path="/v1/things?limit=-1"),
    "a limit beyond the most": Bad(422, method="GET", path="/v1/things?limit=101"),
    "a limit in words": Bad(422, method="GET", path=f"/v1/things?limit={CANARY}"),
    "a limit of 5,000 digits": Bad(422, method="GET", path="/v1/things?limit=" + "9" * 5000),
    "a limit that is no number": Bad(422, method="GET", path="/v1/things?limit=NaN"),
    "an unknown colour in the query": Bad(422, method="GET", path=f"/v1/things?colour={CANARY}"),
    "an id that is none": Bad(404, method="GET", path="/v1/things/1"),
    "an id of another kind in the path": Bad(404, method="GET", path="/v1/things/w_" + "0" * 32),
    "SQL in the path": Bad(404, method="GET", path="/v1/things/v_1'%20or%201=1--"),
    "a climb out of the folder": Bad(404, method="GET", path="/v1/things/..%2f..%2fetc%2fpasswd"),
    "an address that is none": Bad(404, method="GET", path=f"/v1/{CANARY}"),
    "a slash at the end": Bad(404, method="GET", path="/v1/things/"),
    "an address of 8,000 letters": Bad(404, method="GET", path="/v1/" + "a" * 8000),
    "a method this address lacks": Bad(405, method="DELETE", path="/v1/things"),
    "a method nobody has": Bad(405, method="BREW", path="/v1/things"),
    "TRACE": Bad(405, method="TRACE", path="/v1/things"),
    "two content types": Bad(400, thing(), headers=(*JSON.items(), ("content-type", "text/plain"))),
    "two authorizations": Bad(400, thing(), headers=(*JSON.items(), *[("authorization", "Bearer a")] * 2)),
    "two idempotency keys": Bad(400, thing(), headers=(*JSON.items(), *[("idempotency-key", "a")] * 2)),
    "a length that is none": Bad(400, thing(), headers=(*JSON.items(), ("content-length", "ten"))),
    "a length below nothing": Bad(400, thing(), headers=(*JSON.items(), ("content-length", "-1"))),
    "a length with a sign": Bad(400, thing(), headers=(*JSON.items(), ("content-length", "+20"))),
    "a length of 30 digits": Bad(413, thing(), headers=(*JSON.items(), ("content-length", "9" * 30))),
    "a length beyond the most": Bad(413, thing(), headers=(*JSON.items(), ("content-length", "1000001"))),
    "a bell in a header": Bad(400, thing(), headers=(*JSON.items(), ("accept-language", "en\x07"))),
    "6 MB of JSON": Bad(413, b'{"name": "' + b"a" * 6_000_000 + b'"}'),
    "a JSON body for a form": Bad(415, b'{"username": "a"}', path="/v1/forms"),
    "a form without its field": Bad(422, b"user=a", path="/v1/forms", headers=(
        ("content-type", "application/x-www-form-urlencoded"),)),
    "a form with a NUL": Bad(400, b"username=%00", path="/v1/forms", headers=(
        ("content-type", "application/x-www-form-urlencoded"),)),
    "a form in GBK": Bad(400, b"username=%B9%F1", path="/v1/forms", headers=(
        ("content-type", "application/x-www-form-urlencoded"),)),
    "a form with too long a field": Bad(422, b"username=" + b"a" * 41, path="/v1/forms", headers=(
        ("content-type", "application/x-www-form-urlencoded"),)),
    "an upload without a boundary": Bad(400, b"x", path="/v1/worker-lists", headers=(
        ("content-type", "multipart/form-data"),)),
    "an upload that ends early": Bad(422, b"--b\r\ncontent-disposition: form-data; name=", path="/v1/worker-lists",
        headers=(("content-type", "multipart/form-data; boundary=b"),)),
    "an upload that is no upload": Bad(400, CANARY.encode(), path="/v1/worker-lists", headers=(
        ("content-type", "multipart/form-data; boundary=b"),)),
    "an upload with a text for its file": Bad(
        422, b'--b\r\ncontent-disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n', path="/v1/worker-lists",
        headers=(("content-type", "multipart/form-data; boundary=b"),)),
    "JSON where only a file is taken": Bad(415, b"{}", path="/v1/worker-lists"),
    "a file larger than any list": Bad(
        413, b'--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"a" * 20_200_000
        + b"\r\n--b--\r\n", path="/v1/worker-lists",
        headers=(("content-type", "multipart/form-data; boundary=b"),)),
    "an upload to where none belongs": Bad(415, b"--b--\r\n", headers=(
        ("content-type", "multipart/form-data; boundary=b"),)),
}  # fmt: skip

CORPUS: dict[str, Bad] = (
    {f"{name} as a body": Bad(400, body) for name, body in NOT_JSON.items()}
    | {f"{name} in the fields": Bad(422, body) for name, body in WRONG_FIELDS.items()}
    | {f"{name} as the kind": Bad(415, thing(), headers=headers) for name, headers in WRONG_KINDS.items()}
    | OTHER
)


def send(client: TestClient, bad: Bad, *more: tuple[str, str]) -> httpx.Response:
    """Send it as it stands."""
    answer: httpx.Response = client.request(
        bad.method, bad.path, content=bad.body or None, headers=[*bad.headers, *more]
    )
    return answer


@pytest.mark.parametrize("bad", CORPUS.values(), ids=CORPUS.keys())
def test_what_is_malformed_is_refused_with_a_problem_that_repeats_nothing(client: TestClient, bad: Bad) -> None:
    answer = send(client, bad)
    assert answer.status_code == bad.status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail", "code", "errors"}
    assert answer.json()["status"] == bad.status
    assert "530102199001011234" not in answer.text
    assert "金丝雀" not in answer.text


@pytest.mark.parametrize("bad", CORPUS.values(), ids=CORPUS.keys())
def test_a_problem_in_english_has_the_same_codes(client: TestClient, bad: Bad) -> None:
    chinese, english = send(client, bad).json(), send(client, bad, ("accept-language", "en-GB, zh;q=0.5")).json()
    assert english["detail"].isascii()
    assert all(error["message"].isascii() for error in english["errors"])
    assert not chinese["detail"].isascii()
    assert [english["code"], english["status"]] == [chinese["code"], chinese["status"]]
    assert [error["code"] for error in english["errors"]] == [error["code"] for error in chinese["errors"]]


TAKEN: dict[str, bytes] = {
    "the least there must be": b'{"name": "x"}',
    "every field": thing(size=7, share=0, is_open=True, day="2026-03-28", at="2026-03-28T08:00:00+08:00",
                         colour="blue", owner="w_" + "0" * 32, parts=[{"count": 1}] * 5),
    "a pair of surrogates": rb'{"name": "\ud83d\ude00"}',
    "a character beyond the first plane": '{"name": "𠀀𬬻"}'.encode(),
    "spaces around": b' \r\n\t{ "name" : "x" } \n',
    "keys that differ in their case as text": b'{"name": "name"}',
    "a float at the edge": raw("1.7976931348623157e308"),
}  # fmt: skip


@pytest.mark.parametrize("body", TAKEN.values(), ids=TAKEN.keys())
@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=UTF-8", "Application/JSON"])
def test_what_is_well_formed_is_taken(client: TestClient, body: bytes, kind: str) -> None:
    assert client.post("/v1/things", content=body, headers={"content-type": kind}).status_code == 200


def test_a_form_and_a_file_are_taken(client: TestClient) -> None:
    assert client.post("/v1/forms", data={"username": "田小草"}).json()["name"] == "田小草"
    file = b"a" * 20_000_000
    assert client.post("/v1/worker-lists", files={"file": ("名单.xlsx", file)}).json()["name"] == "20000000"


def test_the_deepest_value_that_is_taken_has_as_many_levels_as_is_said() -> None:
    strict_json(b"[" * DEEPEST + b"]" * DEEPEST)
    with pytest.raises(ValueError, match="deep"):
        strict_json(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(values, st.booleans())
def test_any_proper_value_comes_through_unchanged(value: object, escaped: bool) -> None:
    assert strict_json(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:\\u0d8c1e+-.ntfN \0', max_size=60).map(str.encode))
def test_any_bytes_are_a_value_or_a_value_error(body: bytes) -> None:
    try:
        strict_json(body)
    except ValueError:
        return
    json.loads(body)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_make_the_service_fail(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/things", content=body, headers=JSON)
    assert answer.status_code in (400, 422)
