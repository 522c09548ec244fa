"""The engine's table from the database, and the look-up of the document that made a tier."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from app.actor import ENGINE, VISITOR
from app.db.transaction import read
from app.pairings.queries import recorded
from app.places.model import Division
from matching.tables import Tier


def test_the_table_is_what_is_told_of_each_pair(db: Connection) -> None:
    day = date(2022, 5, 1)
    with read(ENGINE) as tx:
        codes = tx.session.scalars(select(Division.code).order_by(Division.code)).all()
        index = {code: number for number, code in enumerate(codes)}
        pairings = recorded(tx.session)
        table = pairings.tiers(day, index)
        assert table.shape == (len(codes), len(codes))
        for home in ("520526", "622926", "500243", "532622", "513431", "511129", "520000"):
            told = [pairings.between(home, code, day).tier for code in codes]
            assert [Tier(tier) for tier in table[index[home]]] == told


def test_the_document_of_a_tier_is_found(db: Connection) -> None:
    with read(VISITOR) as tx:
        pairings = recorded(tx.session)
    found = {code: pairings.between("520526", code, date(2022, 5, 1)) for code in ("440106", "110105")}
    assert found["440106"].tier is Tier.PREFECTURE
    assert (found["440106"].west_name, found["440106"].east_name) == ("毕节市", "广州市")
    assert found["440106"].document == "广州日报 2025-09-10 广州市党政代表团赴毕节安顺黔南"
    assert (found["110105"].tier, found["110105"].document) == (Tier.NONE, None)


def test_an_unknown_home_is_paired_with_nobody(db: Connection) -> None:
    with read(VISITOR) as tx:
        assert recorded(tx.session).between("999999", "440106", date(2022, 5, 1)).tier is Tier.NONE
