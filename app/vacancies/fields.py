"""Which columns of a vacancy a list or a form may state, and under which name."""

from __future__ import annotations

from app.db.stated import field

#: The first two are worked out from the workplace; occupation and skills from the title and all other words.
RECORD = (
    field("workplace_id", "uuid", "workplace", "workplace"),
    field("workplace_code", "text", "workplace", "workplace"),
    field("workplace_text", "text", "workplace"),
    field("external_ref", "text"),
    field("employer", "text"),
    field("uscc", "text"),
    field("title", "text"),
    field("occupation", "text", "title", "title"),
    field("skills_text", "text", "skills"),
    field("skills", "text[]", "skills", "title"),
    field("requirements", "text"),
    field("certificates_text", "text", "certificates"),
    field("certificates", "text[]", "certificates", "certificates_text"),
    field("headcount", "int"),
    field("wage_lo", "int", "wage"),
    field("wage_hi", "int", "wage"),
    field("wage_text", "text", "wage"),
    field("age_min", "int", "age"),
    field("age_max", "int", "age"),
    field("lodging", "bool"),
    field("board", "bool"),
    field("social_insurance", "text"),
    field("contract", "text"),
    field("kind", "text"),
    field("start_date", "date"),
    field("valid_until", "date"),
    field("remarks", "jsonb", blank={}),
)
