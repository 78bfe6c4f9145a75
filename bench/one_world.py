"""Asked on standard input: searches or opens a record as the pages do, and says how long it took.

Permission, reading, rules and audit are in the time; making HTML of the answer is not, being a function of
the answer alone. Each question is another person's, since one may not ask so often.
"""

import json
import re
import sys
import time
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import django

django.setup()

from bench.searches import practitioner  # noqa: E402 - settings first
from contactpoint.actions.find.open_record import open_record  # noqa: E402
from contactpoint.actions.find.search import search  # noqa: E402
from contactpoint.domain.criteria import Criteria  # noqa: E402
from contactpoint.domain.disclosure.answers import SearchAnswer  # noqa: E402
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode  # noqa: E402
from contactpoint.domain.disclosure.relationship import Came, HowCome  # noqa: E402

ON = datetime(2026, 10, 2, 12, tzinfo=UTC)
WORRIED = Purpose(code=PurposeCode.SAFEGUARDING)
WITH_ME = HowCome(code=Came.WITH_ME)
# Numbers and ids are drawn at random by each database, and are of one length.
_DRAWN = re.compile(r"C\d{9}[A-Z]|\bid=\d+")


def asked(what: dict[str, str], numbers: dict[str, str]) -> object:
    """Do what is asked."""
    by = replace(practitioner(), account_id=uuid.uuid4())
    if "open" in what:
        return open_record(number=numbers[what["open"]], purpose=WORRIED, by=by, at=ON, how=WITH_ME)
    typed = {
        "date_of_birth" if name == "born" else name: date.fromisoformat(value) if name == "born" else value
        for name, value in what.items()
        if name != "age"
    }
    if "age" in what:
        typed["age"] = int(what["age"])
    return search(criteria=Criteria(**typed), purpose=WORRIED, by=by, at=ON)


def main() -> None:
    """Answer until nobody asks."""
    numbers = {}
    for forename, born in (("Zebedee", date(2016, 5, 9)), ("Philippa", date(2014, 2, 3))):
        by = replace(practitioner(), account_id=uuid.uuid4())
        criteria = Criteria(forename=forename, surname="Quillfeather", date_of_birth=born)
        found = search(criteria=criteria, purpose=WORRIED, by=by, at=ON)
        assert isinstance(found, SearchAnswer)  # noqa: S101 - a refusal is a fault of the bench
        numbers[forename] = found.cards[0].number
    for line in sys.stdin:
        what = json.loads(line)
        began = time.perf_counter()
        answer = asked(what, numbers)
        ms = (time.perf_counter() - began) * 1000
        print(json.dumps({"ms": ms, "answer": _DRAWN.sub("DRAWN", repr(answer))}), flush=True)


if __name__ == "__main__":
    main()
