"""How many records that are held a file would change, and in which fields: counts alone, and no small one.

Whoever reads them may not know of a child that is protected, so that records of such children are not handed
in here, and every count is to the nearest hundred (ADR 40, 41).
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from contactpoint.domain.matching_models import told
from contactpoint.domain.source_mappings import HeldChanges
from contactpoint.supply.contracts import Contract
from contactpoint.supply.mapping_file import MARK
from contactpoint.supply.stage import source_records
from contactpoint.supply.validate import Validated

INVOLVEMENTS: Final = "involvements"
_AT_ONCE: Final = 5_000

Facts = Mapping[str, Any]
HeldFacts = Callable[[Sequence[str]], Mapping[str, Facts]]
"""What is held of some of a source's records, by local id: feed columns, and involvements as a list."""


class Comparison:
    """Counts, piece by piece, the records of a file that are held, and those of them that would change."""

    def __init__(self, contract: Contract, held: HeldFacts) -> None:
        self._contract = contract
        self._held = held
        self._fields = [name for name in contract.identity if name != MARK]
        self._seen: set[str] = set()
        self._different = 0
        self._by_field: Counter[str] = Counter()

    def add(self, checked: Validated) -> None:
        """Compare one piece; a record that is rejected changes nothing."""
        records = source_records(checked, self._contract)
        said = records.filter(~records["rejected"]).select("local_id", "facts", "involvements").rows()
        for first in range(0, len(said), _AT_ONCE):
            part = said[first : first + _AT_ONCE]
            known = self._held([local_id for local_id, _, _ in part])
            for local_id, facts, involvements in part:
                if local_id in known and local_id not in self._seen:
                    self._seen.add(local_id)
                    self._compare(known[local_id], json.loads(facts), json.loads(involvements))

    def told(self) -> HeldChanges:
        """The counts as anybody may read them; a field of few is not named."""
        fields = ((name, told(self._by_field[name])) for name in (*self._fields, INVOLVEMENTS))
        return HeldChanges(
            held=told(len(self._seen)),
            different=told(self._different),
            fields=tuple((name, count) for name, count in fields if count is not None),
        )

    def _compare(self, held: Facts, said: Facts, involvements: Sequence[Facts]) -> None:
        different = [name for name in self._fields if (held.get(name) or None) != said.get(name)]
        if _in_order(held.get(INVOLVEMENTS, [])) != _in_order(involvements):
            different.append(INVOLVEMENTS)
        self._different += bool(different)
        self._by_field.update(different)


def _in_order(involvements: Sequence[Facts]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in involvements)
