"""The tree of places, who works where, and who is what in the programme there."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sidebyside.people.models import Person


class Place(models.Model):
    """A node of the tree: country, region, district, school or faculty."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        REGION = "region", _("Region")
        DISTRICT = "district", _("District")
        SCHOOL = "school", _("School")
        FACULTY = "faculty", _("Faculty")

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    language = models.CharField(max_length=20, blank=True, help_text="Empty: as the place above.")
    time_zone = models.CharField(max_length=50, blank=True, help_text="Empty: as the place above.")
    closed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["parent", "name"], name="place_children")]

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """The closure of the tree: every place below (or the same as) every place above it."""

    above = models.ForeignKey(Place, models.CASCADE, related_name="links_below")
    place = models.ForeignKey(Place, models.CASCADE, related_name="links_above")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["above", "place"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.above_id} over {self.place_id}"


class Source(models.Model):
    """A named roster source, such as the personnel system of one district."""

    name = models.CharField(max_length=80, unique=True)
    under = models.ForeignKey(Place, models.PROTECT, null=True, related_name="sources")
    # A roster makes a school leader only where a programme lead has said so.
    leaders_allowed_at = models.DateTimeField(null=True)
    leaders_allowed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class SourcePlace(models.Model):
    """By which key a source knows a place."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="places")
    key = models.CharField(max_length=255)
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="source_place_once")]

    def __str__(self) -> str:
        return self.key


class SourcePerson(models.Model):
    """By which key a source knows a person, and what it said of her last.

    Compared with the next roster, so that a name she changed herself, or that another source writes otherwise,
    is not changed back every night.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="people")
    key = models.CharField(max_length=255)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    given_name = models.CharField(max_length=150, blank=True)
    family_name = models.CharField(max_length=150, blank=True)
    email = models.CharField(max_length=254, blank=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="source_person_once")]

    def __str__(self) -> str:
        return self.key


class SourcePost(models.Model):
    """By which key a source knows a post, for the next delta. The posts themselves are `Post`."""

    person = models.ForeignKey(SourcePerson, models.CASCADE, related_name="posts")
    key = models.CharField(max_length=255)
    place = models.ForeignKey(SourcePlace, models.CASCADE, related_name="+")
    title = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="source_post_once")]

    def __str__(self) -> str:
        return self.key


class Post(models.Model):
    """A person's work at a place, from and to. History keeps the school and faculty of its day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=40, blank=True, help_text="As the roster calls it: teacher, principal ...")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "to_date", "person"], name="post_at_place")]
        constraints = [
            models.UniqueConstraint(fields=["person", "place", "source"], condition=Q(to_date=None), name="post_once"),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="post_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.place_id}"


class Role(models.Model):
    """What a person is in the programme at a place and below it."""

    class Kind(models.TextChoices):
        LEAD = "lead"
        FACILITATOR = "facilitator"
        COACH = "coach"
        LEADER = "leader"
        COVER_DESK = "cover_desk"
        EVALUATOR = "evaluator"

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    place = models.ForeignKey(Place, models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=12, choices=Kind)
    # How many learning partners a coach has room for.
    room_for = models.PositiveSmallIntegerField(default=2)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    from_source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["place", "kind", "person"], name="role_at_place")]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "place"], condition=Q(ended_at=None), name="role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id} at {self.place_id}"


class RosterImport(models.Model):
    """One roster that was uploaded: previewed, then applied or put away. Its file goes in either case."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="imports")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=64, blank=True)
    numbers = models.JSONField(default=dict, help_text="The counts of the preview; never a row of the roster.")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    put_away_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.file_name} from {self.source_id}"
