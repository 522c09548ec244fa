"""Which columns of a worker a list or a form may state, and under which name."""

from __future__ import annotations

from app.db.stated import field

#: Columns of workers that a draft states. The first three are worked out from the home and the phone.
RECORD = (
    field("home_id", "uuid", "home_address", "home"),
    field("home_code", "text", "home_address", "home"),
    field("phone_index", "bytea", "phone", "phone"),
    field("name", "text"),
    field("home_text", "text", "home_address"),
    field("groups", "text[]", blank=[]),
    field("education", "text"),
    field("labour_ability", "text"),
    field("employment_status", "text"),
    field("skills_text", "text", "skills"),
    field("skills", "text[]", "skills", "states_skills"),
    field("certificates_text", "text", "certificates"),
    field("certificates", "text[]", "certificates", "certificates_text"),
    field("household", "text"),
    field("remarks", "jsonb", blank={}),
)
#: Columns of intentions.
INTENTION = (
    field("willing_to_go_out", "bool"),
    field("occupations_text", "text", "desired_occupations"),
    field("occupations", "text[]", "desired_occupations", "occupations_text"),
    field("places_text", "text", "desired_places"),
    field("destinations", "text[]", "desired_places", "places_text"),
    field("not_destinations", "text[]", "desired_places", "places_text"),
    field("scope", "text", "desired_places", "places_text"),
    field("min_wage", "int"),
    field("reach_km", "float8"),
    field("reach_is_limit", "bool", "reach_km", "reach_km"),
    field("available_from", "date"),
    field("in_work_asks", "bool", blank=False),
    field("training_wanted", "text"),
)
