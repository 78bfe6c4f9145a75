"""How a feed's files are read: tried over a file, agreed by two people, in force, put back exactly (R19)."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, build_account, build_reference
from tests.factories.feeds import AMINA, feed_text
from tests.factories.signed_in import as_the_owner, sign_in
from tests.factories.supply import BEN, child_of, feed, load, rows
from tests.factories.viewers import viewer

from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.actions.run.mappings import (
    SAME,
    judge_mapping,
    mapping_version,
    mapping_versions,
    put_back_mapping,
    step_mapping,
    try_mapping,
)
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import DeliveryRefused, InvalidInput, NotFound
from contactpoint.domain.source_mappings import BECOMES, HeldChanges, MappingState
from contactpoint.domain.two_people import Step
from contactpoint.pipelines.compare_delivery import compare_delivery
from contactpoint.pipelines.dry_run import dry_run
from contactpoint.pipelines.try_mappings import anything_to_try, try_mappings
from contactpoint.storage.models import AuditBody, Delivery, FeedFile, Membership, SourceMapping

pytestmark = pytest.mark.django_db
NOW = timezone.now()
EWA, DEV, RUTH, ROCH = (UUID(int=8200 + place) for place in range(4))
FEED = "childrens-services-353"
NAME = f"{FEED}_2026-11-22_full.csv"
TEXT = """# the new case system
[columns]
local_id = "Case"
forename = "First name"
date_of_birth = "DOB"

[dates]
date_of_birth = "%d/%m/%Y"

[values.sex]
1 = "M"
2 = "F"
"""
ROWS = (AMINA, {**BEN, "sex": "M"})


def team(who, name, organisation="la-353", authority="353", role=Role.AUTHORITY_TEAM, kind="authority"):
    return viewer(
        account_id=who,
        name=name,
        role=role,
        organisation_code=organisation,
        organisation_kind=kind,
        authority=authority,
        services=(),
    )


DEV_HERE, RUTH_HERE = team(DEV, "Dev Patel"), team(RUTH, "Ruth Lowe")
EWA_HERE = team(EWA, "Ewa Nowak", "contactpoint", None, Role.NATIONAL_TEAM, "national")
ROCH_HERE = team(ROCH, "Ravi Rao", "la-354", "354")


@pytest.fixture(autouse=True)
def home(db, tmp_path, settings):
    build_reference()
    Delivery.objects.all().delete()
    for one in (DEV_HERE, RUTH_HERE, EWA_HERE, ROCH_HERE):
        build_account(one.account_id, one.name)
        Membership.objects.create(
            account_id=one.account_id, organisation_id=one.organisation_code, role=one.role.value, services=[]
        )
        sign_in(one.account_id)
    settings.HOME = str(tmp_path / "home")
    inbox = tmp_path / "home" / "inbox"
    for folder in ("uploaded", "done"):
        (inbox / folder).mkdir(parents=True)
    return inbox


def run(action, by=DEV_HERE, **terms):
    with acting_as_role("web"):
        return action(by=by, at=NOW, **{"code": FEED, **terms})


def theirs(*given):
    """The same rows as the supplier's own system writes them."""
    said = {"local_id": "Case", "forename": "First name", "date_of_birth": "DOB"}
    head, *lines = feed_text("childrens_services", *given).splitlines()
    head = ",".join(said.get(name, name) for name in head.split(","))
    text = "\r\n".join((head, *lines, ""))
    for ours, written in (
        (",M,", ",1,"),
        (",F,", ",2,"),
        ("2016-05-09", "09/05/2016"),
        ("2012-11-30", "30/11/2012"),
    ):
        text = text.replace(ours, written)
    return text


def bring(home, text=TEXT, file=None, by=DEV_HERE, name=NAME):
    received = None
    if file is not None:
        received = home / "uploaded" / "arriving"
        received.write_text(file, encoding="utf-8", newline="")
    answer = run(
        try_mapping,
        by,
        data=text.encode(),
        received=received,
        inbox=home / "uploaded",
        file_name=name if file is not None else "",
    )
    if received:
        received.unlink()
    return answer


def work(home):
    with acting_as_role("worker"):
        return try_mappings(home, by=system_viewer("loader"), at=NOW)


def see(version, by=DEV_HERE):
    return run(mapping_version, by, version=version)


def step(version, what, by=DEV_HERE, because=""):
    return run(step_mapping, by, version=version, step=what, because=because)


