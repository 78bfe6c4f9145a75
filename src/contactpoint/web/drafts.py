"""What was typed and could not be taken: kept for its owner, and the way back to it."""

from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone

from contactpoint.access import drafts
from contactpoint.access.drafts import Draft
from contactpoint.access.sessions import account_of
from contactpoint.web.refill import REFILL

# Forms about signing in hold passwords and codes, those of sealed identities both halves of one: never kept.
_NEVER_KEPT = (
    *("account", "mfa_", "lock", "unlock", "lost", "enrol", "team", "allow_", "end_", "acting_as"),
    "sealed_",
)


def keep_sent(request: HttpRequest, account_id: UUID, *, why: str, path: str | None = None) -> None:
    """Keep the form that this request brought, if it is one about the work."""
    here = path or request.path
    if not _is_about_the_work(here):
        return
    page = urlsplit(request.headers.get("Referer", "")).path or here
    fields = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    kept = Draft(path=here, page=page if _is_about_the_work(page) else here, fields=fields, why=why)
    drafts.keep(account_id, kept, timezone.now())


def way_back(request: HttpRequest) -> str | None:
    """Where the form is that the signed-in person had begun last, if any; the next look at its page fills it.

    Those of other windows wait for a look at theirs.
    """
    taken = drafts.take(account_of(request), timezone.now())
    if not taken:
        return None
    request.session[REFILL] = [
        {"path": one.path, "page": one.page, "fields": one.fields, "why": one.why} for one in taken
    ]
    return taken[0].path


def own_path(text: str) -> str:
    """That path if it is a page of ours about the work, else the start page."""
    return text if _is_about_the_work(text) else "/"


def _is_about_the_work(path: str) -> bool:
    try:
        name = resolve(path).url_name or ""
    except Resolver404:
        return False
    return not name.startswith(_NEVER_KEPT)
