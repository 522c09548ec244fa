"""Requests nobody should send, as bytes: no client library repairs them on the way.

A case is a name and the whole request. `MARK` stands in each as often as there is room: no answer may repeat it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.vacancies.invented import form as vacancy_form
from tests.workers.invented import form as worker_form

MARK = "malformed-7f3a9c"
_M = MARK.encode()
#: Filled in when the requests are sent: a live token of a station.
TOKEN = b"{TOKEN}"
_AUTH = b"Authorization: Bearer " + TOKEN
_ID = "0" * 32

Cases = dict[str, bytes]


def request(
    target: bytes | str, *headers: bytes, method: bytes = b"GET", body: bytes = b"", version: bytes = b"HTTP/1.1"
) -> bytes:
    """A request as it goes over the wire, with a token and the length of its body."""
    target = target.encode() if isinstance(target, str) else target
    lines = [method + b" " + target + b" " + version, b"Host: localhost", b"Connection: close", _AUTH, *headers]
    if body and not any(line.lower().startswith((b"content-length", b"transfer-encoding")) for line in headers):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def post(target: str, body: bytes, kind: bytes = b"application/json", *headers: bytes) -> bytes:
    """A POST of a body."""
    return request(target, b"Content-Type: " + kind, *headers, method=b"POST", body=body)


def _worker(**stated: Any) -> bytes:
    return json.dumps(worker_form(41, remarks={"x": MARK}, **stated), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


_TEXT = b'{"name":"%s","id_number":"520526197601011234","home_address":"' + _M + b'"}'

#: What is no JSON, or JSON that no two readers read alike.
BODIES: dict[str, bytes] = {
    "nan": b'{"min_wage":NaN,"name":"' + _M + b'"}',
    "infinity": b'{"min_wage":Infinity,"name":"' + _M + b'"}',
    "minus infinity": b'{"min_wage":-Infinity,"name":"' + _M + b'"}',
    "too large a float": b'{"min_wage":1e400,"name":"' + _M + b'"}',
    "too large a negative float": b'{"reach_km":-1e400,"name":"' + _M + b'"}',
    "5,000 digits": b'{"min_wage":' + b"9" * 5000 + b',"name":"' + _M + b'"}',
    "100,000 digits": b'{"min_wage":' + b"9" * 100_000 + b"}",
    "a tiny exponent": b'{"reach_km":1e-999999,"name":"' + _M + b'"}',
    "a huge exponent": b'{"reach_km":1e999999999,"name":"' + _M + b'"}',
    "trailing comma": b'{"name":"' + _M + b'",}',
    "comma first": b'{,"name":"' + _M + b'"}',
    "single quotes": b"{'name':'" + _M + b"'}",
    "comment": b"{/* " + _M + b' */"name":"x"}',
    "line comment": b'{"name":"x"} // ' + _M,
    "bare key": b'{name:"' + _M + b'"}',
    "a key twice": b'{"name":"a","name":"' + _M + b'"}',
    "a key twice by escape": b'{"name":"a","n\\u0061me":"' + _M + b'"}',
    "a key twice inside": b'{"remarks":{"a":1,"a":"' + _M + b'"}}',
    "byte order mark": b"\xef\xbb\xbf" + _worker(),
    "utf-16": _worker().decode().encode("utf-16"),
    "utf-16 without mark": _worker().decode().encode("utf-16-le"),
    "utf-32": _worker().decode().encode("utf-32"),
    "gbk": _worker().decode().encode("gbk"),
    "latin-1": b'{"name":"\xe9' + _M + b'"}',
    "overlong slash": b'{"name":"\xc0\xaf' + _M + b'"}',
    "overlong nul": b'{"name":"\xc0\x80' + _M + b'"}',
    "surrogate in utf-8": b'{"name":"\xed\xa0\x80' + _M + b'"}',
    "beyond unicode": b'{"name":"\xf4\x90\x80\x80' + _M + b'"}',
    "five byte form": b'{"name":"\xf8\x88\x80\x80\x80' + _M + b'"}',
    "cut-off sequence": b'{"name":"' + _M + b'\xe4\xbd"}',
    "lone high surrogate": _TEXT % b"\\ud800",
    "lone low surrogate": _TEXT % b"\\udfff",
    "surrogates the wrong way round": _TEXT % b"\\udc00\\ud800",
    "surrogate in a key": b'{"\\ud800":"' + _M + b'"}',
    "nul": _TEXT % b"a\\u0000b",
    "nul in a key": b'{"a\\u0000":"' + _M + b'"}',
    "raw nul": _TEXT % b"a\0b",
    "raw newline in a text": _TEXT % b"a\nb",
    "raw escape in a text": _TEXT % b"a\x1bb",
    "unknown escape": _TEXT % b"a\\qb",
    "short escape": _TEXT % b"a\\u12",
    "cut off": b'{"name":"' + _M,
    "cut off after a key": b'{"' + _M + b'":',
    "only a bracket": b"{",
    "only white space": b" \n\t ",
    "true": b"true",
    "null": b"null",
    "a number": b"1",
    "a text": b'"' + _M + b'"',
    "a list": b'["' + _M + b'"]',
    "an empty list": b"[]",
    "an empty object": b"{}",
    "two documents": b'{"name":"a"}{"name":"' + _M + b'"}',
    "two lines": b'{"name":"a"}\n{"name":"' + _M + b'"}',
    "rubbish behind": b'{"name":"a"} ' + _M,
    "a nul behind": b'{"name":"' + _M + b'"}\0',
    "65 lists": b"[" * 65 + b"]" * 65,
    "1,000 lists": b"[" * 1_000 + b"]" * 1_000,
    "100,000 lists": b"[" * 100_000 + b"]" * 100_000,
    "300,000 open lists": b"[" * 300_000,
    "10,000 objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a remark 70 deep": b'{"remarks":' + b'{"a":' * 70 + b'"' + _M + b'"' + b"}" * 70 + b"}",
    "50,000 keys": b"{" + b",".join(b'"%d":1' % n for n in range(50_000)) + b"}",
    "a text of 900,000": _TEXT % (b"x" * 900_000),
    "more than a megabyte": _TEXT % (b"x" * 1_100_000),
    "a key of 900,000": b'{"' + b"k" * 900_000 + b'":1}',
    "an unknown key": b'{"' + _M + b'":"' + _M + b'"}',
    "an empty key": b'{"":"' + _M + b'"}',
    "__proto__": b'{"__proto__":{"a":"' + _M + b'"}}',
    "constructor": b'{"constructor":{"prototype":{"a":"' + _M + b'"}}}',
    "leading zero": b'{"min_wage":0123,"name":"' + _M + b'"}',
    "plus": b'{"min_wage":+1,"name":"' + _M + b'"}',
    "hex": b'{"min_wage":0x10,"name":"' + _M + b'"}',
    "a dot first": b'{"min_wage":.5,"name":"' + _M + b'"}',
    "a dot last": b'{"min_wage":5.,"name":"' + _M + b'"}',
    "underscore": b'{"min_wage":1_000,"name":"' + _M + b'"}',
    "capital True": b'{"willing_to_go_out":True,"name":"' + _M + b'"}',
    "undefined": b'{"name":undefined,"x":"' + _M + b'"}',
    "yaml": b"name: " + _M,
    "xml": b"<name>" + _M + b"</name>",
    "xml with an entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;' + _M + b"</a>",
    "pickle": b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x0b" + _M,
    "gzip without saying": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + _M,
}

#: Texts that are Unicode and odd.
ODD_TEXTS = {
    "right to left override": "\u202e三丰",
    "isolates": "\u2066张\u2069",
    "zero width space": "张\u200b三",
    "zero width joiner": "张\u200d三",
    "word joiner": "张\u2060三",
    "byte order mark": "\ufeff张三",
    "only a zero width space": "\u200b",
    "only a space": " ",
    "only an ideographic space": "\u3000",
    "no-break space": "张\u00a0三",
    "line separator": "张\u2028三",
    "paragraph separator": "张\u2029三",
    "newline": "张\n三",
    "tab": "张\t三",
    "escape": "张\x1b[31m三",
    "bell": "张\x07",
    "delete": "张\x7f",
    "next line": "张\x85三",
    "noncharacter": "张\ufffe",
    "noncharacter far off": "张\U0010ffff",
    "private use": "张\ue000",
    "unassigned": "张\U000e0fff",
    "tags": "张\U000e0041\U000e0042",
    "variation selector": "葛\U000e0100",
    "hundred accents": "a" + "\u0301" * 100,
    "thousand accents": "a" + "\u0301" * 1000,
    "hangul filler": "\u3164",
    "full width": "ｚｈａｎｇ",
    "replacement character": "张\ufffd",
    "emoji family": "👨‍👩‍👧‍👦",
    "flag": "🇨🇳",
    "astral": "𠮷野",
    "ligature of 18": "\ufdfa" * 30,
    "dotless i": "ıİ",
    "eszett": "ß" * 50,
    "10,000 letters": "张" * 10_000,
    "quote": "Robert'); drop table workers;--",
    "template": "{{7*7}}${7*7}<%= 7*7 %>",
    "markup": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://x")',
    "format": "%s%n%x{0}",
    "path": "../../../../etc/passwd",
    "null word": "null",
    "csv": "a,b\r\nc,d",
}

#: Values of the wrong kind, for every field of a form.
WRONG_VALUES: dict[str, Any] = {
    "true": True,
    "minus one": -1,
    "2**31": 2**31,
    "2**63": 2**63,
    "half": 0.5,
    "text": MARK,
    "list": [MARK],
    "lists": [[[MARK]]],
    "object": {"a": MARK},
}


def _bodies() -> Iterator[tuple[str, bytes]]:
    for name, body in BODIES.items():
        yield f"worker: {name}", post("/v1/workers", body)
    for name in ("nan", "a key twice", "lone high surrogate", "nul", "1,000 lists", "100,000 digits"):
        yield f"vacancy: {name}", post("/v1/vacancies", BODIES[name])
        yield f"list: {name}", post("/v1/worker-lists", BODIES[name])
        yield f"sign-in: {name}", post("/v1/auth/otp", BODIES[name])


def _texts() -> Iterator[tuple[str, bytes]]:
    for name, text in ODD_TEXTS.items():
        yield f"name: {name}", post("/v1/workers", _worker(name=text))
    for name in ("nul", "newline", "10,000 letters", "full width", "noncharacter", "quote", "ligature of 18"):
        text = ODD_TEXTS.get(name, "a\0b")
        vacancy = json.dumps(vacancy_form(title=text, employer=MARK)).encode()
        yield f"title: {name}", post("/v1/vacancies", vacancy)
        yield f"phone: {name}", post("/v1/auth/otp", json.dumps({"phone": text + MARK}).encode())


def _fields() -> Iterator[tuple[str, bytes]]:
    fields = [*worker_form(1), "home_point", "groups", "education", "certificates", "consent", "reach_km", "remarks"]
    for field in fields:
        for name, value in WRONG_VALUES.items():
            yield f"{field}: {name}", post("/v1/workers", json.dumps(worker_form(42) | {field: value}).encode())
    for field in ("headcount", "wage_min", "wage_max", "age_min", "valid_until", "uscc", "workplace_point", "kind"):
        for name in ("minus one", "2**63", "text", "object"):
            body = json.dumps(vacancy_form() | {field: WRONG_VALUES[name]}).encode()
            yield f"vacancy {field}: {name}", post("/v1/vacancies", body)


def _headers() -> Iterator[tuple[str, bytes]]:
    get, form = "/v1/workers", _worker()
    for name, headers in {
        "two hosts": (b"Host: " + _M,),
        "two tokens": (b"Authorization: Bearer " + _M,),
        "two keys": (b"Idempotency-Key: a", b"Idempotency-Key: " + _M),
        "two conditions": (b'If-Match: "a"', b'If-Match: "' + _M + b'"'),
        "100,000 letters": (b"X-Long: " + b"x" * 100_000,),
        "1,000 headers": tuple(b"X-%d: %s" % (n, _M) for n in range(1000)),
        "nul": (b"X-Odd: a\0" + _M,),
        "escape": (b"X-Odd: a\x1b" + _M,),
        "carriage return": (b"X-Odd: a\rX-Two: " + _M,),
        "not ascii": (b"X-Odd: \xe4\xbd\xa0" + _M,),
        "not ascii in a name": (b"X-\xe4\xbd: " + _M,),
        "space before the colon": (b"X-Odd : " + _M,),
        "no colon": (b"X-Odd " + _M,),
        "no name": (b": " + _M,),
        "folded": (b"X-Odd: a\r\n b" + _M,),
        "language": (b"Accept-Language: " + b",".join(b"x-%d;q=0.1" % n for n in range(500)) + _M,),
        "language weight": (b"Accept-Language: en;q=NaN, zh;q=-1;" + _M,),
        "accept": (b"Accept: application/" + _M + b";q=x",),
        "accept encoding": (b"Accept-Encoding: " + _M + b";q=,gzip;;",),
        "if-match without quotes": (b"If-Match: " + _M,),
        "if-none-match of 1,000": (b"If-None-Match: " + b",".join([b'"' + _M + b'"'] * 1000),),
        "if-none-match half": (b'If-None-Match: W/"' + _M,),
        "if-modified-since": (b"If-Modified-Since: " + _M,),
        "range": (b"Range: bytes=" + b"0-1," * 500 + _M,),
        "range backwards": (b"Range: bytes=9-1;" + _M,),
        "expects": (b"Expect: " + _M,),
        "upgrade": (b"Upgrade: websocket", b"Sec-WebSocket-Key: " + _M),
        "h2c": (b"Upgrade: h2c", b"HTTP2-Settings: " + _M),
        "forwarded": (
            b"X-Forwarded-For: " + _M + b", 1.2.3.4",
            b"X-Forwarded-Proto: javascript",
            b"Forwarded: for=" + _M,
        ),
        "forwarded host": (b"X-Forwarded-Host: " + _M,),
        "method override": (b"X-HTTP-Method-Override: DELETE " + _M,),
        "cookie": (b"Cookie: ew_session=" + _M + b"; a; =; ;;;" + b"x=y;" * 200,),
        "cookie with a quote": (b'Cookie: a="' + _M,),
        "origin": (b"Origin: null://" + _M,),
        "referer": (b"Referer: \x7f" + _M,),
        "trailer": (b"Trailer: " + _M, b"TE: trailers, deflate;q=x"),
        "content type on a get": (b"Content-Type: " + _M,),
    }.items():
        yield f"header: {name}", request(get, *headers)
    for name, key in {
        "empty": b"",
        "long": b"k" * 5000,
        "nul": b"a\0b",
        "not ascii": b"\xe4\xbd\xa0",
        "spaces": b"a b",
    }.items():
        yield f"key: {name}", post("/v1/workers", form, b"application/json", b"Idempotency-Key: " + key)
    for name, kind in {
        "nothing": b"",
        "text": b"text/plain",
        "unknown": b"application/" + _M,
        "half": b"application",
        "two": b"application/json, text/html",
        "utf-7": b"application/json; charset=utf-7",
        "utf-16": b"application/json; charset=utf-16",
        "charset of nobody": b"application/json; charset=" + _M,
        "charset by rfc 2231": b"application/json; charset*=utf-8''%ff" + _M,
        "parameter without value": b"application/json; " + _M,
        "xml": b"application/xml",
        "form": b"application/x-www-form-urlencoded",
        "not ascii": b"application/json; x=\xff",
        "suffix": b"application/" + _M + b"+json",
    }.items():
        yield f"content type: {name}", post("/v1/workers", form, kind)
    yield "two content types", post("/v1/workers", form, b"application/json", b"Content-Type: text/plain")
    for coding in (b"gzip", b"br", b"deflate", b"identity, gzip", _M):
        yield (
            f"content encoding {coding.decode()}",
            post("/v1/workers", form, b"application/json", b"Content-Encoding: " + coding),
        )


def _lengths() -> Iterator[tuple[str, bytes]]:
    body, kind = b'{"name":"' + _M + b'"}', b"Content-Type: application/json"

    def sent(*headers: bytes, body: bytes = body) -> bytes:
        return request("/v1/workers", kind, *headers, method=b"POST", body=body)

    for name, length in {
        "negative": b"-1",
        "plus": b"+5",
        "hex": b"0x10",
        "words": _M,
        "empty": b"",
        "float": b"10.0",
        "two in one": b"10, 11",
        "huge": b"9" * 30,
        "2**64": b"18446744073709551617",
        "not ascii digits": "１２".encode(),
        "too short": b"5",
        "a gigabyte": b"1073741824",
    }.items():
        yield f"length {name}", sent(b"Content-Length: " + length)
    yield "two lengths", sent(b"Content-Length: 5", b"Content-Length: 26")
    yield "length and chunks", sent(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + _M)
    for name, coding in {
        "gzip": b"gzip",
        "twice": b"chunked, chunked",
        "odd": _M,
        "identity": b"identity",
        "tab": b"\tchunked",
    }.items():
        yield f"transfer coding {name}", sent(b"Transfer-Encoding: " + coding, body=b"0\r\n\r\n")
    chunked = b"Transfer-Encoding: chunked"
    for name, chunks in {
        "no number": b"xyz\r\n" + body + b"\r\n0\r\n\r\n",
        "negative": b"-5\r\n" + body + b"\r\n0\r\n\r\n",
        "huge": b"ffffffffffffffffff\r\n" + body,
        "two gigabytes": b"80000000\r\n" + body,
        "extension": b"1a;" + _M + b"=" + b"x" * 5000 + b"\r\n" + body[:26] + b"\r\n0\r\n\r\n",
        "bare lf": b"1a\n" + body[:26] + b"\n0\n\n",
        "too short": b"3\r\n" + body + b"\r\n0\r\n\r\n",
        "trailers": b"2\r\n{}\r\n0\r\nAuthorization: " + _M + b"\r\n\r\n",
        "one byte each": b"".join(b"1\r\n%c\r\n" % byte for byte in b'{"a":1}') + b"0\r\n\r\n",
        "empty": b"0\r\n\r\n",
        "over a megabyte": b"".join(b"10000\r\n" + b"x" * 65536 + b"\r\n" for _ in range(20)) + b"0\r\n\r\n",
    }.items():
        yield f"chunks {name}", sent(chunked, body=chunks)


def _tokens() -> Iterator[tuple[str, bytes]]:
    for name, value in {
        "empty": b"",
        "scheme only": b"Bearer",
        "scheme and space": b"Bearer ",
        "two spaces": b"Bearer  " + TOKEN,
        "tab": b"Bearer\t" + TOKEN,
        "no scheme": TOKEN,
        "basic": b"Basic " + TOKEN,
        "digest": b"Digest username=" + _M,
        "half": b"Bearer ew_te",
        "with more": b"Bearer " + TOKEN + _M,
        "with a dot": b"Bearer " + TOKEN + b".",
        "with a space": b"Bearer " + TOKEN + b" x",
        "two": b"Bearer " + TOKEN + b", Bearer " + _M,
        "quoted": b'Bearer "' + TOKEN + b'"',
        "long": b"Bearer " + b"x" * 50_000,
        "not ascii": b"Bearer \xe4\xbd\xa0" + _M,
        "injection": b"Bearer ' or true --" + _M,
        "percent": b"Bearer %00" + _M,
        "jwt of nobody": b"Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiaGVhZCJ9." + _M,
        "hash": b"Bearer " + b"0" * 64,
        "nul": b"Bearer \0" + _M,
        "escaped crlf": b"Bearer %0d%0aX: " + _M,
    }.items():
        lines = [b"GET /v1/workers HTTP/1.1", b"Host: localhost", b"Connection: close", b"Authorization: " + value]
        yield f"token {name}", b"\r\n".join(lines) + b"\r\n\r\n"
    yield "token in the query", request("/v1/workers?access_token=" + MARK)


def _addresses() -> Iterator[tuple[str, bytes]]:
    for name, target in {
        "nul": b"/v1/workers/%00" + _M,
        "not utf-8": b"/v1/workers/%ff%fe" + _M,
        "overlong": b"/v1/workers/%c0%af" + _M,
        "half a percent": b"/v1/workers/%",
        "percent of nothing": b"/v1/workers/%zz" + _M,
        "twice escaped": b"/v1/workers/%2525" + _M,
        "dots": b"/v1/workers/../../etc/passwd" + _M,
        "escaped dots": b"/v1/..%2f..%2fetc%2fpasswd" + _M,
        "static dots": b"/static/..%2f..%2fpyproject.toml",
        "static backslash": b"/static/..%5c..%5cpyproject.toml",
        "two slashes": b"//v1//workers//" + _M,
        "slash last": b"/v1/workers/",
        "parameters": b"/v1/workers;" + _M,
        "long": b"/v1/workers/" + b"x" * 60_000,
        "raw bytes": b"/v1/workers/\xe4\xbd\xa0" + _M,
        "raw control": b"/v1/workers/\x01" + _M,
        "no id": b"/v1/workers/w_",
        "capitals": b"/v1/workers/w_" + b"A" * 32,
        "too short": b"/v1/workers/w_" + b"0" * 31,
        "too long": b"/v1/workers/w_" + b"0" * 33,
        "of another kind": f"/v1/workers/v_{_ID}".encode(),
        "full width digits": b"/v1/workers/w_" + "０".encode() * 32,
        "newline behind": f"/v1/workers/w_{_ID}%0a".encode(),
        "nobody's": f"/v1/workers/w_{_ID}".encode(),
        "dashes": b"/v1/workers/00000000-0000-0000-0000-000000000000",
        "sql": b"/v1/workers/w_'%20or%20true--" + _M,
        "purpose": f"/v1/workers/w_{_ID}/consents/{MARK}".encode(),
        "division": b"/v1/divisions/" + _M,
        "division of digits": b"/v1/divisions/" + "五".encode() * 6,
        "division long": b"/v1/divisions/" + b"1" * 5000,
        "whole address": b"http://elsewhere.example/v1/workers?" + _M,
        "authority": b"elsewhere.example:443",
        "star": b"*",
        "nothing": b"",
        "fragment": b"/v1/workers#" + _M,
        "question": b"/v1/workers???" + _M,
    }.items():
        yield f"address {name}", request(target)
    for method in (
        b"TRACE",
        b"CONNECT",
        b"OPTIONS",
        b"PROPFIND",
        b"get",
        b"GE\tT",
        b"\xff",
        b"M" * 5000,
        b"PATCH",
        b"DELETE",
    ):
        yield f"method {method[:9]!r}", request("/v1/workers", method=method)
    for version in (
        b"HTTP/0.9",
        b"HTTP/1.0",
        b"HTTP/1.2",
        b"HTTP/2.0",
        b"HTTP/9.9",
        b"HTTX/1.1",
        b"",
        b"HTTP/1.1 " + _M,
    ):
        yield f"version {version.decode()}", request("/v1/workers", version=version)
    yield "http/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    yield "tls hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + _M + b"\r\n\r\n"
    yield "bare line feeds", b"GET /v1/workers HTTP/1.1\nHost: localhost\nConnection: close\n\n"
    yield "no host", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"
    yield "odd host", b"GET /healthz HTTP/1.1\r\nHost: <" + _M + b">\r\nConnection: close\r\n\r\n"
    yield "empty lines first", b"\r\n\r\n\r\n" + request("/healthz")
    yield "spaces first", b"  " + request("/healthz")
    yield "another behind", request("/healthz") + b"GET /" + _M + b" HTTP/1.1\r\n\r\n"
    yield "rubbish", b"\0\1\2\3" + _M + b"\r\n\r\n"


def _queries() -> Iterator[tuple[str, bytes]]:
    for name, target in {
        "limit -1": "/v1/workers?limit=-1",
        "limit 0": "/v1/workers?limit=0",
        "limit 101": "/v1/workers?limit=101",
        "limit huge": "/v1/workers?limit=" + "9" * 4000,
        "limit float": "/v1/workers?limit=1.5",
        "limit exponent": "/v1/workers?limit=1e400",
        "limit nan": "/v1/workers?limit=NaN",
        "limit empty": "/v1/workers?limit=",
        "limit word": f"/v1/workers?limit={MARK}",
        "limit twice": "/v1/workers?limit=1&limit=2",
        "limit in full width": "/v1/workers?limit=%EF%BC%91",
        "limit underscore": "/v1/workers?limit=1_0",
        "limit in brackets": f"/v1/workers?limit[]={MARK}",
        "cursor empty": "/v1/workers?cursor=",
        "cursor word": f"/v1/workers?cursor={MARK}",
        "cursor of json": "/v1/workers?cursor=W3sidCI6IjIwMjYifV0",
        "cursor long": "/v1/workers?cursor=" + "A" * 601,
        "cursor nul": "/v1/workers?cursor=%00",
        "cursor padding": "/v1/workers?cursor=====",
        "cursor twice": "/v1/workers?cursor=a&cursor=b",
        "q nul": f"/v1/workers?q=%00{MARK}",
        "q not utf-8": f"/v1/workers?q=%ff{MARK}",
        "q surrogate": f"/v1/workers?q=%ed%a0%80{MARK}",
        "q long": "/v1/workers?q=" + "x" * 50_000,
        "q wildcards": f"/v1/workers?q=%25%25%25_%5c{MARK}",
        "q regex": f"/v1/occupations?q=((((a*)*)*)*)*{MARK}",
        "q of words": "/v1/divisions?q=" + "%E7%9C%81" * 500,
        "since word": f"/v1/workers?updated_since={MARK}",
        "since year 0": "/v1/workers?updated_since=0000-01-01T00:00:00Z",
        "since year 99999": "/v1/workers?updated_since=99999-01-01T00:00:00Z",
        "since zone": "/v1/workers?updated_since=2026-01-01T00:00:00%2B99:99",
        "since number": "/v1/workers?updated_since=1e400",
        "near one": f"/v1/vacancies?near={MARK}",
        "near nan": "/v1/vacancies?near=NaN,NaN",
        "near infinite": "/v1/vacancies?near=inf,-inf&within_km=1e308",
        "near far off": "/v1/vacancies?near=999,999",
        "near many": "/v1/vacancies?near=1,2,3,4",
        "near empty": "/v1/vacancies?near=,",
        "within nan": "/v1/vacancies?near=104,26&within_km=NaN",
        "within negative": "/v1/vacancies?near=104,26&within_km=-1",
        "pay huge": "/v1/vacancies?pay_from=99999999999999999999",
        "state odd": f"/v1/vacancies?state={MARK}",
        "crs odd": f"/v1/vacancies?near=104,26&crs={MARK}",
        "mine odd": f"/v1/vacancies?mine={MARK}",
        "west odd": f"/v1/pairings/between?west={MARK}&east=%00",
        "on odd": "/v1/pairings?on=2026-02-30",
        "on number": "/v1/pairings?on=1769904000",
        "on year 10000": "/v1/pairings?on=10000-01-01",
        "between nothing": "/v1/pairings/between",
        "1,000 parameters": "/v1/workers?" + "&".join(f"a{n}={MARK}" for n in range(1000)),
        "semicolons": f"/v1/workers?a={MARK};b=2",
        "no names": f"/v1/workers?=&=&&&={MARK}",
        "half a percent": "/v1/workers?q=%",
        "percent of nothing": f"/v1/workers?q=%zz{MARK}",
        "unknown": f"/v1/workers?{MARK}={MARK}",
        "next outside": f"/sign-in?next=//elsewhere.example/{MARK}",
    }.items():
        yield f"query {name}", request(target)


def _forms() -> Iterator[tuple[str, bytes]]:
    kind = b"application/x-www-form-urlencoded"
    for name, body in {
        "nothing": b"&",
        "no grant": b"username=a&password=" + _M,
        "odd grant": b"grant_type=" + _M,
        "nul": b"grant_type=password&username=%00&password=" + _M,
        "not utf-8": b"grant_type=password&username=%ff&password=" + _M,
        "raw bytes": b"grant_type=password&username=\xff\xfe&password=" + _M,
        "surrogate": b"grant_type=password&username=%ed%a0%80&password=" + _M,
        "twice": b"grant_type=password&grant_type=refresh_token&username=a&password=" + _M,
        "5,000 fields": b"grant_type=password&" + b"&".join(b"a%d=1" % n for n in range(5000)),
        "half a percent": b"grant_type=password&username=%&password=" + _M,
        "long password": b"grant_type=password&username=a&password=" + b"x" * 100_000,
        "megabytes": b"grant_type=password&username=" + b"x" * 1_200_000,
        "refresh of nobody": b"grant_type=refresh_token&refresh_token=" + _M,
        "refresh without": b"grant_type=refresh_token",
        "odd code": b"grant_type=password&username=a&password=b&one_time_code=" + _M,
        "json": b'{"grant_type":"password","username":"' + _M + b'"}',
    }.items():
        yield f"form {name}", post("/v1/auth/token", body, kind)
    yield "form as json", post("/v1/auth/token", b'{"grant_type":"password"}')
    yield "form as parts", post("/v1/auth/token", b"--b\r\n\r\n--b--", b"multipart/form-data; boundary=b")
    yield "form without type", request("/v1/auth/token", method=b"POST", body=b"grant_type=password")
    yield "form on a page", post("/sign-in", b"login=%00&password=" + _M, kind)
    yield "form on a page, not utf-8", post("/sign-in", b"login=%ff&password=" + _M, kind)


def _parts() -> Iterator[tuple[str, bytes]]:
    kind = b"multipart/form-data; boundary=bound"

    def part(head: bytes, content: bytes = "姓名\n张三\n".encode() + _M) -> bytes:
        return b"--bound\r\n" + head + b"\r\n\r\n" + content + b"\r\n"

    named = b'Content-Disposition: form-data; name="file"; filename="a.csv"'
    end = b"--bound--\r\n"
    for name, body in {
        "nothing": b"",
        "only the end": end,
        "no end": part(named),
        "another boundary": part(named).replace(b"bound", b"other") + b"--other--",
        "no headers": b"--bound\r\n\r\n" + _M + b"\r\n" + end,
        "no disposition": part(b"Content-Type: text/csv") + end,
        "no name": part(b'Content-Disposition: form-data; filename="a.csv"') + end,
        "no file name": part(b'Content-Disposition: form-data; name="file"') + end,
        "empty file name": part(b'Content-Disposition: form-data; name="file"; filename=""') + end,
        "another field": part(named.replace(b'"file"', b'"' + _M + b'"')) + end,
        "two files": part(named) + part(named) + end,
        "file name path": part(named.replace(b"a.csv", b"../../" + _M + b".csv")) + end,
        "file name nul": part(named.replace(b"a.csv", b"a\0" + _M + b".csv")) + end,
        "file name quotes": part(named.replace(b"a.csv", b'a\\"' + _M + b".csv")) + end,
        "file name long": part(named.replace(b"a.csv", b"x" * 20_000 + b".csv")) + end,
        "file name not utf-8": part(named.replace(b"a.csv", b"\xff\xfe.csv")) + end,
        "file name by rfc 5987": part(named + b"; filename*=utf-8''%ff%00" + _M) + end,
        "header long": part(named + b"\r\nX-Long: " + b"x" * 50_000) + end,
        "1,000 headers": part(named + b"".join(b"\r\nX-%d: a" % n for n in range(1000))) + end,
        "2,000 parts": b"".join(part(b'Content-Disposition: form-data; name="a%d"' % n, b"x") for n in range(2000))
        + end,
        "coded": part(named + b"\r\nContent-Transfer-Encoding: base64") + end,
        "parts in parts": part(named + b"\r\nContent-Type: multipart/mixed; boundary=inner") + end,
        "empty file": part(named, b"") + end,
        "nul bytes": part(named, b"\0" * 1000) + end,
        "half a zip": part(named.replace(b".csv", b".xlsx"), b"PK\x03\x04" + b"\0" * 40) + end,
        "no zip": part(named.replace(b".csv", b".xlsx"), _M) + end,
        "half an xls": part(named.replace(b".csv", b".xls"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") + end,
        "bare line feeds": part(named).replace(b"\r\n", b"\n") + b"--bound--",
        "before it": b"x" * 10_000 + b"\r\n" + part(named) + end,
        "behind it": part(named) + end + b"x" * 10_000,
    }.items():
        yield f"parts {name}", post("/v1/worker-lists", body or b"\r\n", kind)
    for name, boundary in {"none": b"", "empty": b"; boundary=", "long": b"; boundary=" + b"b" * 5000}.items():
        yield f"boundary {name}", post("/v1/worker-lists", part(named) + end, b"multipart/form-data" + boundary)
    yield "boundary not ascii", post("/v1/worker-lists", part(named) + end, b"multipart/form-data; boundary=\xff")
    yield "parts for a form", post("/v1/workers", part(named) + end, kind)


#: family -> its cases.
FAMILIES: dict[str, Cases] = {
    "bodies": dict(_bodies()),
    "texts": dict(_texts()),
    "fields": dict(_fields()),
    "headers": dict(_headers()),
    "lengths": dict(_lengths()),
    "tokens": dict(_tokens()),
    "addresses": dict(_addresses()),
    "queries": dict(_queries()),
    "forms": dict(_forms()),
    "parts": dict(_parts()),
}
