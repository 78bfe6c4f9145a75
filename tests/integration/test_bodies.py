"""One organisation or source from a page: proposed, agreed by two, carried out, put back (R58; ADR 54)."""

import json

import pytest
from django.db import DatabaseError, transaction
from tests.factories.directory import acting_as_role
from tests.factories.national import EWA_HERE, LENA_HERE, NINA
from tests.factories.signed_in import as_the_owner
from tests.factories.supply import rows
from tests.factories.viewers import viewer
from tests.integration.test_reference_lists import MOORSIDE, NOW, agree, people, run, step, tried, work

from contactpoint.actions.run.bodies import body, close_body, may_say_bodies, say_body, say_source, source
from contactpoint.actions.run.reference import Tried, put_back, reference_change, reference_changes
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.domain.reference_lists import ListKind
from contactpoint.domain.two_people import Step
from contactpoint.pipelines.reference_lists import MEANWHILE
from contactpoint.storage import bodies as stored
from contactpoint.storage.models import AuditBody, FeedDecision, Organisation, Source

pytestmark = pytest.mark.django_db
__all__ = ["people"]  # the fixture
CHARITY, SCHOOL, AUTHORITY = ListKind.CHARITY, ListKind.SCHOOL, ListKind.AUTHORITY
KIDS = {
    "name": "KIDS Oldham", "authority": "", "phone": "0161 496 0600", "hours": "Weekdays 9 to 5",
    "cover": "", "address": "", "postcode": "",
}  # fmt: skip
CENSUS = {
    "name": "Charity records, KIDS", "contract": "charity", "organisation": "105734", "authority": "",
    "every": "31",
}  # fmt: skip


def said(kind=CHARITY, code="kids-oldham", by=EWA_HERE, **changed):
    return run(say_body, by, kind=kind, code=code, cells={**KIDS, **changed})


def registered(new=True, code="kids-records", by=EWA_HERE, **changed):
    return run(say_source, by, new=new, code=code, cells={**CENSUS, **changed})


def fields(answer):
    assert isinstance(answer, Tried), answer
    return [one.field for one in answer.faults]


def test_r58_an_organisation_is_added_by_two_people_and_put_back():
    number = said().number
    assert not Organisation.objects.filter(pk="kids-oldham").exists(), "nothing changes by saying it"
    found = run(reference_change, number=number)
    assert (found.kind, found.of_one, found.added, found.children) == (CHARITY, "kids-oldham", 1, None)
    step(number, Step.ASK, because="They joined us")
    assert isinstance(step(number, Step.AGREE), Refusal), "nobody agrees to their own"
    assert work() == 0
    step(number, Step.AGREE, LENA_HERE)
    assert work() == 1
    made = Organisation.objects.get(pk="kids-oldham")
    assert (made.name, made.kind, made.phone, made.accredited_until) == (
        "KIDS Oldham", "charity", "0161 496 0600", None
    )  # fmt: skip
    with as_the_owner():
        assert AuditBody.objects.filter(action=Action.CHANGED_REFERENCE.value).count() == 1
    agree(run(put_back, number=number).number)
    assert Organisation.objects.get(pk="kids-oldham").closed_on is not None, "closed, not deleted"


def test_an_organisation_is_changed_closed_and_opened_again():
    before = run(body, code="105734")
    assert (before.kind, before.cells["name"]) == (SCHOOL, "Broadfield Primary School")
    cells = {name: text for name, text in before.cells.items() if name != "closed"}
    assert run(say_body, kind=None, code="105734", cells=cells) == Tried(), "it is so already"
    changed = run(say_body, kind=None, code="105734", cells={**cells, "phone": "0161 496 0999"}).number
    (only,) = run(reference_change, number=changed).differences
    assert only.fields == ("phone",)
    agree(changed)
    agree(run(close_body, code="105734", closed=True).number)
    held = Organisation.objects.get(pk="105734")
    assert (held.phone, held.closed_on is None) == ("0161 496 0999", False)
    assert run(body, code="105734").is_closed
    agree(run(say_body, kind=None, code="105734", cells={**cells, "hours": "By day"}).number)
    assert Organisation.objects.get(pk="105734").closed_on, "what is said of a closed body does not open it"
    agree(run(close_body, code="105734", closed=False).number)
    assert Organisation.objects.get(pk="105734").closed_on is None


def test_an_authority_gets_digits_of_its_own_and_ends_only_by_a_merger():
    assert fields(said(AUTHORITY, "la-356", authority="353")) == ["authority"]
    agree(said(AUTHORITY, "la-355", name="Middleton", authority="355").number)
    assert rows("SELECT count(*) FROM source WHERE code = 'by-hand-355'") == [(1,)]
    with pytest.raises(Conflict):
        run(close_body, code="la-355", closed=True)


def test_r34_a_place_that_is_kept_back_is_asked_for_in_vain():
    """A refuge's code is taken, as a charity's is; no page reads or changes it, and nobody adds one here."""
    Organisation.objects.create(code="900009", name="Harbour House", kind="refuge", authority="353")
    Organisation.objects.create(code="900008", name="Harbour Trust", kind="charity", authority="353")
    answers = {said(SCHOOL, code, authority="353").faults[0].reason for code in ("900009", "900008")}
    assert len(answers) == 1
    for code in ("900009", "nowhere", "contactpoint"):
        with pytest.raises(NotFound):
            run(body, code=code)
        with pytest.raises(NotFound):
            run(say_body, kind=None, code=code, cells=KIDS)
        with pytest.raises(NotFound):
            run(close_body, code=code, closed=True)
    assert fields(registered(organisation="900009")) == fields(registered(organisation="nowhere"))


