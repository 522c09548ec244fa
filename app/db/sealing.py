"""Sealed columns: ciphertext for what must not be read in a dump, and blind indexes to find equals.

Format: version (1) | key id (1) | nonce (12) | ciphertext and tag. The associated data names table, column and row,
so that a ciphertext moved to another row does not open (SECURITY decision 7).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.db.keys import keys

VERSION = 1


@lru_cache(maxsize=16)
def _cipher(key_id: int) -> AESGCM:
    return AESGCM(keys().data[key_id])


def seal(plain: bytes, place: str, row: UUID) -> bytes:
    """Ciphertext of `plain` for the column `place` ("table.column") of one row."""
    key_id, nonce = keys().active, os.urandom(12)
    return bytes((VERSION, key_id)) + nonce + _cipher(key_id).encrypt(nonce, plain, _associated(place, row))


def unseal(sealed: bytes, place: str, row: UUID) -> bytes:
    """The plain bytes again. Raises cryptography's InvalidTag when it was sealed for another place or row."""
    return _cipher(sealed[1]).decrypt(sealed[2:14], sealed[14:], _associated(place, row))


def seal_text(plain: str, place: str, row: UUID) -> bytes:
    """`seal` for text."""
    return seal(plain.encode(), place, row)


def unseal_text(sealed: bytes, place: str, row: UUID) -> str:
    """`unseal` for text."""
    return unseal(sealed, place, row).decode()


def blind_index(plain: str, kind: str) -> bytes:
    """16 bytes, equal for equal values of one kind ("id_number", "phone"); without the key it says nothing."""
    text = unicodedata.normalize("NFKC", plain).strip().upper()
    return hmac.digest(keys().index, f"{kind}|{text}".encode(), hashlib.sha256)[:16]


def _associated(place: str, row: UUID) -> bytes:
    return place.encode() + b"|" + row.bytes
