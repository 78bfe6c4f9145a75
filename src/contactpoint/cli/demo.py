"""`contactpoint demo`: from nothing to signed in."""

from pathlib import Path

from rich.table import Table

from contactpoint.cli.directory import Directory
from contactpoint.cli.filling import England, fill
from contactpoint.cli.home import default_home, is_training_home, make_home
from contactpoint.cli.messages import out, say
from contactpoint.cli.processes import only_one, served_at
from contactpoint.cli.serving import choose_port, serve_until_stopped, stopping_quietly
from contactpoint.cli.sign_ins import fresh_code, read_sign_ins, sign_in_of


def run_demo(wanted: England | None, *, port: int | None, home: Path | None = None) -> None:
    """Set everything up, as far as it is not, and serve it until Ctrl-C.

    Args:
        wanted: which England; None for the usual one.
        port: None for the first free one.
        home: the data folder; None for the usual one.

    Raises:
        Conflict: the data folder holds another England, or another command is busy with it.
        InvalidInput: the port is taken.
    """
    home = make_home(home or default_home())
    address = served_at(home)
    if address is not None:
        say("It runs already.")
        print_welcome(home, address)
        return
    say(f"Everything is kept in {home}")
    with only_one(home), stopping_quietly():
        chosen = choose_port(port)
        with Directory(home) as directory:
            fill(directory, wanted)
            serve_until_stopped(directory, port=chosen, ready=lambda address: print_welcome(home, address))


def print_code(email: str, *, home: Path | None = None) -> None:
    """Print a one-time code that can still be typed; raises NotFound for an address that is none of ours."""
    code, seconds = fresh_code(sign_in_of(home or default_home(), email).code_secret)
    say(f"{code}  (for {seconds} seconds, once)")


def print_welcome(home: Path, address: str) -> None:
    """Print the address, everybody's sign-in, and one code that is ready now."""
    sign_ins = read_sign_ins(home)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("E-mail", "Password", "Acts as"):
        table.add_column(heading, no_wrap=heading != "Acts as")
    for one in sign_ins:
        table.add_row(one.email, one.password, f"{one.job_title}, {one.organisation_name}")
    first = sign_ins[0]
    code, seconds = fresh_code(first.code_secret)
    say()
    say(f"Open  {address}")
    say()
    out.print(table)
    say()
    say(f"One-time code for {first.email}:  {code}  (for {seconds} seconds, once)")
    command = "training demo" if is_training_home(home) else "demo"
    say(f"The next one, or another person's:  ./contactpoint {command} --code {first.email}")
    say()
    say("Everybody in it is made up. Ctrl-C ends it; the next start takes seconds.")
