"""The process tree of `contactpoint serve`, ended politely and by force."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from contactpoint.cli.postgres import Cluster, free_port
from contactpoint.cli.processes import (
    MOST_RESTARTS,
    Child,
    ProcessFailed,
    answers,
    birth,
    end_leftovers,
)

PATIENCE = 120


@pytest.fixture(scope="module")
def home():
    with tempfile.TemporaryDirectory(prefix="contactpoint-serve-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


@pytest.fixture
def serve(home):
    """Starts `contactpoint serve` and waits for its pages; returns the command's process and its address."""
    started = []

    def start():
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        command = [sys.executable, "-P", "-m", "contactpoint", "serve", "--port", str(port)]
        process = subprocess.Popen(
            command,
            env={**environment, "CONTACTPOINT_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        assert until(lambda: process.poll() is not None or answers(f"http://localhost:{port}/readyz"))
        assert process.poll() is None, process.communicate()[0]
        assert until((home / "processes.json").exists)
        return process, port

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait()
        process.stdout.close()


def until(holds):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def noted(home):
    return json.loads((home / "processes.json").read_text())["processes"]


def alive(processes):
    return [pid for pid, born in processes.items() if birth(int(pid)) == born]


def test_the_command_is_killed_and_the_next_one_serves_again(serve, home):
    killed, port = serve()
    left = noted(home)
    assert len(alive(left)) == 2

    killed.kill()
    killed.wait()
    assert until(lambda: not alive(left))
    assert not answers(f"http://localhost:{port}/readyz")

    again, _ = serve()
    again.send_signal(signal.SIGINT)
    said, _ = again.communicate()
    assert again.returncode == 0
    assert said.endswith("Stopped.\n")
    assert not (home / "processes.json").exists()
    assert not Cluster(home).is_running


def test_a_second_command_on_the_same_folder_is_refused(serve, home):
    first, _ = serve()
    environment = {**os.environ, "CONTACTPOINT_HOME": str(home)}
    del environment["DATABASE_URL"]

    second = subprocess.run(
        [sys.executable, "-P", "-m", "contactpoint", "serve"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 3
    assert "serves this data folder already" in second.stderr
    assert first.poll() is None


NOT_TAKEN_IN = {
    "births_2026-11-22_full.csv": (3, "There is no source called births."),
    "births_2026-02-30_full.csv": (
        3,
        (
            "births_2026-02-30_full.csv does not say which day it speaks for and whether it is full. Name it "
            "<source>_<year-month-day>_<full or delta>.csv."
        ),
    ),
    "kids_2026-11-22_full.csv": (3, "kids_2026-11-22_full.csv is a file of kids, not of births."),
    "nowhere.csv": (2, "There is no file {folder}/nowhere.csv."),
}


def test_a_file_that_is_not_taken_in_is_told_in_one_sentence(serve, home, tmp_path):
    serve()
    environment = {**os.environ, "CONTACTPOINT_HOME": str(home)}
    del environment["DATABASE_URL"]
    for name, (code, sentence) in NOT_TAKEN_IN.items():
        if name != "nowhere.csv":
            (tmp_path / name).write_text("local_id\n", encoding="utf-8")
        command = [sys.executable, "-P", "-m", "contactpoint", "supply", "load", str(tmp_path / name)]
        done = subprocess.run(
            [*command, "--source", "births"], env=environment, capture_output=True, text=True, check=False
        )
        said = f"contactpoint: {sentence.format(folder=tmp_path)}\n"
        assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_only_the_processes_noted_are_ended_not_strangers_with_their_numbers(tmp_path):
    ours, stranger = (
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
        for _ in range(2)
    )
    note = tmp_path / "processes.json"
    note.write_text(
        json.dumps({"processes": {str(ours.pid): birth(ours.pid), str(stranger.pid): "another time"}})
    )

    end_leftovers(note)

    assert ours.wait() == -signal.SIGTERM
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def child(tmp_path, program):
    made = Child(
        name="child", command=[sys.executable, "-c", program], environment={}, log=tmp_path / "child.log"
    )
    made.start()
    return made


def test_who_is_killed_from_outside_is_started_again_each_time(tmp_path):
    killed = child(tmp_path, "import time; time.sleep(300)")
    for _ in range(MOST_RESTARTS + 2):
        killed.process.kill()
        killed.process.wait()
        killed.keep_up()
    assert killed.process.poll() is None
    killed.stop()


def test_who_keeps_ending_by_itself_is_given_up(tmp_path):
    ending = child(tmp_path, "raise SystemExit(1)")
    for _ in range(MOST_RESTARTS - 1):
        ending.process.wait()
        ending.keep_up()
    ending.process.wait()
    with pytest.raises(ProcessFailed, match="keeps ending"):
        ending.keep_up()
