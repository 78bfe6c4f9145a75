"""Another matching model: proposed, reported on, agreed by two people, deciding, put back (R20, R21)."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.national import EWA, EWA_HERE, LENA, LENA_HERE, NINA, build_people
from tests.factories.signed_in import as_the_owner
from tests.factories.supply import BEN, HELP, LATER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import WORRIED, viewer

from contactpoint.actions.find.scoring import Scorer
from contactpoint.actions.find.search import search
from contactpoint.actions.link.split import split_child
from contactpoint.actions.model_in_force import digest, held_in_force
from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.actions.run.models import (
    model_version,
    models_kept,
    propose_model,
    put_back,
    step_model,
)
from contactpoint.actions.run.named import NOT_OF_THE_TEAM
from contactpoint.domain.audit.events import Action
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput, Misconfigured, NotFound
from contactpoint.domain.matching_models import BECOMES, ModelState, told
from contactpoint.domain.two_people import Step
from contactpoint.linking.model.weights import default_model, shipped_text
from contactpoint.pipelines import differences, model_reports
from contactpoint.pipelines.look_anew import look_anew
from contactpoint.pipelines.model_reports import report_on_models
from contactpoint.storage import model_versions as stored
from contactpoint.storage.audit_texts import read_event
from contactpoint.storage.models import AuditBody, ModelVersion
from contactpoint.worker.works import WORKS

pytestmark = pytest.mark.django_db
CONSOLE, WORKER = system_viewer("command line"), system_viewer("worker")
MODEL = default_model()
EAGER = replace(MODEL, version="eager", thresholds=replace(MODEL.thresholds, link=2.0, tie=0.5))
WARY = replace(MODEL, version="wary", thresholds=replace(MODEL.thresholds, link=60.0))
GRACE = {"carer_forename": "Grace", "carer_surname": "Okafor"}
ONE = {**AMINA, **GRACE}
NEAR = {**ONE, **HELP, "local_id": "M1", "forename": "Amena", "date_of_birth": "2016-05-19",
        "address": "9 Oak Road, Rochdale", "postcode": "OL16 2ZZ"}  # fmt: skip
FAR = {**NEAR, "forename": "Amana", "date_of_birth": "2016-06-19", "carer_forename": "", "carer_surname": ""}
LOW = replace(MODEL, version="low", thresholds=replace(MODEL.thresholds, review=-60.0, link=2.0))


@pytest.fixture(autouse=True)
def people(db):
    build_sources()
    build_people()


def run(action, by=EWA_HERE, **terms):
    with acting_as_role("web"):
        return action(by=by, at=NOW, **terms)


def proposed(model, by=EWA_HERE, because="Learnt from October"):
    return run(propose_model, by, data=model.to_json().encode(), because=because)


def step(number, what, by=LENA_HERE):
    return run(step_model, by, number=number, step=what)


def work():
    """As the worker does it, in its own time."""
    with acting_as_role("worker"):
        WORKS["models"].do()


def in_force(model):
    """Have two people put a model into force."""
    number = proposed(model).number
    work()
    assert step(number, Step.AGREE).state == "in_force"
    return number


def name_in_force():
    with acting_as_role("web"):
        return held_in_force().model.version


def near_delivered(tmp_path, local_id="M1", at=LATER):
    """A record nearly like Amina's is delivered: what comes of it is the model's to say."""
    path = feed(tmp_path, "childrens-services-353", {**NEAR, "local_id": local_id}, as_at=str(at.date()))
    load(path, at=at)
    return child_of("childrens-services-353", local_id)


def decided_by(local_id):
    query = "SELECT model_version FROM link JOIN source_record r ON r.id = record_id WHERE local_id = %s"
    return [version for (version,) in rows(query, local_id)]


def told_in_the_audit(action):
    with as_the_owner():
        bodies = AuditBody.objects.filter(action=action.value).values_list("body", flat=True)
        return [read_event(bytes(body)).details for body in bodies]


def cases():
    return rows("SELECT kind FROM review_case ORDER BY id")


def test_a_model_is_proposed_reported_agreed_to_by_two_decides_and_is_put_back(tmp_path):
    load(feed(tmp_path, "births", ONE, BEN))
    number = proposed(EAGER).number
    assert name_in_force() == MODEL.version
    assert isinstance(step(number, Step.AGREE), Refusal), "nobody agrees before its report is there"
    work()
    found = run(model_version, number=number)
    assert (found.state, found.version, found.because) == (
        ModelState.REPORTED,
        "eager",
        "Learnt from October",
    )
    assert found.sha256 == digest(EAGER.to_json())
    assert (found.report.against, found.report.joined) == (MODEL.version, None)
    assert isinstance(step(number, Step.AGREE, EWA_HERE), Refusal), "nobody agrees to their own"
    assert name_in_force() == MODEL.version
    assert step(number, Step.AGREE).state == "in_force"
    assert name_in_force() == "eager"

    amina = child_of("births", "A1")
    assert near_delivered(tmp_path) == amina, "the next delivery is decided with it"
    link = (
        "SELECT l.model_version FROM link l JOIN source_record r ON r.id = l.record_id WHERE r.local_id = %s"
    )
    assert rows(link, "M1") == [("eager",)]
    assert rows(link, "A1") == [(MODEL.version,)], "what was decided before stays as it was"

    back = run(put_back, LENA_HERE, because="It joins sisters").number
    work()
    assert isinstance(step(back, Step.AGREE), Refusal)
    assert step(back, Step.AGREE, EWA_HERE).state == "in_force"
    assert name_in_force() == MODEL.version
    assert child_of("childrens-services-353", "M1") == amina, "and joins or parts nobody"
    kept = run(models_kept)
    assert [(one.state, one.version, one.puts_back) for one in kept.versions] == [
        (ModelState.IN_FORCE, MODEL.version, True),
        (ModelState.REPLACED, "eager", False),
    ]
    (latest, first) = kept.versions
    assert (first.proposed_by, first.answered_by) == ("Ewa Nowak", "Lena Fox")
    assert first.in_force_from == NOW == first.in_force_until == latest.in_force_from
    assert kept.in_force == latest
    assert len(told_in_the_audit(Action.REPORTED_MODEL)) == 2
    assert told_in_the_audit(Action.RELINKED) == [{"model": "eager", "cases": 0}]


def test_with_the_model_of_the_project_the_same_delivery_is_two_children(tmp_path):
    load(feed(tmp_path, "births", ONE, BEN))
    assert near_delivered(tmp_path) != child_of("births", "A1")


def test_published_children_are_never_joined_by_a_model_but_become_a_case(tmp_path):
    """R20, R22: both numbers stay; a person decides."""
    load(feed(tmp_path, "births", ONE, BEN))
    load(feed(tmp_path, "childrens-services-353", FAR), at=LATER)
    before = rows("SELECT local_id, child_id FROM source_record ORDER BY 1")
    assert cases() == []
    in_force(LOW)
    assert cases() == [], "not before the worker looks"
    work()
    assert cases() == [("possible_same_child",)]
    assert rows("SELECT local_id, child_id FROM source_record ORDER BY 1") == before
    with acting_as_role("worker"):
        assert look_anew(by=WORKER, at=NOW) is None, "once"
    assert rows("SELECT count(*) FROM staged_review") == [(0,)]


def test_a_child_that_a_model_would_part_becomes_a_case_and_stays(tmp_path):
    load(feed(tmp_path, "births", ONE, BEN), feed(tmp_path, "gp-registrations", {
        **AMINA, "address": "", "postcode": "", "service": "gp", "organisation": "P85001"}))  # fmt: skip
    number = child_of("births", "A1")
    assert child_of("gp-registrations", "A1") == number
    strict = replace(MODEL, version="strict", thresholds=replace(MODEL.thresholds, review=70.0, link=80.0))
    in_force(strict)
    work()
    assert cases() == [("possible_two_children",)]
    assert child_of("gp-registrations", "A1") == number


def test_what_a_person_parted_is_no_case_again(tmp_path):
    load(feed(tmp_path, "births", ONE, BEN))
    in_force(EAGER)
    number = near_delivered(tmp_path)
    ((record,),) = rows("SELECT id FROM source_record WHERE local_id = 'M1'")
    with acting_as_role("worker"):
        split_child(number=number, records=[record], because="Two girls", by=EWA_HERE, at=LATER)
    work()
    in_force(replace(EAGER, version="eager-2"))
    work()
    assert cases() == []


def test_a_case_near_a_shield_is_for_shield_staff_and_in_no_count(tmp_path):
    """R21, R34: that it was opened is told to nobody else, not in the audit either."""
    load(feed(tmp_path, "births", ONE, BEN))
    amina = child_of("births", "A1")
    with acting_as_role("worker"):
        place_shield(number=amina, ground=Ground.ADOPTION, by=WORKER, at=NOW)
    load(feed(tmp_path, "childrens-services-353", FAR), at=LATER)
    assert child_of("childrens-services-353", "M1") is not None
    in_force(LOW)
    work()
    assert rows("SELECT near_shield FROM review_case") == [(True,)]
    assert told_in_the_audit(Action.RELINKED) == [{"model": "low", "cases": 0}]


@pytest.mark.parametrize("model", [MODEL, EAGER], ids=["as shipped", "eager"])
def test_a_new_record_near_a_shielded_child_waits_or_is_theirs_as_the_model_in_force_says(tmp_path, model):
    """R21: the eager model is sure that it is the child; the model of the project has a person asked."""
    load(feed(tmp_path, "births", ONE, BEN))
    amina = child_of("births", "A1")
    with acting_as_role("worker"):
        place_shield(number=amina, ground=Ground.ADOPTION, by=WORKER, at=NOW)
    if model is EAGER:
        in_force(EAGER)
    assert near_delivered(tmp_path) == (amina if model is EAGER else None)


def test_what_waits_in_quarantine_waits_for_a_person_under_another_model_too(tmp_path):
    load(feed(tmp_path, "births", ONE, BEN))
    with acting_as_role("worker"):
        place_shield(number=child_of("births", "A1"), ground=Ground.ADOPTION, by=WORKER, at=NOW)
    assert near_delivered(tmp_path) is None
    before = rows("SELECT * FROM review_case")
    in_force(EAGER)
    work()
    assert child_of("childrens-services-353", "M1") is None
    assert rows("SELECT * FROM review_case") == before


def test_search_scores_by_the_model_in_force(tmp_path, monkeypatch):
    load(feed(tmp_path, "births", ONE, BEN))
    scored = []

    class Watched(Scorer):
        def __init__(self, criteria, probe, on, model=None):
            scored.append((model.version, self))
            super().__init__(criteria, probe, on, model)

    monkeypatch.setattr("contactpoint.actions.find.search.Scorer", Watched)
    for model in (None, EAGER):
        if model:
            in_force(model)
        criteria = Criteria(forename="Amina", surname="Okafor", age=10)
        found = run(search, criteria=criteria, purpose=WORRIED)
        assert [card.number for card in found.cards] == [child_of("births", "A1")]
    assert [(version, one.sure) for version, one in scored] == [(MODEL.version, 5.0), ("eager", 2.0)]


def test_a_report_compares_with_what_is_in_force_and_else_is_worth_nothing(tmp_path):
    load(feed(tmp_path, "births", ONE, BEN))
    first, second = proposed(EAGER).number, proposed(WARY, LENA_HERE).number
    work()
    assert step(first, Step.AGREE).state == "in_force"
    late = step(second, Step.AGREE, EWA_HERE)
    assert isinstance(late, Refusal)
    assert "no longer in force" in late.sentence
    assert not run(model_version, number=second).stands
    assert name_in_force() == "eager"
    assert step(second, Step.REFUSE, EWA_HERE).state == "refused"


def test_the_report_tells_rounded_counts_and_nothing_of_the_protected(tmp_path, monkeypatch):
    """R34: a child that is protected, or waits in quarantine, is in none of what is compared."""
    load(feed(tmp_path, "births", ONE, BEN))
    seen = []
    real = differences._rebuilt

    def watched(records, *others):
        seen.append(sorted(records["local_id"].to_list()))
        return real(records, *others)

    monkeypatch.setattr(differences, "_rebuilt", watched)
    with acting_as_role("worker"):
        place_shield(number=child_of("births", "A1"), ground=Ground.ADOPTION, by=WORKER, at=NOW)
    near_delivered(tmp_path)  # in quarantine
    number = proposed(EAGER).number
    work()
    assert seen == [["B1"], ["B1"]]
    report = run(model_version, number=number).report
    assert (report.children, report.joined, report.parted, report.moved) == (None, None, None, None)
    assert [(one.now, one.then) for one in report.cases] == [(None, None)] * 3, "every kind, none left out"


def test_counts_are_to_the_nearest_hundred():
    assert [told(count) for count in (0, 99, 100, 149, 150, 12_345)] == [None, None, 100, 100, 200, 12_300]


def test_the_causes_of_many_are_told_and_of_few_are_not():
    few, many = (differences.Cause(comparison="home", level=level, pairs=pairs) for level, pairs in (
        ("same", 99), ("another postcode", 100)))  # fmt: skip
    found = differences.ModelDifference(
        active="a", other="b", records=900, unchanged=200, joined=150, parted=4, rearranged=0, moved=151,
        joined_by=(many,), parted_by=(few,), joined_examples=(("C1", "C2"),), parted_examples=(),
        cases=(("possible_same_child", 20, 260),),
    )  # fmt: skip
    told_of = model_reports.told_of(found, held_in_force())
    assert told_of.causes == ("Joined: home: another postcode",)
    assert (told_of.children, told_of.joined, told_of.parted, told_of.moved) == (400, 200, None, 200)
    assert [(one.kind, one.now, one.then) for one in told_of.cases] == [
        ("possible_same_child", None, 300),
        ("possible_two_children", None, None),
        ("identifier_conflict", None, None),
    ]
    assert "C1" not in str(told_of.as_json())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "not JSON"),
        (b"[1]", "must be a JSON object"),
        (MODEL.to_json().replace('"sex"', '"shoes"').encode(), "“shoes” that this release does not know"),
        (MODEL.to_json().replace('"link": 5.0', '"link": "5"').encode(), "must be a number of bits"),
        (b" " * 5_000_000, "larger than 4 MB"),
        (replace(EAGER, version=MODEL.version).to_json().encode(), "give yours another name"),
    ],
)
def test_a_bad_file_says_why_and_keeps_nothing(data, said):
    with pytest.raises(InvalidInput) as fault:
        run(propose_model, data=data, because="Learnt")
    assert said in str(fault.value)
    assert not ModelVersion.objects.exists()
    assert name_in_force() == MODEL.version


def test_no_two_models_have_one_name_and_what_is_in_force_is_not_proposed():
    assert isinstance(run(propose_model, data=shipped_text().encode(), because="Again"), Refusal)
    first = proposed(EAGER).number
    assert isinstance(proposed(replace(EAGER, about="otherwise")), Refusal)
    assert step(first, Step.DROP, EWA_HERE).state == "dropped"
    assert isinstance(proposed(replace(EAGER, about="otherwise")), Refusal), "links of it could be there"
    assert proposed(EAGER).number > first
    assert isinstance(run(put_back, because="None was before"), Refusal)
    for because in ("", " ", "x" * 301):
        with pytest.raises(InvalidInput):
            proposed(WARY, because=because)


def test_what_cannot_be_weighed_says_so_and_is_agreed_to_by_nobody(monkeypatch):
    number = proposed(EAGER).number

    def fails(*_given, **_named):
        raise Misconfigured("No room.")

    monkeypatch.setattr(model_reports, "model_difference", fails)
    work()
    found = run(model_version, number=number)
    assert (found.state, found.outcome) == (ModelState.FAILED, "No room.")
    assert isinstance(step(number, Step.AGREE), Refusal)
    with acting_as_role("worker"):
        assert report_on_models(by=WORKER, at=NOW) == 0


def test_whoever_dropped_it_meanwhile_has_no_report(monkeypatch):
    number = proposed(EAGER).number
    real = model_reports.model_difference

    def slow(*given, **named):
        with as_the_owner():
            ModelVersion.objects.filter(pk=number).update(
                state="dropped", answered_by_id=EWA, answered_at=NOW
            )
        return real(*given, **named)

    monkeypatch.setattr(model_reports, "model_difference", slow)
    work()
    found = run(model_version, number=number)
    assert (found.state, found.report) == (ModelState.DROPPED, None)


def test_while_a_delivery_is_taken_in_nothing_is_looked_at(tmp_path, monkeypatch):
    load(feed(tmp_path, "births", ONE, BEN))
    in_force(EAGER)
    monkeypatch.setattr("contactpoint.pipelines.look_anew.publishing.anything_linked", lambda: True)
    with acting_as_role("worker"):
        assert look_anew(by=WORKER, at=NOW) is None
        monkeypatch.undo()
        assert look_anew(by=WORKER, at=NOW) == 0


def test_only_the_national_team_sees_or_changes_the_model():
    nina = viewer(account_id=NINA, name="Nina Cole")
    for action, terms in (
        (models_kept, {}),
        (model_version, {"number": 1}),
        (propose_model, {"data": EAGER.to_json().encode(), "because": "Learnt"}),
        (put_back, {"because": "Back"}),
        (step_model, {"number": 1, "step": Step.AGREE}),
    ):
        assert isinstance(run(action, nina, **terms), Refusal)
    for action, terms in (
        (model_version, {}),
        (step_model, {"step": Step.AGREE}),
    ):
        with pytest.raises(NotFound):
            run(action, number=1, **terms)


def test_at_the_command_line_two_people_are_named():
    def at_the_console(action, **terms):
        with acting_as_role("worker"):
            return action(by=CONSOLE, at=NOW, **terms)

    data = EAGER.to_json().encode()
    number = at_the_console(propose_model, data=data, because="Learnt", person=EWA).number
    work()
    terms = {"number": number, "step": Step.AGREE}
    assert isinstance(at_the_console(step_model, person=EWA, **terms), Refusal)
    assert at_the_console(step_model, person=LENA, **terms).state == "in_force"
    assert at_the_console(models_kept).in_force.answered_by == "Lena Fox"
    assert at_the_console(model_version, number=number).version == "eager"
    assert at_the_console(put_back, because="Back", person=EWA).state == "asked"
    other = {"data": WARY.to_json().encode(), "because": "Learnt"}
    assert at_the_console(propose_model, person=NINA, **other) == NOT_OF_THE_TEAM
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as_role("worker"):
        stored.propose_as(NINA, NOW, WARY.to_json(), "Learnt", puts_back=False)


def test_the_database_has_the_same_table_of_steps():
    for state in ModelState:
        for taken in Step:
            becomes = BECOMES.get((state, taken))
            found = rows("SELECT next_model_state(%s, %s)", state.value, taken.value)[0][0]
            assert found == (becomes.value if becomes else None)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM model_version",
        "TRUNCATE model_version",
        "UPDATE model_version SET body = '{}'",
        "UPDATE model_version SET because = 'else'",
        "UPDATE model_version SET state = 'reported'",
        "UPDATE model_version SET answered_by_id = proposed_by_id",
        "UPDATE model_version SET report = '{}'",
        "UPDATE model_version SET in_force_from = now()",
    ],
)
def test_what_was_said_of_a_version_stays_for_ever(statement):
    in_force(EAGER)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def test_one_is_in_force_and_none_by_one_person():
    in_force(EAGER)
    kept = ModelVersion.objects.filter(pk=proposed(WARY).number)
    kept.update(state="reported", report={})
    answered = {"state": "in_force", "answered_at": NOW, "in_force_from": NOW}
    for who in (LENA, EWA):
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.update(answered_by_id=who, **answered)
        ModelVersion.objects.filter(version="eager").update(state="replaced", in_force_until=NOW)


@pytest.mark.parametrize(("text", "digested"), [("{}", "0" * 64), ('{"version": "other"}', None)])
def test_a_version_is_called_as_its_text_says(text, digested):
    with pytest.raises(DatabaseError), transaction.atomic():
        ModelVersion.objects.create(
            version="eager", sha256=digested or digest(text), body=text, because="x", proposed_by_id=EWA,
            proposed_at=NOW,
        )  # fmt: skip


def test_neither_pages_nor_the_worker_put_a_model_into_force_themselves():
    proposed(EAGER)
    work()
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as_role("web"):
        connection.cursor().execute("SELECT count(*) FROM model_version")
    for statement in (
        "UPDATE model_version SET state = 'in_force'",
        "UPDATE model_version SET answered_by_id = NULL",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as_role("worker"):
            connection.cursor().execute(statement)


def test_a_model_that_this_release_cannot_read_stops_matching_and_says_why():
    with as_the_owner():
        ModelVersion.objects.create(
            version="future", sha256=digest('{"version": "future"}'), body='{"version": "future"}',
            because="x", proposed_by_id=EWA, proposed_at=NOW,
        )  # fmt: skip
        ModelVersion.objects.update(state="reported", report={})
        ModelVersion.objects.update(state="in_force", answered_by_id=LENA, answered_at=NOW, in_force_from=NOW)
    with pytest.raises(Misconfigured, match="cannot read the matching model in force"):
        name_in_force()


def test_nothing_waits_where_nothing_was_proposed():
    assert not WORKS["models"].waits()
    proposed(EAGER)
    assert WORKS["models"].waits()


def test_a_model_that_ends_the_process_is_weighed_three_times_and_no_more(monkeypatch):
    number = proposed(EAGER).number

    def ends(*_given, **_named):
        raise MemoryError

    monkeypatch.setattr(model_reports, "model_difference", ends)
    for _ in range(3):
        with pytest.raises(MemoryError):
            work()
        assert run(model_version, number=number).state is ModelState.ASKED
    work()
    found = run(model_version, number=number)
    assert (found.state, found.outcome) == (ModelState.FAILED, model_reports.ENDED)
