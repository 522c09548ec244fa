"""/docs and /openapi.json: the document, and a page made of it that needs nothing from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse

from app.edge.caching import public
from app.edge.problems import status_of_kind, title_of
from app.errors import ProductError

router = APIRouter(include_in_schema=False)

_STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#1b1f24}h1{margin:0}h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de}
code,pre{font:13px/1.5 ui-monospace,monospace}
details{border:1px solid #d0d7de;border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}summary{cursor:pointer}
b.m{display:inline-block;width:4.5rem}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #eaeef2;padding:.2rem .6rem .2rem 0;text-align:left;vertical-align:top}
pre{background:#f6f8fa;padding:.6rem;overflow:auto}@media(prefers-color-scheme:dark){
body{background:#0d1117;color:#e6edf3}details,h2,td,th{border-color:#30363d}pre{background:#161b22}a{color:#79c0ff}}
"""


@router.get("/openapi.json")
def get_document(request: Request) -> Response:
    """The OpenAPI document."""
    answer = JSONResponse(request.app.openapi())
    public(answer, 60)
    return answer


@router.get("/")
def get_start() -> RedirectResponse:
    """Whoever opens the bare address finds the document."""
    return RedirectResponse("/docs", status_code=307)


@router.get("/docs")
def get_docs(request: Request) -> Response:
    """The document as a page."""
    answer = HTMLResponse("".join(_page(request.app.openapi())))
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    public(answer, 60)
    return answer


def _page(document: dict[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield "<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    yield f"<title>{_text(info['title'])} API</title><style>{_STYLE}</style>"
    yield f"<h1>{_text(info['title'])} {_text(info['version'])}</h1><p>{_text(info.get('summary', ''))}</p>"
    yield "<p><a href=/openapi.json>/openapi.json</a> · <a href='#problems'>错误 / problems</a> · "
    yield "<a href='#schemas'>数据结构 / schemas</a></p>"
    for tag, operations in _by_tag(document).items():
        yield f"<h2>{_text(tag)}</h2>"
        for path, method, operation in operations:
            yield from _operation(path, method, operation)
    yield from _problems()
    yield "<h2 id=schemas>数据结构 / schemas</h2>"
    for name, schema in document["components"]["schemas"].items():
        yield from _schema(name, schema)
    yield "</html>"


def _by_tag(document: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation.get("tags", ["other"])[0], []).append((path, method, operation))
    return found


def _operation(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    name = operation["operationId"]
    yield f"<details id='{_text(name)}'><summary><b class=m>{method.upper()}</b><code>{_text(path)}</code> "
    yield f"{_text(operation.get('description', name))}</summary><p><code>{_text(name)}</code>"
    yield " · 需登录 / bearer token</p>" if operation.get("security") else "</p>"
    if parameters := operation.get("parameters"):
        yield "<table><tr><th>参数 / parameter<th>在 / in<th>类型 / type<th></tr>"
        for found in parameters:
            star = " *" if found.get("required") else ""
            yield f"<tr><td><code>{_text(found['name'])}</code>{star}<td>{found['in']}<td>{_type(found['schema'])}"
            yield f"<td>{_text(found.get('description', ''))}</tr>"
        yield "</table>"
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p>请求体 / body: <code>{_text(kind)}</code> {_type(content.get('schema', {}))}</p>"
    yield "<table><tr><th>状态 / status<th>内容 / content<th></tr>"
    for status, answer in operation["responses"].items():
        contents = ", ".join(_type(each.get("schema", {})) for each in answer.get("content", {}).values())
        yield f"<tr><td>{_text(status)}<td>{contents}<td>{_text(answer.get('description', ''))}</tr>"
    yield "</table></details>"


def _problems() -> Iterator[str]:
    yield "<h2 id=problems>错误 / problems</h2><table><tr><th>status<th>code<th>中文<th>English</tr>"
    for kind in sorted(set(_kinds(ProductError)), key=lambda found: (status_of_kind(found), found.code)):
        status = status_of_kind(kind)
        english = _text(" ".join((kind.__doc__ or "").split()))
        yield f"<tr id='{kind.code}'><td>{status} {title_of(status, 'zh')}<td><code>{kind.code}</code>"
        yield f"<td>{_text(kind.zh)}<td>{english}</tr>"
    yield "</table>"


def _kinds(kind: type[ProductError]) -> Iterator[type[ProductError]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _kinds(inner)


def _schema(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"<details id='schema-{_text(name)}'><summary><code>{_text(name)}</code> "
    yield f"{_text(schema.get('description', ''))}</summary>"
    if "enum" in schema:
        yield f"<p><code>{_text(' | '.join(map(str, schema['enum'])))}</code></p>"
    yield "<table>"
    for field, inner in schema.get("properties", {}).items():
        star = " *" if field in schema.get("required", ()) else ""
        meaning = _text(inner.get("description", ""))
        yield f"<tr><td><code>{_text(field)}</code>{star}<td>{_type(inner)}<td>{meaning}</tr>"
    yield "</table></details>"


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words, with links."""
    if reference := schema.get("$ref"):
        name = _text(reference.rpartition("/")[2])
        return f"<a href='#schema-{name}'>{name}</a>"
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " | ".join(_type(each) for each in schema[key])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return _text(" ".join(str(schema[key]) for key in ("type", "format", "pattern") if key in schema)) or "…"


def _text(value: object) -> str:
    return html.escape(str(value), quote=True)
