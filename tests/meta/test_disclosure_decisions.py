"""No page is there without a decision on what it may show (`contactpoint.web.decisions`)."""

from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from contactpoint.web import decisions
from contactpoint.web.decisions import DECISIONS, Shows
from contactpoint.web.middleware import OnlyInGoodStanding


def patterns(resolver):
    """Every address there is, of whatever app."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            assert isinstance(one, URLPattern)
            yield one


def test_every_page_has_a_decision_and_every_decision_a_page():
    """A page that fails here: say in web/decisions.py what it shows; the two worlds then try it."""
    assert {pattern.name for pattern in patterns(get_resolver())} == set(DECISIONS)


def test_no_page_has_two_decisions():
    named = Counter(name for names in decisions._PAGES.values() for name in names.split())
    assert [name for name, times in named.items() if times > 1] == []
    assert set(decisions._PAGES) == set(Shows)


class SomebodySignedIn:
    is_authenticated = True


def test_a_page_without_a_decision_is_opened_by_nobody(monkeypatch):
    request = RequestFactory().get("/today/")
    request.resolver_match = resolve("/today/")
    request.session, request.user, request.signed_in = {}, SomebodySignedIn(), None
    monkeypatch.setattr("contactpoint.web.middleware.DECISIONS", {})
    with pytest.raises(PermissionDenied):
        OnlyInGoodStanding(lambda _: None).process_view(request)
