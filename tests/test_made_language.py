"""Every page in the made language, longer and from right to left: no word is left in English.

Pages of refusal, forms that were not right, what is said after an act, and mails are drawn as well.
"""

import re
from collections import Counter
from unicodedata import bidirectional

import pytest
from django.conf import settings
from django.core import mail
from django.test import RequestFactory, override_settings
from django.urls import reverse
from django.utils.translation import override

from sidebyside.base import pseudo, vault
from sidebyside.lessons.models import Attachment, LessonVersion, Publication, PublishedFile
from sidebyside.materials.models import FrameworkVersion
from sidebyside.people.models import Person
from sidebyside.web.commons.licences import languages
from sidebyside.web.entrance import mails
from sidebyside.web.home.views import fault
from tests import crawling
from tests.crawling import SIGNED_OUT, Answer, Crawl, Visitor, nothing
from tests.filling import filled, goes_to, kind_of
from tests.made_language import make_ready
from tests.untranslated import untranslated

pytestmark = pytest.mark.one_database

# Of each address, so many pages, of different people where there are any.
OF_EACH = 3
ROSTER = b"email,given_name,family_name,place,role\nneu@example.org,Ana,Sousa,Quay School,teacher\n"
# Where a name cannot have an element of its own, or stands in a sentence about a row of a roster. Of the names of
# languages, each is written in its own; what people wrote is named alike in a title, a choice, or in the place of a
# picture.
MAY_HOLD_NAMES = ("<title", "<td", "<option", "<dd")
ADDRESS = re.compile(r"https?://\S+")
HTML = re.compile(r"<html lang=\"en-x-made\" dir=\"rtl\"")


class Drawing:
    """The test world in the made language, and what was found on its pages."""

    def __init__(self, crawl: Crawl, world) -> None:
        self.names = {name for _code, name in [*settings.LANGUAGES, *languages()]} | {"Northshore Peer Coaching"}
        self.names |= {word for one in [*world.people.values(), *world.places.values()] for word in _words_of(one)}
        self.names |= _written()
        self.visitors = {name: Visitor(name, person) for name, person in world.people.items()}
        self.visitors[SIGNED_OUT] = Visitor(SIGNED_OUT, None)
        for visitor in self.visitors.values():
            visitor.client.cookies["language"] = pseudo.CODE
        self.found: list[str] = []
        self.drawn = Counter()

    def look_at(self, one: Answer) -> Answer:
        """Look for words on a page that were not looked up."""
        if one.is_page:
            self.drawn[one.status] += 1
            if not HTML.search(one.html):
                self.found.append(f"{one}: not drawn in the made language")
            self.found += [f"{one}: {finding}" for finding in untranslated(one.html) if not self._is_name(finding)]
        return one

    def _is_name(self, finding: str) -> bool:
        """Names stand in elements of their own; only a title and spoken attributes cannot hold any."""
        where, _, text = finding.partition("> ")
        text = ADDRESS.sub("", text)
        may_hold_names = where in MAY_HOLD_NAMES or " " in where
        return may_hold_names and not untranslated(f"<p>{_escaped(text)}</p>", allow=self.names)

    def told(self) -> None:
        """Fail with what was found, a line for each kind of page."""
        nothing(re.sub(r"/\d+/", "/N/", finding.split(" at ", 1)[-1]) for finding in self.found)


def _words_of(one) -> list[str]:
    return [one.given_name, one.family_name, one.name] if isinstance(one, Person) else [one.name]


def _written() -> set[str]:
    """What people called things that are chosen from a list, stand in a title, or say what a picture shows."""
    written = set(Publication.objects.values_list("title", flat=True))
    written |= set(FrameworkVersion.objects.values_list("title", flat=True))
    written |= set(PublishedFile.objects.values_list("caption", flat=True))
    written |= {one.caption for one in vault.opened(Attachment.objects.all(), "caption")}
    written |= {one.name for one in vault.opened(LessonVersion.objects.all(), "name")}
    return written


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@pytest.fixture
def drawing(crawl, db):
    make_ready()
    world = crawling.put_back(crawl)
    Person.objects.update(language=pseudo.CODE)
    for person in world.people.values():
        person.language = pseudo.CODE
    yield Drawing(crawl, world)
    crawling.clear_away()


