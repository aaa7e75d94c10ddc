"""People with a part each, and what they agreed with one another."""

from django.db import models
from django.db.models import Q

from sidebyside.base.models import Removable
from sidebyside.base.vault import SealedTextField
from sidebyside.people.models import Person
from sidebyside.places.models import Place


class Form(models.TextChoices):
    PAIR = "pair"  # a coach and a learning partner
    PEERS = "peers"  # two to five who coach one another
    TEAM = "team"  # a coach and several partners who all chose to see all


class Part(models.TextChoices):
    COACH = "coach"
    PARTNER = "partner"
    PEER = "peer"


class Partnership(models.Model):
    """A piece of work between people with a part each. It owns its record."""

    form = models.CharField(max_length=6, choices=Form)
    formed_at = models.DateTimeField()
    rested_at = models.DateTimeField(null=True)
    rested_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # Set when it rests because a member left: the others are asked how to go on.
    asks_how_to_go_on_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # The ids of its members in order: the same people have one open partnership at a time.
    people = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["people"], condition=Q(ended_at=None) & ~Q(people=""), name="partnership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"partnership {self.pk}"

    @property
    def is_resting(self) -> bool:
        return self.rested_at is not None and self.ended_at is None

    def vault_scope(self) -> str:
        return f"p{self.pk}"


class Member(models.Model):
    """A person in a partnership, with a part, and the school and faculty of that day."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    part = models.CharField(max_length=7, choices=Part)
    school = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    faculty = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField()
    # Set for who joined later: she sees what is written from then on.
    sees_from = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "person"], condition=Q(left_at=None), name="member_once"),
        ]
        indexes = [models.Index(fields=["school", "partnership"], name="member_school")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.partnership_id}"


class Proposal(models.Model):
    """The wish that a partnership be formed (or that somebody join one): it holds until all have accepted.

    Somebody who would rather not closes it. Then its seats go: nobody can list, count or name who declined.
    """

    by = models.ForeignKey(Person, models.CASCADE, related_name="proposals")
    form = models.CharField(max_length=6, choices=Form)
    joining = models.ForeignKey(Partnership, models.CASCADE, null=True, related_name="proposals")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="Not this time.")
    formed_at = models.DateTimeField(null=True)
    # The ids of those it is about, in order, while it is open: nobody asks the same people twice at a time. What
    # others have asked of the same people she must not learn from a refusal, so it is no part of the constraint.
    people = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "people"],
                condition=Q(closed_at=None, formed_at=None) & ~Q(people=""),
                name="proposal_once",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.formed_at is None


class Seat(models.Model):
    """A person who is asked by a proposal, and the part she would have."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, models.CASCADE, related_name="seats")
    part = models.CharField(max_length=7, choices=Part)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in proposal {self.proposal_id}"


class Wish(models.Model):
    """A teacher asks the facilitators of a place of hers for a coach, or one of them. Nobody who leads her sees it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="wishes")
    # The one facilitator she chose; none: all of that place.
    to = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(closed_at=None), name="wish_once"),
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}"


class NormCard(Removable):
    """One wished behaviour on a card: the author's own until she turns it over."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="norm_cards")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = SealedTextField()
    written_at = models.DateTimeField()
    turned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"norm card {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}/a{self.author_id}"


class Agreement(models.Model):
    """One version of what a partnership agreed: norms, habits, confidence, roles. A new version is signed again."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="agreements")
    number = models.PositiveIntegerField()
    norms = SealedTextField()
    habits = SealedTextField()
    roles = SealedTextField()
    confidence = SealedTextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "number"], name="agreement_once")]

    def __str__(self) -> str:
        return f"agreement {self.number} of {self.partnership_id}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}"


class Signature(models.Model):
    """A member stands by this version of the agreement."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "person"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.person_id} signed {self.agreement_id}"


class Opening(models.Model):
    """Somebody who is no member opened a confidential record: one row for each reader, record and day.

    The members see it.
    """

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="openings")
    reader = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    on_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "kind", "record_id", "on_date"], name="opening_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} opened {self.kind} {self.record_id}"


class HelpOffer(models.Model):
    """A facilitator offers help to a partnership: the one act she has."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="help_offers")
    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"help for {self.partnership_id}"


__all__ = [
    "Agreement", "Form", "HelpOffer", "Member", "NormCard", "Opening", "Part", "Partnership",
    "Proposal", "Seat", "Signature", "Wish",
]  # fmt: skip
