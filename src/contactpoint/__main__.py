"""`python -m contactpoint` is the command `contactpoint`."""

from contactpoint.cli.main import run

if __name__ == "__main__":
    run()
