"""What somebody does in a world before anybody looks, and nobody who looks may notice."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import connection
from tests.factories.directory import acting_as_role, build_account
from tests.factories.grown import archive_by_hand
from tests.factories.records import agreed
from tests.factories.signed_in import sign_in
from tests.factories.supply import LOADER, NOW, child_of, rows
from tests.factories.two_worlds.crossing import cross, name_two
from tests.factories.two_worlds.hidden import DAY, GREW_UP, OTTO, REFUGES, Hidden
from tests.factories.two_worlds.lookers import ACCOUNTS, LOOKERS
from tests.factories.viewers import viewer

from contactpoint.actions.consent.keep import record_consent, withdraw_consent
from contactpoint.actions.consent.withhold import decide_not_to_share
from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.keep_involvement import (
    become_lead,
    correct_involvement,
    end_involvement,
)
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.protect.protect_now import protect_now
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.consents import NotSharedSaid, Withheld, WithheldBecause
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.involvement import ConsentBasis, ConsentScope
from contactpoint.storage.models import (
    AuthorityMove,
    BreachQuestion,
    FamilyRequest,
    Membership,
    NearChild,
    Organisation,
    OverrideRight,
    OverrideUse,
)

# People whom nobody of the lookers works with: of another service, or of another authority.
WORKER, SECOND = (
    viewer(
        account_id=UUID(int=place),
        organisation_code="harbour-recovery",
        organisation_name="Harbour Recovery",
        organisation_kind="charity",
        services=("family_support", "substance_misuse"),
    )
    for place in (98, 99)
)
AT_THE_DESK = viewer(
    account_id=UUID(int=97),
    name="Hana Sedlak",
    role=Role.SHIELD_TEAM,
    organisation_code="contactpoint",
    organisation_name="ContactPoint",
    organisation_kind="national",
    authority=None,
    services=(),
)
_OTHERS = tuple(UUID(int=number) for number in (801, 802, 803))
CROSSING = _OTHERS[:2]
_UNSEEN = (WORKER.account_id, SECOND.account_id, *_OTHERS)
OWN_E_MAIL: Final = frozenset(f"{identity}@example.org" for identity in _UNSEEN)
"""Where what they themselves do in some worlds is told to them, and to nobody else."""
_WORRIED = Purpose(code=PurposeCode.SAFEGUARDING)
_NOT_SHARED = NotSharedSaid(
    what=Withheld.INVOLVEMENT,
    reason=WithheldBecause.DANGER,
    decided_by="Ruth Cole",
    decided_by_title="Named doctor",
)


def build_others() -> None:
    """Refuges, and the accounts of whoever acts unseen in some worlds; they are there in every one."""
    for place, where in enumerate(REFUGES, start=1):
        name = {"code": f"refuge-{place}", "name": f"House {place}", "kind": "refuge", "authority": "354"}
        Organisation.objects.create(phone="01706 496100", accredited_until="2099-01-01", **name, **where)
    for identity in _UNSEEN:
        build_account(identity, "Hana Sedlak")
        sign_in(identity)
        Membership.objects.create(
            id=identity.int,
            account_id=identity,
            organisation_id="harbour-recovery",
            role="practitioner",
            services=["family_support", "substance_misuse"],
        )
    build_account(AT_THE_DESK.account_id, "Hana Sedlak")
    sign_in(AT_THE_DESK.account_id)
    Membership.objects.create(
        id=97,
        account_id=AT_THE_DESK.account_id,
        organisation_id="contactpoint",
        role="shield_team",
        services=[],
    )
    name_two(CROSSING, named_by=(_OTHERS[2], SECOND.account_id))
    # The database asks its own clock, and many worlds take longer than the half hour of a session.
    Session.objects.update(expire_date="2099-01-01T00:00Z")


def act(hidden: Hidden, numbers: Mapping[str, str]) -> None:
    """Do what somebody did unseen before anybody looked; and what everybody concerned may see."""
    for name, was, becomes in (("Cara", "353", "354"), ("Rosa", "354", "353")):
        _move(numbers[name], was, becomes, handed_on=True)
    if hidden.own_words:
        _work_with(numbers["Ben"], confirm=False)
        _work_with(numbers["Cara"], service="substance_misuse", consent=agreed(ConsentBasis.SIGNIFICANT_HARM))
        _work_with(numbers["Tara"])
    if hidden.temporary:
        with acting_as_role("web"):
            protect_now(
                number=numbers["Tara"],
                ground=Ground.DOMESTIC_ABUSE,
                purpose=_WORRIED,
                by=WORKER,
                at=NOW + DAY,
            )
    else:
        place_shields(numbers=[numbers["Tara"]], ground=Ground.ADOPTION, by=LOADER, at=NOW)
    if hidden.kept:
        _keep_from_lookers(child_of("births", "K1") or "")
    _live(numbers["Amina"], hidden)
    if hidden.crossed:
        cross(numbers["Zoe"], numbers["Leo"], by=CROSSING)
    if hidden.overridden:
        _override(numbers["Amina"])
    if hidden.moves:
        _move(numbers["Amina"], "352", "353", over=True)
        _move(numbers["Amina"], "353", "354", handed_on=True)
        _move(numbers["Tara"], "354", "353")
    if hidden.looked_around:
        _look_around(numbers["Amina"], numbers["Ben"])
    _agree_and_ask(hidden, numbers)


def _agree_and_ask(hidden: Hidden, numbers: Mapping[str, str]) -> None:
    """What families say, and what time ends."""
    if hidden.consented:
        _agree(numbers["Cara"])
    if hidden.archived:
        archive_by_hand(child_of("births", OTTO["local_id"]) or "", GREW_UP, authority="354")
    _families_ask([numbers["Ben"], numbers["Cara"]], at="la-353")
    if hidden.asked:
        _families_ask([numbers["Amina"]], at="la-354")


_SAID = {"role": "Worker", "start": date(2026, 9, 1), "assessment_held": False}


def _work_with(number: str, *, service: str = "family_support", confirm: bool = True, **consent) -> None:
    """Say it, correct it before and after a second person confirms it, take the lead and end it."""
    said = {"number": number, "service": service, "lead_practitioner": False, **_SAID, **consent}
    with acting_as_role("web"):
        made = record_involvement(phone="0161 496 0777", by=WORKER, at=NOW - 9 * DAY, **said).involvement_id
        mine = {"involvement_id": made, "by": WORKER}
        correct_involvement(phone="0161 496 0778", at=NOW - 8 * DAY, **mine, **_SAID)
        if confirm:
            confirm_involvement(involvement_id=made, by=SECOND, at=NOW - 7 * DAY)
            become_lead(at=NOW - 6 * DAY, **mine)
        correct_involvement(phone="0161 496 0779", at=NOW - 5 * DAY, **mine, **{**_SAID, "role": "Partner"})
        end_involvement(at=NOW - 4 * DAY, **mine)


def _agree(number: str) -> None:
    """A child agrees that the desk knows of a service, later that it is listed, and takes it back (R37-R41).

    It is written down as well that something is not shared.
    """
    said = {"number": number, "service": "substance_misuse", "lead_practitioner": False, **_SAID}
    with acting_as_role("web"):
        made = record_involvement(
            phone="0161 496 0780",
            by=WORKER,
            at=NOW - 3 * DAY,
            consent=agreed(scope=ConsentScope.DESK),
            **said,
        ).involvement_id
        confirm_involvement(involvement_id=made, by=SECOND, at=NOW - 3 * DAY)
        record_consent(involvement=made, said=agreed(), by=WORKER, at=NOW - 2 * DAY)
        withdraw_consent(involvement=made, withdrawn_by=ConsentBasis.CHILD, by=WORKER, at=NOW - DAY)
        decide_not_to_share(number=number, said=_NOT_SHARED, purpose=_WORRIED, by=WORKER, at=NOW - DAY)


def _families_ask(children: Sequence[str], *, at: str) -> None:
    """A mother has asked what is held of each; of a protected child the national desk answers her (R60)."""
    for child in children:
        FamilyRequest.objects.create(
            child_id=child,
            asker="parent",
            identity="document",
            entitlement="birth_certificate",
            received_on=NOW.date(),
            due_on=NOW.date() + 30 * DAY,
            made_for_id=at,
            made_by_id=_OTHERS[0],
            made_at=NOW,
        )


def _live(number: str, hidden: Hidden) -> None:
    """Lead the shield to where it stands, as desks do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE shield DISABLE TRIGGER guard_shield")
        cursor.execute(
            "UPDATE shield SET ground = %s, authority = %s WHERE child_id = %s",
            [hidden.ground, hidden.authority, number],
        )
        cursor.execute("ALTER TABLE shield ENABLE TRIGGER guard_shield")
        for what, who in zip(hidden.steps, _OTHERS * 2, strict=False):
            cursor.execute(
                "INSERT INTO shield_step (shield_id, what, was, becomes, by_id, at, answers, review_by, "
                "lift_at) SELECT id, %s, '', '', %s, now(), '{}', '2027-05-01', now() + interval '7 days' "
                "FROM shield WHERE child_id = %s",
                [what, who, number],
            )