def put_in_force(home, text=TEXT, file=None, by=DEV_HERE, other=RUTH_HERE):
    version = bring(home, text, theirs(*ROWS) if file is None else file, by).version
    work(home)
    assert step(version, Step.ASK, by, "The new case system").state == "asked"
    assert step(version, Step.AGREE, other).state == "in_force"
    return version


def records():
    return rows(
        "SELECT r.local_id, v.facts, encode(v.fingerprint, 'hex') FROM source_record r JOIN record_version v "
        "ON v.record_id = r.id AND v.superseded_at IS NULL WHERE r.source_id = %s ORDER BY 1",
        FEED,
    )


def test_a_delivery_in_a_suppliers_own_names_loads_as_one_in_the_contracts(home, tmp_path):
    path = tmp_path / NAME
    path.write_text(feed_text("childrens_services", *ROWS), encoding="utf-8", newline="")
    load(path)
    plain = records()
    assert len(plain) == 2
    assert put_in_force(home) == 1
    path.write_text(theirs(*ROWS), encoding="utf-8", newline="")
    report = load(path)
    assert records() == plain
    assert [(one.accepted, one.rejected, one.changed) for one in report.deliveries] == [(2, 0, 0)]
    assert list(Delivery.objects.order_by("id").values_list("mapping", flat=True)) == [0, 1]
    with as_the_owner():
        bodies = [bytes(one.body) for one in AuditBody.objects.filter(action=Action.DELIVERED.value)]
    assert sum(b'"mapping":1' in body.replace(b" ", b"") for body in bodies) == 1


def test_it_is_tried_and_the_difference_told_in_numbers_before_anybody_agrees(home):
    wrong = theirs(*ROWS).replace("09/05/2016", "9 May 2016")
    version = bring(home, file=wrong).version
    assert anything_to_try(home)
    assert see(version).state is MappingState.TRYING
    assert isinstance(step(version, Step.ASK, because="Now"), Refusal), "nothing is asked for untried"
    assert work(home) == 1
    assert not list((home / "uploaded").iterdir()), "nothing of the file is kept"
    assert rows("SELECT count(*) FROM delivery") == [(0,)], "nothing is loaded"
    trial = see(version).trial
    assert "'Case', 'First name', 'DOB'" not in trial.before.refused
    assert "'local_id', 'forename', 'date_of_birth' are missing" in trial.before.refused
    assert (trial.after.rows, trial.after.rejected) == (2, 1)
    assert trial.after.reasons == (
        ("DOB", "It is not a date like 27/03/2019, as this source writes it, or 2019-03-27.", 1),
    )
    assert trial.after.filled["surname"] == 2
    (stored,) = rows("SELECT report::text FROM source_mapping")
    for value in ("Amina", "Okafor", "9 May", "2016", "Whitworth"):
        assert value not in stored[0], "there is no child in a report"


def test_what_differs_is_told_column_by_column(home):
    put_in_force(home)
    swapped = TEXT.replace('forename = "First name"', 'forename = "known_as"\nknown_as = "First name"')
    version = bring(home, swapped.replace('2 = "F"', ""), theirs(*ROWS)).version
    work(home)
    trial = see(version).trial
    assert trial.differences == (("forename", 2, 0), ("known_as", 0, 2))
    assert (trial.before.rejected, trial.after.rejected) == (0, 1)
    assert trial.after.reasons == (("sex", "It must be one of: M, F; or blank.", 1),)


def test_it_holds_once_a_second_person_agreed_and_is_put_back_to_the_letter(home):
    first = put_in_force(home)
    assert isinstance(step(first, Step.AGREE, RUTH_HERE), Refusal)
    second = put_in_force(home, TEXT.replace("# the new", "# the newer"))
    found = run(mapping_versions)
    assert [(one.version, one.state, one.by, one.answered_by) for one in found] == [
        (second, MappingState.IN_FORCE, "Dev Patel", "Ruth Lowe"),
        (first, MappingState.REPLACED, "Dev Patel", "Ruth Lowe"),
    ]
    assert isinstance(run(put_back_mapping, version=first), Refusal), "only what is in force is put back"
    back = run(put_back_mapping, RUTH_HERE, version=second)
    assert see(back.version, RUTH_HERE).text == TEXT
    step(back.version, Step.ASK, RUTH_HERE, "The old system is back")
    assert isinstance(step(back.version, Step.AGREE, RUTH_HERE), Refusal), "two people put back too"
    assert step(back.version, Step.AGREE, EWA_HERE).state == "in_force"
    assert see(back.version).puts_back == second
    assert rows("SELECT text FROM source_mapping WHERE state = 'in_force'") == [(TEXT,)]


