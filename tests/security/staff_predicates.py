"""Each condition in the functions of staff, keys and approvals, what it is without, and which test then says no."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.security import test_staff_rules as staff
from tests.security.attack import Connection
from tests.security.world import named

Test = Callable[[Connection], None]


def _shut_for(wrong: str) -> Test:
    return partial(staff.test_the_door_stays_shut_for, wrong=wrong)


def _no_place_for(name: str, of: str, what: dict[str, str]) -> Test:
    return partial(staff.test_a_place_is_not_asked_for, name=name, of=of, what=what)


_ELSEWHERE: Test = partial(
    staff.test_an_organisation_is_asked_for_in_ones_region_only, name="coordinator", division="440106"
)
_AS_HEAD: Test = partial(staff.test_an_organisation_is_asked_for_in_ones_region_only, name="head", division="440106")
_FOREIGN_CLERK = staff.WANTED | {"user": str(named("user", "other_station"))}
_STAFF_OF = "organisation_id = app.ctx_staff_of()"

#: function -> (what it says, what it would say broken, who notices), asked by the login that serves requests
AS_LOGIN: dict[str, list[tuple[str, str, Test]]] = {
    "end_user(uuid)": [
        (_STAFF_OF, "true", staff.test_who_looks_after_the_staff_ends_an_account_and_nobody_elses),
        ("or app.ctx_is('operator')", "", staff.test_who_looks_after_the_staff_ends_an_account_and_nobody_elses),
    ],
    "make_clerk(uuid)": [
        (f"and {_STAFF_OF}", "", staff.test_a_head_is_made_a_clerk_by_the_own_station_only),
        ("and role = 'head'", "", staff.test_a_head_is_made_a_clerk_by_the_own_station_only),
    ],
    "set_phone(uuid,text)": [
        ("and id = app.ctx_staff_of()", "", staff.test_an_office_says_its_own_telephone_only),
    ],
    "revoke_key(uuid)": [
        (
            f"({_STAFF_OF} or app.ctx_is('operator'))",
            "true",
            staff.test_a_key_is_revoked_by_its_organisation_or_an_operator,
        ),
        ("or app.ctx_is('operator')", "", staff.test_a_key_is_revoked_by_its_organisation_or_an_operator),
    ],
    "ctx_staff_of()": [
        (
            "c[2] in ('head', 'destination', 'employer', 'coordinator')",
            "true",
            staff.test_who_looks_after_the_staff_ends_an_account_and_nobody_elses,
        )
    ],
    "ctx_region(text)": [("c[1] = audience", "true", _AS_HEAD)],
    "ask_approval(text,uuid,text,jsonb,text)": [
        (
            "app.kind_of(what->>'role') = subject.kind",
            "true",
            _no_place_for("head", "station", {"role": "coordinator", "name": "x"}),
        ),
        ("subject.id = app.ctx_staff_of()", "true", _no_place_for("head", "other_station", staff.WANTED)),
        (
            "subject.division_code like app.ctx_region('coordinator')",
            "true",
            _no_place_for("coordinator", "other_station", staff.WANTED),
        ),
        ("and u.organisation_id = subject.id", "", _no_place_for("head", "station", _FOREIGN_CLERK)),
        (
            "in_division := subject.division_code;",
            "",
            staff.test_the_division_of_a_wish_is_that_of_its_organisation,
        ),
        ("in_division like app.ctx_region('coordinator')", "true", _ELSEWHERE),
        ("and what->>'kind' in ('station', 'destination', 'employer', 'authority')", "", _ELSEWHERE),
    ],
    "decide_approval(uuid,boolean,text)": [
        ("a.asked_by <> app.ctx_person()", "true", staff.test_nobody_decides_alone),
        (
            "a.division_code like app.ctx_region('coordinator')",
            "true",
            staff.test_a_coordinator_of_another_region_does_not_decide,
        ),
        ("a.state <> 'asked' or", "", staff.test_a_decision_is_final),
    ],
    "use_approval(uuid,text)": [
        ("and asked_by = app.ctx_person()", "", staff.test_a_place_is_given_once_and_to_who_asked),
        ("and state = 'approved'", "", staff.test_a_place_is_given_once_and_to_who_asked),
        ("and kind = of_kind", "", staff.test_an_approval_of_one_kind_makes_nothing_of_another),
    ],
    "add_organisation(uuid,text,text,text,text)": [
        ("elsif not app.ctx_is('operator')", "elsif false", staff.test_only_an_operator_makes_an_organisation_alone)
    ],
}
#: The same, asked by the superuser, who sets the stage.
AS_SUPERUSER: dict[str, list[tuple[str, str, Test]]] = {
    "actor_of_token(bytea)": [
        ("t.kind <> 'refresh' and", "", _shut_for("update tokens set kind = 'refresh'")),
        ("u.state = 'active'", "true", _shut_for("update users set state = 'left', left_at = now()")),
        ("k.revoked_at is null", "true", _shut_for("update api_keys set revoked_at = now()")),
    ],
    "end_user(uuid)": [("and state = 'active'", "", staff.test_leaving_ends_password_and_sessions_once)],
    "decide_approval(uuid,boolean,text)": [
        ("or a.expires_at <= now()", "", staff.test_a_wish_that_is_over_is_not_decided)
    ],
    "sign_out(boolean)": [
        ("t.worker_id = mine.worker_id", "true", staff.test_signing_out_ends_ones_own_sessions_only),
        ("t.session_id = mine.session_id", "true", staff.test_signing_out_ends_ones_own_sessions_only),
    ],
    "add_secret(uuid,bytea,interval)": [
        (f"and {_STAFF_OF}", "", staff.test_a_secret_is_added_to_a_key_of_ones_own_that_lives),
        ("and revoked_at is null", "", staff.test_a_secret_is_added_to_a_key_of_ones_own_that_lives),
        ("and expires_at > now()", "", staff.test_a_secret_is_added_to_a_key_of_ones_own_that_lives),
    ],
    "withdraw_invitation(uuid)": [
        (f"and {_STAFF_OF}", "", staff.test_an_invitation_is_withdrawn_by_its_organisation_while_it_is_open),
        ("accepted_at is null and", "", staff.test_an_invitation_is_withdrawn_by_its_organisation_while_it_is_open),
    ],
}
