"""What reading a list needs of places and words, handed in."""

from __future__ import annotations

from typing import Literal, Protocol

from app.places.addresses import PlaceFound
from matching.certificates import Certificates
from matching.lexicon import Understood


class Places(Protocol):
    """Addresses → divisions."""

    def find(self, text: str, near: str | None = None) -> PlaceFound:
        """The division an address means; `near` settles what the text leaves open."""

    def full_name(self, code: str) -> str:
        """Province, prefecture and county in one."""


class Words(Protocol):
    """Words → occupations, skills, certificates."""

    def understand(self, text: str, *, kind: Literal["worker", "job"] = "worker") -> Understood:
        """Occupations and skills of a text."""

    def certificates(self, text: str) -> Certificates:
        """Certificates a text names."""
