"""The main job as its people meet it: from an empty installation to a finished cycle, in a real browser."""

import re
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sidebyside.people import actions as people
from sidebyside.places.actions import end_post
from tests.browser import school as schools
from tests.browser.pages import PHONE
from tests.browser.school import begun, joined
from tests.browser.steps import (
    follow,
    goes_to,
    mailed_link,
    opens_her_mail,
    press,
    reads,
    reads_nothing_of,
    signs_out,
)
from tests.places.roster import archives

PASSWORD = "marble kettle sunday orbit"


@pytest.fixture
def school(transactional_db):
    """People of a school who do not work together yet."""
    return schools.opened(timezone.now())


def test_an_empty_installation_gets_its_places_and_people(site, tmp_path):
    """Points 1 to 3: a link makes the owner, she makes a lead, the lead brings a roster and gets people in."""
    owner = site.page(None, {"timezone_id": "Africa/Nairobi"})
    owner.goto(f"/first-run/{people.open_first_run(at=timezone.now())}/")
    owner.get_by_label("Your given name").fill("Kofi")
    owner.get_by_label("Your e-mail address").fill("kofi@harbour.example")
    owner.get_by_label("A district").check()
    owner.get_by_label("Its name").fill("Harbour")
    owner.get_by_label("Name of the programme").fill("Harbour side by side")
    expect(owner.get_by_label("Time zone")).to_have_value("Africa/Nairobi")
    press(owner, "Set it up")

    reads(owner, "A second owner is wanted")
    owner.get_by_label("Their e-mail address").fill("ines@harbour.example")
    owner.get_by_label("Given name").fill("Inês")
    press(owner, "Make an owner")
    reads(owner, "Inês is an owner now.")
    goes_to(owner, "Programme")
    follow(owner, "Harbour")
    follow(owner, "Name the first lead")
    owner.get_by_label("Find the person by name").fill("In")
    press(owner, "Search")
    press(owner, "Give the role")
    reads(owner, "The role is given.")

    lead = site.page()
    opens_her_mail(lead, "ines@harbour.example")
    follow(lead, "Bring a roster")
    lead.get_by_label("Where it comes from").fill("Staff office")
    lead.get_by_label("The roster").set_input_files(archives.pack(tmp_path / "staff.zip", archives.parts()))
    press(lead, "See what would change")
    reads(lead, "What this roster would change")
    numbers = lead.get_by_role("table", name="What would change, in numbers")
    expect(numbers.get_by_role("row", name="People")).to_contain_text("12")
    expect(lead.get_by_role("table", name="New").get_by_role("row")).not_to_have_count(0)
    press(lead, "Apply this roster")
    expect(lead.get_by_role("table").get_by_role("row", name="People")).to_contain_text("12")

    goes_to(lead, "Programme")
    follow(lead, "Places, roles and rosters")
    for name in ("Harbour County", "North Harbour", "Mill Lane School"):
        follow(lead, name)
    follow(lead, "Give a role")
    lead.get_by_label("Find the person by name").fill("Wei")
    press(lead, "Search")
    lead.get_by_role("radio", name="Wei Lin").check()
    lead.get_by_role("radio", name="coach").check()
    press(lead, "Give the role")
    reads(lead, "The role is given.")

    follow(lead, "Invite people")
    lead.get_by_role("checkbox", name="Wei Lin").check()
    lead.get_by_role("checkbox", name="Amina").check()
    press(lead, "Invite those ticked")
    reads(lead, "2 invitations are on their way.")
    lead.get_by_role("checkbox", name="José").check()
    press(lead, "Print codes for those ticked")
    slip = lead.get_by_role("listitem").filter(has_text="José Núñez")
    code = slip.get_by_role("code").first.inner_text()

    wei = site.page()
    opens_her_mail(wei, "u-02@harbour.example")
    reads(wei, "Invite a colleague")
    goes_to(wei, "Me")
    follow(wei, "Set a password")
    wei.get_by_label("New password").fill(PASSWORD)
    press(wei, "Keep this password")
    signs_out(wei)
    follow(wei, "Sign in again")
    follow(wei, "With a password")
    wei.get_by_label("Your e-mail address").fill("u-02@harbour.example")
    wei.get_by_label("Your password").fill(PASSWORD)
    press(wei, "Sign in")
    expect(wei.get_by_role("heading", name="Hello, Wei")).to_be_visible()

    jose = site.page()
    jose.goto("/")
    follow(jose, "Sign in")
    follow(jose, "With a code from a printed sheet")
    jose.get_by_label("A code from your sheet").fill(code.lower())
    press(jose, "Sign in")
    expect(jose.get_by_role("heading", name="Hello, José")).to_be_visible()
    site.faults.expect("status of 410")
    signs_out(jose)
    jose.goto(mailed_link("u-02@harbour.example"))
    expect(jose.get_by_role("heading", name="This link has been used")).to_be_visible()
    follow(jose, "Send me a new link")
    jose.get_by_label("Your e-mail address").fill("u-02@harbour.example")
    press(jose, "Send me a link")
    opens_her_mail(jose, "u-02@harbour.example")


