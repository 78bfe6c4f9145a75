"""Pages that no journey leads through: each opens, reads well, and has a way on."""

import re

import pytest

from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of
from tests.system.working import child_of_aminas

pytestmark = pytest.mark.system
TO_EVERYBODY = {
    "/account/closed/": "This account is closed",
    "/account/organisation/": "Sign in with your organisation",
}
OWN = {
    "/account/acting-as/": "Who are you acting for now?",
    "/account/recovery/new/": "Get new recovery codes",
}
OF_A_PERSON = re.compile(r"/people/[0-9a-f-]{36}/(?:suspend|password|record|move|leave)/(?:[\w-]+/)?")


@pytest.mark.parametrize("path", TO_EVERYBODY)
def test_a_stranger_reads(visit, path):
    """Given nobody signed in, when a page for everybody opens, then it reads well, wide and narrow."""
    window = visit().go(path).judge_both("everybody" + path.replace("/", "-"))
    assert window.heading() == TO_EVERYBODY[path]


@pytest.mark.parametrize("path", OWN)
def test_somebody_reads_of_their_own_account(visit, path):
    """Given somebody signed in, when they open a page of their own account, then it reads well."""
    window = visit("amina", proved=True).go(path).judge_both("own" + path.replace("/", "-"))
    assert window.heading() == OWN[path]


@pytest.mark.parametrize("link", ["How this record came to be", "Who agreed to what"])
def test_beside_a_record(visit, product, link):
    """Given a child, when the consent desk asks how the record came to be, or who agreed, a page says it."""
    window = visit("jola")
    open_record_of(window, child_of_aminas(visit, product)[0])
    follow(window.page.get_by_role("button", name=link))
    assert window.judge_both("beside-" + link.split()[0].lower()).heading()
    follow(window.page.get_by_role("link", name="Back to the record"))


def test_what_can_be_done_with_a_person(visit):
    """Given a person of an organisation, when their team opens what it can do, each page reads well."""
    window = visit("dev", proved=True).go("/people/")
    follow(window.page.locator("tbody th a").first)
    steps = sorted(set(OF_A_PERSON.findall(window.page.content())))
    assert len(steps) >= 4
    for step in steps:
        window.go(step).judge_both("person-" + step.split("/")[3])
        assert window.page.get_by_role("link", name=re.compile("^Back")).count() == 1
