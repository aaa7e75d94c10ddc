"""./run: what it decides before it sets anything up."""

import importlib.util
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parent.parent / "run"


@pytest.fixture
def run(monkeypatch):
    """The file as a module, with an environment that the test may change."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("run", str(RUN))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
    loader.exec_module(module)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return module


@pytest.mark.parametrize("arguments", [["--host", "0.0.0.0"], ["--host=192.168.1.5"], ["demo", "--host", ""]])
def test_the_demonstration_answers_no_other_machine(arguments):
    done = subprocess.run([sys.executable, RUN, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The demonstration signs anybody in with one click")
    assert "Traceback" not in done.stderr


def test_help_is_the_files_own_words():
    done = subprocess.run([sys.executable, RUN, "--help"], capture_output=True, text=True, check=True)
    assert "./run test" in done.stdout
    assert done.stderr == ""


def test_the_demonstration_keeps_away_from_a_real_installation(run, tmp_path):
    os.environ.update(
        SIDEBYSIDE_HOME=str(tmp_path / "real"),
        SIDEBYSIDE_KEYS=str(tmp_path / "real-keys"),
        DATABASE_URL="postgresql:///coaching",
        KEYS_URL_FILE="/run/secrets/keys",
        EMAIL_URL="smtp://mail.example.org",
    )
    run.become_the_demonstration(["--port", "8001"])
    assert os.environ["SIDEBYSIDE_HOME"] == str(tmp_path / "real/demo")
    assert os.environ["SIDEBYSIDE_KEYS"] == str(tmp_path / "real-keys/demo")
    assert os.environ["SIDEBYSIDE_DEMO"] == "1"
    assert not {"DATABASE_URL", "KEYS_URL", "KEYS_URL_FILE", "EMAIL_URL"} & set(os.environ)


def test_without_an_environment_the_demonstration_lies_in_the_clone(run):
    os.environ.pop("SIDEBYSIDE_HOME", None)
    os.environ.pop("SIDEBYSIDE_KEYS", None)
    run.become_the_demonstration([])
    assert os.environ["SIDEBYSIDE_HOME"] == str(RUN.parent / "data/demo")
    assert os.environ["SIDEBYSIDE_KEYS"] == str(RUN.parent / "data/demo-keys")


def test_a_stamp_sees_a_changed_and_a_renamed_file(run, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("one")
    before = run.digest(first)
    assert run.digest(first) == before
    first.write_text("two")
    assert run.digest(first) != before
    second.write_text("two")
    assert run.digest(second) != run.digest(first)


@pytest.mark.parametrize(
    ("arguments", "value"),
    [(["--port", "81"], "81"), (["--port=81"], "81"), (["--porto", "81"], None), (["--port"], ""), ([], None)],
)
def test_an_option_is_read_in_both_spellings(run, arguments, value):
    assert run.option(arguments, "--port") == value


def test_an_older_python_is_told_so(run, monkeypatch, capsys):
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        run.need_python()
    assert capsys.readouterr().err == "Side by Side needs Python 3.11 or newer; this is 3.9.2.\n"
