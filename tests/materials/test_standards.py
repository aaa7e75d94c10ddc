"""Lists of standards in the database: versions, own lists, what is in force where, and the search."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.materials import standards_actions as actions
from sidebyside.materials import standards_queries as queries
from sidebyside.materials.case import read_package
from sidebyside.materials.models import Framework, FrameworkVersion, Standard
from sidebyside.materials.own_lists import as_text
from sidebyside.materials.standards_shapes import StandardsRefused, depths, difference
from sidebyside.places.actions import add_place
from sidebyside.places.models import Place
from tests.materials.packages import as_bytes, below, item, large, package
from tests.pairs import person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = AT + timedelta(days=1)
LIST = "A | Numbers\n  A.1\tCount to ten\n  A.2 | Count back\n\n- Words\n      Read a page"


def place(name="Linden", above=None) -> Place:
    kind = Place.Kind.SCHOOL if above else Place.Kind.DISTRICT
    return add_place(kind=kind, name=name, parent=above, by=None, at=AT)


def read(*items, links=(), **document):
    return read_package(as_bytes(package(list(items), list(links), document)), "list.json")


def bring(where, *items, links=(), at=AT, **document):
    return actions.bring_framework(where, package=read(*items, links=links, **document), by=None, at=at)


def versions():
    return FrameworkVersion.objects.all()


def statements():
    return Standard.objects.all()


def said(found):
    return [(one.standard.code or one.standard.statement, [above.code for above in one.above]) for one in found]


# Packages


def test_a_package_is_kept_as_it_was_read() -> None:
    items = [item("a", humanCodingScheme="A", educationLevel=["01", "02"], CFItemType="Strand"), item("b"), item("c")]
    found = read(*items, links=[below("b", "a", 2), below("c", "a", 1)], language="en", licenseURI="https://l.example/")
    version, is_new = actions.bring_framework(place(), package=found, by=None, at=AT)
    assert is_new
    kept = queries.package_of(version)
    assert difference(found, kept) == difference(found, found)
    assert kept.statements == found.statements
    assert [one.above for one in kept.statements] == [None, 0, 0]
    assert (kept.title, kept.creator, kept.licence, kept.language) == ("Sums", "A board", "https://l.example/", "en")
    assert Event.objects.get(kind="framework.brought").about_id == version.framework_id


def test_the_same_again_is_nothing_new_and_a_change_is_the_next_version() -> None:
    where = place()
    first, _new = bring(where, item("a", "Count"), item("b"))
    assert bring(where, item("a", "Count"), item("b"), at=LATER) == (first, False)
    second, is_new = bring(where, item("a", "Count on"), item("c"), at=LATER)
    assert (is_new, second.number, second.framework_id) == (True, 2, first.framework_id)
    assert [one.statement for one in queries.package_of(first).statements] == ["Count", "Statement b."]
    change = difference(queries.package_of(first), queries.package_of(second))
    assert [(was.statement, now.statement) for was, now in change.reworded] == [("Count", "Count on")]
    assert ([one.identifier for one in change.new], [one.identifier for one in change.gone]) == (["c"], ["b"])
    assert Event.objects.filter(kind="framework.brought").count() == 2


def test_order_level_and_title_are_changes_too() -> None:
    where = place()
    bring(where, item("a"), item("b"))
    assert bring(where, item("b"), item("a"))[1]
    assert bring(where, item("b"), item("a"), links=[below("a", "b")])[1]
    assert bring(where, item("b"), item("a"), links=[below("a", "b")], title="Sums, again")[1]
    assert not bring(where, item("b"), item("a"), links=[below("a", "b")], title="Sums, again")[1]


def test_other_places_have_lists_of_their_own() -> None:
    top = place()
    here, _new = bring(place("Quay", top), item("a"))
    there, is_new = bring(top, item("a"))
    assert is_new
    assert (here.number, there.number) == (1, 1)
    assert here.framework_id != there.framework_id


def test_a_closed_place_begins_no_list() -> None:
    where = place()
    Place.objects.filter(pk=where.pk).update(closed_at=AT)
    with pytest.raises(Refused, match="closed"):
        bring(where, item("a"))
    with pytest.raises(Refused, match="closed"):
        actions.begin_own_list(where, title="Ours", text="Read", by=person("Ines"), at=AT)
    assert not Framework.objects.exists()


def test_a_list_is_put_away_and_comes_back_by_itself_when_it_is_brought_again() -> None:
    where, ines = place(), person("Ines")
    version, _new = bring(where, item("a"))
    for _time in range(2):
        actions.put_away(version.framework, by=ines, at=LATER)
    assert not queries.frameworks_for(versions(), [where.pk])
    assert Event.objects.filter(kind="framework.put_away").count() == 1
    assert bring(where, item("a"), at=LATER) == (version, False)
    assert queries.frameworks_for(versions(), [where.pk]) == [version]
    framework = Framework.objects.get()
    actions.put_away(framework, by=ines, at=LATER)
    for _time in range(2):
        actions.bring_back(framework, by=ines, at=LATER)
    assert Framework.objects.get().put_away_at is None
    assert Event.objects.filter(kind="framework.brought_back").count() == 2


def test_a_deep_and_a_wide_list_are_written_level_by_level() -> None:
    version, _new = bring(
        place(), *(item(f"i{n}") for n in range(29)), links=[below(f"i{n}", f"i{n - 1}") for n in range(1, 29)]
    )
    assert max(depths(queries.package_of(version).statements)) == 28
    with CaptureQueriesContext(connection) as counted:
        actions.bring_framework(place("Quay"), package=read_package(as_bytes(large(1500)), "l"), by=None, at=AT)
    assert len(counted) < 60


# Lists that ship


def test_what_ships_is_loaded_once_and_is_in_force_everywhere() -> None:
    assert actions.load_shipped_standards(AT) == 1
    with CaptureQueriesContext(connection) as counted:
        assert actions.load_shipped_standards(LATER) == 0
    assert len(counted) <= 5  # with the savepoint
    found = queries.frameworks_for(versions(), [place().pk])
    assert [one.framework.place for one in found] == [None]
    assert queries.sizes(statements(), found) == {found[0].pk: 21}
    Standard.objects.filter(code="T.1").update(statement="Something else.")
    assert actions.load_shipped_standards(LATER) == 1
    assert queries.frameworks_for(versions(), [])[0].number == 2


# Own lists


def test_an_own_list_is_typed_and_reads_back_as_it_was() -> None:
    version = actions.begin_own_list(place(), title="  Our   list ", text=LIST, by=person("Ines"), at=AT)
    kept = queries.package_of(version).statements
    assert [(one.code, one.statement, one.above) for one in kept] == [
        ("A", "Numbers", None), ("A.1", "Count to ten", 0), ("A.2", "Count back", 0), ("", "Words", None),
        ("", "Read a page", 3),
    ]  # fmt: skip
    assert len({one.identifier for one in kept}) == 5
    assert (version.title, version.creator, version.framework.identifier) == ("Our list", "Linden", "")
    again = actions.change_own_list(
        version.framework, title="Our list", text=as_text(kept), number=1, by=person("Ada"), at=LATER
    )
    assert again == (version, False)


def test_a_changed_statement_stays_the_same_standard() -> None:
    ines = person("Ines")
    version = actions.begin_own_list(place(), title="Ours", text=LIST, by=ines, at=AT)
    was = {one.statement: one.identifier for one in queries.package_of(version).statements}
    text = "Words\n  Read a whole page\nA | Counting\n  A.2\tCount back\n  A.9\tMultiply"
    second, is_new = actions.change_own_list(version.framework, title="Ours", text=text, number=1, by=ines, at=LATER)
    now = {one.statement: one.identifier for one in queries.package_of(second).statements}
    assert is_new
    assert (now["Words"], now["Counting"], now["Count back"]) == (was["Words"], was["Numbers"], was["Count back"])
    assert now["Multiply"] not in was.values()
    assert len(set(now.values())) == 5


def test_a_new_wording_in_the_place_of_a_line_is_recognised() -> None:
    ines = person("Ines")
    version = actions.begin_own_list(place(), title="Ours", text="Read a page aloud\nSing", by=ines, at=AT)
    was = [one.identifier for one in queries.package_of(version).statements]
    second, _new = actions.change_own_list(
        version.framework, title="Ours", text="Read two pages aloud\nDance", number=1, by=ines, at=LATER
    )
    now = [one.identifier for one in queries.package_of(second).statements]
    assert now[0] == was[0]
    assert now[1] not in was


def test_who_is_slower_is_told_and_nothing_is_lost() -> None:
    ines = person("Ines")
    version = actions.begin_own_list(place(), title="Ours", text="Read", by=ines, at=AT)
    actions.change_own_list(version.framework, title="Ours", text="Read\nWrite", number=1, by=ines, at=LATER)
    with pytest.raises(Refused, match="Somebody else"):
        actions.change_own_list(version.framework, title="Ours", text="Read\nSing", number=1, by=ines, at=LATER)
    assert queries.latest_of(version.framework).number == 2


def test_a_package_is_not_typed_over() -> None:
    version, _new = bring(place(), item("a"))
    with pytest.raises(Refused, match="brought as a package"):
        actions.change_own_list(version.framework, title="x", text="y", number=1, by=person("Ines"), at=AT)


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", None, "at least one"),
        (" \n\t\n", None, "at least one"),
        ("Read\nA.1\t \n", 2, "a code and no statement"),
        ("A | Read\nA | Write", 2, "on line 1 already"),
        ("\n" + "x" * 1001, 2, "longer than 1000"),
        ("c" * 101 + "\tRead", 1, "longer than 100"),
        ("\n".join(" " * n + "deep" for n in range(40)), 32, "set in too far"),
        ("\n".join(f"line {n}" for n in range(2001)), 2001, "more than 2000 lines"),
    ],
)
def test_a_list_that_cannot_be_kept_is_refused_by_line(text, line, sentence) -> None:
    with pytest.raises(StandardsRefused) as caught:
        actions.begin_own_list(place(), title="Ours", text=text, by=person("Ines"), at=AT)
    assert (caught.value.faults[0].line, sentence in caught.value.faults[0].reason) == (line, True)
    assert not Framework.objects.exists()


@pytest.mark.parametrize("text", ["Re\0ad", "x" * 500_001, "half \ud800"])
def test_a_list_with_what_no_database_keeps_is_refused(text) -> None:
    with pytest.raises(Refused):
        actions.begin_own_list(place(), title="Ours", text=text, by=person("Ines"), at=AT)


# In force


def test_the_nearest_lists_come_first_and_other_places_have_no_part() -> None:
    top = place("Top")
    near, far = place("Near", top), place("Far", top)
    actions.load_shipped_standards(AT)
    high, _new = bring(top, item("a"), identifier="h")
    low, _new = bring(near, item("a"), identifier="l")
    bring(far, item("a"), identifier="f")
    old, _new = bring(near, item("b"), identifier="x")
    newer, _new = bring(near, item("c"), identifier="x", title="An edition")
    with CaptureQueriesContext(connection) as counted:
        found = queries.frameworks_for(versions(), [near.pk])
        names = [one.framework.place.name if one.framework.place else "" for one in found]
    assert len(counted) == 1
    assert found[:3] == [newer, low, high]
    assert old not in found
    assert names == ["Near", "Near", "Top", ""]
    assert queries.frameworks_of(versions(), near) == [newer, low]


# Searching


def made_for_searching():
    items = [
        item("g", "Fractions", humanCodingScheme="M.1"), item("a", "Compare fractions", humanCodingScheme="M.1.a"),
        item("b", "Comparer les équations à Đà Nẵng", humanCodingScheme="M.1.b"), item("k", "分数を比べる"),
        item("h", "भिन्नों की तुलना करें"), item("p", "100 % of 5_a\\b [c] 'd'"),
    ]  # fmt: skip
    links = [below("g", number=1), below("a", "g", 1), below("b", "g", 2), below("k", "a"), below("h", number=3)]
    where = place()
    bring(where, *items, links=links)
    return queries.frameworks_for(versions(), [where.pk])


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("fractions", [("M.1", []), ("M.1.a", ["M.1"])]),
        ("FRACT compare", [("M.1.a", ["M.1"])]),
        ("m.1.b", [("M.1.b", ["M.1"])]),
        ("equations da nang", [("M.1.b", ["M.1"])]),
        ("Équations", [("M.1.b", ["M.1"])]),
        ("分数", [("分数を比べる", ["M.1", "M.1.a"])]),
        ("तुलना", [("भिन्नों की तुलना करें", [])]),
        ("% 5_a", [("100 % of 5_a\\b [c] 'd'", [])]),
        ("\\b", [("100 % of 5_a\\b [c] 'd'", [])]),
        ("_1", []),
        ("fractions zebra", []),
        ("", []),
        ("  \0 ", []),
        ("' OR 1=1 --", []),
    ],
)
def test_every_word_must_occur_and_hits_come_in_the_order_of_the_tree(words, hits) -> None:
    assert said(queries.search(statements(), made_for_searching(), words)) == hits


def test_a_search_is_bounded_and_asks_little() -> None:
    where = place()
    actions.bring_framework(where, package=read_package(as_bytes(large(3000)), "l"), by=None, at=AT)
    lists = queries.frameworks_for(versions(), [where.pk])
    with CaptureQueriesContext(connection) as counted:
        found = queries.search(statements(), lists, "give reasons")
    assert len(found) == queries.MOST_FOUND
    assert len(counted) <= 3  # one, and one for each level above
    queries.search(statements(), lists, "a " * 60)
    assert queries.search(statements(), [], "reasons") == []


def test_only_lists_in_force_are_searched_and_the_nearest_comes_first() -> None:
    top = place("Top")
    near = place("Near", top)
    bring(top, item("a", "Read it"), identifier="h")
    bring(near, item("a", "Read old"), identifier="l")
    bring(near, item("a", "Read new"), identifier="l")
    lists = queries.frameworks_for(versions(), [near.pk])
    found = queries.search(statements(), lists, "read")
    assert [one.standard.statement for one in found] == ["Read new", "Read it"]
    assert [one.standard.version.framework.place.name for one in found] == ["Near", "Top"]


# The tree


def test_a_small_list_is_one_tree_and_a_large_one_opens_branch_by_branch(monkeypatch) -> None:
    lists = made_for_searching()
    nodes = queries.tree(statements(), lists[0])
    assert [node.standard.identifier for node in nodes] == ["g", "h", "p"]
    assert [node.standard.identifier for node in nodes[0].below] == ["a", "b"]
    assert [node.standard.identifier for node in nodes[0].below[0].below] == ["k"]
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 5)
    with CaptureQueriesContext(connection) as counted:
        nodes = queries.tree(statements(), lists[0])
    assert len(counted) == 4
    assert [[under.standard.identifier for under in node.below] for node in nodes] == [["a", "b"], [], []]
    assert (nodes[0].more, nodes[0].below[0].more, nodes[0].below[1].more) == (0, 1, 0)
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 4)
    assert queries.tree(statements(), lists[0])[0].more == 1
    inner = queries.tree(statements(), lists[0], nodes[0].standard)
    assert [(node.standard.identifier, node.more) for node in inner] == [("a", 0), ("b", 0)]
    assert inner[0].below[0].standard.identifier == "k"


# What was chosen


def test_what_the_list_says_otherwise_now_is_told() -> None:
    where = place()
    bring(where, item("a", "Count"), item("b", "Read"), item("c", "Sing"))
    chosen = {"a": ("", "Count"), "b": ("", "Read"), "c": ("", "Sing"), "z": ("", "Gone")}
    lists = queries.frameworks_for(versions(), [where.pk])
    assert queries.now_saying(statements(), lists, chosen) == {}
    bring(where, item("a", "Count on"), item("b", "Read", humanCodingScheme="R"))
    lists = queries.frameworks_for(versions(), [where.pk])
    now = queries.now_saying(statements(), lists, chosen)
    assert {key: (one.code, one.statement) for key, one in now.items()} == {"a": ("", "Count on"), "b": ("R", "Read")}
    assert queries.now_saying(statements(), lists, {}) == {}


def test_what_the_list_no_longer_has_is_told(django_assert_num_queries) -> None:
    where, other = place(), place("Elsewhere")
    bring(where, item("a", "Count"), item("b", "Read"), item("c", "Sing"))
    bring(other, item("d", "Draw"))
    bring(where, item("a", "Count on"))
    bring(where, item("a", "Count on"), item("b", "Read again"))
    lists = queries.frameworks_for(versions(), [where.pk])
    with django_assert_num_queries(1):
        gone = queries.no_longer_said(statements(), lists, ["a", "b", "c", "d", "typed"])
    assert gone == {"c"}  # (what is back is there; what no list in force ever had is nobody's loss)
    assert queries.no_longer_said(statements(), [], ["a"]) == set()
