"""How offers are posted, found, changed and closed, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import text

from app.db.base import today
from app.db.transaction import read, write
from tests import people
from tests.client import TestClient
from tests.signed_in import Clients, faults
from tests.vacancies.invented import form


def post(client: TestClient, **stated: Any) -> dict[str, Any]:
    answer = client.post("/v1/vacancies", json=form(**stated))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def titles(answer: Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def fill(vacancy: str, places: int, who: str = "employer") -> None:
    """As placements will."""
    with write(people.actor(who)) as tx:
        tx.session.execute(
            text("update vacancies set filled = :places where id = cast(:id as uuid)"),
            {"places": places, "id": vacancy[2:]},
        )


def test_an_employer_posts_an_offer_and_reads_it_back(of: Clients) -> None:
    employer = of("employer")
    posted = post(employer)
    assert employer.get(f"/v1/vacancies/{posted['id']}").json() == posted
    assert (posted["state"], posted["openings"], posted["division"]) == ("open", 12, "440106")
    assert posted["occupation"] == "O054"
    assert posted["certificate_terms"]
    assert posted["valid_until"] == str(today() + timedelta(days=30))


def test_only_the_poster_sees_whom_to_ask_and_their_own_reference(of: Clients) -> None:
    posted = post(of("employer"), external_ref="HR-1", remarks={"备注": "内部"})
    assert (posted["contact"], posted["phone"], posted["external_ref"]) == ("王经理", "020-12345678", "HR-1")
    for who in ("station", "destination", "coordinator", "auditor"):
        seen = of(who).get(f"/v1/vacancies/{posted['id']}").json()
        assert [seen[name] for name in ("contact", "phone", "external_ref", "remarks")] == [None] * 4
        assert seen["title"] == "电焊工"


def test_one_employer_does_not_see_anothers_offers(of: Clients) -> None:
    posted = post(of("employer"))["id"]
    other = of("other_employer")
    absent = other.get("/v1/vacancies/v_" + "0" * 32)
    for method, rest in (("GET", ""), ("PATCH", ""), ("POST", "/close")):
        foreign = other.request(method, f"/v1/vacancies/{posted}{rest}", json={} if method == "PATCH" else None)
        assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert titles(other.get("/v1/vacancies")) == []


def test_who_reads_an_open_offer_may_not_change_it(of: Clients) -> None:
    posted = post(of("employer"))["id"]
    assert of("station").patch(f"/v1/vacancies/{posted}", json={"headcount": 1}).status_code == 403
    assert of("station").post(f"/v1/vacancies/{posted}/close").status_code == 403
    assert of("auditor").post("/v1/vacancies", json=form()).status_code == 403


def test_a_closed_offer_is_gone_for_all_but_its_poster(of: Clients) -> None:
    employer, station = of("employer"), of("station")
    address = f"/v1/vacancies/{post(employer)['id']}"
    assert station.get(address).status_code == 200
    assert employer.post(f"{address}/close").json()["state"] == "closed"
    assert employer.post(f"{address}/close").status_code == 200
    assert station.get(address).status_code == 404
    assert titles(station.get("/v1/vacancies")) == titles(employer.get("/v1/vacancies")) == []
    assert titles(employer.get("/v1/vacancies", params={"mine": True})) == ["电焊工"]


def test_a_filled_offer_is_not_found_and_one_place_less_is(of: Clients) -> None:
    posted = post(of("employer"), headcount=2)["id"]
    fill(posted, 1)
    assert of("station").get("/v1/vacancies").json()["items"][0]["openings"] == 1
    fill(posted, 2)
    assert titles(of("station").get("/v1/vacancies")) == []


@pytest.mark.parametrize(
    ("stated", "field", "code", "article"),
    [
        ({"requirements": "限男性，已婚者优先"}, "requirements", "discriminatory_requirement", "就业促进法"),
        ({"title": "女工 限汉族"}, "title", "discriminatory_requirement", "就业促进法"),
        ({"employer": "某厂（不招少数民族）"}, "employer", "discriminatory_requirement", "就业促进法"),
        ({"contact": "张，谢绝河南人"}, "contact", "discriminatory_requirement", "就业促进法"),
        ({"requirements": "入职交押金500元"}, "requirements", "fee_or_deposit", "劳动合同法"),
        ({"remarks": {"备注": "需自理体检费"}}, "remarks", "fee_or_deposit", "劳动合同法"),
    ],
)
def test_unlawful_wording_is_refused_with_the_article(
    of: Clients, stated: dict[str, Any], field: str, code: str, article: str
) -> None:
    answer = of("employer").post("/v1/vacancies", json=form(**stated))
    assert faults(answer) == {field: code}
    assert article in answer.json()["errors"][0]["message"]


def test_unlawful_wording_does_not_come_in_by_a_change_either(of: Clients) -> None:
    employer = of("employer")
    address = f"/v1/vacancies/{post(employer)['id']}"
    assert faults(employer.patch(address, json={"requirements": "只要男的"})) == {
        "requirements": "discriminatory_requirement"
    }
    assert employer.get(address).json()["requirements"] == "会二保焊，能吃苦"


def test_pay_below_the_lowest_tier_of_the_province_is_refused(of: Clients) -> None:
    employer = of("employer")
    assert faults(employer.post("/v1/vacancies", json=form(wage_min=1200))) == {"wage_min": "below_minimum_wage"}
    assert post(employer, wage_min=1200, wage_max=1500, kind="public_welfare")["wage_min"] == 1200
    address = f"/v1/vacancies/{post(employer)['id']}"
    assert faults(employer.patch(address, json={"wage_min": 1200})) == {"wage_min": "below_minimum_wage"}


def test_what_is_wrong_is_named_by_field(of: Clients) -> None:
    employer = of("employer")
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "wage_max": ({"wage_max": 5000}, "bad_range"),
        "age_max": ({"age_min": 40, "age_max": 30}, "bad_range"),
        "age_min": ({"age_min": 15}, "too_small"),
        "workplace": ({"workplace": "某某省某某县"}, "unknown_place"),
        "valid_until": ({"valid_until": "2020-01-01"}, "expired"),
        "uscc": ({"uscc": "91440101MA0000000X"}, "bad_uscc"),
        "headcount": ({"headcount": 0}, "too_small"),
        "sex": ({"sex": "男"}, "unknown_field"),
    }
    for field, (stated, code) in wrong.items():
        assert faults(employer.post("/v1/vacancies", json=form(**stated))) == {field: code}


def test_the_same_external_ref_again_is_a_conflict_and_the_same_words_are_another_offer(of: Clients) -> None:
    employer = of("employer")
    post(employer, external_ref="HR-1")
    again = employer.post("/v1/vacancies", json=form(external_ref="HR-1", title="厨师"))
    assert (again.status_code, again.json()["code"]) == (409, "vacancy_exists")
    assert post(employer)["id"] != post(employer)["id"]
    assert post(of("other_employer"), external_ref="HR-1")["external_ref"] == "HR-1"


def test_an_offer_is_changed_by_who_has_read_the_last_version(of: Clients) -> None:
    employer = of("employer")
    address = f"/v1/vacancies/{post(employer)['id']}"
    tag = employer.get(address).headers["etag"]
    new = {"headcount": 3, "wage_min": 7000, "phone": None, "title": "厨师", "workplace": "浙江省杭州市西湖区"}
    changed = employer.patch(address, json=new, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    found = changed.json()
    assert (found["headcount"], found["wage_min"], found["wage_max"], found["wage"]) == (
        3,
        7000,
        8000,
        "7000-8000元/月",
    )
    assert (found["contact"], found["phone"], found["division"]) == ("王经理", None, "330106")
    assert found["occupation"] not in (None, "O054")
    stale = employer.patch(address, json={"headcount": 4}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")


def test_a_change_that_changes_nothing_leaves_version_and_time(of: Clients) -> None:
    employer = of("employer")
    posted = post(employer)
    address = f"/v1/vacancies/{posted['id']}"
    tag = employer.get(address).headers["etag"]
    same = employer.patch(address, json=form())
    assert (same.json(), same.headers["etag"]) == (posted, tag)


def test_headcount_does_not_fall_below_the_places_taken(of: Clients) -> None:
    employer = of("employer")
    posted = post(employer, headcount=5)["id"]
    fill(posted, 3)
    answer = employer.patch(f"/v1/vacancies/{posted}", json={"headcount": 2})
    assert (answer.status_code, answer.json()["code"]) == (409, "headcount_below_filled")
    assert employer.patch(f"/v1/vacancies/{posted}", json={"headcount": 3}).json()["openings"] == 0


def test_offers_are_found_by_occupation_pay_and_words(of: Clients) -> None:
    employer, station = of("employer"), of("station")
    post(employer)
    post(employer, title="保洁员", wage_min=3000, wage_max=3500, workplace="浙江省杭州市西湖区", certificates=None)
    found = {
        ("occupation", "焊工"): ["电焊工"],
        ("occupation", "O054"): ["电焊工"],
        ("occupation", "保洁"): ["保洁员"],
        ("pay_from", "3500"): ["保洁员", "电焊工"],
        ("pay_from", "3501"): ["电焊工"],
        ("q", "西湖"): ["保洁员"],
        ("q", "%"): [],
    }
    for (name, value), expected in found.items():
        assert titles(station.get("/v1/vacancies", params={name: value})) == expected, (name, value)


def test_offers_are_paged_newest_first(of: Clients) -> None:
    employer, station = of("employer"), of("station")
    for n in range(5):
        post(employer, title=f"焊工{n}班")
    first = station.get("/v1/vacancies", params={"limit": 2})
    second = station.get("/v1/vacancies", params={"limit": 2, "cursor": first.json()["next"]})
    third = station.get("/v1/vacancies", params={"limit": 2, "cursor": second.json()["next"]})
    assert titles(first) + titles(second) + titles(third) == [f"焊工{n}班" for n in (4, 3, 2, 1, 0)]
    assert third.json()["next"] is None


def test_near_a_point_the_nearest_come_first_with_their_distance_page_by_page(of: Clients) -> None:
    employer, station = of("employer"), of("station")
    for title, workplace in {
        "杭州": "浙江省杭州市西湖区",
        "广州": "广东省广州市天河区",
        "深圳": "广东省深圳市南山区",
    }.items():
        post(employer, title=f"电焊工（{title}）", workplace=workplace)
    here = {"near": "113.36,23.12", "limit": 2}
    first = station.get("/v1/vacancies", params=here).json()
    second = station.get("/v1/vacancies", params=here | {"cursor": first["next"]}).json()
    items = first["items"] + second["items"]
    assert [item["title"][4:6] for item in items] == ["广州", "深圳", "杭州"]
    assert [round(item["km"], -2) for item in items] == [0, 100, 1000]
    assert titles(station.get("/v1/vacancies", params=here | {"within_km": 300})) == [
        "电焊工（广州）",
        "电焊工（深圳）",
    ]
    for bad in ("x", "1,2,3", "999,1", "nan,1"):
        assert faults(station.get("/v1/vacancies", params={"near": bad})) == {"near": "bad_format"}


def test_a_point_in_baidus_coordinates_is_converted(of: Clients) -> None:
    employer, station = of("employer"), of("station")
    post(employer, workplace_point={"lon": 113.3612, "lat": 23.1247, "crs": "bd09"})
    there = station.get("/v1/vacancies", params={"near": "113.3612,23.1247", "crs": "bd09"}).json()
    raw = station.get("/v1/vacancies", params={"near": "113.3612,23.1247"}).json()
    assert there["items"][0]["km"] == 0
    assert 0.5 < raw["items"][0]["km"] < 2


def test_the_same_key_posts_an_offer_once(of: Clients) -> None:
    employer = of("employer")
    once = {"Idempotency-Key": "k-1"}
    first = employer.post("/v1/vacancies", json=form(), headers=once)
    again = employer.post("/v1/vacancies", json=form(), headers=once)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(titles(employer.get("/v1/vacancies"))) == 1


def test_a_contacts_phone_does_not_stand_readable_in_the_table(of: Clients) -> None:
    post(of("employer"))
    with read(people.actor("employer")) as tx:
        assert "12345678" not in str(tx.session.scalar(text("select c::text from vacancy_contacts c")))