def test_two_find_each_other_and_agree(site, school):
    """Point 4: a coach asks, a teacher accepts, they turn cards over, word an agreement, and both sign it."""
    wei, jose = site.page(school.wei), site.page(school.jose)
    wei.goto("/")
    follow(wei, "Invite a colleague")
    follow(wei, "Coach a colleague")
    wei.get_by_label("Name of a colleague").fill("Jos")
    press(wei, "Find")
    follow(wei, "Choose: José Núñez")
    press(wei, "Send the question")
    follow(wei, "You asked José Núñez")
    reads(wei, "It waits for an answer. Nobody is reminded.")

    jose.goto("/")
    follow(jose, "Read: Wei Lin asks you something")
    reads(jose, "You choose what you work on and decide what you try. Nobody judges you.")
    press(jose, "Accept")
    expect(jose.get_by_role("heading", name="You and Wei Lin", level=1)).to_be_visible()
    reads(jose, "You have not written an agreement yet.")
    follow(jose, "Our agreement")
    follow(jose, "Begin with cards")
    for wish in ("We begin on time.", "Ask me before you suggest something."):
        jose.get_by_label("One wish for our work together").fill(wish)
        press(jose, "Put it on a card")
        expect(jose.get_by_role("list", name="Your cards")).to_contain_text(wish)

    wei.goto("/")
    follow(wei, "José Núñez")
    follow(wei, "Our agreement")
    follow(wei, "Begin with cards")
    reads_nothing_of(wei, "Ask me before")
    press(jose, "Turn my cards over")
    wei.get_by_label("One wish for our work together").fill("What is said here stays here.")
    press(wei, "Put it on a card")
    press(wei, "Turn my cards over")
    reads(wei, "Ask me before you suggest something.")
    follow(wei, "Word them together")
    norms = wei.get_by_label("Our norms").input_value()
    assert sorted(norms.splitlines()) == [
        "Ask me before you suggest something.", "We begin on time.", "What is said here stays here.",
    ]  # fmt: skip
    wei.get_by_role("group", name=re.compile("How often")).get_by_role("radio").first.check()
    press(wei, "Write this version")
    press(wei, "Sign")
    reads(wei, "not signed by all yet")

    jose.goto("/")
    follow(jose, "Read and sign")
    press(jose, "Sign")
    reads(jose, "signed by all")
    follow(jose, "Change it")
    jose.get_by_label("Our norms").fill("We begin and end on time.")
    press(jose, "Write this version")
    reads(jose, "Version 2")
    reads(jose, "not signed by all yet")


