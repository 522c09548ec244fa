"""The keys: outside the database, in one file of mode 0600, in the environment, or from a command (a KMS's client).

`data` keys seal (one is active, older ones still open what they sealed), `index` makes blind indexes, `marks` the codes
of cursors and repeated requests, `audit` the chain over the audit log, `context` signs the transaction's context, and
`runtime_password` lets the runtime role in. A file that changed is read again within a second: keys are rotated while
the service runs (app/db/rotation.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import shlex
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.settings import Settings, settings

#: Seconds after which a process looks whether the key file has changed.
LOOK = 1.0


class KeyMissing(RuntimeError):
    """The keys are missing, weak or unsafe: production does not start with them."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of this installation."""

    #: key id (one byte) -> 32 bytes
    data: dict[int, bytes] = field(repr=False)
    active: int
    index: bytes = field(repr=False)
    context: bytes = field(repr=False)
    runtime_password: str = field(repr=False)
    marks: bytes = field(repr=False)
    audit: bytes = field(repr=False)


def new_key() -> str:
    """32 random bytes as the key file writes them."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def make_keys(path: Path) -> None:
    """Make a key file, of mode 0600; one that is there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {
        "active": 1,
        "data": {"1": new_key()},
        **{name: new_key() for name in ("index", "marks", "audit", "context")},
        "runtime_password": secrets.token_urlsafe(24),
    }
    draft = _written(path, body)
    try:
        os.link(draft, path)  # fails when another process was first: theirs is then the key file
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace_keys(path: Path, body: Mapping[str, Any]) -> None:
    """Put another key file in the place of this one, in one step: whoever reads finds one of them, whole."""
    _written(path, body).rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written(path: Path, body: Mapping[str, Any]) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())  # what is sealed with a key lost in a power cut is lost with it
    return draft


def read_keys(of: Settings) -> Keys:
    """The keys of these settings. Raises KeyMissing when production has none, weak ones, or a file others can read."""
    found = parsed(json.loads(_text(of)))
    if of.env == "production":
        _refuse_weak(found)
    return found


def _text(of: Settings) -> str:
    if of.keys is not None:
        return of.keys.get_secret_value()
    if of.keys_command is not None:
        done = subprocess.run(shlex.split(of.keys_command), stdout=subprocess.PIPE, timeout=30, check=False)
        if done.returncode != 0:
            raise KeyMissing(f"EASTWEST_KEYS_COMMAND ended with {done.returncode}: it must print the key file's JSON")
        return done.stdout.decode()
    path = of.key_path
    if not path.exists():
        if of.env == "production":
            raise KeyMissing(f"no key file at {path}: run `eastwest keys make` and keep a copy apart from the database")
        make_keys(path)
    if of.env == "production" and path.stat().st_mode & 0o077:
        raise KeyMissing(f"{path} can be read by others: chmod 600")
    return path.read_text()


def parsed(raw: Mapping[str, Any]) -> Keys:
    """The keys in a key file's JSON. A file from before `marks` and `audit` were keys of their own derives them."""
    index = base64.b64decode(raw["index"])
    return Keys(
        data={int(k): base64.b64decode(v) for k, v in raw["data"].items()},
        active=int(raw["active"]),
        index=index,
        context=base64.b64decode(raw["context"]),
        runtime_password=raw["runtime_password"],
        marks=base64.b64decode(raw["marks"]) if "marks" in raw else index,
        audit=base64.b64decode(raw["audit"]) if "audit" in raw else derived(index, "audit"),
    )


def derived(key: bytes, purpose: str) -> bytes:
    """Another key of 32 bytes, for another purpose."""
    return hmac.digest(key, purpose.encode(), hashlib.sha256)


def _refuse_weak(found: Keys) -> None:
    """Raises KeyMissing for a key that nobody drew: too short, typed by hand, repeated, or used twice."""
    by_name = {f"data {number}": key for number, key in found.data.items()}
    by_name |= {"index": found.index, "context": found.context, "audit": found.audit}
    for name, key in by_name.items():
        if len(key) != 32 or len(set(key)) < 16 or all(32 <= byte < 127 for byte in key):
            raise KeyMissing(f"the key `{name}` is no 32 random bytes: run `eastwest keys make` for a new key file")
    if len(set(by_name.values())) < len(by_name):
        raise KeyMissing("two keys are the same: run `eastwest keys make` for a new key file")
    if found.active not in found.data:
        raise KeyMissing(f"the active key {found.active} is not among the data keys")
    if len(found.runtime_password) < 16 or len(set(found.runtime_password)) < 8:
        raise KeyMissing("`runtime_password` is short or a default: put at least 16 random characters there")


class KeyRing:
    """The keys of this process: `keys()`. Read once, and again when the file has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Keys | None = None
        self._version: object = None
        self._look_after = 0.0

    def __call__(self) -> Keys:
        """The keys as the file has them, at most LOOK seconds ago."""
        held = self._held
        if held is not None and time.monotonic() < self._look_after:
            return held
        return self._looked(again=False)

    def refreshed(self) -> Keys:
        """The keys as they are now: something was sealed with a key this process does not know."""
        return self._looked(again=True)

    def cache_clear(self) -> None:
        """Forget them: the settings have changed."""
        self._held = None

    def _looked(self, *, again: bool) -> Keys:
        with self._lock:
            of = settings()
            version = _version(of)
            if self._held is None or again or version != self._version:
                self._held, self._version = read_keys(of), _version(of) if version is None else version
            self._look_after = time.monotonic() + LOOK
            return self._held


def _version(of: Settings) -> tuple[int, int] | None:
    """What changes with the key file; None where there is none to look at."""
    if of.keys is not None or of.keys_command is not None:
        return None
    try:
        stat = of.key_path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_ino


keys = KeyRing()
