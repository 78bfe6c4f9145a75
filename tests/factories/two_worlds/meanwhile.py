"""What happens between two looks: the worker does what waits, and a source of one of the accounts delivers.

Nobody sees what the worker asks the database, under a role that no viewer has, and it reads what is hidden.
What it sends and what it writes to its log can be seen, and is compared.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.core import mail
from tests.factories.directory import acting_as_role
from tests.factories.signed_in import as_the_owner
from tests.factories.supply import LOADER, NOW, feed
from tests.factories.two_worlds.hidden import CARERS, PLACES
from tests.factories.two_worlds.lookers import ACCOUNTS
from tests.factories.two_worlds.looking import World
from tests.factories.two_worlds.still import go_on_counting, numbers_by_record
from tests.factories.two_worlds.unseen import OWN_E_MAIL

from contactpoint.actions.run.models import propose_model
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.linking.model.weights import default_model
from contactpoint.pipelines.authorities import carry_out_authority_changes
from contactpoint.pipelines.could_see import answer_what_was_asked
from contactpoint.pipelines.count_children import count_children
from contactpoint.pipelines.decided import carry_out_case_decisions
from contactpoint.pipelines.digest import send_digests
from contactpoint.pipelines.load import load_files
from contactpoint.pipelines.look_anew import look_anew
from contactpoint.pipelines.model_reports import report_on_models
from contactpoint.pipelines.moves import escalate_moves
from contactpoint.pipelines.reference_lists import carry_out_lists
from contactpoint.pipelines.shields import tend_shields
from contactpoint.pipelines.tell import tell, tell_desks
from contactpoint.pipelines.tidy import tidy
from contactpoint.storage.models import ModelVersion

_OURS = "childrens-services-353"  # the source of the council, which is one of the accounts
_MODEL = default_model()
_EAGER = replace(_MODEL, version="eager", thresholds=replace(_MODEL.thresholds, link=2.0, tie=0.5))
_PROBES = (
    {"forename": "Amina", "surname": "Okafor", "date_of_birth": "2016-05-09", "sex": "F"},
    {"forename": "Cara", "surname": "Whitworth", "date_of_birth": "2015-07-21", "sex": "F"},
    {"forename": "Tara", "surname": "Marsh", "date_of_birth": "2017-03-03", "sex": "F"},
    {"forename": "Ola", "surname": "Nowak", "date_of_birth": "2018-01-02", "sex": "F"},
)


def work(world: World) -> None:
    """Decisions are carried out, shields tended, people told of what is new; children are counted."""
    what = world.step("the worker")
    at = world.still.now
    mail.outbox.clear()
    with as_the_owner(), acting_as_role("worker"):
        carry_out_case_decisions(by=LOADER, at=at)
        carry_out_lists(by=LOADER, at=at)
        carry_out_authority_changes(by=LOADER, at=at)
        tend_shields(by=LOADER, at=at)
        escalate_moves(by=LOADER, at=at)
        tell(by=LOADER, at=at)
        tell_desks(by=LOADER, at=at)
        send_digests(by=LOADER, at=at)
        answer_what_was_asked(by=LOADER, at=at)
        count_children(by=LOADER, at=at)
        _weigh_another_model(at)
        tidy(at)
    with as_the_owner():
        go_on_counting(world.steps)
    sent = [
        f"{one.to} {one.subject} {one.body} {one.extra_headers}"
        for one in mail.outbox
        if not OWN_E_MAIL.issuperset(one.to)
    ]
    world.seen.show_without_statements(what, "\n".join(sent))


def _weigh_another_model(at: datetime) -> None:
    """One is proposed, reported on, and in force once two agreed: its page tells of everybody (R20)."""
    if not ModelVersion.objects.exists():
        said = {"data": _EAGER.to_json().encode(), "because": "Learnt", "person": ACCOUNTS["national"]}
        propose_model(**said, by=system_viewer("command line"), at=at)
    report_on_models(by=LOADER, at=at)
    look_anew(by=LOADER, at=at)


def deliver(world: World, folder: Path, which: int) -> None:
    """The council's own source tells of somebody whom it may or may not have met."""
    what = world.step("the council delivers")
    world.delivered += 1
    probe = {
        **_PROBES[which % len(_PROBES)],
        **PLACES[which % len(PLACES)],
        **CARERS[which // 2 % len(CARERS)],
        "local_id": f"X{world.delivered}",
        "involvement_id": "I1",
        "service": "send",
        "organisation": "la-353",
    }
    day = NOW + timedelta(days=1 + world.delivered)
    path = feed(folder, _OURS, probe, as_at=str(day.date()), kind="delta")
    with as_the_owner(), acting_as_role("worker"), numbers_by_record():
        report = load_files([path], by=LOADER, at=day)
    world.seen.show_without_statements(what, "\n".join(one.sentence for one in report.deliveries))