def test_a_cycle_in_the_workspace(site, school):
    """Point 5: needs, focus, goal, plan, notes, contacts, stages both ways, a rest, and both look back."""
    pair = joined(school)
    wei, jose = site.page(school.wei, PHONE), site.page(school.jose)
    jose.goto("/")
    follow(jose, "Begin a cycle")
    press(jose, "Begin with this: The short cycle")
    follow(jose, "Write what we start from")
    jose.get_by_label("What does the class need, and what is possible?").fill("Two groups never speak.")
    press(jose, "Save")
    reads(jose, "Two groups never speak.")
    follow(jose, "Write the focus")
    jose.get_by_label("The focus, in the partner's own words").fill("Waiting before I speak")
    press(jose, "Save")
    reads(jose, "The focus is saved.")
    follow(jose, "Write the first goal")
    jose.get_by_label("What do you want for your students?").fill("Everybody says something")
    jose.get_by_label("What will you see or hear when it is reached?").fill("Twenty voices")
    jose.get_by_label("By when would you like to know?").fill(str(timezone.localdate() + timedelta(days=20)))
    press(jose, "Save the goal")
    reads(jose, "Everybody says something")
    follow(jose, "Add a step")
    jose.get_by_label("What is to be done?").fill("Count to three")
    jose.get_by_role("radio", name="José").check()
    press(jose, "Save the step")
    reads(jose, "Count to three")
    jose.get_by_label("Write a note").fill("I answered my own questions again.")
    press(jose, "Add the note")
    reads(jose, "I answered my own questions again.")

    wei.goto("/")
    follow(wei, "Open your work")
    reads(wei, "I answered my own questions again.")
    wei.get_by_label("Write a note").fill("You noticed it. What happened just before?")
    press(wei, "Add the note")
    follow(wei, "Write the next step")
    wei.get_by_label("What comes next, and when?").fill("Try it on Thursday")
    press(wei, "Save")
    expect(wei.get_by_role("heading", name="Try it on Thursday")).to_be_visible()

    jose.reload()
    follow(jose, "Write in it")
    jose.get_by_label("Note").fill("You noticed it. What happened just before? The bell.")
    press(jose, "Save")
    reads(jose, "with changes by You")
    press(jose, "On to “Observe”")
    reads(jose, "You are at “Observe” now.")
    press(jose, "Undo")
    reads(jose, "You are at “Agree on a goal” now.")
    jose.get_by_role("navigation", name="Stages of the cycle").get_by_role("link", name="Talk about it").click()
    press(jose, "Move to this stage")
    reads(jose, "You are at “Talk about it” now.")
    press(jose, "Reached: Everybody says something")
    reads(jose, "The goal is reached.")
    press(jose, "Let it rest")
    reads(jose, "The cycle rests. Everything stays where it is.")
    press(jose, "Go on")
    reads(jose, "Welcome back.")
    assert pair.cycles.get().stage == "talk"


def test_a_contact_takes_three_taps_at_most(site, school):
    """Point 5: on a phone, from the workspace; the second time one tap is enough, and the other may put it right."""
    pair = begun(school).partnership
    wei, jose = site.page(school.wei, PHONE), site.page(school.jose)
    wei.goto(f"/partnerships/{pair.pk}/")
    taps = 0
    for one in (
        wei.get_by_label("Modelling"),
        wei.get_by_label("Yesterday", exact=True),
        wei.get_by_role("button", name="Log it"),
    ):
        one.tap()
        taps += 1
    reads(wei, "Logged.")
    assert taps <= 3
    entry = wei.get_by_role("listitem").filter(has_text="Modelling, Observing")
    expect(entry).to_contain_text("45 min")

    wei.get_by_role("button", name="Log it").tap()  # what was last is preset
    reads(wei, "Logged.")
    assert pair.contacts.count() == 3
    press(wei, "Undo")
    reads(wei, "The entry lies in the bin for 30 days, for all of you.")

    jose.goto(f"/partnerships/{pair.pk}/")
    entry = jose.get_by_role("listitem").filter(has_text="Modelling, Observing")
    follow(entry, "Put right")
    jose.get_by_label("How long, in minutes?").fill("20")
    press(jose, "Save the entry")
    reads(jose, "The entry is put right.")
    expect(entry).to_contain_text("20 min")
    expect(entry).to_contain_text("put right by you")
    jose.get_by_label("Errand").check()
    jose.get_by_label("Observing").uncheck()
    press(jose, "Log it")
    reads(jose, "not counted as coaching")


