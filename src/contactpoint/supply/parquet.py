"""A Parquet file as CSV: unpacked by a process of its own, within bounds, and then checked like any other.

A few bytes of Parquet can stand for any number of rows, and what they stand for is only known by decoding
them. So the decoding is done in a process that may use only so much memory and time, holds no key and no
password, and is stopped as soon as it has written more than a file may hold.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.supply.opening import MOST_BYTES, GivenFile, check_expansion

MARK: Final = b"PAR1"
"""What every Parquet file begins with."""

SAID: Final = 3
TOO_MUCH: Final = 4
"""Exit codes of the process: it says on its error stream, in a sentence, why the file is refused; it has no
memory left."""

_ROOM: Final = 1024**3  # bytes that the process needs whatever the file holds
_PIECE: Final = 1024 * 1024
_KEPT: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL")


def parquet_as_csv(given: GivenFile, *, most_bytes: int = MOST_BYTES) -> bytes:
    """What a Parquet file holds, as CSV (RFC 4180, UTF-8) with a header; a row of it is a record.

    Raises:
        DeliveryRefused: it cannot be read as Parquet, its columns do not hold text, or it holds more than
            `most_bytes` of CSV, or fifty times its own size.
    """
    with _decoder(most_bytes) as process:
        with suppress(BrokenPipeError), _pipe(process.stdin) as to:  # it ended before it had read all
            to.write(given.raw)
        found: list[bytes] = []
        size = 0
        with _pipe(process.stdout) as out:
            while piece := out.read(_PIECE):
                found.append(piece)
                size += len(piece)
                check_expansion(given, size, len(given.raw), most_bytes)
        with _pipe(process.stderr) as said:
            sentence = said.read(_PIECE).decode(errors="replace").strip()
        _check_ended_well(given.name, process.wait(), sentence)
    return b"".join(found)


def _check_ended_well(name: str, code: int, sentence: str) -> None:
    if code == SAID:
        raise DeliveryRefused(sentence)
    if code < 0 or code == TOO_MUCH:
        raise DeliveryRefused(f"{name} takes more to unpack than any feed does. Send it as CSV.")
    if code:
        raise DeliveryRefused(f"{name} begins like a Parquet file and cannot be read as one.")


@contextmanager
def _decoder(most_bytes: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run `contactpoint.supply.parquet_decoder`; however the block ends, it has ended then."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - a program of our own, and a number
        [sys.executable, "-P", "-m", "contactpoint.supply.parquet_decoder", str(4 * most_bytes + _ROOM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment | {"POLARS_MAX_THREADS": "1"},
        cwd="/",
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


@contextmanager
def _pipe(pipe: IO[bytes] | None) -> Iterator[IO[bytes]]:
    if pipe is None:
        message = "Every stream of the process is a pipe."
        raise TypeError(message)
    with pipe:
        yield pipe
