"""The server's keys in their file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot import keyfile


def test_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys"
    keys = keyfile.create(path)
    assert keyfile.read(path) == keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not keyfile.open_to_others(path)
    with pytest.raises(keyfile.KeysExist):
        keyfile.create(path)
    assert keyfile.read(path) == keys


def test_missing_keys_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(keyfile.NoKeys, match="helpline keys create"):
        keyfile.read(tmp_path / "keys")


def test_a_broken_file_is_named_without_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyfile.create(path)
    first = path.read_text().splitlines()[1]
    path.write_text(first + "\nring nonsense\n")
    with pytest.raises(keyfile.NoKeys) as broken:
        keyfile.read(path)
    assert str(path) in str(broken.value)
    assert first.split()[1] not in str(broken.value)


def test_a_file_that_others_can_read_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyfile.create(path)
    path.chmod(0o644)
    assert keyfile.open_to_others(path)
