"""The database's shape: where it stands, and bringing it to the present."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from app.settings import ROOT


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")


def migrate(revision: str = "head") -> None:
    """Bring the database to a revision and its security files to the present; nothing is done twice."""
    command.upgrade(_config(), revision)


def newest_revision() -> str | None:
    """The revision this checkout brings a database to."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revision_of(connection: Connection) -> str | None:
    """The revision a database stands at; None: it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()
