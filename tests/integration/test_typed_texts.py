"""What people typed about a child is encrypted as it is written, whoever the child is, and read again."""

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from tests.factories.directory import (
    NOW,
    acting_as_role,
    amina_in_full,
    build_account,
    build_child,
    build_reference,
)
from tests.factories.grown import ANSWERED, ASKED, grown_up, in_every_table
from tests.factories.signed_in import events_of, sign_in
from tests.factories.supply import LOADER, rows
from tests.factories.viewers import KEISHA, PRIYA, WORRIED, viewer
from tests.integration.test_at_rest import dumped, finding

from contactpoint.actions.account.activity import my_activity
from contactpoint.actions.consent.withhold import decide_not_to_share
from contactpoint.actions.contact.ask import leave_message
from contactpoint.actions.contact.desk import open_desk_message
from contactpoint.actions.contribute.corrections import ask_correction
from contactpoint.actions.find.mediate import begin_mediation, mediation
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.actions.recording import event_of
from contactpoint.cli.doctor_keys import KEYS_NEEDED
from contactpoint.domain.audit.canonical import commitment
from contactpoint.domain.audit.events import Action
from contactpoint.domain.contacting import About, ContactQuestion, Urgency
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.consents import NotSharedSaid, Withheld, WithheldBecause
from contactpoint.domain.disclosure.contesting import Basis, Field
from contactpoint.domain.disclosure.mediation import CheckedHow, RequesterSaid
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.relationship import Came, HowCome
from contactpoint.domain.errors import Misconfigured
from contactpoint.pipelines import at_rest as pipeline
from contactpoint.pipelines.running import tell_nobody
from contactpoint.storage import typed_at_rest
from contactpoint.storage.audit_texts import with_texts_sealed
from contactpoint.storage.models import Correction, CrossingRow, Membership, PairProposal, SourceRecord
from contactpoint.storage.seal_key import KeyRing, key_ring, new_key, write_ring
from contactpoint.storage.typed_texts import CONTACT, CORRECTION, TABLES

pytestmark = pytest.mark.django_db
NURSE = viewer()
NATIONAL = viewer(
    account_id=PRIYA,
    name="Priya Nair",
    role=Role.NATIONAL_TEAM,
    organisation_code="contactpoint",
    organisation_name="ContactPoint",
    authority=None,
    services=(),
)
RIGHT, PHONE = "7 Quillfeather Rise, Oldham", "07700 900641"
SAID = "14 Mill Lane, Oldham, OL1 4AB"
JO = RequesterSaid(
    name="Ottoline Vanterpool",
    title="Brindlemoor worker",
    email="o@thistlewood.example",
    organisation="harbour-recovery",
    checked=CheckedHow.RANG_BACK,
    vouched=True,
)
TOLD = Purpose(code=PurposeCode.OTHER, text="Her aunt in Wetherlam Drift rang")
KEPT_BACK = NotSharedSaid(
    what=Withheld.ANSWER,
    reason=WithheldBecause.WORSE_FOR_CHILD,
    decided_by="Perpetua Thackthwaite",
    decided_by_title="Sister at Hazelrigg",
)
HEARD = HowCome(code=Came.OTHER, text="The warden of Pellinore House rang")
WORDS = (
    "Quillfeather", "Mill Lane", "900641", "thistlewood.example", "Ottoline", "Vanterpool", "Brindlemoor",
    "Vandersloot", "OL1 9QZ", "Wetherlam", "Thackthwaite", "Hazelrigg",
    "Pellinore", "Ravenscrag",
)  # fmt: skip
TYPED = ("correction", "contact_request", "mediation", "not_shared")


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path):
    settings.SEAL_KEY = str(tmp_path / "seal.key")
    write_ring(tmp_path / "seal.key", KeyRing({1: new_key()}))
    return tmp_path / "seal.key"


@pytest.fixture
def child(db):
    """Amina, who is not protected; a nurse asked for a correction."""
    build_reference()
    for account, name, organisation, role in (
        (KEISHA, "Keisha Barrow", "bridgewater-nhs", "practitioner"),
        (PRIYA, "Priya Nair", "contactpoint", "national_team"),
    ):
        build_account(account, name)
        Membership.objects.create(
            account_id=account, organisation_id=organisation, role=role, services=["school_nurse"]
        )
        sign_in(account)
    found = build_child(*amina_in_full())
    asked(found)
    return found


