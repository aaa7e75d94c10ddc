"""Somebody at her browser who keeps a school's timetable, for tests."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from sidebyside.calendars.models import Timetable, TimetableImport
from tests.page import Page


class Desk:
    """Brings timetables to Quay School, which has none in the test world."""

    def __init__(self, client, world):
        self.client, self.world, self.school = client, world, world.quay
        client.force_login(world.fatima)

    def address(self, name: str, *values: int) -> str:
        return reverse(name, args=values or [self.school.pk])

    def send(self, *files: tuple[str, bytes]):
        sheets = [SimpleUploadedFile(name, content) for name, content in files]
        return self.client.post(self.address("new_timetable"), {"sheets": sheets})

    def bring(self, *files: tuple[str, bytes]) -> TimetableImport:
        """Hand files in that can be read; returns what waits now."""
        answer = self.send(*files)
        assert answer.status_code == 302, said(answer)
        return TimetableImport.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))

    def form(self, upload: TimetableImport) -> dict[str, object]:
        """What a browser would send of the preview as it stands."""
        page = Page(self.client.get(self.address("timetable_import", upload.pk)).content.decode())
        form = next(one for one in page.forms if one.attributes.get("id") == "taking-in")
        sent: dict[str, object] = {}
        for one in form.fields:
            ticked = one.kind not in ("checkbox", "radio") or "checked" in one.attributes
            if not one.name or one.kind == "submit" or one.tag == "button" or not ticked:
                continue
            if one.kind == "checkbox":
                sent.setdefault(one.name, []).append(one.value)
            else:
                sent[one.name] = one.value
        return sent

    def take_in(self, upload: TimetableImport, **changes: object):
        return self.client.post(self.address("timetable_import", upload.pk), {**self.form(upload), **changes})

    def taken_in(self, upload: TimetableImport, **changes: object) -> Timetable:
        answer = self.take_in(upload, **{"end": timezone.localdate() + timedelta(days=60), **changes})
        assert answer.status_code == 302, said(answer)
        return TimetableImport.objects.get(pk=upload.pk).timetable


def said(answer) -> str:
    """The words of a page, without its tags."""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return re.sub(r" (?=[,:.])", "", words)


def next_monday() -> date:
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())
