"""A school's timetable from files: read, looked through for clashes, laid on dates. Pure: no Django, no database.

`reading.read` is the front: files in, a `records.Timetable` out. `plain` reads one CSV sheet, `fet` what FET writes,
`clashes` finds who or what is in two places at once, `days` says which day of the timetable a date is, `weekdays`
recognises the names of days in many languages, `bells` finds times in the names of hours.
"""
