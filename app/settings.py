"""The only reader of the environment: every setting, its name, its default and its unit."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings from the environment; the README lists them."""

    model_config = SettingsConfigDict(env_prefix="EASTWEST_", extra="ignore", populate_by_name=True)

    #: production refuses default keys and `eastwest token`; ./dev sets development.
    env: Literal["production", "development", "test"] = "production"
    #: Where the private cluster, keys and logs live.
    data: Path = Field(default=ROOT / ".data", validation_alias="DATA")
    #: The owner's (migrating) connection. None: the private cluster under `data`.
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    #: The runtime connection. None: `database_url` with the runtime role and its password from the key file.
    runtime_url: str | None = None
    #: Key file; None in development: made under `data`.
    keys_file: Path | None = None
    #: The key file's JSON itself, where a secret store puts it into the environment. None: the file.
    keys: SecretStr | None = None
    #: A command that prints the key file's JSON (a KMS or HSM client), run without a shell. None: the file.
    keys_command: str | None = None
    #: What seals from now on; what another cipher sealed still opens. sm4: SM4-GCM (GB/T 32907, RFC 8998).
    cipher: Literal["aes", "sm4"] = "aes"
    port: int = Field(default=8000, validation_alias="PORT")
    host: str = "127.0.0.1"
    #: Connections of one API process.
    pool_size: int = 10
    #: Largest request body that is not a list, in bytes.
    max_body: int = 1_000_000
    #: Largest list file, in bytes.
    max_list_file: int = 20_000_000
    #: How long the original file and raw rows of a list are kept, in days.
    keep_lists_days: int = 90
    #: How long a process may serve a market that it knows, or must fear, to be out of date, in seconds; then 503.
    market_stale_seconds: float = 60.0
    #: Prepared statements: off behind a session pooler that cannot keep them.
    prepare_statements: bool = True
    #: How messages reach phones: into the log (never in production), by the HTTP hook at `sms_url`, or not at all.
    sms: Literal["log", "webhook", "none"] | None = None
    sms_url: str | None = None
    #: Signs what is posted to the hook.
    sms_secret: SecretStr | None = None
    #: Requests one token, or one address without a token, may make in a minute. 0: as many as it likes.
    requests_a_minute: int = 6_000
    #: True while a developer's server restarts at every change: its memory is then not frozen.
    reload: bool = False
    log_level: str = "info"

    @property
    def key_path(self) -> Path:
        """The key file that is used."""
        return self.keys_file or self.data / "keys.json"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
