"""What the commands about the archive print and refuse, without a database."""

import subprocess
import sys

import pytest

from contactpoint.cli.messages import BAD_INPUT
from contactpoint.cli.retaining import print_figures

RELEASE = ("archive", "release", "C000000102M", "--to", "x", "--reference", "y", "--for")


def test_a_report_says_what_went_and_why_and_names_nobody(capsys):
    print_figures(
        {
            "purged": {"turned_18": 1200, "died": 2},
            "rows": {"record_version": 9000},
            "exports_to_call_back": {"reported_breach 2012-11": 1},
            "archived": {},
        }
    )
    assert capsys.readouterr().out.splitlines() == [
        "Purged, by why it was archived:",
        "  died: 2",
        "  turned 18: 1,200",
        "Rows that went, by table:",
        "  record version: 9,000",
        "Exports that named one of them, by kind, month and who has them:",
        "  reported breach 2012-11: 1",
    ]


def test_a_day_on_which_nothing_was_due_says_so(capsys):
    print_figures({"archived": {}})
    assert capsys.readouterr().out == "  nothing\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["retention", "--as-of", "soon"], "Invalid value"),
        (["archive", "stay", "C000000102M"], "--given"),
        (["archive", "stay", "C000000102M", "--given", "2026-01-01", "--withdraw"], "--given"),
        (
            [*RELEASE, "curiosity", "--out", "z"],
            "curiosity",
        ),
    ],
)
def test_what_is_refused_before_anything_is_opened(words, why):
    done = subprocess.run(
        [sys.executable, "-m", "contactpoint", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == BAD_INPUT
    assert why in done.stdout + done.stderr


def test_a_release_never_writes_over_a_file(tmp_path):
    out = tmp_path / "record.json"
    out.write_text("there already")
    words = [*RELEASE, "case_review", "--out", str(out)]
    done = subprocess.run([sys.executable, "-m", "contactpoint", *words], capture_output=True, check=False)
    assert done.returncode == BAD_INPUT
    assert out.read_text() == "there already"
