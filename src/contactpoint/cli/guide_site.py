"""`contactpoint guide`: the guides as a site of plain files, for any web server or to open from a folder."""

import shutil
from pathlib import Path
from typing import Final

from django.template import Context, Engine

from contactpoint.cli.home import CHECKOUT
from contactpoint.cli.messages import say
from contactpoint.domain.errors import InvalidInput
from contactpoint.pipelines.guides import read_guides

GUIDES: Final = CHECKOUT / "docs" / "guide"
_STATIC: Final = CHECKOUT / "src" / "contactpoint" / "web" / "static" / "contactpoint"
_FILES: Final = ("vendor/govuk-frontend.min.css", "contactpoint.css", "favicon.svg")


def build_site(folder: Path) -> None:
    """Write a page for each guide, a list of them, the pictures and the styles; what is there is replaced.

    Raises:
        InvalidInput: there is a file where the folder should be.
    """
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is a file. Name a folder; it is made if it is not there.")
    folder.mkdir(parents=True, exist_ok=True)
    template = Engine(dirs=[str(Path(__file__).parent)]).get_template("guide_site.html")
    guides = read_guides(GUIDES, address="{}.html", pictures="images/{}")
    pages: dict[str, dict[str, object]] = {"index": {"title": "Guides", "guides": guides}}
    pages |= {one.name: {"title": one.title, "guide": one} for one in guides}
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(template.render(Context(page)), encoding="utf-8")
    shutil.copytree(GUIDES / "images", folder / "images", dirs_exist_ok=True)
    for name in _FILES:
        shutil.copy(_STATIC / name, folder)
    say(f"{len(guides)} guides: open {folder / 'index.html'}")
