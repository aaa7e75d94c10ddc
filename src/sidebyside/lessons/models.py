"""Lessons that are improved together, version by version, and what is published of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sidebyside.base.files.models import StoredFile
from sidebyside.base.live.models import LiveDocument
from sidebyside.base.models import Joint, Removable
from sidebyside.base.vault import SealedTextField
from sidebyside.cycles.models import Cycle
from sidebyside.materials.models import MaterialVersion
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person


class Lesson(Joint, Removable):
    """A real lesson of a teacher. With a partnership it is improved together; without one it is hers alone.

    Its text is a live document (lessons/text.py says how it is laid out). Title and description belong to the row.
    """

    partnership = models.ForeignKey(Partnership, models.CASCADE, null=True, related_name="lessons")
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, related_name="lessons")
    teacher = models.ForeignKey(Person, models.PROTECT, related_name="lessons", help_text="Whose lesson it is.")
    document = models.OneToOneField(LiveDocument, models.PROTECT, related_name="lesson")
    title = SealedTextField()
    about = SealedTextField(help_text="Class, subject, level: one line.")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # The published lesson it was adopted from.
    adopted_from = models.ForeignKey("Publication", models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["partnership", "-begun_at"], name="lesson_latest")]

    def __str__(self) -> str:
        return f"lesson {self.pk}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}" if self.partnership_id else f"a{self.teacher_id}"

    def scope_of(self, person: Person) -> str:
        """The scope of what one person writes about it alone."""
        return f"p{self.partnership_id}/a{person.pk}" if self.partnership_id else f"a{person.pk}"


class OfLesson(models.Model):
    """Something that belongs to a lesson, with the lesson's partnership (none: the teacher's alone)."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="%(class)ss")
    partnership = models.ForeignKey(Partnership, models.CASCADE, null=True, related_name="+")
    # Whose key seals it: the lesson's own, or its author's (Lesson.scope_of).
    scope = models.CharField(max_length=40)

    class Meta:
        abstract = True

    def vault_scope(self) -> str:
        return self.scope


class LessonVersion(OfLesson):
    """A lesson as it stood when somebody gave that a name. It never changes."""

    class Kind(models.TextChoices):
        TAUGHT = "taught", _("As taught")
        IMPROVED = "improved", _("Improved")
        TAUGHT_AGAIN = "taught_again", _("Taught again")
        OTHER = "other", _("Another moment")

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    name = SealedTextField(help_text="May be empty: then its kind names it.")
    # Title, description and text as JSON (lessons/text.py).
    body = SealedTextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "number"], name="lesson_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of lesson {self.lesson_id}"


class Remark(OfLesson, Removable):
    """Something somebody says about a lesson or a part of it: a remark, a question, or a suggested wording."""

    class Kind(models.TextChoices):
        REMARK = "remark", _("Remark")
        QUESTION = "question", _("Question")
        SUGGESTION = "suggestion", _("Suggestion")

    part = models.SlugField(max_length=40, blank=True, help_text="The part of the text; blank: the whole lesson.")
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # (what others answered stays when who asked takes her words away)
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replies")
    quote = SealedTextField(help_text="The words it is about, as they stood; may be empty.")
    text = SealedTextField()
    replacement = SealedTextField(help_text="A suggestion: what would stand instead of the quoted words.")
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Taken into the text (a suggestion), or laid aside as done.
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # A question that led to a change, and the first version that holds it.
    led_at = models.DateTimeField(null=True)
    led_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    led_to = models.ForeignKey(LessonVersion, models.SET_NULL, null=True, related_name="came_from")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(kind="suggestion"), name="only_suggestions_are_accepted"
            ),
        ]

    def __str__(self) -> str:
        return f"remark {self.pk}"


