"""Mails: yes or no, on my page."""

from django.urls import reverse

from sidebyside.people.models import Person


def test_mails_are_stopped_and_wanted_again(world, client):
    client.force_login(world.ben)
    assert "Send me no mails" in client.get(reverse("me")).content.decode()
    client.post(reverse("my_mails"), {"mails": "no"})
    assert Person.objects.get(pk=world.ben.pk).mails_stopped_at is not None
    assert "Send me mails again" in client.get(reverse("me")).content.decode()
    client.post(reverse("my_mails"), {"mails": "yes"})
    assert Person.objects.get(pk=world.ben.pk).mails_stopped_at is None


def test_nobody_stops_the_mails_of_another(world, client):
    client.post(reverse("my_mails"), {"mails": "no"})
    client.force_login(world.lena)
    client.post(reverse("my_mails"), {"mails": "no", "person": world.ben.pk})
    assert Person.objects.get(pk=world.ben.pk).mails_stopped_at is None


def test_who_has_no_mailbox_is_not_asked(world, client):
    Person.objects.filter(pk=world.ben.pk).update(email=None)
    world.ben.refresh_from_db()
    client.force_login(world.ben)
    assert "Send me no mails" not in client.get(reverse("me")).content.decode()
