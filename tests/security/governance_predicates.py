"""Each condition in the functions of approval and duties, what it is without, and which test then says no."""

from __future__ import annotations

from collections.abc import Callable

from tests.security import test_governance_rules as gov
from tests.security.attack import Connection

Test = Callable[[Connection], None]

#: function -> (what it says, what it would say broken, who notices), asked by the login that serves requests
AS_LOGIN: dict[str, list[tuple[str, str, Test]]] = {
    "decide_vacancy(uuid,text)": [
        ("and state = 'pending'", "", gov.test_only_what_waits_is_decided_on),
        (
            "and workplace_code between app.ctx_area_from(who[1]) and app.ctx_area_to(who[1])",
            "",
            gov.test_the_office_of_the_place_of_work_decides_and_no_other,
        ),
    ],
    "keep_waiting()": [
        (
            "left(o.division_code, 2) = left(a.workplace_code, 2)",
            "true",
            gov.test_an_offer_outside_the_posters_province_waits,
        ),
        ("or b.workplace_code <> a.workplace_code", "", gov.test_an_offer_outside_the_posters_province_waits),
    ],
    "ctx_area_to(text)": [
        (
            "when c[4] like '%00' then left(c[4], 4) || '99'",
            "",
            gov.test_the_office_of_the_place_of_work_decides_and_no_other,
        )
    ],
}
#: The same, asked by the superuser, who plants what the test needs.
AS_SUPERUSER: dict[str, list[tuple[str, str, Test]]] = {
    "decide_vacancy(uuid,text)": [
        (
            "if rejected is null then",
            "if true then",
            gov.test_the_first_approval_approves_the_employer_and_a_refusal_does_not,
        ),
        (
            "and approved_at is null and uscc is not null",
            "and false",
            gov.test_the_first_approval_approves_the_employer_and_a_refusal_does_not,
        ),
        (
            "and app.plain_name(o.name) = app.plain_name(v.employer)",
            "",
            gov.test_the_first_approval_approves_the_employer_and_a_refusal_does_not,
        ),
    ],
    "keep_waiting()": [
        ("b.state <> 'open' or", "", gov.test_what_waits_elsewhere_is_not_opened_by_its_poster),
        (
            "when o.kind = 'employer' then o.approved_at is not null",
            "when o.kind = 'employer' then true",
            gov.test_an_employer_nobody_approved_opens_nothing,
        ),
        *(
            (words, broken, gov.test_an_employer_opens_nothing_for_another_company_before_an_office_did)
            for words, broken in (
                ("or foreign_to_it then", "then"),
                ("elsif decided then", "elsif false then"),
                ("(b.state <> 'open' or b.employer <> a.employer\n", "(false or b.employer <> a.employer\n"),
                ("or b.employer <> a.employer\n", "\n"),
                ("select bool_or(true) into decided from added where decided_at is not null;", ""),
                ("and a.decided_at is distinct from b.decided_at", "and false"),
            )
        ),
    ],
}
