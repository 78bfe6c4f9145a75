"""How much was compared: counted by the suite as it runs, added up over its tests, and said at the end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.factories.two_worlds.looking import World

NAME: Final = "two worlds"
"""The property of a test under which it tells this."""
_DESK: Final = "desk: "
# The same in every test; everything else is added up.
_SAME: Final = ("accounts", "roles")


class Tally(Counter[str]):
    """The counts of one test."""

    def looked_at(self, world: "World") -> None:
        """Count one world, once everybody has looked."""
        self["worlds"] += 1
        self["requests"] += sum(world.met.values())
        self["shown"] += len(world.seen.shown)
        self["commands"] += world.typed
        self.update({_DESK + what: times for what, times in world.decided.items()})


def summary(tallies: Iterable[Mapping[str, int]]) -> list[str]:
    """What is said at the end of all of them; nothing where nothing was compared."""
    told, every = Counter[str](), list(tallies)
    for one in every:
        told.update(one)
    told.update({name: max(one.get(name, 0) for one in every) - told[name] for name in _SAME if every})
    if not told["worlds"]:
        return []
    compared = (
        f"{told['worlds']:,} worlds were made, and {told['comparisons']:,} times two of them were compared "
        f"byte for byte: {told['shown']:,} pages, printouts and deliveries, with statements and log lines."
    )
    done = (
        f"{told['accounts']:,} accounts of {told['roles']:,} roles, and a stranger, sent "
        f"{told['requests']:,} requests; {told['moves']:,} moves were drawn at random, "
        f"{told['commands']:,} commands typed."
    )
    acts = sorted(name for name in told if name.startswith(_DESK))
    return [compared, done, *(f"The desk {name.removeprefix(_DESK)}: {told[name]:,} times." for name in acts)]
