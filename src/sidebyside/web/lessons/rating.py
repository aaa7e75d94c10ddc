"""How a lesson is seen: rating a version, the result, and what the teacher asks her partners. The teacher comes first
and is alone with it: a page shows of a rating that is not shared nothing to anybody but who made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.lessons import queries, rating_queries, ratings
from sidebyside.lessons.actions import rating as actions
from sidebyside.lessons.models import Lesson, LessonVersion, OwnChecklist, Rating
from sidebyside.lessons.rating_queries import Beside, Offered, Read
from sidebyside.lessons.ratings import Answers
from sidebyside.lessons.version_queries import kept_of, says
from sidebyside.materials.models import MaterialVersion
from sidebyside.materials.rating_shapes import ANSWERS
from sidebyside.web.dates import clock
from sidebyside.web.lessons.company import company_of, may_change
from sidebyside.web.lessons.paths import name_of, number_of
from sidebyside.web.lessons.rating_forms import RateNowForm
from sidebyside.web.lessons.versions import next_moment
from sidebyside.web.two_texts import version_of

ANSWER, NOTE = "a-", "n-"  # what the names of fields begin with
RATED = "material", "by", "version__lesson__partnership", "version__lesson__teacher"


# All ratings of a lesson


@dataclass(frozen=True)
class Rated:
    """What one person made of a lesson by one material: the first rating beside the latest, and each of them."""

    beside: Beside
    each: list[Read]


def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is of a lesson's ratings for this viewer. A POST rates the lesson as it stands: its teacher's act."""
    lesson = policy.find(request.user, Lesson, pk, "partnership", "teacher", "document")
    is_teacher = request.user.pk == lesson.teacher_id
    checklists = policy.seen(request.user, OwnChecklist)
    offers = rating_queries.offered(lesson.partnership, checklists) if is_teacher else []
    versions = kept_of(policy.seen(request.user, LessonVersion), lesson)
    moment = next_moment(versions[-1] if versions else None)
    form = RateNowForm(request.POST if request.method == "POST" else None, offers=offers, moment=moment)
    if request.method == "POST":
        policy.ask(request.user, "rate lesson", Lesson, pk)
        if form.is_valid():
            values = {"kind": form.cleaned_data["kind"], "by": request.user, "at": timezone.now()}
            try:
                version = actions.rate_now(lesson, **values)
                return redirect("rating", version.pk, form.cleaned_data["by"])
            except Refused as refused:
                form.add_error(None, refused.sentence)
    reads = rating_queries.of_lesson(policy.seen(request.user, Rating), lesson)
    vault.opened([lesson], "title")
    context = {
        "lesson": lesson,
        "company": company_of(lesson, request.user),
        "form": form,
        "is_teacher": is_teacher,
        "changes": may_change(request.user, lesson),
        "versions": versions,
        "latest_stands": is_teacher and bool(versions) and says(versions[-1]) == queries.text_of(lesson),
        "offers": offers,
        "asked": [] if is_teacher else _asked(request, versions, reads),
        "people": _people(reads, lesson),
        "name_of": name_of,
    }
    return render(request, "lessons/ratings.html", context, status=422 if form.errors else 200)


def _asked(
    request: HttpRequest, versions: list[LessonVersion], reads: list[Read]
) -> list[tuple[LessonVersion, Offered, Read | None]]:
    """What the teacher asks her: version, by what, and her own rating where she has begun one."""
    mine = {
        (one.rating.version_id, one.rating.material.material_id): one
        for one in reads
        if one.rating.by_id == request.user.pk
    }
    asked = rating_queries.asked_about(versions)
    return [
        (version, offer, mine.get((version.pk, offer.material.material_id)))
        for version in reversed(versions)
        for offer in asked.get(version.pk, [])
    ]


def _people(reads: list[Read], lesson: Lesson) -> list[Rated]:
    """Ratings by person and material, the first beside the latest; those of the teacher come first."""
    groups: dict[tuple[int, int], list[Read]] = {}
    for one in reads:
        groups.setdefault((one.rating.by_id, one.rating.material.material_id), []).append(one)
    found = []
    for each in groups.values():
        said = [one for one in each if not one.answers.is_empty] or each
        first = said[0] if len(said) > 1 else None
        found.append(Rated(Beside(each[0].rating.by, first, said[-1]), each))
    return sorted(found, key=lambda one: one.beside.person.pk != lesson.teacher_id)


