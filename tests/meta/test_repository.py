"""What must be true of the repository itself."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# An address, or any option of an installer but a hash.
ADDRESS = re.compile(r"://|file:|^\s*--(?!hash=)", re.MULTILINE)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_the_lock_of_the_tests_provider_has_hashes_and_no_addresses() -> None:
    text = (ROOT / "tests" / "oidc" / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: one for name, one in json.loads(text)["packages"].items() if name}
    assert len(packages) > 30
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not re.search(r"https?://|file:|resolved", text)


@pytest.mark.parametrize(
    ("name", "at_least"),
    [("requirements.lock", 41), ("requirements-dev.lock", 41), ("requirements-bench.lock", 4)],
)
def test_a_lock_has_hashes_and_no_addresses(name: str, at_least: int) -> None:
    text = (ROOT / name).read_text()
    assert not ADDRESS.search(text)
    pinned = re.findall(r"^[a-z0-9][^\n]*==[^\n]*", text, re.MULTILINE)
    assert len(pinned) >= at_least
    assert all(line.endswith("\\") for line in pinned), "every pin is followed by its hashes"


def test_what_runs_is_part_of_what_is_tested() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9][^ ;]*==[^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_generated_data_stays_out_of_git() -> None:
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked()}
    assert not {name: size for name, size in large.items() if size > 1_500_000}


def test_no_secret_is_tracked() -> None:
    begins = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|CONTACTPOINT_SECRET_KEY=[A-Za-z0-9]{20}")
    assert [path for path in tracked() if begins.search(path.read_bytes())] == []


def test_every_decision_is_numbered_once_and_titled_as_its_file() -> None:
    numbers = []
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        number = int(path.name[:4])
        numbers.append(number)
        assert path.read_text().startswith(f"# {number}. "), path.name
    assert numbers == list(range(1, len(numbers) + 1))
