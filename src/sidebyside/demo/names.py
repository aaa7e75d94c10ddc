"""Given and family names for made-up people, as they are written in eight scripts. Any likeness is chance."""

NAMES: dict[str, tuple[str, str]] = {
    "latin, west": (
        "Alice Marta Tomás Ingrid Pádraig Chloé Matteo Sofie Lukas Nuria Owen Freya Hugo Elif Kwame Thandiwe",
        "Almeida Bakker Ferreira O'Neill Lindqvist Moreau Rossi Schmidt Adeyemi Dlamini Kaya Jensen Murphy Castro",
    ),
    "latin, east": (
        "Agnieszka Jiří Zsófia Ștefan Katarína Łukasz Žofie Mirela Andrej Dóra",
        "Kowalska Dvořák Nagy Ionescu Horváthová Wiśniewski Šimková Popa Novak Szabó",
    ),
    "vietnamese": ("Hương Tuấn Ngọc Dũng Thảo Quỳnh", "Trần Lê Phạm Hoàng Võ Đặng"),
    "cyrillic": ("Олена Дмитро Милица Ивайло Светлана Тарас", "Шевченко Коваль Јовановић Димитров Морозова Бондар"),
    "greek": ("Ελένη Γιώργος Σοφία Νίκος", "Παπαδοπούλου Ιωάννου Γεωργίου Νικολάου"),
    "arabic": ("ليلى يوسف مريم عمر سلمى خالد", "حداد النجار منصور الخطيب عباس درويش"),
    "hebrew": ("נועה יונתן תמר אריאל", "כהן לוי מזרחי פרידמן"),
    "devanagari": ("प्रिया अर्जुन मीरा रोहन", "शर्मा पटेल देसाई नायर"),
    "chinese": ("伟 芳 敏 磊 秀英", "王 李 张 刘 杨"),
    "korean": ("서연 민준 지우 하준", "김 이 박 최"),
}


def spelled() -> list[tuple[list[str], list[str]]]:
    """For each script its given and its family names."""
    return [(given.split(), family.split()) for given, family in NAMES.values()]
