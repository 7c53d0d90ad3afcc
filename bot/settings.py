"""The settings: environment variables that begin with HELPLINE_, and DATABASE_URL; docs/settings.md has them all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT: Final = Path(__file__).resolve().parents[1]
TELEGRAM: Final = "https://api.telegram.org"
PREFIX: Final = "HELPLINE_"
SECRETS_DIR: Final = "HELPLINE_SECRETS_DIR"
_REAL_HOST: Final = "api.telegram.org"


class WrongSettings(Exception):
    """A setting has a value that it cannot have."""


class Settings(BaseSettings):
    """What an operator decides. Nothing here has to be set for `helpline demo`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    telegram_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM
    database_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("DATABASE_URL", "database_url"))
    data_dir: Path = ROOT / "var"
    keys_file: Path | None = None
    nlu_url: str | None = None
    nlu_token: SecretStr | None = None
    nlu_host: str = "127.0.0.1"
    nlu_port: int | None = Field(default=None, ge=1, le=65535)
    webhook_url: str | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, ge=1, le=65535)
    console_host: str = "127.0.0.1"
    console_port: int = Field(default=8080, ge=1, le=65535)
    simulator_port: int = Field(default=8081, ge=1, le=65535)
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator(
        "telegram_token", "database_url", "keys_file", "nlu_url", "nlu_token", "nlu_port", "webhook_url", mode="before"
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("telegram_api_url", "nlu_url", "webhook_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("an address begins with http:// or https://")
        return None if value is None else value.rstrip("/")

    @field_validator("data_dir", "keys_file")
    @classmethod
    def _whole_path(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @property
    def keys_path(self) -> Path:
        """Where the server's keys are."""
        return self.keys_file or self.data_dir / "keys"

    @property
    def nlu_address(self) -> str | None:
        """Where the NLU server is: the one that was named, else our own; None for nowhere."""
        own = None if self.nlu_port is None else f"http://127.0.0.1:{self.nlu_port}"
        return self.nlu_url or own

    @property
    def nlu_secret(self) -> str:
        """The token of the NLU server as it is sent; empty for none."""
        return "" if self.nlu_token is None else self.nlu_token.get_secret_value()

    @property
    def on_real_telegram(self) -> bool:
        """Whether the people who write are people, and not somebody's test."""
        return self.telegram_token is not None and urlsplit(self.telegram_api_url).hostname == _REAL_HOST


def read() -> Settings:
    """The settings of this environment; raises WrongSettings, which names the variable and never its value.

    A setting may also be a file in /run/secrets (or HELPLINE_SECRETS_DIR), named like the variable in small letters.
    """
    folder = Path(os.environ.get(SECRETS_DIR, "/run/secrets"))
    secrets: dict[str, Any] = {"_secrets_dir": folder} if folder.is_dir() else {}
    try:
        return Settings(**secrets)
    except ValidationError as error:
        wrong = (
            f"{variable(str(one['loc'][0]))}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors()
        )
        raise WrongSettings("\n".join(wrong)) from None


def exported(chosen: Settings) -> dict[str, str]:
    """The settings as another process of ours reads them from its environment."""
    found: dict[str, str] = {}
    for field in Settings.model_fields:
        value = getattr(chosen, field)
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        found[variable(field)] = "" if plain is None else str(plain)
    return found


def variable(field: str) -> str:
    """The environment variable of a field."""
    return "DATABASE_URL" if field.lower() == "database_url" else f"{PREFIX}{field.upper()}"
