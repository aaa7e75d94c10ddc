"""What a programme works with: materials as versioned data, and the settings and words a place owns."""

from django.db import models
from django.db.models import Q

from sidebyside.base.models import Removable
from sidebyside.people.models import Person
from sidebyside.places.models import Place


class Programme(models.Model):
    """The materials, words and settings a place owns, in force below it until a lower place owns its own."""

    place = models.OneToOneField(Place, models.PROTECT, related_name="programme")
    name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    leaders_see_partnerships = models.BooleanField(default=True)
    days_for_leavers = models.PositiveSmallIntegerField(default=60)
    words = models.JSONField(default=dict, help_text="Own words: key to [one, many].")
    not_offered = models.JSONField(default=list, help_text="Slugs of cycle templates that are not offered here.")

    def __str__(self) -> str:
        return self.name


class PlaceGoal(Removable):
    """One of the few goals a place has set itself, to which a partnership may link its own."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="goals")
    text = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.text


class Material(models.Model):
    """Any text a programme works with: a cycle template, a norms activity, a question bank ..."""

    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="materials", help_text="None: it ships.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], condition=Q(place=None), name="shipped_material_once"),
            models.UniqueConstraint(fields=["kind", "slug", "place"], name="own_material_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"


class MaterialVersion(models.Model):
    """One version of a material. It never changes: what runs on it keeps it."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["material", "number"], name="material_version_once")]

    def __str__(self) -> str:
        return f"{self.material_id} version {self.number}"


class Framework(models.Model):
    """A list of standards: one that ships, one that was brought as a CASE package, or a place's own list."""

    place = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="frameworks", help_text="In force below. None: it ships."
    )
    # Of the document in the package (a GUID or URI); a place's own list has none.
    identifier = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "identifier"], condition=~Q(identifier=""), name="framework_once_at_a_place"
            ),
            models.UniqueConstraint(fields=["identifier"], condition=Q(place=None), name="shipped_framework_once"),
        ]

    def __str__(self) -> str:
        return f"framework {self.pk}"


class FrameworkVersion(models.Model):
    """One version of a list of standards. It never changes: what was chosen from it keeps it."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    creator = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=500, blank=True, help_text="The document's URI.")
    language = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="framework_version_once")]

    def __str__(self) -> str:
        return f"{self.framework_id} version {self.number}"


class Standard(models.Model):
    """One statement of a list of standards."""

    version = models.ForeignKey(FrameworkVersion, models.CASCADE, related_name="standards")
    above = models.ForeignKey("self", models.CASCADE, null=True, related_name="below")
    position = models.PositiveIntegerField()
    identifier = models.CharField(max_length=300)
    uri = models.CharField(max_length=500, blank=True)
    code = models.CharField(max_length=100, blank=True)
    statement = models.TextField()
    kind = models.CharField(max_length=100, blank=True)
    levels = models.JSONField(default=list, help_text="Years or grades, as the package writes them.")
    # Code and statement without accents and in small letters, for searching.
    searched = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "identifier"], name="standard_once")]
        indexes = [models.Index(fields=["version", "position"], name="standard_in_order")]

    def __str__(self) -> str:
        return f"standard {self.pk}"
