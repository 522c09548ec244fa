"""Who signs in, and where."""

from tests.identity.codes_at_work import app, http, mine

__all__ = ["app", "http", "mine"]
