"""Reference data: what is in the database after loading, and that loading twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from app.actor import VISITOR
from app.db.transaction import own, read
from app.occupations.model import Occupation
from app.pairings.model import Pairing
from app.places.model import Division, FormerName, KeyCounty, Place
from app.suggestions.model import ScoringProfile
from app.vacancies.model import MinimumWage
from seed.reference.load import load_reference

TABLES = (Division, FormerName, Place, KeyCounty, Pairing, MinimumWage, Occupation, ScoringProfile)
DIGEST = "select md5(string_agg(r, '|' order by r)) from (select (to_jsonb(t) - 'created_at')::text r from {} t) rows"
#: What a coordinator recorded.
RECORDED = (
    "insert into organisations (id, kind, name) values ('00000000-0000-0000-0000-000000000001', 'authority', '某市')",
    "insert into pairings (id, kind, level, east_code, east_name, west_code, west_name, since, document, confidence,"
    " recorded_by) values (gen_random_uuid(), 'current', 'county', '440106', '天河区', '520526', '威宁', '2024-01-01',"
    " '协议', 'high', '00000000-0000-0000-0000-000000000001')",
)


@pytest.fixture
def db_session(db: Connection) -> Iterator[Session]:
    with read(VISITOR) as tx:
        yield tx.session


def contents() -> Mapping[str, object]:
    with own() as session:
        return {name: session.scalar(text(DIGEST.format(name))) for name in (t.__tablename__ for t in TABLES)}


@pytest.mark.usefixtures("fresh_database")
def test_loading_again_changes_nothing() -> None:
    before = contents()
    with own() as session:
        counts = load_reference(session)
    assert contents() == before
    assert (counts["pairings"], counts["key_counties"], counts["minimum_wages"]) == (247, 160, 180)


@pytest.mark.usefixtures("fresh_database")
def test_loading_again_restores_the_files_words_and_keeps_what_an_authority_recorded() -> None:
    before = contents()
    with own() as session:
        session.execute(text("update divisions set name = 'x' where code = '520526'"))
        session.execute(text("update pairings set document = 'other words' where west_code = '150000'"))
        for statement in RECORDED:
            session.execute(text(statement))
    with own() as session:
        load_reference(session)
        assert session.scalar(select(func.count()).where(Pairing.east_name == "天河区")) == 1
        session.execute(text("delete from pairings where recorded_by is not null"))
    assert contents() == before


def test_divisions_form_a_tree_of_three_levels(db_session: Session) -> None:
    levels = dict(db_session.execute(select(Division.level, func.count()).group_by(Division.level)).all())
    assert levels == {1: 34, 2: 333, 3: 2871}
    wrong = text(
        "select d.code from divisions d left join divisions p on p.code = d.parent_code"
        " where (d.level = 1) <> (p.code is null) or p.level >= d.level"
    )
    assert db_session.execute(wrong).all() == []


def test_cities_without_counties_are_prefectures_and_municipalities_have_no_prefecture(db_session: Session) -> None:
    rows = db_session.execute(
        select(Division.code, Division.level, Division.parent_code).where(
            Division.code.in_(["441900", "500243", "429004", "460400"])
        )
    )
    assert {row.code: (row.level, row.parent_code) for row in rows} == {
        "441900": (2, "440000"),
        "460400": (2, "460000"),
        "500243": (3, "500000"),
        "429004": (3, "420000"),
    }


def test_every_division_is_a_place(db_session: Session) -> None:
    sure = dict(
        db_session.execute(select(Place.sure, func.count()).where(Place.detail == "").group_by(Place.sure)).all()
    )
    assert sure == {"county": 2876, "prefecture": 335, "province": 27}


def test_counterpart_support_is_no_pairing(db_session: Session) -> None:
    west_of_support = select(func.count()).where(
        Pairing.west_code.startswith("65") | Pairing.west_code.startswith("54")
    )
    assert db_session.scalar(west_of_support) == 0
    assert dict(db_session.execute(select(Pairing.kind, func.count()).group_by(Pairing.kind)).all()) == {
        "current": 215,
        "former": 32,
    }


def test_a_zone_without_a_code_stands_for_its_city(db_session: Session) -> None:
    zones = db_session.execute(
        select(Pairing.east_code, Pairing.coarse).where(Pairing.east_name.like("%高新技术产业开发区"))
    ).all()
    assert sorted(zones) == [("370100", True), ("440400", True)]


def test_a_former_pairing_ends_with_its_last_full_year(db_session: Session) -> None:
    days = select(Pairing.since, Pairing.until).where(Pairing.east_name == "苏州市")
    assert db_session.execute(days).all() == [(date(2016, 1, 1), date(2020, 12, 31))]


def test_minimum_wages_are_dated_by_edition(db_session: Session) -> None:
    editions = select(MinimumWage.as_of, func.count()).group_by(MinimumWage.as_of).order_by(MinimumWage.as_of)
    assert db_session.execute(editions).all() == [
        (date(2022, 4, 1), 92),
        (date(2022, 10, 1), 3),
        (date(2025, 7, 1), 84),
        (date(2025, 9, 1), 1),
    ]


def test_occupations_carry_the_words_people_use_and_what_the_law_asks(db_session: Session) -> None:
    sewing = db_session.execute(select(Occupation.name, Occupation.aliases).where(Occupation.id == "O001")).one()
    assert sewing.name == "缝纫工"
    assert "平车工" in sewing.aliases
    asked = dict(
        db_session.execute(select(Occupation.certificate, func.count()).group_by(Occupation.certificate)).all()
    )
    assert {"none", "special_operation", "special_equipment", "driving_licence"} <= asked.keys()


def test_the_scoring_profile_is_the_contracts(db_session: Session) -> None:
    profile = db_session.execute(select(ScoringProfile)).mappings().all()
    rows = db_session.execute(
        select(ScoringProfile.version, ScoringProfile.weights, ScoringProfile.tiers, ScoringProfile.neutral_skill)
    ).all()
    assert len(profile) == len(rows) == 1
    assert tuple(rows[0]) == (
        "2022.1",
        {"skill": 0.40, "distance": 0.20, "pairing": 0.28, "pay": 0.12},
        {"none": 0.0, "market": 0.30, "former": 0.45, "province": 0.65, "prefecture": 0.85, "county": 1.0},
        0.30,
    )
