"""What is held of a source's records, for counting what a file would change of them (worker)."""

import json
from collections.abc import Sequence
from typing import Any, Final

from contactpoint.storage.asking import fetch

# Whoever reads the counts may not know of a child that is protected or archived, of what waits in quarantine
# or of a sealed identity: such records are not even compared, nor those of a child whom no search finds.
_HELD: Final = """
    SELECT r.local_id, v.facts::text FROM source_record r
    JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    WHERE r.source_id = %s AND r.local_id = ANY(%s) AND r.withdrawn_at IS NULL AND NOT r.sealed
        AND v.sealed_with IS NULL AND NOT v.sealed
        AND EXISTS (SELECT FROM search_identity i WHERE i.child_id = r.child_id)
        AND NOT EXISTS (SELECT FROM search_identity i WHERE i.child_id = r.child_id AND i.shielded)
"""


def held_facts(source: str, local_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the facts of those records of a source that are held and may be told of, by local id."""
    return {local_id: json.loads(facts) for local_id, facts in fetch(_HELD, source, list(local_ids))}