def chosen(crawl: Crawl, statuses: set[int], of_each: int) -> list[Answer]:
    """Some pages of each address, each of another person where there are several."""
    taken: dict[tuple[str, int], list[Answer]] = {}
    for one in crawl.answers:
        if one.status in statuses and one.is_page:
            alike = taken.setdefault((one.address.name, one.status), [])
            if len(alike) < of_each and one.who not in {other.who for other in alike}:
                alike.append(one)
    return [one for alike in taken.values() for one in alike]


@pytest.mark.django_db
def test_every_page_is_looked_up(crawl, drawing):
    pages = chosen(crawl, {200, 403, 410}, OF_EACH) + chosen(crawl, {404}, 1)[:3]
    assert len({one.address.name for one in pages}) > 40
    for one in pages:
        shown = drawing.look_at(drawing.visitors[one.who].look(one.path, one.address, one.pk))
        assert shown.status == one.status, shown
    drawing.told()
    assert drawing.drawn[404]
    assert drawing.drawn[403]


@pytest.mark.django_db
def test_what_is_said_after_a_form_is_looked_up(crawl, drawing):
    """Each form twice: empty, for its errors; and filled in, for what is said then."""
    kinds = {}
    for one in chosen(crawl, {200}, OF_EACH):
        for form in one.page.forms:
            if form.posts:
                kinds.setdefault(kind_of(form, one.path), (one, form))
    assert len(kinds) > 40
    for one, form in kinds.values():
        visitor, to = drawing.visitors[one.who], goes_to(form, one.path)
        for sent in ({}, filled(form, lambda field: "Ţéẋţ", button=form.buttons[0], file=ROSTER)):
            with crawling.undone():
                drawing.look_at(crawling.answer(one.who, to, visitor.client.post(to, sent, follow=True), one.address))
    drawing.told()
    assert drawing.drawn[422] > 5


@pytest.mark.django_db
def test_pages_of_faults_are_looked_up(drawing):
    request = RequestFactory().get("/")
    request.user = Visitor(SIGNED_OUT, None).client.get("/").wsgi_request.user
    with override(pseudo.CODE):
        page = fault(request).content.decode()
    drawing.look_at(Answer(SIGNED_OUT, "/", None, None, 500, {"Content-Type": "text/html"}, page))
    strict = drawing.visitors["ana"].client
    strict.handler.enforce_csrf_checks = True
    drawing.look_at(crawling.answer("ana", "/sign-out/", strict.post("/sign-out/")))
    drawing.told()
    assert drawing.drawn == {500: 1, 403: 1}


@pytest.mark.django_db
@override_settings(SITE_URL="https://1.1.1.1")
def test_mails_are_looked_up(drawing, world_people):
    ana, emre, linden, at = world_people
    mails.send_link(email=ana.email, next_page="", machine="192.0.2.7", at=at)
    mails.send_invitations([ana], place=linden, by=emre, at=at)
    mails.send_to_owner(ana, by=emre, at=at)
    visitor = Visitor(SIGNED_OUT, None)
    visitor.client.post(reverse("sign_in"), {"email": ana.email})
    assert len(mail.outbox) >= 4
    for one in mail.outbox:
        text = ADDRESS.sub("", f"{one.subject} {one.body}")
        assert untranslated(f"<p>{_escaped(text)}</p>", allow=drawing.names) == []
        assert any(bidirectional(letter) for letter in text)


@pytest.fixture
def world_people(drawing, copies):
    world = copies.world
    return Person.objects.get(pk=world.ana.pk), Person.objects.get(pk=world.emre.pk), world.linden, world.at