def test_each_looks_back_alone_and_shares_when_she_says(site, school):
    """Point 5, the last stage: a reflection is its author's until she shares it, and again when she takes it back."""
    cycle = begun(school)
    address = f"/partnerships/{cycle.partnership_id}/"
    wei, jose = site.page(school.wei), site.page(school.jose)
    jose.goto(address)
    jose.get_by_label("Your reflection").fill("Three seconds are long.")
    expect(jose.get_by_role("status").filter(has_text="saved")).to_be_visible()
    wei.goto(address)
    reads_nothing_of(wei, "Three seconds are long.")
    press(jose, "Save and share")
    reads(jose, "Your reflection is shared.")
    wei.goto("/")
    follow(wei, "Read: José Núñez shared a reflection with you")
    reads(wei, "Three seconds are long.")
    press(jose, "Take it back")
    reads(jose, "Your reflection is yours alone again.")
    wei.reload()
    reads_nothing_of(wei, "Three seconds are long.")

    press(wei, "Complete the cycle")
    reads(wei, "The cycle is complete. All of it stays here to read.")
    expect(wei.get_by_role("heading", name="Begin the next cycle together")).to_be_visible()
    follow(wei, "Earlier work and the whole log")
    follow(wei, "Cycle 1: The short cycle")
    reads(wei, "Waiting before I speak")


def test_what_is_released_is_read_and_taken_back(site, school):
    """Points 6 and 7: all agree, a leader reads, the pair sees it, takes it back; what leader and facilitator see."""
    cycle = begun(school)
    address = f"/partnerships/{cycle.partnership_id}/"
    wei, jose, nadia = site.page(school.wei), site.page(school.jose), site.page(school.nadia)
    jose.goto(address)
    follow(jose, "Summary of this cycle")
    press(jose, "Start the summary")
    expect(jose.get_by_label("Focus")).to_have_value("Waiting before I speak")
    jose.get_by_label("How our teaching grew").fill("More pupils speak when we wait.")
    press(jose, "Save")
    press(jose, "I agree to this version")
    expect(jose.get_by_role("button", name="Release it")).to_have_count(0)
    nadia.goto("/")
    goes_to(nadia, "School")
    reads(nadia, "This page will never show what is said, seen or written in a partnership")
    reads(nadia, "No summary yet")
    reads(nadia, "no number: it would be about fewer than five")
    reads(nadia, "How is she doing?")

    wei.goto("/")
    follow(wei, "Read: A summary of your work waits for your yes")
    press(wei, "I agree to this version")
    wei.get_by_role("radio", name=re.compile("Nadia Petrov")).check()
    press(wei, "Release it")
    reads(wei, "has not opened it")

    nadia.goto("/")
    follow(nadia, "Read")
    reads(nadia, "More pupils speak when we wait.")
    assert "45" not in nadia.get_by_role("main").inner_text()
    link = nadia.url
    wei.reload()
    reads(wei, "opened it")
    follow(wei, "Back to the workspace")
    follow(wei, "Who opened what")
    reads(wei, "Nadia Petrov opened")
    follow(wei, "What others see of us")
    reads(wei, "Wei Lin, José Núñez · moving")
    reads(wei, "Nadia Petrov")
    follow(wei, "With José Núñez")
    follow(wei, "Summary of this cycle")
    press(wei, "Take it back")
    reads(wei, "taken back; had opened it")
    site.faults.expect("status of 404")
    assert nadia.goto(link).status == 404
    nadia.goto("/leader/")
    reads(nadia, "No summary yet")


def test_a_plan_asks_and_is_answered(site, school):
    """Point 6: a plan is shown with one line that asks; the leader answers and never approves."""
    cycle = begun(school)
    wei, jose, nadia = site.page(school.wei), site.page(school.jose), site.page(school.nadia)
    wei.goto(f"/partnerships/{cycle.partnership_id}/")
    follow(wei, "Show our plan to a leader")
    wei.get_by_role("radio", name="A room").check()
    wei.get_by_label("In one line").fill("The small library on Tuesdays")
    press(wei, "Make a copy to show")
    jose.goto("/")
    follow(jose, "Read: A plan to be shown waits for your yes")
    press(jose, "I agree to this version")
    jose.get_by_role("radio", name=re.compile("Nadia Petrov")).check()
    press(jose, "Release it")
    nadia.goto("/leader/")
    reads(nadia, "asks for a room")
    follow(nadia.get_by_role("main"), "Wei Lin, José Núñez")
    expect(nadia.get_by_role("button", name=re.compile("pprove"))).to_have_count(0)
    nadia.get_by_label("Your answer").fill("It is yours until Easter.")
    press(nadia, "Answer")
    wei.goto("/")
    follow(wei, "Read: Nadia Petrov answered your plan")
    reads(wei, "It is yours until Easter.")


