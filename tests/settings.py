"""The settings of a real installation, but for what only costs time in tests."""

import os
from pathlib import Path

# What a process of xdist keeps in files is its own, as its databases are: one puts old uploads away while another reads
# them. (What it starts has its environment, and reads this too.)
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
for _name in ("SIDEBYSIDE_HOME", "SIDEBYSIDE_KEYS"):
    if not os.environ[_name].endswith(_worker):
        os.environ[_name] += f"-{_worker}"

from sidebyside.config.settings import *  # noqa: E402  (reads the environment)
from sidebyside.config.settings import DATABASES, STORAGES  # noqa: E402  (as above)

# What is done after the page has answered is done before a test looks at it.
WORKS_LATER = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

for _database in DATABASES.values():
    if _database["ENGINE"].endswith("sqlite3"):
        _options = _database["OPTIONS"]
        _database["OPTIONS"] = {**_options, "init_command": _options["init_command"] + "; PRAGMA synchronous=OFF"}
        # Made from the models at once. PostgreSQL's are migrated, and so is what tests/cli/test_serve.py begins.
        _database["TEST"]["MIGRATE"] = False

# `./run test` collects the browser files as an installation does, under hashed names, and the browser tests use
# those. A narrow run needs nothing collected.
if _collected := os.environ.get("SIDEBYSIDE_TEST_STATIC"):
    STATIC_ROOT = Path(_collected)
else:
    STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    STATIC_ROOT.mkdir(exist_ok=True)
    WHITENOISE_USE_FINDERS = True
# Look files up when they are asked for, not once more for every client that a test makes.
WHITENOISE_AUTOREFRESH = True
# The pages of all components are looked at as well.
SHOWS_DESIGN = True
