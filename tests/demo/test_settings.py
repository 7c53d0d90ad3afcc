"""Settings: each is documented, an empty one is none, and a wrong one is named without its value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import settings
from bot.settings import ROOT, Settings, WrongSettings

DOCUMENTATION = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
SET_UP = (
    settings.SECRETS_DIR,
    "HELPLINE_NLU_PYTHON",
    "HELPLINE_CHROMIUM",
)


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_documented(field: str) -> None:
    assert f"| `{settings.variable(field)}` |" in DOCUMENTATION


def test_nothing_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"\b(?:HELPLINE_[A-Z_]+|DATABASE_URL)\b", DOCUMENTATION))
    assert documented == {settings.variable(field) for field in Settings.model_fields} | set(SET_UP)


@pytest.mark.parametrize("field", ["console_port", "simulator_port", "telegram_api_url", "log_format"])
def test_the_documented_default_is_the_default(field: str) -> None:
    assert f"| `{settings.variable(field)}` | `{Settings.model_fields[field].default}` |" in DOCUMENTATION


def test_every_variable_that_the_code_reads_is_a_setting() -> None:
    known = {settings.variable(field) for field in Settings.model_fields} | set(SET_UP)
    for folder in ("bot", "handoff", "responses", "nlu_data"):
        for path in (ROOT / folder).rglob("*.py"):
            if ".venv" not in path.parts:
                named = set(re.findall(r"\bHELPLINE_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8")))
                assert named <= known, path


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HELPLINE_TELEGRAM_TOKEN", "DATABASE_URL", "HELPLINE_NLU_URL", "HELPLINE_KEYS_FILE"):
        monkeypatch.setenv(name, "")
    chosen = settings.read()
    assert (chosen.telegram_token, chosen.database_url, chosen.nlu_url, chosen.keys_file) == (None, None, None, None)


def test_a_wrong_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPLINE_CONSOLE_PORT", "secret-by-mistake")
    monkeypatch.setenv("HELPLINE_TELEGRAM_API_URL", "api.telegram.org")
    with pytest.raises(WrongSettings) as wrong:
        settings.read()
    assert "HELPLINE_CONSOLE_PORT" in str(wrong.value)
    assert "HELPLINE_TELEGRAM_API_URL: an address begins with" in str(wrong.value)
    assert "secret-by-mistake" not in str(wrong.value)


def test_only_telegrams_own_address_is_the_real_one() -> None:
    token = SecretStr("1:a")
    assert Settings(telegram_token=token).on_real_telegram
    assert Settings(telegram_token=token, telegram_api_url="https://API.telegram.org/").on_real_telegram
    assert not Settings(telegram_token=token, telegram_api_url="http://127.0.0.1:8081").on_real_telegram
    assert not Settings().on_real_telegram


def test_a_child_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = Settings(
        telegram_token=SecretStr("1:a"),
        database_url=SecretStr("postgresql://somewhere/one"),
        data_dir=tmp_path,
        console_port=9,
        nlu_token=SecretStr("b"),
    )
    for name, value in settings.exported(chosen).items():
        monkeypatch.setenv(name, value)
    assert settings.read() == chosen