def _keep_from_lookers(number: str) -> None:
    """The child is kept from each who looks; before that they had worked with it and asked about it."""
    late = NOW + 7 * DAY
    for looker in LOOKERS:
        who = ACCOUNTS[looker.name]
        if looker.role == "practitioner":
            rows(_OWN_WORD, number, looker.services[0], looker.organisation, who, NOW)
            rows(_CONTACT, number, "bridgewater-nhs", "school_nurse", who, looker.organisation, NOW, late)
        rows(_KEPT, number, NOW, late, who)


_OWN_WORD = (
    "SELECT say_own_word(%s, %s, %s, 'Keisha', 'Nurse', '0161 496 0101', '2025-09-01', false, false, %s, %s, "
    "'', 'listed', NULL, NULL, '', '', '', '', NULL)"
)
_CONTACT = "SELECT ask_contact(%s, %s, %s, '353', 'help', 'week', '0161 496 0101', %s, %s, %s, %s)"
_KEPT = (
    "INSERT INTO shield (child_id, ground, placed_at, placed_by, review_by, authority, confirm_by, "
    "kept_from_id) VALUES (%s, 'hidden_location', %s, 'test', '2027-05-01', '354', %s, %s) RETURNING id"
)


def _override(number: str) -> None:
    """Somebody, whom two others gave the right, has overridden the shield; nobody has looked into it yet."""
    who, first, second = _OTHERS
    OverrideRight.objects.create(
        account_id=who,
        until="2099-01-01",
        given_by_id=first,
        given_at=NOW,
        agreed_by_id=second,
        agreed_at=NOW,
    )
    OverrideUse.objects.create(
        event=UUID(int=804),
        child_id=number,
        authority="353",
        account_id=who,
        organisation_id="la-353",
        reason="danger_now",
        used_at=NOW,
    )


def _move(number: str, was: str, becomes: str, *, handed_on: bool = False, over: bool = False) -> None:
    """What is said of a child puts it in another authority; nobody has answered yet, or somebody has."""
    AuthorityMove.objects.create(
        child_id=number,
        from_authority=was,
        to_authority=becomes,
        state="accepted" if over else "asked",
        opened_at=NOW,
        answer_by=NOW.date(),
        escalated_at=NOW + DAY if handed_on else None,
        answered_at=NOW + DAY if over else None,
        closed_at=NOW + DAY if over else None,
    )


def _look_around(number: str, near: str) -> None:
    """The worker has found Ben near Amina, and the desk has seen who looked at her before."""
    ((shield,),) = rows("SELECT id FROM shield WHERE child_id = %s", number)
    NearChild.objects.create(shield_id=shield, child_id=near, shares="carer", found_at=NOW)
    BreachQuestion.objects.create(
        shield_id=shield, opened_by_id=_OTHERS[0], opened_at=NOW, decide_by=NOW + 3 * DAY
    )
