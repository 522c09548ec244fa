"""The keys: outside the database, in one file of mode 0600.

`data` keys encrypt (one is active, older ones still open what they sealed), `index` makes blind indexes,
`context` signs the transaction's context, `runtime_password` lets the runtime role in.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from app.settings import Settings, settings


class KeyMissing(RuntimeError):
    """The key file is missing or unsafe: production does not start without it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of this installation."""

    #: key id (one byte) -> 32 bytes
    data: dict[int, bytes] = field(repr=False)
    active: int
    index: bytes = field(repr=False)
    context: bytes = field(repr=False)
    runtime_password: str = field(repr=False)


def make_keys(path: Path) -> None:
    """Make a key file, of mode 0600; one that is there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {
        "active": 1,
        "data": {"1": base64.b64encode(secrets.token_bytes(32)).decode()},
        "index": base64.b64encode(secrets.token_bytes(32)).decode(),
        "context": base64.b64encode(secrets.token_bytes(32)).decode(),
        "runtime_password": secrets.token_urlsafe(24),
    }
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())  # what is sealed with a key lost in a power cut is lost with it
    try:
        os.link(draft, path)  # fails when another process was first: theirs is then the key file
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def read_keys(of: Settings) -> Keys:
    """The keys in the key file. Raises KeyMissing when production has none or others can read it."""
    path = of.key_path
    if not path.exists():
        if of.env == "production":
            raise KeyMissing(f"no key file at {path}: run `eastwest keys make` and keep a copy apart from the database")
        make_keys(path)
    if of.env == "production" and path.stat().st_mode & 0o077:
        raise KeyMissing(f"{path} can be read by others: chmod 600")
    raw = json.loads(path.read_text())
    return Keys(
        data={int(k): base64.b64decode(v) for k, v in raw["data"].items()},
        active=int(raw["active"]),
        index=base64.b64decode(raw["index"]),
        context=base64.b64decode(raw["context"]),
        runtime_password=raw["runtime_password"],
    )


@lru_cache(maxsize=1)
def keys() -> Keys:
    """The keys of this process, read once."""
    return read_keys(settings())
