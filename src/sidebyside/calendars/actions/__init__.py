"""Verbs of time: timetables, appointments, calendars that people bring along and take along."""
