"""A Python 3.10 for Rasa is found by running it."""

from __future__ import annotations

from tests.setup.conftest import Machine, program

SHIM = "raise SystemExit('pyenv: python3.10: command not found')"


def used(machine: Machine) -> str:
    """The Python that uv was told to use."""
    return machine.uv_was_asked[-1].split()[3]


def test_a_stand_in_that_fails_is_passed_over_for_a_version_of_pyenv(machine: Machine) -> None:
    machine.has_uv()
    machine.has("python3.10", SHIM)
    machine.has_python_3_10(machine.home / ".pyenv" / "versions" / "3.9.1" / "bin" / "python")
    real = machine.has_python_3_10(machine.home / ".pyenv" / "versions" / "3.10.13" / "bin" / "python")
    ended = machine.sets_up("nlu")
    assert ended.code == 0, ended.said
    assert used(machine) == str(real)
    assert machine.sets_up("nlu").said == "nlu: up to date (nlu_data/.venv/)\n"


def test_a_working_one_on_the_path_comes_first(machine: Machine) -> None:
    machine.has_uv()
    real = machine.has_python_3_10(machine.commands / "python3.10")
    machine.has_python_3_10(machine.home / ".pyenv" / "versions" / "3.10.13" / "bin" / "python")
    assert machine.sets_up("nlu").code == 0
    assert used(machine) == str(real)


def test_one_that_lacks_what_rasa_needs_is_passed_over(machine: Machine) -> None:
    machine.has_uv()
    machine.has("python3.10", "raise SystemExit(\"ModuleNotFoundError: No module named '_ctypes'\")")
    real = machine.has_python_3_10(machine.commands / "python3")
    assert machine.sets_up("nlu").code == 0
    assert used(machine) == str(real)


def test_one_that_is_named_is_used_or_refused(machine: Machine) -> None:
    machine.has_uv()
    good = machine.has_python_3_10(machine.folder / "elsewhere" / "python")
    bad = program(machine.folder / "bad" / "python", SHIM)
    refused = machine.sets_up("nlu", HELPLINE_NLU_PYTHON=str(bad))
    assert refused.code == 1
    assert f"HELPLINE_NLU_PYTHON names {bad}" in refused.said
    assert machine.sets_up("nlu", HELPLINE_NLU_PYTHON=str(good)).code == 0
    assert used(machine) == str(good)


def test_where_there_is_none_uv_fetches_it(machine: Machine) -> None:
    fetched = machine.folder / "fetched" / "python3.10"
    here = machine.has_uv()
    machine.has_python_3_10(machine.folder / "store" / "python3.10")
    here.write_text(
        here.read_text().replace(
            "else:\n",
            "elif asked[:2] == ['python', 'install']:\n"
            f"    pathlib.Path({str(machine.folder / 'store')!r}).rename({str(fetched.parent)!r})\n"
            f"elif asked[:2] == ['python', 'find'] and os.path.exists({str(fetched)!r}):\n"
            f"    print({str(fetched)!r})\n"
            "else:\n",
        )
    )
    ended = machine.sets_up("nlu")
    assert ended.code == 0, ended.said
    assert "asking uv to fetch one" in ended.said
    assert used(machine) == str(fetched)


def test_where_none_can_be_had_it_says_what_to_type(machine: Machine) -> None:
    uv = machine.has_uv()
    shim = machine.has("python3.10", SHIM)
    ended = machine.sets_up("nlu")
    assert ended.code == 1
    assert f"{shim}: does not run, or is another version" in ended.said
    assert f"{uv} python install 3.10" in ended.said
    assert "HELPLINE_NLU_PYTHON=" in ended.said
    assert "Traceback" not in ended.said
    assert not (machine.project / "nlu_data" / ".venv").exists()