@pytest.fixture
def number(child):
    """The same child, shielded; more is typed."""
    place_shields(numbers=[child], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    question = ContactQuestion(about=About.SAFETY, urgency=Urgency.NOW, phone=PHONE)
    run(leave_message, number=child, purpose=WORRIED, question=question)
    run(begin_mediation, said=JO, purpose=TOLD)
    run(search, criteria=Criteria(surname="Vandersloot", place="OL1 9QZ"), purpose=TOLD)
    run(decide_not_to_share, number=child, said=KEPT_BACK, purpose=TOLD)
    run(open_record, number=child, purpose=WORRIED, how=HEARD, said_again="Ravenscrag asked for twelve")
    return child


def run(action, by=NURSE, at=NOW, **terms):
    with acting_as_role("web"):
        return action(by=by, at=at, **terms)


def asked(number):
    terms = {
        "record_id": SourceRecord.objects.get(source_id="childrens-services-353").pk,
        "field": Field.ADDRESS,
        "right": RIGHT,
        "basis": Basis.CARER,
    }
    return run(ask_correction, number=number, purpose=WORRIED, **terms)


def read_again():
    """What pages read of each, as whoever wrote it, or the desk."""
    message = run(open_desk_message, NATIONAL, request=rows("SELECT id FROM contact_request")[0][0])
    asks = run(mediation, which=rows("SELECT id FROM mediation")[0][0])
    with connection.cursor() as cursor:  # a shield passes over it on every page
        cursor.execute('SELECT asked_at, said, "right" FROM correction')
        at, said, right = cursor.fetchone()
    return message.phone, asks.name, asks.title, *CORRECTION.open(at, said=said, right=right)


READ = (PHONE, "Ottoline Vanterpool", "Brindlemoor worker", SAID, RIGHT)


def settle():
    with acting_as_role("worker"):
        return pipeline.settle_at_rest(renew=True)


def rotate(key_file):
    with acting_as_role("worker"):
        return pipeline.rotate_seal_key(
            path=key_file, because="a year is over", by=LOADER, at=NOW, progress=tell_nobody
        )


def keys_used():
    """Under which keys the texts of each table are; None for one in the clear."""
    found = {}
    for table in TABLES:
        names = ", ".join(f'"{name}"' for name in table.columns)
        for row in rows(f"SELECT {names} FROM {table.name}"):
            for text in filter(None, row):
                key = int(text.split(".")[1]) if text.startswith("~sealed.") else None
                found.setdefault(table.name, set()).add(key)
    return found


def under(key):
    return {table: {key} for table in TYPED}


def in_the_clear():
    """As an older release wrote it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contact_request SET phone = %s", [PHONE])
        cursor.execute("UPDATE correction SET said = %s, said_tag = '', \"right\" = %s", [SAID, RIGHT])
        cursor.execute("UPDATE mediation SET name = %s, title = %s", [JO.name, JO.title])


def test_a_dump_holds_nothing_of_what_was_typed(number):
    settle()
    assert dumped(WORDS) == set()
    assert read_again() == READ


def test_ones_own_activity_tells_it_again(key_file, number):
    """And goes on doing so after the key was changed: an event stays under the key it was written with."""
    for _ in range(2):
        found = {one.action: one for one in run(my_activity)}
        assert dict(found["searched"].terms) == {"surname": "Vandersloot", "place": "OL1 9QZ"}
        assert found["searched"].purpose == TOLD.text
        assert found["opened_record"].how == HEARD.text
        assert found["began_mediation"].on_behalf_of == "Ottoline Vanterpool, Brindlemoor worker"
        rotate(key_file)


def test_the_log_commits_to_what_stands_there_and_says_what_was_typed(number):
    for body, salt, committed in rows(
        "SELECT b.body, b.salt, e.commitment FROM audit_body b JOIN audit_event e ON e.id = b.event_id"
    ):
        assert commitment(bytes(body), salt=bytes(salt)) == bytes(committed)
    said = [one.details for one in events_of(KEISHA) if one.action is Action.DECIDED_NOT_TO_SHARE]
    assert [(one["decided_by"], one["decided_by_title"]) for one in said] == [
        (KEPT_BACK.decided_by, KEPT_BACK.decided_by_title)
    ]


def test_the_file_has_to_keep_what_the_audit_was_written_with(key_file, number):
    """Though no row is under it any more: `contactpoint doctor` and every backup ask for it."""
    right = key_ring()
    rotate(key_file)
    assert finding(key_file).found == "key 2 is in force"
    write_ring(key_file, KeyRing({2: key_ring().get(2)}))
    assert (finding(key_file).state, finding(key_file).found) == ("wrong", "key 1 is missing")
    assert rows(KEYS_NEEDED) == [
        (1, right.newest.fingerprint, False), (2, key_ring().get(2).fingerprint, True)
    ]  # fmt: skip


def test_nor_of_a_child_who_is_not_protected(child):
    """So that nothing tells the rows of one from those of another."""
    assert keys_used() == {"correction": {1}}
    assert dumped(["Quillfeather"]) == set()


def test_what_an_older_release_wrote_is_read_and_encrypted_by_the_worker(number):
    settle()
    in_the_clear()
    assert read_again() == READ
    assert settle() == 3
    assert keys_used() == under(1)
    assert read_again() == READ
    assert settle() == 0


def test_what_was_asked_before_is_asked_once_whatever_key_it_is_under(key_file, child):
    """R61: the tag that tells it is made anew with the key."""
    once = asked(child).correction_id
    rotate(key_file)
    assert asked(child).correction_id == once
    in_the_clear()
    settle()
    assert asked(child).correction_id == once
    assert Correction.objects.count() == 1


def test_one_that_was_asked_again_while_it_stood_in_the_clear_stays_two(key_file, child):
    """Before the worker's first turn nobody can tell; nothing fails over it, nor over a new key."""
    in_the_clear()
    once = asked(child).correction_id
    settle()
    assert rows("SELECT id = %s FROM correction WHERE said_tag <> ''", once) == [(True,)]
    rotate(key_file)
    assert rows("SELECT id = %s FROM correction WHERE said_tag <> ''", once) == [(True,)]
    assert keys_used() == {"correction": {2}}
    assert asked(child).correction_id == once


def test_a_new_key_takes_every_text(key_file, number):
    tags = rows("SELECT said_tag FROM correction")
    assert rotate(key_file).number == 2
    assert keys_used() == under(2)
    assert read_again() == READ
    assert rows("SELECT said_tag FROM correction") != tags
    assert rows("SELECT number FROM seal_key WHERE retired_at IS NULL") == [(2,)]


def test_cut_short_it_goes_on_where_it_was(key_file, number, monkeypatch):
    class Cut(BaseException):
        pass

    def cut():
        raise Cut

    with monkeypatch.context() as patch:
        once = typed_at_rest.renew
        patch.setattr(pipeline.typed_at_rest, "renew", lambda key, told: once(key, cut))
        with pytest.raises(Cut):
            rotate(key_file)
    assert keys_used() == under(1) | {"correction": {2}}
    assert read_again() == READ
    assert rows("SELECT number FROM seal_key WHERE retired_at IS NULL ORDER BY 1") == [(1,), (2,)]
    settle()
    assert keys_used() == under(2)
    assert rows("SELECT number FROM seal_key WHERE retired_at IS NULL") == [(2,)]


def test_with_another_key_nothing_is_written(key_file, child):
    write_ring(key_file, KeyRing({1: new_key()}))
    with pytest.raises(Misconfigured, match="another one"):
        asked(child)
    assert Correction.objects.count() == 1


def test_nor_read(key_file, number):
    write_ring(key_file, KeyRing({1: new_key()}))
    with pytest.raises(Misconfigured, match="can not be opened"):
        read_again()
    key_file.unlink()
    with pytest.raises(Misconfigured, match="no file"):
        read_again()


def test_pages_write_with_the_key_in_force_whatever_the_file_holds_by_now(key_file, number):
    """A new line is in the file before it is in force."""
    write_ring(key_file, key_ring().with_another())
    with acting_as_role("web"), transaction.atomic():
        assert CONTACT.seal(NOW, phone=PHONE)[0].startswith("~sealed.1.")


def test_the_first_who_types_something_takes_the_first_key_up(key_file, number):
    assert rows("SELECT number, fingerprint FROM seal_key") == [(1, key_ring().newest.fingerprint)]


def test_a_key_is_retired_when_whoever_writes_with_it_has_ended(web_role, transactional_db, key_file):
    ring = key_ring()
    ask = "SELECT key_to_write_with(1, %s)"
    web_role.execute(ask, [ring.newest.fingerprint])
    web_role.commit()
    with web_role.transaction():
        web_role.execute(ask, [ring.newest.fingerprint])
        write_ring(key_file, ring.with_another())
        with acting_as_role("worker"):
            with transaction.atomic():
                pipeline.at_rest.take_up(key_ring().newest)
            rows("SELECT set_config('lock_timeout', '200ms', false)")
            with pytest.raises(OperationalError, match="lock timeout"):
                pipeline._retired(key_ring().newest)
            rows("SELECT set_config('lock_timeout', '0', false)")
    with acting_as_role("worker"):
        assert pipeline._retired(key_ring().newest)


def test_every_table_is_encrypted_and_put_under_a_new_key(tmp_path, key_file):
    """The rows of somebody who grew up while nothing of this was encrypted, some of which only ever grow."""
    in_every_table(grown_up(tmp_path))
    PairProposal.objects.create(
        typed="One other",
        typed_again="One other",
        ground="court",
        first_by_id=ASKED,
        asked_at=NOW,
        second_by_id=ANSWERED,
    )
    CrossingRow.objects.create(number="One", reason="health", asked_by_id=ASKED, asked_at=NOW)
    everywhere = {table.name for table in TABLES}
    assert keys_used() == {name: {None} for name in everywhere}
    settle()
    assert keys_used() == {name: {1} for name in everywhere}
    rotate(key_file)
    assert keys_used() == {name: {2} for name in everywhere}


@pytest.mark.parametrize("table", ["consent_step", "not_shared", "identity_change", "use_step"])
def test_rows_that_only_grow_take_sealed_text_and_nothing_else(tmp_path, table):
    in_every_table(grown_up(tmp_path))
    settle()
    moment, name = next((one.moment, next(iter(one.columns))) for one in TABLES if one.name == table)
    (other,) = CONTACT.seal(NOW, phone=PHONE)
    for change in (f"{name} = 'Another word'", f"{name} = ''", f"{moment} = now()", "id = id + 1"):
        with (
            pytest.raises(ProgrammingError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {change}")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {name} = %s", [other])
        with pytest.raises(ProgrammingError, match="append-only"):
            cursor.execute(f"DELETE FROM {table}")


def test_what_is_about_no_child_is_left_readable_without_a_key(key_file):
    """An account is let in again, and a key is changed, by whoever may have no key."""
    key_file.unlink()
    event = event_of(Action.ROTATED_SEAL_KEY, by=LOADER, at=NOW, details={"because": "a year is over"})
    assert with_texts_sealed(event) == event
    plain = event_of(Action.LISTED_TEAM, by=LOADER, at=NOW, details={"rules": ["R7"]})
    assert with_texts_sealed(plain) == plain


def test_the_database_knows_the_same_columns(db):
    """storage/sql/typed.sql: an index of what is in the clear, and what the worker may write."""
    for table in TABLES:
        ((index,),) = rows("SELECT indexdef FROM pg_indexes WHERE indexname = %s", f"{table.name}_clear")
        assert all(f'{name}"' in index or f"({name} <>" in index for name in table.columns)
        query = """
            SELECT column_name FROM information_schema.column_privileges
            WHERE grantee = 'contactpoint_worker' AND table_name = %s AND privilege_type = 'UPDATE'
        """
        assert {row[0] for row in rows(query, table.name)} >= set(table.columns)
