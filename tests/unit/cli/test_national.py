"""What a national build says of itself: room, time left, and what a step used."""

import subprocess
import sys
from typing import NamedTuple

import pytest

from contactpoint.cli import national
from contactpoint.cli.messages import time_left
from contactpoint.cli.use import Use, size_of
from contactpoint.domain.errors import NoRoom

GB = 1 << 30


class Disk(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_that_is_too_small_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(national.shutil, "disk_usage", lambda _home: Disk(500 * GB, 450 * GB, 50 * GB))
    with pytest.raises(NoRoom) as refused:
        national.check_disk(tmp_path, 12_200_000)
    said = str(refused.value)
    assert said.startswith("12,200,000 children need about 267 GB more on the disk of ")
    assert "50 GB are free" in said
    assert "--dir" in said
    assert "--children" in said


def test_what_lies_there_already_is_not_asked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr(national.shutil, "disk_usage", lambda _home: Disk(500 * GB, 450 * GB, 50 * GB))
    monkeypatch.setattr(national, "size_of", lambda _home: 220 * GB)
    national.check_disk(tmp_path, 12_200_000)


@pytest.mark.parametrize(
    ("passed", "share", "said"),
    [
        (60, 0.5, ", about 1 min left"),
        (600, 0.25, ", about 30 min left"),
        (30, 0.9, ", less than a minute left"),
        (5, 0.0, ""),
        (5, 1.0, ""),
    ],
)
def test_time_left(passed, share, said):
    assert time_left(passed, share) == said


def test_use_counts_the_processes_below_and_the_files_of_the_folder(tmp_path):
    hungry = "import sys; held = bytearray(b'x') * 200_000_000; sys.stdin.read()"
    (tmp_path / "file").write_bytes(b"x" * 3_000_000)
    with Use(tmp_path, None) as used, subprocess.Popen(
        [sys.executable, "-c", hungry + "; print('ended')"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:  # fmt: skip
        while used.peak_memory < 200_000_000 and process.poll() is None:
            used.look(disk=True)
        process.communicate()
    assert used.peak_memory >= 200_000_000
    assert used.peak_disk >= 3_000_000
    assert used.processor > 0
    assert used.database_processor == 0


def test_the_size_of_a_folder_is_what_its_files_take(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").write_bytes(b"x" * 100_000)
    assert 100_000 <= size_of(tmp_path) < 200_000
