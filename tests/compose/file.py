"""docker-compose.yml as the tests read it."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from bot.settings import ROOT

PATH: Final = ROOT / "docker-compose.yml"


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what is run, and with what."""

    name: str
    given: Mapping[str, Any]

    @property
    def is_ours(self) -> bool:
        """Whether its image is built here."""
        return "build" in self.given

    @property
    def ends(self) -> bool:
        """Whether it does one thing and is done."""
        return self.given.get("restart") == "no"

    @property
    def command(self) -> list[str]:
        return [str(word) for word in self.given["command"]]

    @property
    def healthcheck(self) -> list[str]:
        """The command that says whether it is well."""
        kind, *command = self.given["healthcheck"]["test"]
        assert kind == "CMD", "a shell would be one more thing that can go wrong"
        return [str(word) for word in command]

    @property
    def environment(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.given.get("environment", {}).items()}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the files in /run/secrets."""
        return tuple(self.given.get("secrets", ()))

    @property
    def user(self) -> int:
        return int(str(self.given["user"]).partition(":")[0])

    @property
    def stop_signal(self) -> signal.Signals:
        return signal.Signals[self.given.get("stop_signal", "SIGTERM")]

    @property
    def grace(self) -> float:
        """Seconds from that signal on until it is killed."""
        return float(str(self.given["stop_grace_period"]).removesuffix("s"))


def read() -> dict[str, Any]:
    """The whole file."""
    found = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def services() -> dict[str, Service]:
    """Its services, by name."""
    return {name: Service(name, given) for name, given in read()["services"].items()}
