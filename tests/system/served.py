"""`python -m tests.system.served HOME [training]`: the product on a small England, until its input is closed.

A process of its own, because filling a directory decides which database this process's Django talks to.
Prints one line of JSON when the pages answer.
"""

import json
import sys
from pathlib import Path

from contactpoint.cli.directory import Directory
from contactpoint.cli.filling import England, fill
from contactpoint.cli.home import make_home, training_key
from contactpoint.cli.postgres import free_port
from contactpoint.cli.processes import ProcessTree

# A seed whose 1,200 children hold some whose whereabouts are protected, and twins.
SMALL = England(children=1200, authorities="2", seed=7)
# Enough to practise on.
SMALLEST = England(children=300, authorities="2", seed=8)


def main() -> None:
    home = make_home(Path(sys.argv[1]))
    is_for_training = sys.argv[2:] == ["training"]
    if is_for_training:
        training_key(home)
    with Directory(home, throwaway=True) as directory:
        england = fill(directory, SMALLEST if is_for_training else SMALL)
        tree = ProcessTree(directory, port=free_port())
        try:
            tree.start()
            print(json.dumps({"address": tree.address, "england": str(england)}), flush=True)
            sys.stdin.read()
        finally:
            tree.stop()


if __name__ == "__main__":
    main()
