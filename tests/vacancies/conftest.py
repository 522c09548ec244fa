"""The room of vacancies over HTTP."""

from tests.signed_in import app, of

__all__ = ["app", "of"]
