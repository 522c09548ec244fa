"""Every page of every reader, with its address in a small market."""

from __future__ import annotations

from app.edge.public_ids import show
from tests import people
from tests.console.market import Market

#: reader -> (a short name for the picture, the address)
Pages = dict[str, list[tuple[str, str]]]


def every_page(market: Market) -> Pages:
    """The pages that need nothing but looking."""
    worker, vacancy = show("w", market.welders[3]), show("v", market.own_vacancy)
    return {
        "nobody": [("welcome", "/welcome"), ("sign-in", "/sign-in"), ("sign-in-phone", "/sign-in/phone")],
        "station": [
            ("desk", "/desk"),
            ("lists", "/desk/lists"),
            ("workers", "/desk/workers"),
            ("worker", f"/desk/workers/{worker}"),
            ("read-out", f"/desk/workers/{worker}/read-out"),
            ("vacancies", "/desk/vacancies"),
            ("vacancy", f"/desk/vacancies/{vacancy}"),
            ("plans", "/desk/plans"),
            ("not-found", "/desk/workers/w_00000000000000000000000000000000"),
        ],
        "employer": [("board", "/board"), ("post", "/board/new"), ("board-vacancy", f"/board/{vacancy}")],
        "coordinator": [
            ("picture", "/picture"),
            ("picture-origins", "/picture/origins"),
            ("picture-lists", "/picture/lists"),
            ("picture-flows", "/picture/flows"),
            ("picture-market", "/picture/market"),
            ("shocks", "/shocks"),
            ("plans-figures", "/desk/plans"),
            ("office", "/office"),
        ],
        "destination": [("office-decides", "/office")],
        "head": [("office-head", "/office")],
        "auditor": [("office-audit", "/office")],
        "operator": [("office-operator", "/office")],
        "worker": [("my", "/my"), ("my-wishes", "/my/wishes"), ("my-rights", "/my/rights")],
    }


def token_of(market: Market, reader: str) -> str | None:
    """With what a reader is signed in."""
    if reader == "nobody":
        return None
    return market.asked.bearer if reader == "worker" else people.bearer(reader)
