"""Work done aside is the same work, in the same order, whatever becomes of who helps."""

import operator
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contactpoint.actions.find import aside
from contactpoint.actions.find.aside import done_aside

WHO = "__import__('os').getpid()"


@pytest.mark.parametrize("helpers", [1, 2, 3])
@pytest.mark.parametrize("items", [0, 1, 2, 7])
def test_each_item_comes_with_its_answer_in_order(items, helpers):
    done = list(done_aside(operator.add, 10, range(items), helpers=helpers))
    assert done == [(item, item + 10) for item in range(items)]


def test_it_is_done_in_other_processes():
    pids = {done for _, done in done_aside(operator.call, eval, [WHO] * 4, helpers=2)}
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_a_helper_holds_no_key_and_no_password(monkeypatch):
    held = {
        "CONTACTPOINT_SECRET_KEY": "k" * 40,
        "CONTACTPOINT_PAIR_KEY": "5e" * 32,
        "CONTACTPOINT_SEAL_KEY": "/secrets/seal.key",
        "CONTACTPOINT_AUDIT_KEY": "/keys/audit.key",
        "CONTACTPOINT_EMAIL": "smtp://contactpoint:open-sesame@post.example:587",
        "DATABASE_URL": "postgresql://contactpoint_worker:open-sesame@127.0.0.1:5432/contactpoint",
    }
    for name, value in held.items():
        monkeypatch.setenv(name, value)
    what = "(__import__('os').getpid(), dict(__import__('os').environ))"
    (_, (pid, environment)) = next(done_aside(operator.call, eval, [what], helpers=1))
    assert pid != os.getpid()
    assert not [value for value in held.values() if value in environment.values()]


def test_an_error_is_the_callers_own(capfd):
    with pytest.raises(TypeError, match="unsupported operand"):
        list(done_aside(operator.add, 1, ["a child's name"], helpers=1))
    assert capfd.readouterr().err == ""


def test_whoever_is_killed_is_stood_in_for():
    asked = iter([WHO, WHO, WHO])
    here = []
    for count, (_, who) in enumerate(done_aside(operator.call, eval, asked, helpers=1)):
        here.append(who == os.getpid())
        if count == 0:
            os.kill(who, signal.SIGKILL)
    assert here[0] is False
    assert here[-1] is True


def test_a_helper_that_talks_nonsense_is_stood_in_for(monkeypatch):
    monkeypatch.setattr(aside, "_MODULE", "this")
    assert list(done_aside(operator.add, 1, [1, 2], helpers=1)) == [(1, 2), (2, 3)]


def test_helpers_end_with_a_caller_that_is_killed():
    program = (
        "import operator, sys\n"
        "from contactpoint.actions.find.aside import done_aside\n"
        f"for _, who in done_aside(operator.call, eval, [{WHO!r}] * 9, helpers=1):\n"
        "    print(who, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as caller:
        helper = int(caller.stdout.readline())
        caller.kill()
    for _ in range(100):
        if not runs(helper):
            return
        time.sleep(0.1)
    pytest.fail("The helper goes on without a caller.")


def runs(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"