def test_a_facilitator_sees_one_word_and_offers_help(site, school):
    """Points 4 and 6: a wish reaches the facilitator, who proposes; of a partnership she sees names and one word."""
    cycle = begun(school)
    noa, amina, wei = site.page(school.noa), site.page(school.amina), site.page(school.wei)
    noa.goto("/")
    follow(noa, "Find a coach")
    press(noa, "Ask the facilitators")
    amina.goto("/")
    goes_to(amina, "Facilitating")
    reads(amina, "moving")
    text = amina.get_by_role("main").inner_text()
    assert not [word for word in ("Waiting before I speak", "45", "Try it and look back") if word in text], text
    press(amina, "Offer help: Wei Lin, José Núñez")
    reads(amina, "help offered")
    follow(amina, "Propose a coach: Noa כהן")
    amina.get_by_label("Name of a colleague").fill("Wei")
    press(amina, "Find")
    follow(amina, "Choose: Wei Lin")
    press(amina, "Send the question")

    noa.goto("/")
    follow(noa, "Read: Amina حداد asks you something")
    press(noa, "Accept")
    wei.goto(f"/partnerships/{cycle.partnership_id}/")
    reads(wei, "Somebody offers help")
    wei.goto("/")
    follow(wei, "Read: Amina حداد asks you something")
    press(wei, "Accept")
    expect(wei.get_by_role("heading", name="You and Noa כהן", level=1)).to_be_visible()


def test_who_asked_reads_only_not_this_time(site, school):
    """Point 4: of somebody who declines the inviter reads three words, and nobody finds a trace afterwards."""
    wei, jose = site.page(school.wei), site.page(school.jose)
    wei.goto(f"/partnerships/new/?form=pair&with={school.jose.pk}")
    press(wei, "Send the question")
    jose.goto("/partnerships/")
    follow(jose, "Read and answer: Wei Lin")
    press(jose, "Not this time")
    wei.goto("/")
    follow(wei, "Put away: Somebody you asked says: not this time")
    reads(wei, "Not this time")
    reads_nothing_of(wei, "declined", "refused", "rejected")
    press(wei, "Put away")
    for page in (wei, jose):
        page.goto("/partnerships/")
        reads(page, "No partnership yet")
        reads_nothing_of(page, "Not this time")


def test_somebody_leaves_and_the_other_goes_on(site, school):
    """Point 3: a leaver takes her work along; the partnership rests, and the other is asked how to go on."""
    cycle = begun(school)
    end_post(school.jose.posts.get(), on=school.at.date(), at=school.at)
    wei, jose = site.page(school.wei), site.page(school.jose)
    jose.goto("/")
    expect(jose.get_by_text("Your work here has ended.")).to_be_visible()
    follow(jose, "Take my work")
    with jose.expect_download() as download:
        follow(jose, "Download the file")
    with zipfile.ZipFile(download.value.path()) as file:
        assert "Waiting before I speak" in file.read("my-work.html").decode()

    wei.goto("/")
    follow(wei, "Decide: José Núñez has left: how would you like to go on?")
    reads(wei, "Your work rests, and nothing is lost.")
    press(wei, "Keep resting")
    wei.goto(f"/partnerships/{cycle.partnership_id}/")
    reads(wei, "Waiting before I speak")


def test_what_is_removed_comes_back(site, school):
    """Point 5: undo at once, or from the bin within 30 days; what she wrote alone lies in her bin alone."""
    cycle = begun(school)
    address = f"/partnerships/{cycle.partnership_id}/"
    wei, jose = site.page(school.wei), site.page(school.jose)
    wei.goto(address)
    wei.get_by_label("Write a note").fill("Not meant for long")
    press(wei, "Add the note")
    press(wei, "Undo")
    reads(wei, "The note lies in your bin for 30 days.")
    reads_nothing_of(wei, "Not meant for long")
    press(wei, "Undo")
    reads(wei, "Not meant for long")
    follow(wei, "Write in it")
    press(wei, "Remove")
    reads(wei, "The note lies in your bin for 30 days.")
    jose.goto("/me/")
    follow(jose, "My bin")
    reads(jose, "Nothing lies here")
    goes_to(wei, "Me")
    follow(wei, "My bin")
    press(wei, "Take it back")
    reads(wei, "It is back where it was.")
    reads(wei, "Not meant for long")
