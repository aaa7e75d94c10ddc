from django.urls import path

from sidebyside.web.partnerships import agreeing, proposing, trust, views

urlpatterns = [
    path("partnerships/", views.partnerships, name="partnerships"),
    path("partnerships/new/", proposing.new, name="new_partnership"),
    path("coaches/", proposing.coaches, name="coaches"),
    path("wishes/", proposing.wish, name="wishes"),
    path("wishes/<int:pk>/closure/", proposing.close_wish, name="wish_closure"),
    path("proposals/<int:pk>/", proposing.proposal, name="proposal"),
    path("proposals/<int:pk>/acceptance/", proposing.accept, name="proposal_acceptance"),
    path("proposals/<int:pk>/closure/", proposing.decline, name="proposal_closure"),
    path("proposals/<int:pk>/withdrawal/", proposing.withdraw, name="proposal_withdrawal"),
    path("partnerships/<int:pk>/members/", views.members, name="members"),
    path("partnerships/<int:pk>/newcomers/", proposing.newcomers, name="newcomers"),
    path("partnerships/<int:pk>/rest/", views.rest, name="partnership_rest"),
    path("partnerships/<int:pk>/resumption/", views.resume, name="partnership_resumption"),
    path("partnerships/<int:pk>/rest/keeping/", views.keep_resting, name="partnership_rest_keeping"),
    path("partnerships/<int:pk>/end/", views.end, name="partnership_end"),
    path("partnerships/<int:pk>/leaving/", views.leave, name="partnership_leaving"),
    path("members/<int:pk>/parting/", views.go_on_without, name="member_parting"),
    path("help-offers/<int:pk>/closure/", views.put_away, name="help_offer_closure"),
    path("partnerships/<int:pk>/agreement/", agreeing.agreement, name="agreement"),
    path("partnerships/<int:pk>/agreement/words/", agreeing.words, name="agreement_words"),
    path("partnerships/<int:pk>/agreement/cards/", agreeing.cards, name="norm_cards"),
    path("partnerships/<int:pk>/agreement/cards/turning/", agreeing.turn, name="norm_cards_turning"),
    path("norm-cards/<int:pk>/removal/", agreeing.remove_card, name="norm_card_removal"),
    path("norm-cards/<int:pk>/restoration/", agreeing.restore_card, name="norm_card_restoration"),
    path("agreements/<int:pk>/signature/", agreeing.sign, name="agreement_signature"),
    path("partnerships/<int:pk>/seen-by-others/", trust.seen_by_others, name="seen_by_others"),
    path("partnerships/<int:pk>/openings/", trust.openings, name="openings"),
]
