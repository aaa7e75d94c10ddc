"""The addresses of cover: the desk, one lesson, the answer from a mail, one's own."""

from django.urls import path

from sidebyside.web.cover import answering, choosing, desk, mine, reckoning

urlpatterns = [
    path("cover/", desk.start, name="cover_start"),
    path("cover/mine/", mine.my_cover, name="my_cover"),
    path("cover/mine/away/", mine.mark_away, name="my_away"),
    path("cover/answer/<str:secret>/", answering.answer, name="cover_answer"),
    path("cover/<int:school>/", desk.cover, name="cover"),
    path("cover/<int:school>/away/", desk.mark_away, name="cover_away"),
    path("cover/<int:school>/proposal/", desk.propose, name="cover_proposal"),
    path("cover/<int:school>/sending/", desk.send_out, name="cover_sending"),
    path("cover/<int:school>/substitutes/", desk.add_substitute, name="cover_substitutes"),
    path("cover/<int:school>/ledger/", reckoning.ledger, name="cover_ledger"),
    path("cover/<int:school>/rules/", reckoning.rules, name="cover_rules"),
    path("cover/<int:school>/limits/", reckoning.limit, name="cover_limits"),
    path("cover/<int:school>/sheet/", reckoning.sheet, name="cover_sheet"),
    path("cover/away/<int:pk>/end/", mine.end_away, name="away_end"),
    path("cover/substitutes/<int:pk>/end/", desk.end_substitute, name="substitute_end"),
    path("cover/requests/<int:pk>/", choosing.request_page, name="cover_request"),
    path("cover/requests/<int:pk>/choice/", choosing.choose, name="cover_choice"),
    path("cover/requests/<int:pk>/notes/", choosing.change_notes, name="cover_notes"),
    path("cover/requests/<int:pk>/cancellation/", choosing.cancel, name="cover_cancellation"),
    path("cover/offers/<int:pk>/lock/", choosing.lock, name="cover_lock"),
    path("cover/offers/<int:pk>/unlock/", choosing.unlock, name="cover_unlock"),
    path("cover/offers/<int:pk>/asking/", choosing.send, name="cover_asking"),
    path("cover/offers/<int:pk>/withdrawal/", choosing.withdraw, name="cover_withdrawal"),
    path("cover/offers/<int:pk>/yes/", choosing.say_yes, name="cover_yes"),
    path("cover/offers/<int:pk>/no/", choosing.say_no, name="cover_no"),
    path("cover/offers/<int:pk>/thanks/", choosing.thank, name="cover_thanks"),
]