def test_r17_a_source_is_registered_by_two_people_and_put_back_while_nothing_came():
    number = registered().number
    assert run(reference_change, number=number).children is None
    agree(number)
    made = Source.objects.get(pk="kids-records")
    assert (made.contract, made.organisation_id, made.promised_days) == ("charity", "105734", 31)
    agree(registered(new=False, every="7", name="KIDS").number)
    assert Source.objects.get(pk="kids-records").promised_days == 7
    assert isinstance(run(put_back, number=number), Refusal), "it changed since"
    agree(run(put_back, number=run(reference_changes)[0].number).number)
    back = run(put_back, number=number).number
    step(back, Step.ASK, because="It was another's")
    step(back, Step.AGREE, LENA_HERE)
    FeedDecision.objects.create(
        source_id="kids-records", what="pause", because="Wait", decided_by_id=NINA, decided_at=NOW
    )
    work()
    assert run(reference_change, number=back).outcome == MEANWHILE, "what was used is not taken out"
    FeedDecision.objects.all().delete()
    agree(run(put_back, number=number).number)
    assert not Source.objects.filter(pk="kids-records").exists()


def test_who_answers_for_a_source_may_be_said_by_name():
    agree(registered(organisation="broadfield PRIMARY school").number)
    assert Source.objects.get(pk="kids-records").organisation_id == "105734"
    Organisation.objects.create(code="900007", name="Glodwick Surgery", kind="gp", authority="353")
    assert fields(registered(code="other", organisation="Glodwick Surgery")) == ["organisation"], (
        "two are called so"
    )


def test_a_source_keeps_its_contract_and_what_the_directory_has_is_not_changed():
    assert fields(registered(new=False, code="school-census", contract="charity")) == ["contract"]
    assert fields(registered(code="school-census", contract="school_census")) == ["code"]
    assert fields(registered(contract="by_hand")) == ["contract"]
    for code in ("practitioners", "by-hand-353", "nowhere"):
        with pytest.raises(NotFound):
            run(source, code=code)
    assert run(source, code="school-census").cells["contract"] == "school_census"


def test_changes_of_two_bodies_wait_side_by_side_and_of_one_after_another():
    first, same, other = said().number, said(name="KIDS").number, said(code="kids-two").number
    step(first, Step.ASK, because="Both")
    assert isinstance(step(same, Step.ASK, because="Both"), Refusal)
    assert step(other, Step.ASK, because="Both").state == "asked"
    for one in (first, other):
        step(one, Step.AGREE, LENA_HERE)
    assert work() == 2
    assert Organisation.objects.filter(pk__startswith="kids-").count() == 2


def test_what_a_change_before_it_made_is_not_overwritten_in_the_same_breath():
    """A list and one body of it wait side by side: the second is asked about after the first is done."""
    whole, one = tried(MOORSIDE).number, said(SCHOOL, "900002", authority="353").number
    for number in (whole, one):
        step(number, Step.ASK, because="October")
        step(number, Step.AGREE, LENA_HERE)
    assert work() == 2
    assert Organisation.objects.get(pk="900002").name == "Moorside School"
    assert run(reference_change, number=one).outcome == MEANWHILE


def test_only_the_national_team_says_what_there_is():
    for who in (
        viewer(account_id=NINA, name="Nina Cole"),
        viewer(account_id=NINA, role=Role.AUTHORITY_TEAM, organisation_code="la-353", authority="353"),
        viewer(account_id=NINA, role=Role.TECHNICAL_ADMINISTRATOR),
    ):
        assert isinstance(run(may_say_bodies, who), Refusal)
        assert isinstance(run(body, who, code="105734"), Refusal)
        assert isinstance(run(source, who, code="school-census"), Refusal)
        assert isinstance(said(by=who), Refusal)
        assert isinstance(registered(by=who), Refusal)
        assert isinstance(run(close_body, who, code="105734", closed=True), Refusal)
    assert run(may_say_bodies) is None


# (of what kind, what differs from what can be kept): the database refuses each whoever asks
REFUSED = [
    ("refuge", {}),
    ("ward", {}),
    ("charity", {"code": "contactpoint"}),
    ("charity", {"code": "105734"}),
    ("charity", {"name": ""}),
    ("charity", {"authority": "999"}),
    ("charity", {"accredited_until": "2099-01-01"}),
    ("authority", {"authority": "353"}),
    ("authority", {"authority": ""}),
    ("source", {"contract": "by_hand"}),
    ("source", {"organisation": "haven"}),
    ("source", {"organisation": "nowhere"}),
    ("source", {"every": "0"}),
    ("source", {"code": "school-census"}),
]


@pytest.mark.parametrize(("kind", "changed"), REFUSED, ids=str)
def test_the_database_holds_no_body_that_is_none(kind, changed, monkeypatch):
    Organisation.objects.create(code="haven", name="Haven House", kind="refuge", authority="353")
    cells = {"closed": "", **(CENSUS if kind == "source" else KIDS), "code": "kids-oldham", **changed}
    monkeypatch.setattr(
        stored,
        "propose",
        lambda event, *_: rows("SELECT propose_reference(%s, %s, %s)", event, kind, json.dumps(cells)),
    )
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as_role("web"):
        say_body(kind=CHARITY, code="kids-oldham", cells=KIDS, by=EWA_HERE, at=NOW)


def test_a_source_counts_as_used_by_every_table_that_names_one():
    """Whatever is added that names a source keeps it from being taken out of the list."""
    naming = rows(
        "SELECT conrelid::regclass::text FROM pg_constraint "
        "WHERE contype = 'f' AND confrelid = 'source'::regclass"
    )
    (asked,) = rows("SELECT prosrc FROM pg_proc WHERE proname = 'source_unused'")[0]
    assert naming
    assert [table for (table,) in naming if f"FROM {table} x" not in asked] == []
