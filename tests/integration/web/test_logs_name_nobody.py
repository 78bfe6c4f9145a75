"""A child with names found nowhere else goes everywhere, well and badly, and no log line names it.

What is read is what each process writes to standard error, made by the handler that it has when it serves,
what the command line prints and complains of, and what PostgreSQL writes of its own.
"""

import json
import logging
import re
import sys
import threading
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina_in_full, build_child
from tests.factories.feeds import AMINA, feed_text
from tests.factories.supply import LOADER
from tests.integration.web.test_finding import opened
from tests.plugin import CLUSTER

from contactpoint.cli import main, supplying
from contactpoint.cli.messages import BUG, REFUSED
from contactpoint.pipelines.intake import take_in
from contactpoint.storage.models import Account
from contactpoint.web import logs
from contactpoint.web.views import find, record
from contactpoint.worker.loop import every

FORENAME, SURNAME, STREET, POSTCODE = "Zebedee", "Quuxworthy", "77 Xyzzy Parade", "OL1 4QX"
WHO = {"forename": FORENAME, "surname": SURNAME, "address": STREET, "postcode": POSTCODE}
PLANTED = (FORENAME, SURNAME, "Xyzzy", "4QX", "quuxmail", "0161 496 0777", "Frobnitz")
TYPED = {"purpose": "other", "purpose_text": "Frobnitz said so", "forename": FORENAME, "surname": SURNAME}


@pytest.fixture
def written(capfd, monkeypatch):
    """What has been written since: every line, whoever said it."""
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    kept = {name: logging.getLogger(name).handlers[:] for name in (*logs.OURS, "")}
    logs.configure()
    yield capfd.readouterr
    for name, handlers in kept.items():
        logging.getLogger(name).handlers[:] = handlers


@pytest.fixture
def child():
    return build_child(*({**said, **WHO} if isinstance(said, dict) else said for said in amina_in_full()))


def fails(*_what, **_named):
    message = f"the row of {FORENAME} {SURNAME}, {STREET}, could not be read"
    raise RuntimeError(message)


def everything_a_person_does(client, number):
    page = opened(client, number, **TYPED)
    here = page.request["PATH_INFO"]
    for path in (here, f"{here}history/", f"{here}wrong/?asked=1&field=address", f"{here}working/"):
        client.get(path)
    client.post(f"{here}wrong/", {"field": "surname", "right": SURNAME})
    client.get(f"/{SURNAME}/", {"surname": SURNAME})
    client.get("/find/", {"surname": SURNAME}, headers={"Host": f"{SURNAME}.example"})
    client.get("/find/", headers={"Referer": f"http://testserver/?q={SURNAME}", "User-Agent": SURNAME})
    client.generic("POST", "/find/", f"{SURNAME}=%ff%00", content_type=f"text/{SURNAME}")
    with pytest.MonkeyPatch.context() as broken:
        for module in (find, record):
            broken.setattr(module, "render_page", fails)
        assert client.get("/find/").status_code == 500
        assert client.get(here).status_code == 500


def everything_a_stranger_does():
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.post("/find/", TYPED)
    strict.post("/account/login/", {"login": "zebedee@quuxmail.example", "password": SURNAME})
    Client().post("/account/login/", {"login": "zebedee@quuxmail.example", "password": SURNAME})
    Client().post("/account/passkey/", {"credential": f'{{"{SURNAME}": ['})


def everything_a_feed_does(client, inbox):
    rows = ({**AMINA, **WHO}, {**AMINA, **WHO, "local_id": "B1", "sex": SURNAME})
    name = f"childrens-services-353_{timezone.localdate()}_full.csv"
    broken = f"childrens-services-353_{timezone.localdate()}_delta.csv"
    page = client.get("/feeds/childrens-services-353/upload/").content.decode()
    for key, (file, text) in enumerate(
        ((name, feed_text("childrens_services", *rows)), (broken, f'local_id\n"{SURNAME}'))
    ):
        sent = {"file": SimpleUploadedFile(file, text.encode()), "form_key": _key(page, key)}
        client.post("/feeds/childrens-services-353/upload/", sent)
    with acting_as_role("worker"):
        take_in(inbox, by=LOADER)
    when_due = every(timezone.timedelta(0), fails)
    when_due(timezone.now())
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()


def everything_at_the_command_line(folder):
    """Load a file with a rejected row, one that cannot be read, and one with which something fails."""
    (folder / "postgres").mkdir()
    rows = ({**AMINA, **WHO}, {**AMINA, **WHO, "local_id": "B1", "sex": SURNAME})
    files = [folder / f"births_{day}_full.csv" for day in ("2026-11-25", "2026-11-26", "2026-11-27")]
    texts = (feed_text("births", *rows), f'local_id\n"{SURNAME}', feed_text("births", *rows))
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    with mock.patch.multiple(
        supplying, default_home=lambda: folder, Directory=mock.MagicMock(), enter_django=lambda _: None
    ):
        codes = [typed("supply", "load", str(file), "--source", "births") for file in files[:2]]
        with mock.patch.object(supplying, "link_and_publish", fails):
            codes.append(typed("supply", "load", str(files[2]), "--source", "births"))
    assert codes == [0, REFUSED, BUG]


def typed(*words):
    with (
        mock.patch.object(sys, "argv", ["contactpoint", *words]),
        acting_as_role("worker"),
        pytest.raises(SystemExit) as ended,
    ):
        main.run()
    return ended.value.code


def _key(page, place):
    found = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    return found if place == 0 else found[:-1] + ("0" if found[-1] != "0" else "1")


def everything_a_database_refuses(made):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(email=made.email, name=SURNAME)
    with pytest.raises(Exception, match="Xyzzy"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::integer", [STREET])


@pytest.mark.django_db
def test_no_line_names_anybody(account, sign_in, child, written, tmp_path, settings, request):
    settings.HOME, settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path), str(tmp_path / "inbox" / "uploaded")
    made = account("zebedee.quuxworthy@quuxmail.example", name=f"{FORENAME} {SURNAME}", phone="0161 496 0777",
                   memberships=(("la-353", "authority_team"),))  # fmt: skip
    client, _ = sign_in("zebedee.quuxworthy@quuxmail.example")
    client.raise_request_exception = False
    everything_a_person_does(client, child)
    everything_a_stranger_does()
    everything_a_feed_does(client, tmp_path / "inbox")
    everything_at_the_command_line(tmp_path)
    everything_a_database_refuses(made)
    out, lines = written()
    assert "rejected" in out
    assert "a fault of ours" in lines
    said = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    assert {"request", "work_failed"} <= {line["event"] for line in said}
    assert [line["exception"] for line in said if "exception" in line].count("RuntimeError") >= 3
    cluster = request.config.stash.get(CLUSTER, None)
    of_postgres = cluster.log.read_text(encoding="utf-8", errors="replace") if cluster else ""
    for planted in (*PLANTED, child, str(made.pk)):
        for where, text in (("a log", lines), ("standard output", out), ("PostgreSQL's log", of_postgres)):
            assert planted.casefold() not in text.casefold(), (planted, where)
