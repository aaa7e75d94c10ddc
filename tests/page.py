"""A page as a program reads it: its parts, links and forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
FIELDS = ("input", "select", "textarea")
NAMELESS = frozenset(["hidden", "submit", "button", "reset", "image"])


@dataclass
class Field:
    """One field of a form: an input, a long text, or a select with its options."""

    tag: str
    attributes: dict[str, str]
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.attributes.get("name", "")

    @property
    def kind(self) -> str:
        usual = {"input": "text", "button": "submit"}.get(self.tag, self.tag)
        return self.attributes.get("type", usual) if self.tag in ("input", "button") else self.tag

    @property
    def takes_words(self) -> bool:
        """Whether people write into it, and not numbers alone."""
        return self.kind in ("text", "search", "textarea") and self.attributes.get("inputmode") != "numeric"


@dataclass
class Form:
    """A form: where it goes, and its fields in the order of the page. A button that leads elsewhere makes one more."""

    attributes: dict[str, str]
    fields: list[Field] = field(default_factory=list)

    @property
    def action(self) -> str:
        return self.attributes.get("action", "")

    @property
    def posts(self) -> bool:
        return self.attributes.get("method", "get").lower() == "post"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({one.name for one in self.fields if one.name and one.kind not in ("submit", "button")}))

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """The names and values of its buttons; one without a name stands for a plain one."""
        found = [one for one in self.fields if one.tag == "button" or one.kind == "submit"]
        return list(dict.fromkeys((one.name, one.value) for one in found)) or [("", "")]


class Page(HTMLParser):
    """Reads one page. Everything is gathered once, at `Page(html)`."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self.titles: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._filling: Field | None = None
        self._by_id: dict[str, Form] = {}
        self._elsewhere: list[tuple[str, Field]] = []
        self.labels_around: int = 0
        self.in_labels: list[dict[str, str]] = []
        self.feed(html)
        self.close()
        for identity, one in self._elsewhere:
            if identity in self._by_id:
                self._by_id[identity].fields.append(one)
        for form in list(self.forms):
            for one in [one for one in form.fields if "formaction" in one.attributes]:
                form.fields.remove(one)
                others = [other for other in form.fields if other.tag != "button"]
                self.forms.append(Form({**form.attributes, "action": one.attributes["formaction"]}, [*others, one]))

    # What others ask

    @cached_property
    def text(self) -> str:
        """All that is written on the page, and said or shown of its attributes, in one line."""
        spoken = [
            attributes[name]
            for _tag, attributes in self.elements
            for name in ("aria-label", "title", "alt", "placeholder", "value", "content")
            if attributes.get(name)
        ]
        return " ".join(" ".join([*self.texts, *spoken]).split())

    @property
    def title(self) -> str:
        return " ".join(" ".join(self.titles).split())

    @property
    def links(self) -> list[str]:
        """Where its links lead, in order."""
        return [attributes["href"] for tag, attributes in self.elements if tag == "a" and "href" in attributes]

    def count(self, tag: str) -> int:
        return sum(1 for name, _attributes in self.elements if name == tag)

    @cached_property
    def ids(self) -> list[str]:
        return [attributes["id"] for _tag, attributes in self.elements if "id" in attributes]

    def unlabelled(self) -> list[str]:
        """Fields that people fill in without a word that says what for."""
        labelled = {attributes.get("for") for tag, attributes in self.elements if tag == "label"}
        inside = {id(attributes) for attributes in self.in_labels}
        return [
            f"{tag} {attributes.get('name', '')}"
            for tag, attributes in self.elements
            if tag in FIELDS
            and not (tag == "input" and attributes.get("type") in NAMELESS)
            and id(attributes) not in inside
            and attributes.get("id") not in labelled
            and not ({"aria-label", "aria-labelledby", "aria-hidden"} & set(attributes))
        ]

    # How it reads

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self._open.append(tag)
        self.labels_around += tag == "label"
        if tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
            self._by_id[attributes.get("id", "")] = self._form
        elif tag in (*FIELDS, "button"):
            self._take(Field(tag, attributes, attributes.get("value", "")))
            if self.labels_around:
                self.in_labels.append(attributes)
        elif tag == "option" and self._filling is not None:
            self._filling.options.append(attributes.get("value", ""))
            if "selected" in attributes:
                self._filling.value = attributes.get("value", "")

    handle_startendtag = handle_starttag

    def _take(self, one: Field) -> None:
        if one.tag in ("textarea", "select"):
            self._filling = one
        if "form" in one.attributes:
            self._elsewhere.append((one.attributes["form"], one))
        elif self._form is not None:
            self._form.fields.append(one)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "form":
            self._form = None
        elif tag in ("textarea", "select"):
            self._filling = None
        elif tag == "label":
            self.labels_around = max(0, self.labels_around - 1)

    def handle_data(self, data: str) -> None:
        around = self._open[-1] if self._open else ""
        if around == "script":
            self.scripts.append(data)
        elif around == "title" and "svg" not in self._open:
            self.titles.append(data)
        else:
            self.texts.append(data)
            if around == "textarea" and self._filling is not None:
                self._filling.value += data
