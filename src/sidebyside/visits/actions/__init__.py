"""Verbs of visits: booking, re-planning, planning a term, showing a leader when a partnership meets."""