def test_the_first_one_is_put_back_to_the_contracts_own_names(home, tmp_path):
    version = put_in_force(home)
    back = run(put_back_mapping, version=version).version
    step(back, Step.ASK, because="It was a mistake")
    step(back, Step.AGREE, RUTH_HERE)
    path = tmp_path / NAME
    path.write_text(feed_text("childrens_services", *ROWS), encoding="utf-8", newline="")
    assert load(path).deliveries[0].accepted == 2


def test_a_file_that_was_read_wrongly_can_be_sent_again_once_it_is_read_otherwise(home, tmp_path):
    path = tmp_path / NAME
    path.write_text(feed_text("childrens_services", {**AMINA, "sex": "2"}), encoding="utf-8", newline="")
    assert load(path).deliveries[0].rejected == 1
    assert load(path).deliveries[0].already
    codes = '[values.sex]\n1 = "M"\n2 = "F"\n'
    put_in_force(home, codes, path.read_text(encoding="utf-8"))
    report = load(path).deliveries[0]
    assert (report.already, report.accepted) == (False, 1)


def test_a_delivery_with_neither_names_is_refused_in_the_suppliers_words(home, tmp_path):
    put_in_force(home)
    path = tmp_path / NAME
    path.write_text(theirs(*ROWS).replace("First name", "Given"), encoding="utf-8", newline="")
    with pytest.raises(DeliveryRefused, match="'First name' is missing; 'Given' is not in the contract"):
        load(path)
    path.write_text(theirs({**AMINA, "date_of_birth": "unknown"}), encoding="utf-8", newline="")
    load(path)
    reasons = rows("SELECT field, reason FROM rejection")
    assert reasons == [("DOB", "It is not a date like 27/03/2019, as this source writes it, or 2019-03-27.")]
    assert rows("SELECT reasons->0->>0 FROM rejects_file") == [("DOB",)]


def test_what_waits_of_a_shut_feed_is_read_as_it_will_be(home):
    put_in_force(home)
    (home / "uploaded" / "f").mkdir()
    (home / "uploaded" / "f" / NAME).write_text(theirs(*ROWS), encoding="utf-8", newline="")
    FeedFile.objects.create(source_id=FEED, file_name=NAME, folder="f", size=1, came_by="page", given_at=NOW)
    (found,) = dry_run(FEED, home)
    assert (found.accepted, found.refused) == (2, "")


def test_the_last_file_that_is_kept_is_taken_where_none_is_brought(home):
    version = bring(home).version
    work(home)
    assert "No file of this feed is kept here" in see(version).failed
    assert isinstance(step(version, Step.ASK, because="Now"), Refusal)
    (home / "done" / NAME).write_text(theirs(*ROWS), encoding="utf-8", newline="")
    FeedFile.objects.create(
        source_id=FEED, file_name=NAME, folder="g", size=1, came_by="folder", state="taken_in", given_at=NOW
    )
    version = bring(home).version
    work(home)
    assert (see(version).trial.file_name, see(version).trial.after.rows) == (NAME, 2)
    assert (home / "done" / NAME).exists(), "what was taken in stays where it is"


def test_what_a_mapping_cannot_read_is_not_asked_for(home):
    version = bring(home, file=feed_text("childrens_services", *ROWS)).version
    work(home)
    trial = see(version).trial
    assert "'Case'" in trial.after.refused
    assert trial.before.rows == 2
    assert isinstance(step(version, Step.ASK, because="Now"), Refusal)


def test_a_first_line_of_somebodys_data_is_told_to_nobody(home):
    version = bring(home, file="C1,Amina,Okafor,2016-05-09\r\nC2,Ben,Whitworth,2012-11-30\r\n").version
    work(home)
    trial = see(version).trial
    assert "Amina" not in trial.before.refused + trial.after.refused
    assert "missing" in trial.after.refused


