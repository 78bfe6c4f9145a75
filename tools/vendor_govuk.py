"""Put GOV.UK Frontend's compiled CSS and JavaScript into our own static files.

Run it on the tarball of a release (`npm pack govuk-frontend@6.6.0`):

    python tools/vendor_govuk.py govuk-frontend-6.6.0.tgz

Official guidance for services off GOV.UK forbids the GDS Transport typeface and the crest, so both are
removed here and `tests/unit/web/test_vendored.py` holds the result to that. The tarball carries no licence
text; the MIT text that its repository publishes is added. SHA256SUMS lets a reviewer see that nobody edited
the result by hand.
"""  # noqa: INP001 - a script, not a module of a package

import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/contactpoint/web/static/contactpoint/vendor"
FONT_FACE = re.compile(r"/\*!.*?\*/|@font-face\{[^}]*\}", re.DOTALL)  # with the typeface's own notice
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")
FONT_STACK = re.compile(r"\"?GDS Transport\"?,arial,sans-serif")

LICENCE = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def without_rules_naming(css: str, word: str) -> str:
    """Return the CSS without the rules, and the @supports blocks, whose text holds `word`."""
    while (at := css.find(word)) != -1:
        start = max(css.rfind("}", 0, at), css.rfind("{@supports", 0, at), css.rfind("*/", 0, at) + 1) + 1
        open_block = css.rfind("@supports", 0, at)
        if open_block != -1 and _closes(css, open_block) > at:
            start = open_block
        css = css[:start] + css[_closes(css, start) :]
    return css


def _closes(css: str, start: int) -> int:
    """The offset just after the block that opens first at or after `start`."""
    depth = 0
    for offset in range(css.index("{", start), len(css)):
        depth += {"{": 1, "}": -1}.get(css[offset], 0)
        if depth == 0:
            return offset + 1
    raise ValueError("The style sheet ends inside a block.")


def clean_css(css: str) -> str:
    """Strip typeface, crest and source map from the compiled style sheet."""
    css = SOURCE_MAP.sub("", FONT_FACE.sub("", css))
    css = FONT_STACK.sub("Helvetica,Arial,sans-serif", css)
    css = without_rules_naming(css, "crest")
    left = [word for word in ("GDS Transport", "@font-face", "crest", "url(") if word in css]
    if left:
        raise ValueError(
            f"The style sheet still holds {', '.join(left)}: this release needs another rule here."
        )
    return css.strip() + "\n"


def vendor(tarball: Path, target: Path) -> str:
    """Write the cleaned files of one release under `target` and return its version."""
    with tarfile.open(tarball) as archive:

        def text(name: str) -> str:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise ValueError(f"The tarball holds no {name}.")
            return member.read().decode()

        version = str(json.loads(text("package.json"))["version"])
        files = {
            "govuk-frontend.min.css": clean_css(text("dist/govuk/govuk-frontend.min.css")),
            "govuk-frontend.min.js": SOURCE_MAP.sub("", text("dist/govuk/govuk-frontend.min.js")).strip()
            + "\n",
            "LICENCE.txt": LICENCE,
            "VERSION": version + "\n",
        }
    target.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (target / name).write_text(content, encoding="utf-8")
    sums = [f"{hashlib.sha256(content.encode()).hexdigest()}  {name}\n" for name, content in files.items()]
    (target / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    return version


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    sys.stdout.write(f"govuk-frontend {vendor(Path(sys.argv[1]), TARGET)} is in {TARGET}\n")
