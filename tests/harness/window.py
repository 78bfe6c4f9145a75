"""A person at a browser: cookies, hidden fields, and the patience to press again."""

import html
import http.client
import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass

from contactpoint.cli.sign_ins import PERIOD, SignIn, one_time_code

PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Page:
    """What came: status, address, text."""

    status: int
    path: str
    text: str

    def hidden(self, name: str) -> str:
        """The value of a field of a form."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, (name, self.status, self.path, self.title)
        return html.unescape(found[1])

    @property
    def title(self) -> str:
        """The heading."""
        found = re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", self.text, re.DOTALL)
        return found[1] if found else self.text[:200]


class Window:
    """One signed-in window."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open

    def get(self, path: str) -> Page:
        """Follow a link."""
        return self._fetch(urllib.request.Request(self.address + path))

    def post(self, path: str, fields: dict[str, str], page: Page, *, patience: float = PATIENCE) -> Page:
        """Send a form of that page; again, if no answer comes and there is patience left."""
        sent = {"csrfmiddlewaretoken": page.hidden("csrfmiddlewaretoken"), **fields}
        data = urllib.parse.urlencode(sent).encode()
        return self._fetch(urllib.request.Request(self.address + path, data=data), patience=patience)

    def upload(self, path: str, name: str, data: bytes, page: Page) -> Page:
        """Send that form with a file chosen in it."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{page.hidden(field)}\r\n'
            for field in ("csrfmiddlewaretoken", "form_key")
        ]
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        body = "".join(parts).encode() + data + f"\r\n--{mark}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._fetch(urllib.request.Request(self.address + path, data=body, headers=kind))

    def sign_in(self, person: SignIn) -> None:
        """Password, then a code that nobody has used."""
        page = self.get("/account/login/")
        page = self.post("/account/login/", {"login": person.email, "password": person.password}, page)
        for _ in range(3):
            if "/account/code/" not in page.path:
                return
            code = one_time_code(person.code_secret, time.time())
            page = self.post("/account/code/", {"code": code}, page)
            if "/account/code/" in page.path:
                time.sleep(PERIOD - time.time() % PERIOD)
        raise AssertionError(page.title)

    def open_record(self, number: str) -> str:
        """Find a child by number, open it, and return the path of the record."""
        page = self.get("/find/")
        page = self.post("/find/", {"purpose": "safeguarding", "number": number}, page)
        page = self.post(f"{page.path}open/", {"number": number}, page)
        if not page.path.endswith("/how/") and "Before this record opens" in page.text:
            page = self.post(f"{page.path}how/", {"how": "with_me"}, page)
        assert page.path.startswith("/record/"), (page.status, page.path, page.text)
        return page.path

    def _fetch(self, request: urllib.request.Request, *, patience: float = PATIENCE) -> Page:
        deadline = time.monotonic() + patience
        while True:
            try:
                with self._open(request, timeout=30) as response:
                    return self._page(response)
            except urllib.error.HTTPError as error:
                with error:
                    return self._page(error)
            except (OSError, http.client.HTTPException):  # nobody there: they are starting again
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _page(self, response) -> Page:
        path = urllib.parse.urlsplit(response.url).path
        return Page(status=response.status, path=path, text=response.read().decode())
