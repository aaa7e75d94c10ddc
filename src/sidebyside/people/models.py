"""Persons, and how they get in."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody. People exist from the roster on day one; a profile is optional."""

    class Theme(models.TextChoices):
        SYSTEM = "system"
        LIGHT = "light"
        DARK = "dark"

    given_name = models.CharField(max_length=150)
    family_name = models.CharField(max_length=150, blank=True)
    # Without a mailbox a person signs in with codes from a printed sheet.
    email = models.EmailField(unique=True, null=True, blank=True)
    language = models.CharField(max_length=20, blank=True)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    about = models.CharField(max_length=500, blank=True, help_text="What she wants others to know of her.")
    made_at = models.DateTimeField(auto_now_add=True)
    joined_at = models.DateTimeField(null=True, help_text="Signed in for the first time.")
    left_at = models.DateTimeField(null=True, help_text="Her last post ended; she may still take her work.")
    signed_out_everywhere_at = models.DateTimeField(null=True, help_text="Sessions begun before this are over.")
    arrival_put_away_at = models.DateTimeField(
        null=True, help_text="She needs the first steps no longer on her home page."
    )
    mails_stopped_at = models.DateTimeField(null=True, help_text="She wants no mails but those to sign in.")

    objects = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["given_name"]

    class Meta:
        indexes = [models.Index(fields=["family_name", "given_name", "id"], name="person_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def has_password(self) -> bool:
        """Whether she has set a password of her own. People from a roster have none."""
        return bool(self.password) and self.has_usable_password()

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must carry to be hers: it changes with her password, and when she signs out everywhere."""
        ended = self.signed_out_everywhere_at
        return salted_hmac(
            "sidebyside.people.session",
            f"{self.password}|{ended.timestamp() if ended else ''}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def short_name(self) -> str:
        return self.given_name

    @property
    def initial(self) -> str:
        return self.given_name[:1].upper()


class Ownership(models.Model):
    """An owner sets the installation up and sees nobody's work. There should always be two."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="ownerships")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="owner_once"),
        ]

    def __str__(self) -> str:
        return f"owner {self.person_id}"


class EntryPass(models.Model):
    """A way in that works once: a link in a mail, an invitation, a code on a printed sheet.

    Only a digest of the secret is kept.
    """

    class Kind(models.TextChoices):
        LINK = "link"
        INVITATION = "invitation"
        CODE = "code"

    kind = models.CharField(max_length=12, choices=Kind)
    person = models.ForeignKey(Person, models.CASCADE, related_name="entry_passes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "kind", "made_at"], name="entry_pass_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def works(self, at: datetime) -> bool:
        return self.used_at is None and at < self.expires_at


class FirstRun(models.Model):
    """The one-time secret that opens the first-run page of an empty installation."""

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"first run {self.pk}"


class Attempt(models.Model):
    """Somebody tried to get in. Kept for an hour, and only as a keyed digest of the address or the machine."""

    mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["mark", "at"], name="attempt_of"),
            models.Index(fields=["at"], name="attempt_at"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"
