"""Work done in processes of their own while the caller goes on: the same answers, in the same order.

Each helper is a fresh Python (`python -m` this module) that is told over a pipe what to do. It holds nothing
but what it is sent, speaks with nobody else, and ends when its pipe does: with its caller, however that ends.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

_MODULE: Final = "contactpoint.actions.find.aside"
_PATIENCE: Final = 10.0  # seconds a helper has to end after its pipe did
# Instead of the caller's keys and password: settings ask for some, and a helper needs none.
_NOBODYS: Final = {
    "CONTACTPOINT_SECRET_KEY": "a helper signs and encrypts nothing",
    "CONTACTPOINT_PAIR_KEY": "",
    "CONTACTPOINT_SEAL_KEY": "",
    "CONTACTPOINT_AUDIT_KEY": "",
    "CONTACTPOINT_EMAIL": "",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}

Setting = TypeVar("Setting")
Item = TypeVar("Item")
Done = TypeVar("Done")


def done_aside(
    work: Callable[[Setting, Item], Done], setting: Setting, items: Iterable[Item], *, helpers: int
) -> Iterator[tuple[Item, Done]]:
    """Yield each item with `work(setting, item)`, in the order of `items`.

    Each helper has one item at a time; the next is read, and the last answer used, while it works. What a
    helper does not answer, because it was killed or `work` failed, is done here: an error is the caller's
    own to see, and is printed nowhere else.

    Args:
        work: a function of a module, so that a helper can find it by its name.
        setting: what is the same for all items; sent once.
        items: whatever `work` takes; read one by one.
        helpers: how many, at least one.
    """
    with ExitStack() as stack:
        busy: list[tuple[_Helper[Setting, Item, Done], Item]] = []
        for item in items:
            if len(busy) < helpers:
                helper, answered = stack.enter_context(_Helper(work, setting)), None
            else:
                helper, sent = busy.pop(0)
                answered = (sent, helper.answer(sent))
            helper.ask(item)
            busy.append((helper, item))
            if answered:
                yield answered
        for helper, sent in busy:
            yield sent, helper.answer(sent)


class _Helper(Generic[Setting, Item, Done]):
    """One process, and the pipes to and from it."""

    def __init__(self, work: Callable[[Setting, Item], Done], setting: Setting) -> None:
        self._work, self._setting = work, setting
        self._process = subprocess.Popen(  # noqa: S603 - this Python, this module
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what goes wrong may name a child
            env=os.environ | _NOBODYS,
        )
        self._tell((work, setting))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):
                pipe.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, item: Item) -> None:
        """Give it an item to work on."""
        self._tell(item)

    def answer(self, item: Item) -> Done:
        """Wait for what it makes of the item it has; make it here if it does not answer."""
        try:
            answer: Done = pickle.load(self._process.stdout)  # type: ignore[arg-type] # noqa: S301 - our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._work(self._setting, item)
        return answer

    def _tell(self, what: object) -> None:
        with suppress(OSError):  # one that has ended does not answer either
            pickle.dump(what, self._process.stdin, pickle.HIGHEST_PROTOCOL)  # type: ignore[arg-type]
            self._process.stdin.flush()  # type: ignore[union-attr]


def _help() -> None:
    """Be a helper: answer until there is nobody to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the caller ends us through the pipe
    import django

    django.setup()
    gc.disable()  # the work makes no cycles, and looking for them costs as much again
    with suppress(EOFError, BrokenPipeError):
        work, setting = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own caller
        while True:
            item = pickle.load(sys.stdin.buffer)  # noqa: S301
            pickle.dump(work(setting, item), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    _help()