class OwnChecklist(models.Model):
    """A checklist as a partnership has made it its own: a fork of a material, in versions."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="checklists")
    base = models.ForeignKey(MaterialVersion, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    body = SealedTextField(help_text="As the body of the material, as JSON.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "number"], name="own_checklist_once")]

    def __str__(self) -> str:
        return f"checklist {self.number} of partnership {self.partnership_id}"

    def vault_scope(self) -> str:
        return f"p{self.partnership_id}"


class Rating(OfLesson):
    """How somebody sees one version of a lesson, by a checklist, by chains of questions or by levels.

    It says something about a lesson, never about a person. Its author's own until she shares it.
    """

    version = models.ForeignKey(LessonVersion, models.CASCADE, related_name="ratings")
    material = models.ForeignKey(MaterialVersion, models.PROTECT, related_name="+")
    own = models.ForeignKey(OwnChecklist, models.PROTECT, null=True, related_name="ratings")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # Answers and notes as JSON (lessons/ratings.py).
    answers = SealedTextField()
    # Counts up at every change, so that of two windows of hers neither overwrites the other unseen.
    edition = models.PositiveIntegerField(default=1)
    rated_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)
    # The teacher asks her partners how they see it.
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "material", "by"], name="rating_once")]

    def __str__(self) -> str:
        return f"rating {self.pk}"


class Attachment(OfLesson, Removable):
    """A picture, a document or slides that belong to a lesson."""

    part = models.SlugField(max_length=40, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="attachment")
    caption = SealedTextField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class Publication(models.Model):
    """A lesson, or the improvement of one, given to all under a licence. In force once everybody concerned agreed.

    Until then only the sealed draft says what would be published; from then on its text is open to everybody.
    """

    class Licence(models.TextChoices):
        BY = "by", "CC BY 4.0"
        BY_SA = "by-sa", "CC BY-SA 4.0"
        BY_NC = "by-nc", "CC BY-NC 4.0"
        BY_NC_SA = "by-nc-sa", "CC BY-NC-SA 4.0"

    lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, related_name="publications")
    partnership = models.ForeignKey(Partnership, models.SET_NULL, null=True, related_name="+")
    teacher = models.ForeignKey(Person, models.PROTECT, related_name="+")
    version = models.ForeignKey(LessonVersion, models.SET_NULL, null=True, related_name="+")
    # The version it improves on: then both are published, and what changed.
    before = models.ForeignKey(LessonVersion, models.SET_NULL, null=True, related_name="+")
    licence = models.CharField(max_length=8, choices=Licence)
    scope = models.CharField(max_length=40)
    # Credit, subject, level, words and the pictures with what was said of each, as JSON (lessons/publishing.py).
    draft = SealedTextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # From here on: what everybody reads. Empty until it is published, and again once it is retracted.
    title = models.CharField(max_length=200, blank=True)
    credit = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=20, blank=True)
    body = models.JSONField(default=dict)
    # Its words without accents and in small letters, for searching.
    searched = models.TextField(blank=True)
    # What it was adopted from, where it improves on something published.
    improves = models.ForeignKey("self", models.SET_NULL, null=True, related_name="improved_by")

    class Meta:
        indexes = [models.Index(fields=["-published_at"], name="publication_latest")]

    def __str__(self) -> str:
        return f"publication {self.pk}"

    @property
    def is_in_force(self) -> bool:
        return self.published_at is not None and self.retracted_at is None

    def vault_scope(self) -> str:
        return self.scope


class PublicationConsent(models.Model):
    """Somebody who wrote the lesson agrees that it is published."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="consents")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "person"], name="publication_consent_once")]

    def __str__(self) -> str:
        return f"{self.person_id} agrees to publication {self.publication_id}"


class PublishedFile(models.Model):
    """A picture or a document that was published along: a copy, in the open."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="published")
    part = models.SlugField(max_length=40, blank=True)
    caption = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"published file {self.pk}"


class Adoption(models.Model):
    """Somebody made a published lesson her own. The copy remembers where it came from, and thanks its makers."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="adoptions")
    lesson = models.OneToOneField(Lesson, models.SET_NULL, null=True, related_name="adoption")
    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    # Sealed with a key of its makers' record.
    scope = models.CharField(max_length=40)
    thanks = SealedTextField(help_text="May be empty.")
    thanked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="Its makers have put it away.")

    def __str__(self) -> str:
        return f"adoption {self.pk}"

    def vault_scope(self) -> str:
        return self.scope
