"""What every test can ask for."""

import hypothesis

from tests import databases

databases.prepare()

hypothesis.settings.register_profile("same every time", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("same every time")