def test_a_report_is_the_same_whoever_is_protected(home, tmp_path):
    """R27: a row of a shielded child, or near one, counts like any other."""
    path = tmp_path / NAME
    path.write_text(feed_text("childrens_services", *ROWS), encoding="utf-8", newline="")
    load(path)
    wrong = theirs({**AMINA, "postcode": "nowhere"}, {**BEN, "local_id": "B2", "sex": "M"})

    def told(text):
        version = bring(home, text, wrong).version
        work(home)
        return see(version).trial

    before = told(TEXT)
    with acting_as_role("worker"):
        loader = system_viewer("loader")
        place_shield(number=child_of(FEED, "A1"), ground=Ground.DOMESTIC_ABUSE, by=loader, at=NOW)
    assert rows("SELECT count(*) FROM shield") == [(1,)]
    assert told(TEXT + "# again\n") == before
    assert (before.after.rows, before.after.rejected) == (2, 1)


def test_what_is_held_and_would_differ_is_counted_without_whoever_is_protected(home, tmp_path, monkeypatch):
    """R19, R27: by field, by the version in force and by the one that is tried."""
    monkeypatch.setattr("contactpoint.domain.matching_models.FEWEST_TOLD", 1)  # to the nearest one
    path = tmp_path / NAME
    path.write_text(feed_text("childrens_services", *ROWS), encoding="utf-8", newline="")
    load(path)
    load(feed(tmp_path, "births", *ROWS))  # whom only a source that holds few knows is in no search, nor here
    put_in_force(home)
    swapped = TEXT.replace('forename = "First name"', 'forename = "known_as"\nknown_as = "First name"')

    def changes(text):
        version = bring(home, text, theirs(*ROWS)).version
        work(home)
        return [one.changes for one in (see(version).trial.before, see(version).trial.after)]

    before, after = changes(swapped)
    assert (before, after.held, after.different) == (HeldChanges(held=2, different=None), 2, 2)
    assert set(dict(after.fields)) >= {"forename", "known_as"}
    with acting_as_role("worker"):
        place_shield(
            number=child_of(FEED, "A1"), ground=Ground.DOMESTIC_ABUSE, by=system_viewer("loader"), at=NOW
        )
    assert [(one.held, one.different) for one in changes(swapped + "# again\n")] == [(1, None), (1, 1)]
    report = compare(tmp_path / NAME)
    assert (report.rows, report.changes) == (2, HeldChanges(held=1, different=None))
    assert rows("SELECT count(*) FROM delivery") == [(2,)], "nothing is loaded"


def compare(path):
    path.write_text(theirs(*ROWS), encoding="utf-8", newline="")
    with acting_as_role("worker"):
        return compare_delivery(path, source=FEED, by=system_viewer("loader"))


def test_how_many_are_marked_as_hidden_is_told_to_nobody(home):
    """R27: with such a child in a file or without, the report is the same."""
    told = []
    for mark in ("", "Y", "perhaps"):
        version = bring(home, TEXT + f"# {mark}\n", theirs({**AMINA, "restricted": mark})).version
        work(home)
        told.append(see(version).trial.after)
    assert told[0] == told[1] == told[2]
    assert (told[0].rows, told[0].rejected) == (1, 0)
    assert "restricted" not in told[0].filled


def test_the_column_that_marks_who_is_hidden_is_never_read_as_another(home):
    """R27: nor so that its number could be counted under another name."""
    flagged = theirs(*ROWS).replace("restricted", "S flag")
    named = TEXT.replace("[columns]", '[columns]\nrestricted = "S flag"')
    put_in_force(home, named, flagged)
    swapped = named.replace('restricted = "S flag"', 'restricted = "known_as"\nknown_as = "S flag"')
    version = bring(home, swapped, flagged).version
    work(home)
    assert see(version).trial.after.refused.startswith("It marks children")
    assert isinstance(step(version, Step.ASK, because="Now"), Refusal)


def test_a_file_that_ends_the_process_is_given_up(home):
    version = bring(home, file=theirs(*ROWS)).version
    SourceMapping.objects.update(tries=3)
    work(home)
    assert "ended the process 3 times" in see(version).failed
    assert not list((home / "uploaded").iterdir())


def test_what_says_the_same_changes_nothing_and_a_bad_one_keeps_nothing(home):
    put_in_force(home)
    assert bring(home, file=theirs(*ROWS)) is SAME
    assert judge_mapping(code=FEED, data=b"[columns]\nforname = 'A'\n")[0].line == 2
    assert judge_mapping(code=FEED, data=b"\xff")[0].reason.startswith("The file is not text")
    with pytest.raises(NotFound):
        bring(home, "no TOML")
    with pytest.raises(InvalidInput):
        step(1, Step.ASK)
    assert SourceMapping.objects.count() == 1
    assert not list((home / "uploaded").iterdir())