# Rating one version


def rating(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Rate a version by one material: saved as she chooses, sent as a plain form, a single question or all of them."""
    version = policy.find(request.user, LessonVersion, pk, "lesson__partnership", "lesson__teacher")
    if slug not in rating_queries.slugs():
        raise Http404
    seen = {"ratings": policy.seen(request.user, Rating), "checklists": policy.seen(request.user, OwnChecklist)}
    offer, hers = rating_queries.to_rate(version, slug, request.user, **seen)
    if request.method == "POST":
        policy.ask(request.user, "rate lesson", Lesson, version.lesson_id)
        return _rate(request, version, slug, offer, hers)
    if offer is None or not _may_rate(request, version, offer.material):
        return redirect("rating_shown", hers.rating.pk) if hers else _waits(request, version)
    return _page(request, version, offer, hers, hers.answers if hers else Answers())


def _may_rate(request: HttpRequest, version: LessonVersion, material: MaterialVersion) -> bool:
    """Whether the page offers to rate: the lesson is open, and she is its teacher or is asked."""
    open_to_her = may_change(request.user, version.lesson)
    return open_to_her and rating_queries.may_be_rated(version, material, request.user)


def _rate(
    request: HttpRequest, version: LessonVersion, slug: str, offer: Offered | None, hers: Read | None
) -> HttpResponse:
    sent, after = Answers(_sent(request, ANSWER), _sent(request, NOTE)), version_of(request)
    if hers and request.POST.get("keep") == "both" and after == hers.rating.edition:
        sent = ratings.both(hers.answers, sent)
    quiet = "X-Autosave" in request.headers
    if offer is None:
        # (says to who was not asked what the verb would say, whether the teacher has rated it or not)
        return JsonResponse({"refused": ""}, status=422) if quiet else _waits(request, version, status=422)
    try:
        kept = actions.rate(
            version, material=offer.material, own=offer.own, answers=sent.given, notes=sent.notes, after=after,
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except Overtaken:
        # (what overtakes her is her own, from another window: it is read as she sees it)
        theirs = rating_queries.of_person(policy.seen(request.user, Rating), version, slug, request.user)
        assert theirs is not None
        return _both(request, version, offer, theirs, sent, quiet=quiet)
    except Refused as refused:
        if quiet:
            return JsonResponse({"refused": refused.sentence}, status=422)
        return _page(request, version, offer, hers, sent, after=after, refused=refused.sentence)
    if quiet:
        return JsonResponse({"saved": clock(timezone.now()), "version": kept.edition})
    messages.success(request, _("Your rating is saved."))
    return redirect("rating_shown", kept.pk)


def _sent(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {name[len(prefix) :]: value for name, value in request.POST.items() if name.startswith(prefix)}


def _both(
    request: HttpRequest, version: LessonVersion, offer: Offered, theirs: Read, mine: Answers, *, quiet: bool
) -> HttpResponse:
    """Both, where she saved something else in another window: what she chose here, and what was saved there."""
    # (of a chain the whole way is shown, since an answer alone says nothing)
    apart = theirs.answers if theirs.kind == "chain" else ratings.other_than(mine, theirs.answers)
    shown = replace(theirs, answers=apart)
    if not quiet:
        return _page(request, version, offer, theirs, mine, after=theirs.rating.edition, theirs=shown)
    context = {"theirs": shown, "possible": ANSWERS, "code_of": ratings.question_code}
    said = render_to_string("lessons/rating_theirs.html", context, request=request)
    return JsonResponse({"theirs": said, "version": theirs.rating.edition}, status=409)


def _page(
    request: HttpRequest, version: LessonVersion, offer: Offered, hers: Read | None, answers: Answers,
    *, after: int | None = None, refused: str = "", theirs: Read | None = None,
) -> HttpResponse:  # fmt: skip
    lesson, shared = version.lesson, bool(hers and hers.rating.shared_at)
    answers = ratings.known(offer.scale, answers)
    company = company_of(lesson, request.user)
    vault.open_texts([(version, "name"), (lesson, "title")])
    context = {
        "version": version,
        "lesson": lesson,
        "called": name_of(version),
        "offer": offer,
        "scale": offer.scale,
        "answers": answers,
        "possible": ANSWERS,
        "areas": _begun(offer, answers),
        "code_of": ratings.question_code,
        "seen": company.seen if shared else _("Only you"),
        "longest": actions.LONGEST_NOTE,
        "refused": refused,
        "edition": (hers.rating.edition if hers else 0) if after is None else after,
        "theirs": theirs,
    }
    status = 409 if theirs else 422 if refused else 200
    return render(request, f"lessons/rating_{offer.kind}.html", context, status=status)


def _begun(offer: Offered, answers: Answers) -> Mapping[str, tuple[int, int]]:
    """How many questions of each area are answered, and how many there are; of a checklist."""
    if offer.kind != "checklist":
        return {}
    results = ratings.results(offer.scale, answers)
    return {one.code: (one.items - (one.counts or {}).get(ratings.OPEN, 0), one.items) for one in results}


def _waits(request: HttpRequest, version: LessonVersion, status: int = 200) -> HttpResponse:
    """The page of who is not asked. It says the same whether the teacher has rated her lesson or not."""
    vault.opened([version.lesson], "title")
    context = {"lesson": version.lesson, "changes": may_change(request.user, version.lesson)}
    return render(request, "lessons/rating_waits.html", context, status=status)


# The result


@require_safe
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """What one rating says, area by area, beside the one before it; and, for who made it, who is to see it."""
    found = policy.find(request.user, Rating, pk, *RATED)
    lesson = found.version.lesson
    rows = policy.seen(request.user, Rating).filter(by=found.by_id, material__material=found.material.material_id)
    each = rating_queries.of_lesson(rows, lesson)
    at = next(number for number, one in enumerate(each) if one.rating.pk == pk)
    earlier = [one for one in each[:at] if not one.answers.is_empty]
    before = earlier[-1] if earlier else None
    # Her own rating stays hers where she sees the lesson no more: then without a word that was written since.
    sees = policy.sees(request.user, lesson)
    called = name_of if sees else number_of
    vault.opened([lesson] if sees else [], "title")
    company = company_of(lesson, request.user)
    is_hers = found.by_id == request.user.pk
    context = {
        "lesson": lesson,
        "sees": sees,
        "title": lesson.title if sees else "",
        "back": reverse("lesson_ratings", args=[lesson.pk]) if sees else reverse("lessons"),
        "rating": found,
        "read": each[at],
        "scale": each[at].scale,
        "compared": Beside(found.by, before, each[at]),
        "called": called(each[at].rating.version),
        "called_before": called(before.rating.version) if before else "",
        "company": company,
        "is_hers": is_hers,
        "shares": is_hers and not company.has_left and len(company.members) > 1,
        "asks": is_hers and found.by_id == lesson.teacher_id,
        "changes": is_hers and _may_rate(request, found.version, each[at].rating.material),
        "seen": company.seen if found.shared_at else _("Only you"),
        "possible": ANSWERS,
        "code_of": ratings.question_code,
    }
    return render(request, "lessons/rating.html", context)


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's rating to the others."""
    return _act(request, pk, actions.share, _("Your rating is shared."))


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a rating one's own again."""
    return _act(request, pk, actions.take_back, _("Your rating is yours alone again. The others may have read it."))


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the others how they see it."""
    return _act(
        request, pk, actions.ask_partners, _("You have asked. Your own answers stay yours until you share them.")
    )


@require_POST
def ask_no_more(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not ask the others any more."""
    return _act(request, pk, actions.ask_no_more, _("You do not ask any more. What was rated stays with who rated it."))


def _act(request: Any, pk: int, verb: Any, said: str) -> HttpResponse:
    found = policy.ask(request.user, "change rating", Rating, pk, "lesson__partnership", "partnership")
    verb(found, by=request.user, at=timezone.now())
    messages.success(request, said)
    return redirect("rating_shown", pk)
