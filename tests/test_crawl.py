"""As everybody, signed in or not, over every address: no fault, nothing of others, and no difference between
what is unknown and what is not yours."""

from collections import Counter

import pytest

from tests.crawling import ASK_FOR_MORE, MARK, SIGNED_OUT, TOO_LARGE, UNKNOWN, nothing, without_token

# Who may see what is asked of both databases by the policy's matrix and by the tests of each page.
pytestmark = pytest.mark.one_database

EXPECTED = {200, 302, 403, 404, 405, 410}

# Sealed texts that no page shows, each with its reason.
SHOWN_NOWHERE: dict[str, str] = {
    "body_goals_place_goal": "a goal of the place, which everybody there reads anyway",
    "replacement": "only a suggestion has other words (tests/web/lessons/test_remarks.py)",
}
# What is given to all is read by strangers too.
OPEN_TO_ALL = {"published", "published_file"}

# Pages that name people whom she need not see elsewhere, each with its reason.
NAMES_OTHERS = {"seen_by_others": "says who can see that the partnership exists, also to who has left the school"}


def about_records(crawl):
    """Every answer at an address of one record, also to the forms that were sent there."""
    return [one for one in [*crawl.answers, *crawl.posts] if one.address.model]


def test_every_address_answers_without_a_fault(crawl):
    answers = [*crawl.answers, *crawl.posts]
    assert len(answers) > 2_000
    nothing(f"{one.address.name}: {one}" for one in answers if one.status not in EXPECTED)


def test_ids_without_a_record_are_unknown(crawl):
    tried = [one for one in crawl.answers if one.pk in (UNKNOWN, TOO_LARGE) and one.who != SIGNED_OUT]
    assert len(tried) > 100
    nothing(str(one) for one in tried if one.status != 404)


def test_records_of_others_are_unknown_to_her(crawl):
    """Looking or sending a form: what the policy does not show is not there."""
    others = [one for one in about_records(crawl) if one.who != SIGNED_OUT and not crawl.may_see_it(one)]
    assert len(others) > 500
    nothing(str(one) for one in others if one.status not in (404, 405))


def test_unknown_and_not_yours_look_alike(crawl):
    """Byte for byte, but for the token of forms and for the part of the navigation that the address lies in."""
    bodies = {}
    for one in about_records(crawl):
        if one.status == 404 and one.who in ASK_FOR_MORE:
            of_an_address = bodies.setdefault((one.who, one.address.name), {})
            of_an_address.setdefault(without_token(one.html), []).append(one)
    assert any(len(ones) > 2 for alike in bodies.values() for ones in alike.values())
    nothing(str(ones[0]) for alike in bodies.values() if len(alike) > 1 for ones in alike.values())


def test_who_is_signed_out_is_asked_to_sign_in_whatever_is_there(crawl):
    signed_out = [one for one in about_records(crawl) if one.who == SIGNED_OUT]
    asked = [one for one in signed_out if one.address.name not in OPEN_TO_ALL]
    assert len(asked) > 100
    for one in asked:
        assert one.status == 302, one
        assert one.headers["Location"].startswith("/sign-in/"), one
        assert one.html == ""


def test_nobody_reads_a_text_that_is_not_hers(crawl):
    leaks, read = [], 0
    for one in [*crawl.answers, *crawl.posts]:
        for model, pk, name in MARK.findall(one.html + str(one.headers)):
            read += 1
            if not crawl.may_see(one.who, model, int(pk)):
                leaks.append(f"{one} shows {model} {pk} ({name})")
    assert read > 200
    nothing(leaks)


def test_every_text_is_read_by_somebody(crawl):
    """What is nowhere to be found proves nothing by its absence."""
    read = {found[0] for one in crawl.answers for found in MARK.finditer(one.html + str(one.headers))}
    missing = [mark for marks in crawl.marks.values() for mark in marks if mark not in read]
    nothing(mark for mark in missing if not any(word in mark for word in SHOWN_NOWHERE))


def test_no_text_is_a_title(crawl):
    nothing(str(one) for one in crawl.pages if MARK.search(one.page.title))


def test_nobody_reads_the_name_of_a_person_whom_she_may_not_see(crawl):
    leaks, met = [], Counter()
    for one in crawl.answers:
        for pk, named in crawl.names.on(one.html).items():
            met[pk] += 1
            if not crawl.may_name(one.who, pk) and one.address.name not in NAMES_OTHERS:
                leaks.append(f"{one} names {named}")
    assert set(met) == set(crawl.names.of.values())
    nothing(leaks)


def test_who_is_signed_out_reads_no_name(crawl):
    for one in crawl.of(SIGNED_OUT):
        assert not crawl.names.on(one.html), one


def test_every_page_shows_something(crawl):
    assert {one.address.name for one in crawl.pages} >= {"home", "workspace", "partnerships", "leader", "facilitator"}
    nothing(str(one) for one in crawl.pages if len(one.page.text) < 200)


@pytest.mark.parametrize("who", ["ana", "dara", "emre", "ines", "kofi", "lena", "mai"])
def test_everybody_has_pages_of_her_own(crawl, who):
    assert sum(1 for one in crawl.pages if one.who == who) > 10
