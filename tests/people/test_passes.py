"""Links, invitations and codes: each works once, says why it does not, and is kept as a digest only."""

from datetime import UTC, datetime, timedelta

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.people import actions, queries
from sidebyside.people.models import Attempt, EntryPass, Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ada():
    return Person.objects.create(given_name="Ada", email="ada@example.org")


@pytest.fixture
def bo():
    return Person.objects.create(given_name="Bo")


def why(secret, at=NOW):
    with pytest.raises(actions.NoWayIn) as refusal:
        actions.use_pass(secret, at=at)
    return refusal.value.why


def test_a_link_works_once(ada):
    secret = actions.give_link(ada, by=None, at=NOW)
    assert actions.use_pass(secret, at=NOW) == ada
    assert why(secret) == "used"


def test_looking_uses_nothing_up(ada):
    secret = actions.give_link(ada, by=None, at=NOW)
    for _look in range(3):
        assert actions.look_at_pass(secret, at=NOW).person == ada
    assert actions.use_pass(secret, at=NOW) == ada


@pytest.mark.parametrize(
    "secret",
    ["", " ", "x", "\0", "\ud800", "\ud800" * 14, "A" * 100_000, "AAAA-AAAA-AAAA", "‮كلمة", "' or 1=1 --"],
)
def test_what_is_no_secret_is_wrong(ada, secret):
    actions.give_link(ada, by=None, at=NOW)
    assert why(secret) == "wrong"


@pytest.mark.parametrize(
    ("kind", "works_for"), [("link", HOUR), ("invitation", timedelta(days=30)), ("code", timedelta(days=365))]
)
def test_each_kind_has_its_time(ada, kind, works_for):
    def fresh():
        if kind == "code":
            return actions.print_codes([ada], by=ada, at=NOW)[0][1][0]
        return actions.give_link(ada, kind=kind, by=None, at=NOW)

    assert actions.use_pass(fresh(), at=NOW + works_for - timedelta(seconds=1)) == ada
    assert why(fresh(), at=NOW + works_for) == "expired"


def test_no_secret_is_kept(ada):
    secret = actions.give_link(ada, by=None, at=NOW)
    ((_person, codes),) = actions.print_codes([ada], by=ada, at=NOW)
    kept = str(list(EntryPass.objects.values())) + str(list(Event.objects.values()))
    assert not [each for each in [secret, *codes] if each in kept]


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code.replace('-', '')}\n"]
)
def test_a_code_is_known_however_it_is_typed(bo, typed):
    ((_person, codes),) = actions.print_codes([bo], by=bo, at=NOW)
    assert actions.use_pass(typed(codes[0]), at=NOW) == bo
    assert why(codes[0]) == "used"
    assert actions.use_pass(codes[1], at=NOW) == bo


def test_a_new_sheet_makes_the_old_codes_void_and_nobody_elses(ada, bo):
    (_a, old), (_b, others) = actions.print_codes([ada, bo], by=ada, at=NOW)
    ((_c, new),) = actions.print_codes([ada], by=ada, at=NOW + HOUR)
    assert len(set(old + new + others)) == 3 * actions.CODES_ON_A_SLIP
    assert why(old[0], at=NOW + HOUR) == "expired"
    assert actions.use_pass(others[0], at=NOW + HOUR) == bo
    assert actions.use_pass(new[3], at=NOW + HOUR) == ada


def test_a_new_invitation_ends_the_one_before_and_no_link(ada):
    first = actions.give_link(ada, kind="invitation", by=ada, at=NOW)
    link = actions.give_link(ada, by=None, at=NOW)
    second = actions.give_link(ada, kind="invitation", by=ada, at=NOW)
    assert why(first) == "expired"
    assert actions.use_pass(link, at=NOW) == actions.use_pass(second, at=NOW) == ada


def test_who_signs_in_first_has_joined_then(ada):
    actions.admit(ada, at=NOW)
    actions.admit(ada, at=NOW + HOUR)
    assert Person.objects.get().joined_at == NOW
    assert Event.objects.filter(kind="person.joined").count() == 1


def test_old_passes_are_forgotten(ada):
    actions.give_link(ada, by=None, at=NOW)
    actions.print_codes([ada], by=ada, at=NOW)
    assert actions.forget_passes(at=NOW + timedelta(days=32)) == 1
    assert set(EntryPass.objects.values_list("kind", flat=True)) == {"code"}


def test_who_is_invited_and_who_holds_codes(ada, bo):
    actions.give_link(ada, kind="invitation", by=ada, at=NOW)
    actions.print_codes([bo], by=ada, at=NOW)
    assert list(queries.invited_until([ada, bo], at=NOW)) == [ada.pk]
    assert queries.holding_codes([ada, bo], at=NOW) == {bo.pk}
    assert list(queries.not_invited(Person.objects.all(), at=NOW)) == []
    assert list(queries.not_invited(Person.objects.all(), at=NOW + timedelta(days=30))) == [ada]


# Attempts


def attempt(address="ada@example.org", machine="192.0.2.7", how="password", at=NOW):
    actions.note_attempt(how=how, address=address, machine=machine, at=at)


def test_the_eleventh_password_within_an_hour_is_refused():
    for _number in range(10):
        attempt()
    with pytest.raises(Refused):
        attempt("ADA@example.org ", machine="198.51.100.1")
    attempt("bo@example.org")
    attempt(at=NOW + HOUR)


def test_one_machine_cannot_try_everybody():
    for number in range(300):
        attempt(f"p{number}@example.org", how="code" if number % 2 else "password")
    with pytest.raises(Refused):
        attempt("somebody@example.org")
    attempt("somebody@example.org", machine="198.51.100.1")


def test_success_forgives():
    for _round in range(3):
        for _number in range(9):
            attempt()
        actions.clear_attempts(how="password", address="ada@example.org", machine="192.0.2.7")


def test_a_school_behind_one_address_may_sign_in_all_day():
    for number in range(400):
        attempt(f"p{number}@example.org")
        actions.clear_attempts(how="password", address=f"p{number}@example.org", machine="192.0.2.7")
    attempt()


def test_links_asked_for_in_vain_lock_no_code_out():
    for number in range(1_000):
        attempt(f"p{number}@example.org", how="link")
    with pytest.raises(Refused):
        attempt("somebody@example.org", how="link")
    attempt(how="code", address="")
    attempt("somebody@example.org", how="link", machine="198.51.100.1")


def test_a_mailbox_is_not_flooded_though_the_machine_gets_its_attempts_back():
    for _number in range(5):
        attempt(how="link")
        actions.give_back(how="link", machine="192.0.2.7")
    with pytest.raises(Refused):
        attempt(how="link", machine="198.51.100.1")


def test_attempts_name_nobody_and_go_after_an_hour():
    attempt()
    kept = str(list(Attempt.objects.values()))
    assert "example" not in kept
    assert "192.0.2" not in kept
    assert actions.forget_attempts(at=NOW + HOUR) == 2
    assert not Attempt.objects.exists()
