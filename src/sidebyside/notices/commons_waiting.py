"""What waits about lessons that are given to all: a draft that asks her, and thanks that arrived."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from sidebyside.lessons.models import Adoption, Publication, PublicationConsent
from sidebyside.notices.arms import arm
from sidebyside.policy import SIGHTS, Standing, of_its_makers, published


def commons_waiting(me: Standing) -> Iterator[QuerySet]:
    """Drafts to which somebody else has agreed and she has not, and thanks that no maker has put away."""
    consents = PublicationConsent.objects.filter(publication=OuterRef("pk"))
    going = Q(partnership=None) | Q(partnership__ended_at=None)
    drafts = Publication.objects.filter(SIGHTS[Publication](me, False), going, published_at=None, retracted_at=None)
    drafts = drafts.filter(lesson__removed_at=None, lesson__isnull=False)
    # Somebody else agreed: that is how they ask her.
    asked = drafts.filter(Exists(consents), ~Exists(consents.filter(person=me.person_id)))
    yield arm(
        "publication_consent", asked, about="lesson_id", partnership="partnership_id", who="asked_by", at="asked_at"
    )
    in_force = Q(publication__in=Publication.objects.filter(published()).values("pk"))
    thanked = Adoption.objects.filter(of_its_makers(me), in_force, thanked_at__isnull=False, seen_at=None)
    yield arm("thanks", thanked.exclude(by=me.person_id), about="publication_id", who="by", at="thanked_at")
