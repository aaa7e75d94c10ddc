"""Every check there is, a line for each: what `./run test` runs after set-up. Arguments go to pytest alone."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BIN = Path(sys.executable).parent
SIDEBYSIDE = [sys.executable, "-m", "sidebyside"]
WORKERS = str(max(2, min(8, os.cpu_count() or 2)))

CHECKS = {
    "lint": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy"],
    "import contracts": [BIN / "lint-imports"],
    "system checks": [*SIDEBYSIDE, "check", "--fail-level", "WARNING"],
    "migrations": [*SIDEBYSIDE, "makemigrations", "--check", "--dry-run"],
    "static files": [*SIDEBYSIDE, "collectstatic", "--no-input", "-v0"],
}
# What no database changes (what a browser shows, which words a page has, what is only reckoned) is looked at once.
ON_POSTGRESQL = "database and not one_database and (not browser or both_databases)"
SUITES = {
    "SQLite": ("sqlite", []),
    "PostgreSQL": ("postgresql", ["-m", ON_POSTGRESQL]),
}


def main(arguments: list[str]) -> int:
    """Run all checks, or only the named tests on both databases; the exit status is 0 when all is well."""
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="sidebyside-checks-") as folder:
        if arguments:
            wanted = os.environ.get("SIDEBYSIDE_TEST_DATABASE")
            suites = {name: suite for name, suite in SUITES.items() if wanted in (None, "", suite[0])}
            failed, closing = run_suites({name: (database, arguments) for name, (database, _) in suites.items()})
        else:
            failed = run_checks(Path(folder))
            need_programs()
            os.environ["SIDEBYSIDE_TEST_STATIC"] = f"{folder}/home/static"
            parallel = ["-q", "-n", WORKERS, "--dist", "worksteal"]
            suites = {name: (database, [*parallel, *chosen]) for name, (database, chosen) in SUITES.items()}
            failures, closing = run_suites(suites)
            failed += failures
    print()
    for name in failed:
        print(f"Failed: {name}")
    for line in closing:
        print(line)
    return 1 if failed else 0


def run_checks(folder: Path) -> list[str]:
    """Run each check, in a home folder that goes afterwards; the names of those that failed."""
    environment = {**os.environ, "SIDEBYSIDE_HOME": f"{folder}/home", "SIDEBYSIDE_KEYS": f"{folder}/keys"}
    failed = []
    for name, command in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environment
        )
        well = done.returncode == 0
        print(f"{name:18}{'ok' if well else 'FAILED':8}{time.monotonic() - began:5.1f} s", flush=True)
        if not well:
            print(done.stdout.rstrip(), flush=True)
            failed.append(name)
    return failed


def need_programs() -> None:
    """Stop with a sentence where Chromium or FET is not here and cannot be installed."""
    from tests.browser import chromium
    from tests.calendars.timetables import fet_program

    for program in (chromium, fet_program):
        if not program.ready():
            sys.exit(program.MISSING)


def run_suites(suites: dict[str, tuple[str, list[str]]]) -> tuple[list[str], list[str]]:
    """Run pytest on each database; the names of the suites that failed, and pytest's closing line of each."""
    failed, closing = [], []
    for name, (database, arguments) in suites.items():
        print(f"\nTests on {name}", flush=True)
        environment = {**os.environ, "SIDEBYSIDE_TEST_DATABASE": database}
        status, last = passed_on([sys.executable, "-m", "pytest", *arguments], environment)
        closing.append(last)
        if status != 0:
            failed.append(f"tests on {name}")
    return failed, closing


def passed_on(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command and pass on what it says as it says it; its exit status and its last line."""
    last = ""
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=environment, text=True, errors="replace", **pipe) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    return process.returncode, last


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
