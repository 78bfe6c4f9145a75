"""From what a browser says of itself to a kind that its owner recognises. It may lie; nothing rests on it."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android device"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)
_HANDHELD = ("Mobi", "Android", "iPhone", "iPad")


def browser_kind(user_agent: str) -> str:
    """Words like "Firefox on Windows"; nothing finer is kept."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "A browser")
    machine = next((name for sign, name in _MACHINES if sign in user_agent), None)
    return f"{browser} on {machine}" if machine else browser


def is_handheld(user_agent: str) -> bool:
    """Whether it says it is a phone or tablet: those are lost more easily, so sessions are shorter (R7)."""
    return any(sign in user_agent for sign in _HANDHELD)
