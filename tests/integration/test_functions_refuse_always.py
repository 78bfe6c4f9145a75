"""A function refuses whoever is not written down, whatever its tables hold and however it is planned (ADR 9).

Where a plan begins with a table that has no rows, whatever should refuse may never be reached.
"""

from uuid import uuid4

import pytest
from django.db import connection
from tests.factories.directory import acting_as_role
from tests.integration.test_functions_answer_whom import BY_EVENT, refused

pytestmark = pytest.mark.django_db
JOINS = ("enable_hashjoin", "enable_mergejoin", "enable_nestloop")


@pytest.mark.parametrize("only", [None, *JOINS])
def test_with_no_rows_anywhere_every_function_refuses(only):
    with acting_as_role("web"), connection.cursor() as cursor:
        for join in JOINS if only else ():
            cursor.execute(f"SET LOCAL {join} = {'on' if join == only else 'off'}")
        answered = [name for name, one in BY_EVENT.items() if not refused(name, one, uuid4())]
    assert answered == []
