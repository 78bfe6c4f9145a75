"""How long a session may rest, on a telephone and elsewhere; telephones are served (R7)."""

import pytest

from contactpoint.access.browsers import is_handheld
from contactpoint.access.sessions import HANDHELD, idle_seconds

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
TABLET = "Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15"

# (rule, what the browser says it is, minutes that its session may rest)
TABLE = [
    ("R7", IPHONE, 10),
    ("R7", ANDROID, 10),
    ("R7", TABLET, 10),
    ("R7", IPAD, 10),
    ("R7", WINDOWS, 30),
    ("R7", MAC, 30),
    ("R7", "", 30),
]


@pytest.mark.parametrize(("rule", "agent", "minutes"), TABLE)
def test_how_long_a_session_may_rest(rule, agent, minutes):
    assert idle_seconds({HANDHELD: is_handheld(agent)}) == 60 * minutes
