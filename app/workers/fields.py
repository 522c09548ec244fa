"""Which columns of a worker a list or a form may state, and under which name."""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """A stored column: its type, its name in a list, and which field of a draft says that it was stated."""

    column: str
    type: str
    word: str
    stated_by: str


def _field(column: str, kind: str, word: str | None = None, stated_by: str | None = None) -> Field:
    return Field(column, kind, word or column, stated_by or column)


#: Columns of workers that a draft states. The first three are worked out from the home and the phone.
RECORD = (
    _field("home_id", "uuid", "home_address", "home"),
    _field("home_code", "text", "home_address", "home"),
    _field("phone_index", "bytea", "phone", "phone"),
    _field("name", "text"),
    _field("home_text", "text", "home_address"),
    _field("groups", "text[]"),
    _field("education", "text"),
    _field("labour_ability", "text"),
    _field("employment_status", "text"),
    _field("skills_text", "text", "skills"),
    _field("skills", "text[]", "skills", "skills_text"),
    _field("certificates_text", "text", "certificates"),
    _field("certificates", "text[]", "certificates", "certificates_text"),
    _field("household", "text"),
    _field("remarks", "jsonb"),
)
#: Columns of intentions.
INTENTION = (
    _field("willing_to_go_out", "bool"),
    _field("occupations_text", "text", "desired_occupations"),
    _field("occupations", "text[]", "desired_occupations", "occupations_text"),
    _field("places_text", "text", "desired_places"),
    _field("destinations", "text[]", "desired_places", "places_text"),
    _field("not_destinations", "text[]", "desired_places", "places_text"),
    _field("scope", "text", "desired_places", "places_text"),
    _field("min_wage", "int"),
    _field("reach_km", "float8"),
    _field("reach_is_limit", "bool", "reach_km", "reach_km"),
    _field("available_from", "date"),
    _field("in_work_asks", "bool"),
    _field("training_wanted", "text"),
)
