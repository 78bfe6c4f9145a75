"""A disk that is really full: everything is refused in words, and nothing is lost when there is room again.

What is done, and what must be said, stands in `tests/harness/full_disk.py`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from contactpoint.cli.home import CHECKOUT, open_to_all

STEPS = (
    "the command refuses politely",
    "a load that meets a full disk on its way is undone, and refused politely",
    "the pages refuse politely",
    "PostgreSQL stopped: ",
    "without a log too, command and pages refuse politely",
    "there is room: the pages are back",
    "rows accepted",
    "the audit verifies",
    "nothing is lost or doubled",
)


@pytest.fixture
def own_namespace():
    """The command that runs another in a mount namespace of its own, so that its disk ends with it."""
    unshare = shutil.which("unshare")
    assert unshare, "This test mounts a disk of its own. Install util-linux, which has `unshare`."
    tried = subprocess.run([unshare, "--mount", "true"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, (
        "This test mounts a small disk of its own and fills it, which only root may do, and not in every "
        f"container. Run it as root, with CAP_SYS_ADMIN. It was told: {tried.stderr.strip()}"
    )
    return [unshare, "--mount"]


@pytest.mark.slow
def test_a_full_disk_refuses_politely_and_recovers(own_namespace, capsys):
    usual = Path(tempfile.gettempdir())
    reachable = "/var/tmp" if not open_to_all(usual) else None
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryDirectory(prefix="contactpoint-full-", dir=reachable) as folder:
        Path(folder).chmod(0o711)
        done = subprocess.run(
            [*own_namespace, sys.executable, "-m", "tests.harness.full_disk", folder],
            cwd=CHECKOUT,
            env=environment | {"PYTHONPATH": os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)])},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    with capsys.disabled():
        print(
            "\n" + "\n".join(line for line in done.stdout.splitlines() if any(step in line for step in STEPS))
        )
    assert done.returncode == 0, done.stdout
    for step in STEPS:
        assert step in done.stdout, done.stdout
