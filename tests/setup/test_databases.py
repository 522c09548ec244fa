"""What the other tests stand on: rollback, clones, templates, actors."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from app.actor import VISITOR, Actor
from app.db.migration import migrate
from app.db.transaction import read, write
from app.devdb import Cluster
from app.identity.audit import record
from tests.conftest import DATA
from tests.database import Server, drop_orphans, owner_engine, pointed_at, template


def _leave_a_trace(actor: Actor) -> None:
    with write(actor) as tx:
        record(tx, "test")


def _traces(actor: Actor) -> int:
    with read(actor) as tx:
        return int(tx.session.scalars(text("select count(*) from audit_entries where action = 'test'")).one())


def test_what_a_test_commits_is_read_again_in_it(db: Connection, actors: dict[str, Actor]) -> None:
    _leave_a_trace(actors["station"])
    assert _traces(actors["auditor"]) == 1


def test_what_a_test_commits_is_gone_in_the_next(db: Connection, actors: dict[str, Actor]) -> None:
    assert _traces(actors["auditor"]) == 0
    _leave_a_trace(actors["station"])


def test_a_failed_block_leaves_nothing_and_the_test_goes_on(db: Connection, actors: dict[str, Actor]) -> None:
    def leave_a_trace_and_fail() -> None:
        with write(actors["station"]):
            _leave_a_trace(actors["station"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        leave_a_trace_and_fail()
    assert _traces(actors["auditor"]) == 0


def test_an_actor_sees_its_own_organisation_only(db: Connection, actors: dict[str, Actor]) -> None:
    with read(actors["station"]) as tx:
        assert tx.session.scalars(text("select name from organisations")).all() == ["威宁县劳务工作站"]


def test_a_visitor_sees_no_organisation(db: Connection) -> None:
    with read(VISITOR) as tx, pytest.raises(ProgrammingError, match="permission denied"):
        tx.session.scalars(text("select name from organisations"))


def test_the_tests_run_as_the_role_that_serves(db: Connection) -> None:
    weak = text("select session_user, rolsuper or rolbypassrls from pg_roles where rolname = session_user")
    assert tuple(db.execute(weak).one()) == ("eastwest_app", False)


def test_commits_in_a_fresh_database_are_real(fresh_database: str, actors: dict[str, Actor]) -> None:
    _leave_a_trace(actors["station"])
    with owner_engine() as engine, engine.connect() as other:
        assert other.execute(text("select count(*) from audit_entries where action = 'test'")).scalar_one() == 1


def test_a_clone_lets_nobody_in_but_the_runtime_role(fresh_database: str) -> None:
    rights = "select has_database_privilege('rt_visitor', current_database(), 'temp, connect')"
    with owner_engine() as engine, engine.connect() as owner:
        assert owner.execute(text(rights)).scalar_one() is False


def test_a_template_whose_making_failed_is_not_used(server: Server) -> None:
    def fail() -> None:
        migrate()
        raise RuntimeError("killed half-way")

    with pytest.raises(RuntimeError):
        template(server, "ew_planted_1", fail, DATA)
    assert "ew_planted_1" not in server.databases()
    server.drop("ew_planted_1_draft")


def test_a_server_killed_hard_starts_again_with_what_was_committed(
    own_cluster: Cluster, actors: dict[str, Actor], kill_hard: Callable[[int], None]
) -> None:
    _leave_a_trace(actors["station"])
    kill_hard(own_cluster.server_pid)
    assert not own_cluster.is_running()
    assert own_cluster.start()
    with pointed_at(own_cluster.url()):
        assert _traces(actors["auditor"]) == 1


def test_clones_of_runs_that_were_killed_are_removed(server: Server) -> None:
    server.run("create database ew_clone_999999999_dead")
    server.run("create database {}", f"ew_clone_{os.getpid()}_alive")
    drop_orphans(server)
    there = server.databases()
    assert "ew_clone_999999999_dead" not in there
    assert f"ew_clone_{os.getpid()}_alive" in there
    server.drop(f"ew_clone_{os.getpid()}_alive")
