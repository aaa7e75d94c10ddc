"""Every page that anybody of the test world can look at holds to the house rules of pages."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from tests.crawling import SIGNED_OUT, Answer, Crawl, nothing

pytestmark = pytest.mark.one_database

POLICY = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'")

# What is no page of anybody's: anyone on the way may keep it for a while.
THE_SAME_FOR_ALL = {"commons_feed"}
BY_EVENT = ("on", "hx-on")
ELSEWHERE = ("javascript:", "http:", "//")


def told(found: Iterable[tuple[Answer, str]]) -> None:
    """Fail with the findings, each at the first page that has it."""
    first: dict[str, str] = {}
    for one, finding in found:
        first.setdefault(finding, f"{one.who} at {one.path}: {finding}")
    nothing(first.values())


def all_pages(crawl: Crawl) -> list[Answer]:
    """Every page with words on it, pages of refusal too."""
    return [one for one in crawl.answers if one.is_page and one.status in (200, 403, 404)]


def test_each_page_has_one_main_part_one_heading_and_a_title(crawl):
    found = []
    for one in all_pages(crawl):
        for tag in ("main", "h1", "title"):
            if one.page.count(tag) != 1 and not (tag == "title" and one.page.titles):
                found.append((one, f"{one.page.count(tag)} <{tag}>"))
        if not one.page.title.removesuffix("Side by Side").strip(" ·"):
            found.append((one, "an empty title"))
    told(found)


def test_no_id_stands_twice(crawl):
    found = [
        (one, f"id {identity}")
        for one in all_pages(crawl)
        for identity in {name for name in one.page.ids if one.page.ids.count(name) > 1 or not name}
    ]
    told(found)


def test_every_label_belongs_to_a_field_and_every_field_has_one(crawl):
    found = []
    for one in all_pages(crawl):
        ids = set(one.page.ids)
        for tag, attributes in one.page.elements:
            if tag == "label" and attributes.get("for") and attributes["for"] not in ids:
                found.append((one, f"a label for {attributes['for']}"))
            for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
                found += [(one, f"{name} {word}") for word in attributes.get(name, "").split() if word not in ids]
        found += [(one, f"no label: {word}") for word in one.page.unlabelled()]
    told(found)


def test_every_form_that_posts_carries_its_token(crawl):
    found = [
        (one, f"form to {form.action}")
        for one in all_pages(crawl)
        for form in one.page.forms
        if form.posts != ("csrfmiddlewaretoken" in form.names)
    ]
    told(found)


def test_the_content_policy_is_strict(crawl):
    found = []
    for one in crawl.answers:
        if one.is_page:
            said = one.headers.get("Content-Security-Policy", "")
            found += [(one, f"no {part}") for part in POLICY if part not in said]
            found += [(one, "unsafe") for word in ("unsafe-inline", "unsafe-eval", "*") if word in said]
    told(found)


def test_nothing_is_inline(crawl):
    found = []
    for one in all_pages(crawl):
        for tag, attributes in one.page.elements:
            is_code = tag == "script" and "json" not in attributes.get("type", "")
            if tag == "style" or (is_code and "src" not in attributes):
                found.append((one, f"<{tag}>"))
            found += [(one, f"{tag} {name}") for name in attributes if name == "style" or name.startswith(BY_EVENT)]
            leads = [attributes.get(name, "") for name in ("href", "src", "action")]
            found += [(one, f"{tag} to {href}") for href in leads if href.startswith(ELSEWHERE)]
    told(found)


def test_pages_of_who_is_signed_in_are_kept_by_nobody(crawl):
    found = [
        (one, one.headers.get("Cache-Control", "no header"))
        for one in crawl.answers
        if one.who != SIGNED_OUT
        and one.address.name not in THE_SAME_FOR_ALL
        and "no-store" not in one.headers.get("Cache-Control", "")
    ]
    told(found)


def test_what_may_be_kept_is_the_same_for_all(crawl):
    """Nothing in it is of who asked, and nobody is known again by it."""
    kept = [one for one in crawl.answers if one.address and one.address.name in THE_SAME_FOR_ALL]
    assert {one.who for one in kept} == set(crawl.people)
    assert {one.address.name for one in kept} == THE_SAME_FOR_ALL
    told((one, "sets a cookie") for one in kept if "Set-Cookie" in one.headers)
    for name in THE_SAME_FOR_ALL:
        assert len({(one.status, one.headers["ETag"]) for one in kept if one.address.name == name}) == 1, name


def test_links_lead_somewhere(crawl):
    """Each address exists and answers whoever is shown it; each anchor is on some page of that kind."""
    known = {(one.who, one.path): one for one in crawl.answers}
    anchors: dict[str, set[str]] = {}
    for one in all_pages(crawl):
        anchors.setdefault(one.address.name, set()).update(map(without_numbers, one.page.ids))
    found = []
    for one in all_pages(crawl):
        for href in set(one.page.links):
            target = urlsplit(href)
            if target.scheme or target.path.startswith(settings.STATIC_URL):
                continue
            path = target.path or urlsplit(one.path).path
            if not leads_somewhere(path):
                found.append((one, f"unknown address {href}"))
                continue
            to, name = known.get((one.who, path)), resolve(path).url_name
            if target.path and to and to.status not in (200, 302):
                found.append((one, f"{href} answers {to.status}"))
            if target.fragment and without_numbers(target.fragment) not in anchors.get(name, ()):
                found.append((one, f"no #{target.fragment} at {path}"))
    told(found)


def without_numbers(identity: str) -> str:
    return re.sub(r"\d+", "", identity)


def test_forms_go_somewhere(crawl):
    found = []
    for one in all_pages(crawl):
        for form in one.page.forms:
            path = urlsplit(form.action or one.path).path or urlsplit(one.path).path
            if not leads_somewhere(path):
                found.append((one, f"unknown address {form.action}"))
            elif not form.posts and resolve(path).url_name in crawl.only_posts:
                found.append((one, f"{form.action} takes posts only"))
    told(found)


def leads_somewhere(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False
