"""Time: calendars that people bring along, and the lessons that fit.

Pure modules without a database: `lines` finds the components of a file, `zones` its time zones,
`reading` turns a file into busy times, `slots` ranks the lessons of a colleague for a visit.
"""
