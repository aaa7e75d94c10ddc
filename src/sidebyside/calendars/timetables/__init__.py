"""A school's timetable from files: read, and looked through for clashes. Pure: no Django, no database.

`reading.read` is the front: files in, a `records.Timetable` out. `plain` reads one CSV sheet, `fet` what FET writes
(with `markup` for its XML and `bells` for times in the names of hours), `clashes` finds who or what is in two places
at once, `weekdays` recognises the names of days in many languages. Which date is which day: `calendars/days.py`.
"""
