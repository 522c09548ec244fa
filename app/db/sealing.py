"""Sealed columns: ciphertext for what must not be read in a dump, and blind indexes to find equals.

Format: version (1) | key id (1) | nonce (12) | ciphertext and tag. The associated data is the first two bytes and names
table, column and row, so that a ciphertext moved to another row does not open (SECURITY decision 7).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.db.keys import keys

VERSION = 1


class SealBroken(ValueError):
    """The value does not open: it was altered, is of another row or column, or its key is not in the key file."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(plain: bytes, place: str, row: UUID) -> bytes:
    """Ciphertext of `plain` for the column `place` ("table.column") of one row."""
    key_id, nonce = keys().active, os.urandom(12)
    head = bytes((VERSION, key_id))
    return head + nonce + _cipher(keys().data[key_id]).encrypt(nonce, plain, _associated(head, place, row))


def unseal(sealed: bytes, place: str, row: UUID) -> bytes:
    """The plain bytes again. Raises SealBroken, which says nothing of the value."""
    head = sealed[:2]
    key = keys().data.get(head[1]) if len(head) == 2 and head[0] == VERSION else None
    if key is None or len(sealed) < 30:
        raise SealBroken(place)
    try:
        return _cipher(key).decrypt(sealed[2:14], sealed[14:], _associated(head, place, row))
    except InvalidTag:
        raise SealBroken(place) from None


def seal_text(plain: str, place: str, row: UUID) -> bytes:
    """`seal` for text."""
    return seal(plain.encode(), place, row)


def unseal_text(sealed: bytes, place: str, row: UUID) -> str:
    """`unseal` for text."""
    return unseal(sealed, place, row).decode()


def blind_index(plain: str, kind: str) -> bytes:
    """16 bytes, equal for equal values of one kind ("id_number", "phone"); without the key it says nothing. Full width,
    case and spaces make no difference; 15 digits and 18 of one number do, and are made one where numbers are read."""
    if plain.isascii() and plain.isalnum():  # nothing to fold: the common case
        text = plain.upper()
    else:
        text = "".join(unicodedata.normalize("NFKC", plain).split()).upper()
    return hmac.digest(keys().index, f"{kind}|{text}".encode(), hashlib.sha256)[:16]


def _associated(head: bytes, place: str, row: UUID) -> bytes:
    return head + place.encode() + b"|" + row.bytes
