"""Told by e-mail that a request waits: whoever may answer it, once, without a word about the child."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.directory import NOW, acting_as_role, build_account
from tests.factories.viewers import OWEN, PRIYA, viewer
from tests.integration.test_contacting import NURSE, ask, leave, number, run, shield

from contactpoint.actions.contact.ask import withdraw_request
from contactpoint.actions.contact.inbox import hand_on_request, take_request
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.errors import Misconfigured
from contactpoint.pipelines.tell import DESK_SUBJECT, tell, tell_desks
from contactpoint.storage.models import Account, AuditBody, ContactRequest, Membership, Shield

pytestmark = pytest.mark.django_db
WORKER = system_viewer("worker")
__all__ = ["number"]  # the fixture


def tell_now(at=NOW):
    with acting_as_role("worker"):
        return tell(by=WORKER, at=at)


def addresses(mailoutbox):
    return sorted(one.to[0] for one in mailoutbox)


def test_everybody_who_may_answer_is_told_once_and_it_is_recorded(number, mailoutbox):
    ask(number)
    assert tell_now() == 1
    told = Account.objects.exclude(pk=OWEN).values_list("email", flat=True)
    assert addresses(mailoutbox) == sorted(told)
    assert tell_now(NOW + timedelta(hours=1)) == 0
    assert AuditBody.objects.filter(action="told_by_email").count() == 1


def test_it_says_nothing_of_the_child_or_of_who_asks(number, mailoutbox):
    ask(number)
    tell_now()
    for one in mailoutbox:
        text = f"{one.subject}\n{one.body}"
        assert "as soon as possible" in text
        for hidden in ("Amina", "Okafor", "Owen", "Tanner", "Broadfield", number, "http"):
            assert hidden not in text


def test_of_a_message_to_the_desk_and_of_a_shielded_child_no_service_is_told(number, mailoutbox):
    """R27, R32."""
    leave(number)
    ask(number)
    shield(number)
    assert tell_now() == 0
    assert mailoutbox == []


def test_what_is_taken_on_already_is_not_told_and_what_is_handed_on_is_told_to_one(number, mailoutbox):
    sent = ask(number)
    run(take_request, NURSE, request=sent.request)
    assert tell_now() == 0
    run(hand_on_request, NURSE, request=sent.request, to=PRIYA)
    assert tell_now() == 1
    assert addresses(mailoutbox) == [Account.objects.get(pk=PRIYA).email]


def test_whoever_cannot_sign_in_is_not_told(number, mailoutbox):
    Account.objects.filter(pk=PRIYA).update(suspended_at=NOW)
    ask(number)
    tell_now()
    assert len(mailoutbox) == 1


def test_a_folder_of_e_mail_is_for_its_owner_alone(number, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")
    ask(number)
    assert tell_now() == 1
    assert len(list((tmp_path / "outbox").iterdir())) == 1
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o700


def test_without_e_mail_nothing_is_noted(number, settings):
    settings.EMAIL_BACKEND = ""
    ask(number)
    assert tell_now() == 0
    assert ContactRequest.objects.get().told_at is None


def test_what_could_not_be_sent_is_sent_later(number, settings, mailoutbox):
    ask(number)
    settings.EMAIL_BACKEND = "tests.integration.test_told_by_email.Nowhere"
    with pytest.raises(OSError, match="nobody there"):
        tell_now()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell_now() == 1


# desks

NORA = UUID(int=771)  # of the national desk, as PRIYA is of the authority's
AFTER = timedelta(minutes=31)


@pytest.fixture
def desks(number):
    Membership.objects.filter(account_id=PRIYA, role="national_team").delete()
    build_account(NORA, "Nora Lund")
    Membership.objects.create(account_id=NORA, organisation_id="contactpoint", role="national_team")
    return number


def desks_told(at=NOW):
    with acting_as_role("worker"):
        return tell_desks(by=WORKER, at=at)


def address(identity):
    return Account.objects.get(pk=identity).email


def test_the_desk_is_told_once_when_nobody_takes_an_urgent_request_for_half_an_hour(desks, mailoutbox):
    ask(desks)
    assert desks_told(NOW + timedelta(minutes=29)) == 0
    assert mailoutbox == []
    assert desks_told(NOW + AFTER) == 1
    assert addresses(mailoutbox) == [address(PRIYA)]
    assert desks_told(NOW + timedelta(hours=9)) == 0
    assert AuditBody.objects.filter(action="told_by_email").count() == 1


def test_of_a_request_that_is_taken_on_in_time_the_desk_is_not_told(desks, mailoutbox):
    run(take_request, NURSE, request=ask(desks).request)
    assert desks_told(NOW + AFTER) == 0
    assert mailoutbox == []


def test_the_desk_is_told_the_same_of_whatever_comes_to_it_and_nothing_of_what_it_is(desks, mailoutbox):
    """R27, R32: a late request, a message, and a message about a protected child; at whichever desk."""
    ask(desks)
    leave(desks)
    desks_told(NOW + AFTER)
    run(withdraw_request, request=ContactRequest.objects.get(organisation=None).pk)
    shield(desks)
    leave(desks)
    desks_told(NOW + AFTER)
    assert addresses(mailoutbox) == sorted([address(PRIYA)] * 2 + [address(NORA)])
    (text,) = {f"{one.subject}\n{one.body}" for one in mailoutbox}
    assert text.startswith(DESK_SUBJECT)
    for hidden in ("Amina", "Okafor", "Owen", "Tanner", "Broadfield", desks, "http", "soon", "urgent"):
        assert hidden not in text


def test_no_desk_is_told_of_a_shield(desks, mailoutbox):
    """R27: what was asked before moves to the national desk, and no e-mail tells that it did."""
    ask(desks)
    shield(desks)
    assert desks_told(NOW + timedelta(minutes=29)) == 0
    leave(desks)
    desks_told(NOW + timedelta(minutes=29))
    mailoutbox.clear()
    assert desks_told(NOW + timedelta(minutes=29)) == 0
    assert mailoutbox == []


def test_whoever_the_child_is_kept_from_is_not_told(desks, mailoutbox):
    Shield.objects.create(
        child_id=desks,
        ground="hidden_location",
        placed_at=NOW,
        placed_by="test",
        review_by="2027-05-01",
        authority="353",
        confirm_by=NOW + AFTER,
        kept_from_id=PRIYA,
    )
    leave(desks)
    desks_told()
    assert mailoutbox == []


def test_without_e_mail_no_desk_is_noted(desks, settings):
    settings.EMAIL_BACKEND = ""
    leave(desks)
    assert desks_told() == 0
    assert ContactRequest.objects.get().desk_told_at is None


class Nowhere:
    """A mail server that is not there."""

    def __init__(self, **_options):
        pass

    def __enter__(self):
        raise OSError("nobody there")

    def __exit__(self, *_error):
        pass


def test_only_the_worker_tells(number):
    with pytest.raises(Misconfigured):
        tell(by=viewer(), at=NOW)
    with pytest.raises(Misconfigured):
        tell_desks(by=viewer(), at=NOW)
