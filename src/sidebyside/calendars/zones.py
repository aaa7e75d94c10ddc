"""The time zones of a calendar file: known by name, by the name Windows gives them, or described in the file."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from sidebyside.base.marking import N_
from sidebyside.calendars.lines import CalendarRefused, Component

MOST_ZONES = 100
MOST_CHANGES = 500  # observances of one zone
OFFSET = re.compile(r"[+-](\d\d)([0-5]\d)([0-5]\d)?")


def named(name: str) -> tzinfo | None:
    """The zone that a name means: of the time zone database, also behind a vendor's prefix, or of Windows."""
    name = name.strip().strip('"')
    candidates = [name, WINDOWS_TO_OLSON.get(name, "")]
    if name.startswith("/"):
        candidates.append("/".join(name.split("/")[-2:]))
    for candidate in candidates:
        if candidate and re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", candidate):
            try:
                return ZoneInfo(candidate)
            except (ValueError, OSError, LookupError):
                continue
    return None


def described(component: Component) -> tzinfo | None:
    """The zone that a VTIMEZONE describes, or None where its rules are none that a clock could follow.

    It is given the name UTC while it is read: icalendar remembers zones of other names for the whole process, so
    that one person's "Custom" would rule another's. Rules must be yearly, which bounds the time that asking takes.
    Raises CalendarRefused for an offset that no place on earth has.
    """
    text = ["BEGIN:VTIMEZONE", "TZID:UTC"]
    if not component.parts or len(component.parts) > MOST_CHANGES:
        return None
    for part in component.parts:
        if part.name not in ("STANDARD", "DAYLIGHT"):
            continue
        text.append(f"BEGIN:{part.name}")
        for name, parameters, value in part.lines:
            if name in ("TZOFFSETFROM", "TZOFFSETTO"):
                match = OFFSET.fullmatch(value)
                if match is None or int(match[1]) > 23:
                    raise CalendarRefused(
                        N_("This calendar describes a time zone that cannot be: %(offset)s."), {"offset": value[:20]}
                    )
            if name == "RRULE" and not re.fullmatch(
                r"(FREQ=YEARLY|BYMONTH=\d+|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=[-\d,]+|INTERVAL=1|COUNT=\d{1,4}|UNTIL=\w+|WKST=[A-Z]{2}|;)+",
                value,
            ):
                return None
            if name in ("DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"):
                text.append(f"{name}{parameters if name == 'RDATE' else ''}:{value}")
        text.append(f"END:{part.name}")
    text.append("END:VTIMEZONE")
    try:
        own = Timezone.from_ical("\r\n".join(text))
        if not isinstance(own, Timezone):
            return None
        zone = own.to_tz(lookup_tzid=False)
        datetime(2026, 3, 29, 2, 30, tzinfo=zone).utcoffset()
    except MemoryError:
        raise
    except Exception:  # whatever a broken description breaks: the zone is not known
        return None
    return zone


def zones(found: list[Component]) -> dict[str, tzinfo]:
    """The zones that the calendars of a file describe, by their name there; a known name means what it always means."""
    result: dict[str, tzinfo] = {}
    for calendar in found:
        for component in [calendar, *calendar.parts]:
            name = component.value("TZID")
            if component.name != "VTIMEZONE" or name in result or len(result) >= MOST_ZONES:
                continue
            own = described(component)  # also where the name is known: an impossible offset refuses the file
            zone = named(name) or own
            if zone is not None:
                result[name] = zone
    return result
