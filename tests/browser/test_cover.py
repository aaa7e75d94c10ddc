"""A morning of the cover desk on a phone, and the colleague who answers on the bus."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from sidebyside.base.signed import signed
from sidebyside.cover import queries
from sidebyside.cover.models import Away, CoverOffer, CoverRequest
from tests.browser.pages import DESKTOP, PHONE, WITHOUT_SCRIPT
from tests.browser.steps import follow, press, reads, reads_nothing_of


@pytest.fixture
def morning(world):
    """The next school day at Linden, and somebody who teaches on it with a colleague who is free then."""
    linden, at = world.linden.pk, timezone.now()
    on = queries.next_school_day(linden, queries.today_at(linden, at=at) + timedelta(days=14))
    assert on is not None
    day = queries.school_day(linden, on)
    for name in ("ben", "ana", "chen", "lena"):
        person = world.people[name]
        spans = [one.span for one in day.lessons.get(person.pk, ()) if one.span is not None]
        others = [pk for pk in day.people if pk != person.pk]
        if any(day.state(pk, span) is queries.State.FREE for span in spans for pk in others):
            return on, person
    raise AssertionError("Nobody could be covered on that day.")


@pytest.mark.parametrize("looks", [[PHONE], [DESKTOP, WITHOUT_SCRIPT]])
def test_the_desk_marks_away_proposes_sends_and_a_no_opens_the_lesson_again(site, world, morning, looks):
    on, away = morning
    page = site.page(world.olu, *looks)
    page.goto(f"{reverse('cover', args=[world.linden.pk])}?on={on}")
    page.get_by_label("Who", exact=True).fill(away.name)
    press(page, "Away all day")
    reads(page, "is marked away")
    press(page, "Propose for all open")
    reads(page, "Nobody has been asked yet.")
    assert not CoverOffer.objects.filter(request__person=away, on=on, asked_at__isnull=False).exists()
    press(page, "Send out")
    offers = CoverOffer.objects.filter(request__person=away, on=on, person__isnull=False, asked_at__isnull=False)
    first = offers.order_by("begin").first()
    assert first is not None
    reads(page, f"{first.person.name} was asked")

    bus = site.page(None, PHONE)
    bus.goto(reverse("cover_answer", args=[signed(queries.ANSWER_PURPOSE, first.pk)]))
    reads(bus, away.name)
    expect(bus.get_by_role("main").get_by_role("button")).to_have_count(2)
    press(bus, "No, I cannot")
    reads(bus, "You said no, and that is fine.")
    reads_nothing_of(bus, away.name)

    page.reload()
    reads(page, f"{first.person.name} said no")
    lesson = page.locator(f"#lesson-{first.request_id}")
    follow(lesson, "Choose")
    page.get_by_label(world.dara.name).first.check()
    press(page, "Has agreed already")
    expect(page.locator(f"#lesson-{first.request_id}")).to_contain_text(f"{world.dara.name} takes it")
    follow(page, "Print the day")
    reads(page, world.dara.name)


def test_she_is_ill_at_half_past_six_and_comes_after_all(site, world, morning):
    on, ill = morning
    page = site.page(ill, PHONE)
    page.goto(reverse("my_cover"))
    page.get_by_label("First day").fill(on.isoformat())
    press(page, "I am away")
    reads(page, "You are marked away.")
    absence = Away.objects.get(person=ill, ended_at=None, begin__date=on)
    follow(page.locator("#needed"), "Write notes")
    page.get_by_label("Notes for the lesson").fill("Page 14")
    press(page, "Save the notes")
    reads(page, "Who takes the lesson reads it here.")
    page.goto(reverse("my_cover"))
    page.locator("summary", has_text="I come after all").first.click()
    page.locator("details[open]").get_by_role("button", name="I come after all").click()
    reads(page, "No longer away.")
    absence.refresh_from_db()
    assert absence.ended_by == ill
    assert not CoverRequest.objects.filter(away=absence, cancelled_at=None).exists()
