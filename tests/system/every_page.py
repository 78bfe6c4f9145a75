"""Which pages a browser must have judged by the end, wide and narrow: all but what shows none."""

from http import HTTPStatus
from pathlib import Path

from django.test import RequestFactory
from django.urls import get_resolver

from tests.system.pages import PHONE, WIDE

FOLDER = Path(__file__).parent
# What answers a GET with a file, a word for a machine, or the way to another page.
SHOWS_NONE = frozenset({
    "case_after", "protected_case_after", "livez", "readyz", "organisation_begin", "organisation_answer",
    "children_file", "children_pdf", "family_report_file", "mapping_file", "quality_file", "quality_pdf",
    "reference_report", "source_quality_file", "source_quality_pdf", "use_report_file", "use_report_pdf",
    "work_report_file", "work_report_pdf", "reference_list", "mfa_index", "mfa_deactivate_totp",
})  # fmt: skip
# Another address of a page that is judged; and what asks a password again of whoever has no second factor.
ALIKE = frozenset({"protected_mixed_seen", "correct_as_asked", "account_reauthenticate"})


def are_all_chosen(items):
    """Whether every file of these tests is among those that run, so that the whole can be asked for."""
    return {item.path for item in items} >= set(FOLDER.glob("test_*.py"))


def not_judged(judged):
    """The pages that nobody looked at, each with the width of the window."""
    wanted = {
        pattern.name for pattern in get_resolver("contactpoint.web.urls").url_patterns if shows(pattern)
    }
    return sorted(
        (name, size["width"])
        for name in wanted
        for size in (WIDE, PHONE)
        if (name, size["width"]) not in judged
    )


def shows(pattern):
    """Whether an address shows a page when it is opened, and does not only take what is sent to it."""
    if pattern.name in SHOWS_NONE | ALIKE:
        return False
    try:
        answer = pattern.callback(RequestFactory().get("/"), **dict.fromkeys(pattern.pattern.converters, ""))
    except Exception:  # noqa: BLE001 - it was let in and missed its session: it answers a GET
        return True
    return answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED
