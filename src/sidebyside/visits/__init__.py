"""Visits to lessons, with the talks before and after them and the cover they need.

Pure, without a database: `talks` finds the times for the talks of one visit, `term_plan` plans all visits of a term.
"""
