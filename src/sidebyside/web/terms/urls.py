"""The addresses of plans for a term, and of calendars shown to leaders."""

from django.urls import path

from sidebyside.web.terms import ours, plans, showing

urlpatterns = [
    path("places/<int:pk>/terms/plans/", plans.term_plans, name="term_plans"),
    path("places/<int:pk>/terms/plans/new/", plans.propose_term, name="propose_term"),
    path("term-plans/<int:pk>/removal/", plans.put_away, name="remove_term_plan"),
    path("partnerships/<int:pk>/term/", ours.our_term, name="our_term"),
    path("partnerships/<int:pk>/term/plans/", ours.plan_ours, name="plan_ours"),
    path("partnerships/<int:pk>/term/taking/", ours.take_all_planned, name="take_all_planned"),
    path("planned-visits/<int:pk>/taking/", ours.take_planned, name="take_planned"),
    path("planned-visits/<int:pk>/passing-over/", ours.pass_over_planned, name="pass_over_planned"),
    path("planned-visits/<int:pk>/bringing-back/", ours.bring_back_planned, name="bring_back_planned"),
    path("partnerships/<int:pk>/calendar/showing/", showing.calendar_showing, name="calendar_showing"),
    path("partnerships/<int:pk>/calendar/releases/", showing.show_calendar, name="show_calendar"),
    path("calendar-releases/<int:pk>/", showing.shown_calendar, name="shown_calendar"),
    path("calendar-releases/<int:pk>/consent/", showing.agree_to_calendar, name="agree_to_calendar"),
    path("calendar-releases/<int:pk>/withdrawal/", showing.hide_calendar, name="calendar_hiding"),
    path("calendar-releases/<int:pk>/remarks/", showing.remark_on_calendar, name="remark_on_calendar"),
]
