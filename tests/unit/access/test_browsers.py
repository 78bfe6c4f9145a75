"""What a browser says of itself becomes a kind, and a shorter session on what is carried about (R7)."""

import pytest

from contactpoint.access.browsers import browser_kind, is_handheld

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
SAID = [
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/141.0", "Edge on Windows", False),
    (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36", "Chrome on Linux", False),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.1; rv:144.0) Firefox/144.0", "Firefox on a Mac", False),
    (f"Mozilla/5.0 (Linux; Android 16) {CHROME} Mobile Safari/537.36", "Chrome on an Android device", True),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18 Mobile Safari/604.1", "Safari on an iPhone", True),
    ("", "A browser", False),
    ("<script>", "A browser", False),
]


@pytest.mark.parametrize(("said", "kind", "handheld"), SAID, ids=[row[1] for row in SAID])
def test_kinds(said, kind, handheld):
    assert browser_kind(said) == kind
    assert is_handheld(said) is handheld
