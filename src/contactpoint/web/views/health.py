"""For whatever watches the process: is it alive, and could it answer?"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

TEXT = "text/plain; charset=utf-8"


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type=TEXT)


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """The process reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", content_type=TEXT, status=503)
    return HttpResponse("ok\n", content_type=TEXT)
