"""What identity takes and answers."""

from __future__ import annotations

from typing import Literal

from app.edge.strict import Out


class TokensOut(Out):
    """A session's two tokens (RFC 6749, 5.1)."""

    access_token: str
    #: Good once, for the next two.
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    #: Seconds the access token lasts.
    expires_in: int