def test_what_was_compared_with_another_version_is_not_agreed_to(home):
    late = bring(home, TEXT + "# late\n", theirs(*ROWS), RUTH_HERE).version
    work(home)
    assert put_in_force(home) == late + 1
    assert isinstance(step(late, Step.ASK, RUTH_HERE, "Now"), Refusal)
    assert step(late, Step.DROP, RUTH_HERE).state == "dropped"


def test_one_of_a_feed_waits_at_a_time_and_a_draft_is_nobody_elses(home):
    first = bring(home, file=theirs(*ROWS)).version
    second = bring(home, TEXT + "# other\n", theirs(*ROWS)).version
    work(home)
    with pytest.raises(NotFound):
        see(first, RUTH_HERE)
    assert run(mapping_versions, RUTH_HERE) == ()
    step(first, Step.ASK, because="October")
    assert [one.version for one in run(mapping_versions, RUTH_HERE)] == [first]
    assert isinstance(step(second, Step.ASK, because="October"), Refusal)
    assert isinstance(step(first, Step.DROP, RUTH_HERE), Refusal)
    assert step(first, Step.REFUSE, RUTH_HERE).state == "refused"
    assert step(second, Step.ASK, because="October").state == "asked"
    assert step(second, Step.DROP).state == "dropped"


def test_one_that_is_dropped_while_it_is_tried_stays_dropped(home):
    version = bring(home, file=theirs(*ROWS)).version
    assert step(version, Step.DROP).state == "dropped"
    assert list((home / "uploaded").iterdir())
    with acting_as_role("worker"):
        assert anything_to_try(home)
    assert work(home) == 0
    assert not list((home / "uploaded").iterdir()), "its file goes at once"
    assert not anything_to_try(home)
    assert SourceMapping.objects.get().report is None


@pytest.mark.parametrize("who", [ROCH_HERE, team(DEV, "Dev Patel", role=Role.PRACTITIONER)])
def test_whoever_does_not_run_the_feed_sees_and_changes_nothing(home, who):
    version = put_in_force(home)
    for action, terms in (
        (mapping_versions, {}),
        (mapping_version, {"version": version}),
        (put_back_mapping, {"version": version}),
        (step_mapping, {"version": version, "step": Step.AGREE, "because": ""}),
        (try_mapping, {"data": b"# x\n", "received": None, "inbox": home, "file_name": ""}),
    ):
        assert isinstance(run(action, who, **terms), Refusal)


@pytest.mark.parametrize("code", ["nowhere", "by-hand-353"])
def test_what_is_no_feed_has_no_mapping(code):
    with pytest.raises(NotFound):
        run(mapping_versions, code=code)


def test_the_database_has_the_same_table_of_steps():
    for state in MappingState:
        for taken in Step:
            becomes = BECOMES.get((state, taken))
            found = rows("SELECT next_mapping_state(%s, %s)", state.value, taken.value)[0][0]
            assert found == (becomes.value if becomes else None)


REFUSED_TO_ANYBODY = {
    "another text": "UPDATE source_mapping SET text = '' WHERE version = %s",
    "another reason": "UPDATE source_mapping SET because = 'else' WHERE version = %s",
    "another report": "UPDATE source_mapping SET report = NULL WHERE version = %s",
    "asked again": "UPDATE source_mapping SET state = 'asked' WHERE version = %s",
    "gone": "DELETE FROM source_mapping WHERE version = %s",
    "their own": "UPDATE source_mapping SET answered_by_id = by_id WHERE version = %s",
    "a second in force": (
        "INSERT INTO source_mapping (source_id, version, state, text, tries, file_name, folder, failed, "
        "by_id, at, because, answered_by_id) SELECT source_id, version + 1, 'in_force', '', 0, '', '', '', "
        "by_id, at, because, answered_by_id FROM source_mapping WHERE version = %s"
    ),
}


@pytest.mark.parametrize("statement", REFUSED_TO_ANYBODY.values(), ids=REFUSED_TO_ANYBODY)
def test_what_was_said_of_a_mapping_stays_and_two_people_say_it(home, statement):
    version = put_in_force(home)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement, [version])


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT text FROM source_mapping",
        "UPDATE source_mapping SET state = 'in_force'",
        "INSERT INTO source_mapping (version) VALUES (1)",
    ],
)
def test_a_page_has_no_right_on_the_table(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as_role("web"):
        connection.cursor().execute(statement)
