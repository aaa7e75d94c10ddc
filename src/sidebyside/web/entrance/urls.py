from django.urls import path

from sidebyside.web.entrance import first_run, invitations, owners, views

urlpatterns = [
    path("sign-in/", views.by_link, name="sign_in"),
    path("link-sent/", views.link_sent, name="sign_in_sent"),
    path("sign-in/code/", views.by_code, name="sign_in_code"),
    path("sign-in/password/", views.by_password, name="sign_in_password"),
    path("enter/", views.entry, name="entry"),
    path("enter/<str:secret>/", views.enter, name="enter"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("first-run/<str:secret>/", first_run.first_run, name="first_run"),
    path("owners/", owners.owners, name="owners"),
    path("owners/<int:pk>/end/", owners.end_ownership, name="owner_end"),
    path("me/recovery-sheet/", owners.recovery_sheet, name="recovery_sheet"),
    path("places/<int:pk>/invitations/", invitations.invitations, name="invitations"),
    path("places/<int:pk>/invitations/sent/", invitations.send_invitations, name="invitations_send"),
    path("places/<int:pk>/codes/", invitations.codes, name="codes"),
]
