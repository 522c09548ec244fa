"""The catalogue linter finds nothing in our database, and finds what is planted in it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import create_engine

from app.db.linter import QUERY, findings
from tests.security.attack import Connection

#: rule -> what breaks it
PLANTED = {
    "table in reach without forced row security": "alter table workers no force row level security",
    "personal table without forced row security": "set local role eastwest_owner; create table diary (id int)",
    "row security without a policy": "drop policy rules on persons",
    "public table written at run time": "grant update on occupations to rt_employer",
    "view that is not security_invoker": "create view all_workers as select * from workers",
    "materialised view or foreign table": "create materialized view copies as select * from workers",
    "runtime role too strong": "alter role rt_station bypassrls",
    "runtime role owns something": "alter function app.here() owner to rt_station",
    "audience that can sign in": "alter role rt_engine login",
    "login that inherits": "alter role eastwest_app inherit",
    "membership out of order": "grant pg_read_all_data to rt_coordinator",
    "somebody else may act for an audience": "grant rt_worker to eastwest_jobs",
    "definer function with a loose search_path": "alter function app.context() reset search_path",
    "definer function not owned by the tables' owner": "alter function app.context() owner to postgres",
    "function open to everybody": "grant execute on function app.withdraw_consent to public",
    "object not owned by the tables' owner": "create table public.loose (id int)",
    "relation open to everybody": "grant select on organisations to public",
    "right that can be passed on": "grant select on workers to rt_station with grant option",
    "policy open to everybody": "alter policy in_our_care on workers to public",
    "policy that is always true": "alter policy in_our_care on workers using (true)",
    "policy that does not ask who is asking": "alter policy open_to_read on vacancies using (state = 'open')",
    "policy that asks another audience's context": """alter policy own_employer on organisations
        using (id = (select app.ctx_organisation('station')))""",
    "policy that calls a function for each row": """alter policy myself on workers
        using (id = app.ctx_worker())""",
    "policy with a sub-query over rows": """alter policy in_our_care on workers
        using (station_id in (select id from organisations where id = (select app.ctx_organisation('station'))))""",
    "restrictive policy": """create policy less on workers as restrictive to rt_station
        using (station_id = (select app.ctx_organisation('station')))""",
    "policy for the owner beyond its own rules": "create policy rules on workers to eastwest_owner using (true)",
    "right without a policy": "grant delete on workers to rt_auditor",
    "policy without a right": "revoke insert on consents from rt_worker",
    "login with rights of its own": "grant select on workers to eastwest_app",
    "truncate, references or trigger granted": "grant truncate on workers to rt_station",
    "sequence in reach": "grant usage on sequence audit_entries_id_seq to rt_station",
    "runtime role may create": "grant create on schema app to rt_operator",
    "runtime role may create in the database": "do $$ begin execute format('grant temp on database %I to rt_station', "
    "current_database()); end $$",
    "foreign key into row security without its tenant": """alter table consents add constraint loose
        foreign key (worker_id) references workers (id)""",
    "no index leads with the tenant": "drop index ix_list_rows_organisation",
    "trigger switched off": "alter table audit_entries disable trigger append_only",
    "rule on a table": "create rule hide as on delete to lists do instead nothing",
    "point beside a person": "alter table workers add home geography(point)",
    "what is not stored at all": "alter table workers add ethnicity text",
    "ID number or phone in the clear": "alter table workers add phone text",
    "extension that reaches out of the database": "create extension dblink",
    "language that reaches out of the database": "update pg_language set lanpltrusted = false",
}


def _lint(connection: Connection) -> list[tuple[str, str]]:
    return connection.execute(QUERY.read_bytes()).fetchall()


def test_our_database_has_no_finding(superuser: Connection) -> None:
    assert _lint(superuser) == []


def test_the_serving_role_may_ask_the_linter_too(world: str) -> None:
    engine = create_engine(world)
    with engine.connect() as connection:
        connection.exec_driver_sql("set session authorization eastwest_app")
        assert findings(connection) == []
    engine.dispose()


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_fault_is_found(superuser: Connection, rule: str) -> None:
    with superuser.transaction(force_rollback=True):
        superuser.execute(PLANTED[rule].encode())
        assert rule in {found for found, _ in _lint(superuser)}


def test_every_rule_has_a_planted_fault() -> None:
    rules = re.findall(r"^  select '((?:[^']|'')+)',", QUERY.read_text(), re.MULTILINE)
    assert {rule.replace("''", "'") for rule in rules} == set(PLANTED)
