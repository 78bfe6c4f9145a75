"""The demonstration's sign-ins and one-time codes."""

import base64
import stat

import pytest

from contactpoint.cli.home import make_home
from contactpoint.cli.sign_ins import fresh_code, make_sign_ins, one_time_code, read_sign_ins, sign_in_of
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.errors import NotFound

ORGANISATIONS = """\
code,name,kind,authority
desk,Desk,national,
la-353,Oldham council,authority,353
yj-353,Oldham youth justice,youth_justice,353
1,Nursery,school,353
2,High School,school,353
la-354,Rochdale council,authority,354
3,Elsewhere,school,354
barnardos,Barnardo's,charity,
"""
RFC_6238 = base64.b32encode(b"12345678901234567890").decode()


@pytest.fixture
def made(tmp_path):
    (tmp_path / "organisations.csv").write_text(ORGANISATIONS)
    home = make_home(tmp_path / "home")
    return home, make_sign_ins(home, tmp_path / "organisations.csv")


# RFC 6238, appendix B, SHA-1; the last six of its eight figures.
@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc(at, code):
    assert one_time_code(RFC_6238, at) == code


def test_a_secret_needs_no_padding():
    assert one_time_code("JBSWY3DPEHPK3PXPAA", 59) == one_time_code("JBSWY3DPEHPK3PXPAA======", 59)


@pytest.mark.parametrize(
    ("at", "waits", "seconds"),
    [(1111111100, 0, 10), (1111111101, 9, 30), (1111111109, 1, 30), (1111111110, 0, 30)],
)
def test_a_code_about_to_end_is_waited_out(at, waits, seconds):
    now, slept = [float(at)], []

    def sleep(for_seconds):
        slept.append(for_seconds)
        now[0] += for_seconds

    code, left = fresh_code(RFC_6238, clock=lambda: now[0], sleep=sleep)

    assert sum(slept) == waits
    assert left == seconds
    assert code == one_time_code(RFC_6238, at + waits)


def test_every_role_has_somebody_and_practitioners_can_confirm_each_other(made):
    _, people = made

    assert {one.role for one in people} == set(Role) - {Role.SYSTEM}
    practitioners = [one for one in people if one.role is Role.PRACTITIONER]
    assert [one.organisation for one in practitioners] == ["2", "2", "yj-353"]


def test_they_are_made_once_and_for_their_owner_alone(made):
    home, people = made

    assert make_sign_ins(home, home.parent / "organisations.csv") == people == read_sign_ins(home)
    assert len({one.password for one in people}) == len({one.code_secret for one in people}) == len(people)
    assert stat.S_IMODE((home / "secrets" / "sign-ins.json").stat().st_mode) == 0o600


def test_a_person_is_found_by_address_or_first_name(made):
    home, people = made

    assert sign_in_of(home, " Amina@demo.example ") == sign_in_of(home, "amina") == people[0]
    with pytest.raises(NotFound, match=r"amina@demo\.example"):
        sign_in_of(home, "nobody")


def test_before_the_demonstration_there_is_nobody(tmp_path):
    with pytest.raises(NotFound, match="contactpoint demo"):
        read_sign_ins(tmp_path)
