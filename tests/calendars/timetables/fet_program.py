"""FET's program for the command line and the schools that come with it: found, or installed where that is allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path("/usr/share/doc/fet-data/examples")
DEBIAN_PACKAGES = ("fet", "fet-data")
MISSING = (
    "The test of real timetables needs fet-cl and the schools of fet-data, and they are not here. Install them "
    "(Debian: apt install fet fet-data) and start the tests again."
)


def ready() -> bool:
    """Whether FET is here; as root Debian's packages are installed first, with the examples that slim systems drop."""
    if found():
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing FET ...", file=sys.stderr, flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        keep = f"Dpkg::Options::=--path-include={EXAMPLES.parent}/*"
        install = ["install", "-y", "--no-install-recommends", "--reinstall", "-o", keep, *DEBIAN_PACKAGES]
        for step in (["update"], install):
            subprocess.run(["apt-get", *step], env=environment, capture_output=True, check=False)
    return found()


def found() -> bool:
    """Whether FET is here."""
    return bool(shutil.which("fet-cl")) and EXAMPLES.is_dir()


def solve(school: Path, folder: Path, *, seconds: int) -> Path:
    """Let FET solve a school from fixed seeds; the folder with the solution. The csv folder beside it has FET's own."""
    seeds = [f"--randomseeds{number}={number}" for number in (10, 11, 12, 20, 21, 22)]
    told = [f"--inputfile={school}", f"--outputdir={folder}", f"--timelimitseconds={seconds}", "--htmllevel=0"]
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["fet-cl", *told, "--exportcsv=true", *seeds],
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder / "timetables" / school.stem
