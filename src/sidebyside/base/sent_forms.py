"""Forms that were sent: a mark acts a single time."""

from datetime import datetime, timedelta

from sidebyside.base.models import SentForm

KEPT_FOR = timedelta(days=1)


def first_time(mark: str, *, at: datetime) -> tuple[SentForm, bool]:
    """Note that a form with this mark came in. Returns the row, and whether it was the first time."""
    return SentForm.objects.get_or_create(mark=mark, defaults={"at": at})


def led_to(sent: SentForm, address: str) -> None:
    """Remember where the form led, so that its second copy leads there too."""
    SentForm.objects.filter(pk=sent.pk).update(led_to=address[:300])


def forget(*, at: datetime) -> int:
    """Forget marks older than a day. Returns how many."""
    return SentForm.objects.filter(at__lt=at - KEPT_FOR).delete()[0]
