"""Rosters: what a district's own system says about its places and its staff.

Pure modules without a database: `archives` opens what was handed in and refuses what is dangerous,
`reading` understands OneRoster, `plain` the one-sheet form, `comparing` says what would change.
"""
