from django.urls import path

from sidebyside.web.cycles import bin_views, goals, log, rounds, sheets, steps
from sidebyside.web.cycles.workspace import workspace

urlpatterns = [
    path("partnerships/<int:pk>/", workspace, name="workspace"),
    path("partnerships/<int:pk>/history/", rounds.history, name="history"),
    path("partnerships/<int:pk>/cycles/", rounds.cycles, name="cycles"),
    path("cycles/<int:pk>/", rounds.cycle, name="cycle"),
    path("cycles/<int:pk>/stages/<slug:slug>/", rounds.stage, name="stage"),
    path("cycles/<int:pk>/pause/", rounds.pause, name="pause_cycle"),
    path("cycles/<int:pk>/resumption/", rounds.resume, name="resume_cycle"),
    path("cycles/<int:pk>/completion/", rounds.complete, name="complete_cycle"),
    path("cycles/<int:pk>/stop/", rounds.stop, name="stop_cycle"),
    path("cycles/<int:pk>/reopening/", rounds.reopen, name="reopen_cycle"),
    path("cycles/<int:pk>/sheets/<slug:kind>/", sheets.sheet, name="sheet"),
    path("cycles/<int:pk>/goals/", goals.goals, name="goals"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/reached/", goals.reach, name="reach_goal"),
    path("goals/<int:pk>/reached/removal/", goals.unreach, name="unreach_goal"),
    path("goals/<int:pk>/removal/", goals.remove, name="remove_goal"),
    path("cycles/<int:pk>/steps/", steps.steps, name="steps"),
    path("steps/<int:pk>/", steps.step, name="step"),
    path("steps/<int:pk>/done/", steps.finish, name="finish_step"),
    path("steps/<int:pk>/done/removal/", steps.reopen, name="reopen_step"),
    path("steps/<int:pk>/removal/", steps.remove, name="remove_step"),
    path("partnerships/<int:pk>/contacts/", log.contacts, name="contacts"),
    path("contacts/<int:pk>/", log.contact, name="contact"),
    path("contacts/<int:pk>/removal/", log.remove, name="remove_contact"),
    path("contacts/<int:pk>/joining/", log.join, name="join_contacts"),
    path("contacts/<int:pk>/parting/", log.keep_apart, name="keep_contacts_apart"),
    path("me/bin/", bin_views.bin_page, name="bin"),
    path("me/bin/<slug:kind>/<int:pk>/restoration/", bin_views.restore, name="restore"),
]
