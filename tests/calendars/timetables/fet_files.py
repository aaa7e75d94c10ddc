"""Small files as FET writes them."""

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def fet(activities: str, constraints: str = "", *, mode: str = "Official", days=("Mon", "Tue"), hours="123") -> bytes:
    """A school with the teachers Ada and Ben, class 6 with its groups a and b, Art and Maths, the Hall and room 1."""
    lists = {
        "Days_List": "".join(f"<Day><Name>{day}</Name></Day>" for day in days),
        "Hours_List": "".join(f"<Hour><Name>{hour}</Name></Hour>" for hour in hours),
        "Subjects_List": "<Subject><Name>Art</Name></Subject><Subject><Name>Maths</Name></Subject>",
        "Teachers_List": "<Teacher><Name>Ada</Name></Teacher><Teacher><Name>Ben</Name></Teacher>",
        "Students_List": "<Year><Name>6</Name><Group><Name>6a</Name></Group><Group><Name>6b</Name></Group></Year>",
        "Activities_List": "\n" + activities,
        "Rooms_List": "<Room><Name>Hall</Name></Room><Room><Name>1</Name></Room><Room><Name>Any</Name></Room>",
        "Time_Constraints_List": constraints,
        "Space_Constraints_List": constraints,
    }
    inside = "\n".join(f"<{name}>{text}</{name}>" for name, text in lists.items())
    return f'{HEAD}<fet version="6.8.5">\n<Mode>{mode}</Mode>\n{inside}\n</fet>\n'.encode()


def activity(number: object, *, hours: object = 1, teacher="Ada", students="6a", subject="Maths", more="") -> str:
    """One activity on a line of its own; with the usual days and lists the first of a file is on line 10."""
    return (
        f"<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject><Students>{students}</Students>"
        f"<Duration>{hours}</Duration><Id>{number}</Id><Active>true</Active>{more}</Activity>\n"
    )


def start(number: int, day: str, hour: str, *, weight: str = "100", more: str = "") -> str:
    """A constraint that holds an activity at its time."""
    return (
        f"<ConstraintActivityPreferredStartingTime><Weight_Percentage>{weight}</Weight_Percentage>"
        f"<Activity_Id>{number}</Activity_Id><Preferred_Day>{day}</Preferred_Day>"
        f"<Preferred_Hour>{hour}</Preferred_Hour>{more}</ConstraintActivityPreferredStartingTime>\n"
    )


def in_room(number: int, *rooms: str) -> str:
    """A constraint that holds an activity in a room; where there are several, the first stands for the others."""
    real = "".join(f"<Real_Room>{room}</Real_Room>" for room in rooms[1:])
    return (
        f"<ConstraintActivityPreferredRoom><Weight_Percentage>100</Weight_Percentage><Activity_Id>{number}</Activity_Id>"
        f"<Room>{rooms[0]}</Room>{real}<Active>true</Active></ConstraintActivityPreferredRoom>\n"
    )


def solution(*places: tuple[object, str, str, str]) -> bytes:
    """A solution that puts activities (number, day, hour, room); the first stands on line 3."""
    inside = "".join(
        f"<Activity><Id>{number}</Id><Day>{day}</Day><Hour>{hour}</Hour><Room>{room}</Room></Activity>\n"
        for number, day, hour, room in places
    )
    return f"{HEAD}<Activities_Timetable>\n{inside}</Activities_Timetable>\n".encode()
