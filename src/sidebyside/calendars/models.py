"""Time: the school's timetable, what stands in people's calendars, and when they are busy."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sidebyside.base.vault import SealedTextField
from sidebyside.people.models import Person
from sidebyside.places.models import Place


class Term(models.Model):
    """A stretch of the school year, by which cover is counted and visits are planned."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="terms")
    name = models.CharField(max_length=60)
    begin = models.DateField()
    end = models.DateField(help_text="The last day.")

    class Meta:
        ordering = ["begin"]
        constraints = [
            models.UniqueConstraint(fields=["place", "begin"], name="term_once"),
            models.CheckConstraint(condition=Q(end__gt=F("begin")), name="term_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return self.name


class Timetable(models.Model):
    """Who teaches what when, over some weeks: the school's, or the week that one person typed for herself.

    A week of her own counts only while no timetable of the school names her.
    """

    class Way(models.TextChoices):
        WEEKDAYS = "weekdays", _("Each day of the timetable is a day of the week")
        ROTATING = "rotating", _("The days of the timetable follow one another; a free day does not count")

    school = models.ForeignKey(Place, models.CASCADE, related_name="timetables")
    owner = models.ForeignKey(Person, models.CASCADE, null=True, related_name="own_weeks")
    name = models.CharField(max_length=80)
    begin = models.DateField()
    end = models.DateField(help_text="The last day.")
    # Where a later timetable took over sooner: the last day it was made for, so that this can be undone.
    planned_end = models.DateField(null=True)
    way = models.CharField(max_length=8, choices=Way, default=Way.WEEKDAYS)
    days = models.JSONField(help_text="The names of its days, in their order.")
    weekdays = models.JSONField(help_text="0 is Monday. One for each day; in a rotation, the days on which is taught.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    put_away_at = models.DateTimeField(null=True)
    put_away_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "end"], name="timetable_of")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("begin")), name="timetable_ends_after_it_began"),
            models.UniqueConstraint(
                fields=["owner", "begin"], condition=Q(put_away_at=None) & Q(owner__isnull=False), name="own_week_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """A slot of a day of the timetable, with its bell times where they are known."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="periods")
    day = models.PositiveSmallIntegerField(help_text="Which of the timetable's days, from 0.")
    position = models.PositiveSmallIntegerField(help_text="Its order within the day.")
    name = models.CharField(max_length=150)
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)

    class Meta:
        ordering = ["day", "position"]
        constraints = [
            models.UniqueConstraint(fields=["timetable", "day", "position"], name="period_once"),
            models.CheckConstraint(
                condition=Q(begins=None, ends=None) | Q(ends__gt=F("begins")), name="period_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SpecialDay(models.Model):
    """A date on which the timetable is another: no lessons, another of its days, or other bell times."""

    class Kind(models.TextChoices):
        CLOSED = "closed", _("No lessons")
        FOLLOWS = "follows", _("As another day of the timetable")
        BELLS = "bells", _("Other bell times")

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="special_days")
    on = models.DateField()
    kind = models.CharField(max_length=7, choices=Kind)
    follows = models.PositiveSmallIntegerField(null=True)
    bells = models.JSONField(
        default=dict, help_text="Position to ['HH:MM', 'HH:MM']; a missing one does not take place."
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["timetable", "on"], name="special_day_once"),
            models.CheckConstraint(condition=~Q(kind="follows") | Q(follows__isnull=False), name="follows_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class TimetableTeacher(models.Model):
    """A name in a timetable, and whose it is."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="teachers")
    name = models.CharField(max_length=150)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="timetable_names")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["timetable", "name"], name="timetable_teacher_once")]

    def __str__(self) -> str:
        return self.name


class TimetableLesson(models.Model):
    """What is taught in one period, in which classes and rooms."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="lessons")
    teachers = models.ManyToManyField(TimetableTeacher, related_name="lessons")
    event = models.CharField(max_length=150, help_text="What the file calls it.")
    subject = models.CharField(max_length=150, blank=True)
    classes = models.JSONField(default=list)
    rooms = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.subject or self.event


class KeptFree(models.Model):
    """A free period that a teacher keeps for herself: no visit, talk or cover is put there."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="kept_free")
    period = models.ForeignKey(Period, models.CASCADE, related_name="kept_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "period"], name="kept_free_once")]

    def __str__(self) -> str:
        return f"{self.person_id} keeps {self.period_id}"


class TimetableImport(models.Model):
    """Timetable files that were uploaded: previewed, then taken in or put away. The files go in either case."""

    school = models.ForeignKey(Place, models.CASCADE, related_name="timetable_imports")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    file_names = models.JSONField(default=list)
    stored_as = models.CharField(max_length=64, blank=True)
    numbers = models.JSONField(default=dict, help_text="The counts of the preview; never a row.")
    timetable = models.ForeignKey(Timetable, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    put_away_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"timetable import {self.pk}"


class Series(models.Model):
    """Appointments that repeat: each is a row of its own, so that none is lost when one is moved."""

    uid = models.CharField(max_length=80, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    rule = models.CharField(max_length=80, help_text="RFC 5545, such as FREQ=WEEKLY;INTERVAL=2;COUNT=10.")
    begin = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=50)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"series {self.pk}"


class Appointment(models.Model):
    """Something in a calendar. What it is about stands in the layer above that made it; here are time and people."""

    class Kind(models.TextChoices):
        TALK_BEFORE = "talk_before", _("Talk before a visit")
        VISIT = "visit", _("Visit")
        TALK_AFTER = "talk_after", _("Talk after a visit")
        MEETING = "meeting", _("Meeting")
        OWN = "own", _("Your own time")

    kind = models.CharField(max_length=12, choices=Kind)
    # Of an occurrence of a series: the series' uid and when it would be (`first_begin`).
    uid = models.CharField(max_length=80)
    series = models.ForeignKey(Series, models.CASCADE, null=True, related_name="appointments")
    first_begin = models.DateTimeField(help_text="When it was to begin at first: its name within a series.")
    sequence = models.PositiveIntegerField(default=0)
    begin = models.DateTimeField()
    end = models.DateTimeField()
    zone = models.CharField(max_length=50)
    # A place, no more: it goes into mails and into the calendars of other programs.
    room = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["begin", "end"], name="appointment_time")]
        constraints = [
            models.UniqueConstraint(fields=["uid", "first_begin"], name="appointment_once"),
            models.CheckConstraint(condition=Q(end__gt=F("begin")), name="appointment_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Attendee(models.Model):
    """Somebody in an appointment, what she answered, and of which state of it she was told."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("not answered yet")
        YES = "yes", _("comes")
        NO = "no", _("cannot come")
        PERHAPS = "perhaps", _("perhaps")

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="attendees")
    person = models.ForeignKey(Person, models.CASCADE, related_name="attendances")
    answer = models.CharField(max_length=7, choices=Answer, default=Answer.ASKED)
    answered_at = models.DateTimeField(null=True)
    # Another time that she proposed from her own calendar; gone when the appointment is moved or she answers anew.
    proposed_begin = models.DateTimeField(null=True)
    proposed_end = models.DateTimeField(null=True)
    # The sequence a mail told her of last, and whether that was a cancellation. None: no mail has gone yet.
    told_sequence = models.PositiveIntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    told_cancelled_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "person"], name="attendee_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.appointment_id}"


class OutsideCalendar(models.Model):
    """The address of a calendar a person keeps elsewhere. Only when she is busy is read from it, never with what."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="outside_calendars")
    address = SealedTextField()
    added_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # What went wrong at the last reading: a sentence to look up and its values, never the address.
    fault = models.CharField(max_length=200, blank=True)
    fault_values = models.JSONField(default=dict)
    failed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"outside calendar {self.pk}"

    def vault_scope(self) -> str:
        return f"a{self.person_id}"


class BusyTime(models.Model):
    """When somebody is busy by a calendar of her own elsewhere."""

    calendar = models.ForeignKey(OutsideCalendar, models.CASCADE, related_name="busy_times")
    person = models.ForeignKey(Person, models.CASCADE, related_name="busy_times")
    begin = models.DateTimeField()
    end = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "begin"], name="busy_of")]

    def __str__(self) -> str:
        return f"{self.person_id} is busy"


class Feed(models.Model):
    """A secret address under which a person's calendar can be read by other programs. Only a digest of it is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="feed_once")]

    def __str__(self) -> str:
        return f"feed {self.pk}"


class BookedDay(models.Model):
    """One person's day. Who books her writes here first, so that two who book at once come one after the other."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    on = models.DateField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="booked_day_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.on}"
