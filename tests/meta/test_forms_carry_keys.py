"""Every form of ours that is posted carries a key, so that sending it twice does nothing twice."""

import re
from importlib import resources

import pytest

TEMPLATES = resources.files("contactpoint.web") / "templates" / "web"
# Forms that change nothing but the session, or do the same thing when they are sent again.
HARMLESS = {
    "_find_form.html",  # what was typed goes into the session
    *("people.html", "organisations.html", "services.html"),  # what is listed goes into the session
    "new_point.html",  # leads to the form of one
    "people_file.html",  # the same file again goes on where it stopped
    "reference_try.html",  # a try changes nothing
    "people_file_done.html",  # each download is a download
    "_results.html",  # opens a record: each look is a look
    "mediated_find.html",  # searches: each search is a search
    "mediated_again.html",  # opens a record: each look is a look
    "acting_as.html",  # chooses what to act as
    "search_again.html",  # why one more search is needed goes into the session
    "how_come.html",  # how one comes to ask goes into the session
    "say_again.html",  # why one more record is needed goes into the session
    # Each download is a download.
    *(
        "_feed_corrections_take.html",
        "_feed_rejects.html",
        "breach.html",  # each report is a report
        "_checkpoint_take.html",
        "_downloads.html",
    ),
    "override.html",  # the second reason goes into the session, for the next page alone
    "override_prove.html",  # a code counts once
    "archive.html",  # each look is a look
    "_open_moving.html",  # opens a record: each look is a look
    "_open_unplaced.html",  # as well
    "_open_listed.html",  # opens a record: each look is a look
    "family_tell.html",  # what may be told goes into the session; each report is a look
    "shield_why.html",  # a reason goes into the session; each look it allows is a look
    "working_with.html",  # goes into the session, to be checked before it is recorded
    # One's own ways to sign in: a code counts once, a passkey has a name or is gone, one recovery is open.
    *("_passkey.html", "account.html", "enrol.html", "locked.html", "lost.html"),
    *("passkey_remove.html", "passkey_rename.html", "recovery_allow.html"),
}
POSTED = re.compile(r'<form\b[^>]*method="post".*?</form>', re.DOTALL)
FORMS = [
    (template.name, form)
    for template in sorted(TEMPLATES.iterdir(), key=lambda one: one.name)
    if template.name.endswith(".html")
    for form in POSTED.findall(template.read_text(encoding="utf-8"))
]


def test_the_forms_are_found():
    assert {"check.html", "waiting.html", "activity.html"} | HARMLESS <= {name for name, _ in FORMS}


@pytest.mark.parametrize(("name", "form"), FORMS, ids=[name for name, _ in FORMS])
def test_a_form_that_changes_something_carries_a_key(name, form):
    assert (name in HARMLESS) != ("{% once " in form)
