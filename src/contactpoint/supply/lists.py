"""Read a file of authorities, schools or practices into rows; whether they are right is the domain's."""

import numpy as np

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.reference_lists import COLUMNS, MOST_BYTES, MOST_ROWS, ListRow, row_of
from contactpoint.supply.scan import scan_csv


def read_list(data: bytes) -> tuple[ListRow, ...]:
    """Every row of a list.

    Raises:
        DeliveryRefused: the file cannot be read: too large, no CSV, other columns, or a row with other cells.
    """
    if len(data) > MOST_BYTES:
        raise DeliveryRefused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. No list is so long.")
    scan = scan_csv(data)
    if tuple(name.lower() for name in scan.header) != COLUMNS:
        raise DeliveryRefused(f"The first line must be: {','.join(COLUMNS)}")
    if not len(scan.starts):
        raise DeliveryRefused("The file names nobody. A list with no rows would close them all.")
    if len(scan.starts) > MOST_ROWS:
        raise DeliveryRefused(f"The file has {len(scan.starts):,} rows. A list has {MOST_ROWS:,} at most.")
    misfits = np.flatnonzero(scan.cells != len(COLUMNS))
    if len(misfits):
        line, cells = scan.lines[misfits[0]], scan.cells[misfits[0]]
        raise DeliveryRefused(f"Line {line} has {cells} cells, where the first line has {len(COLUMNS)}.")
    return tuple(row_of(COLUMNS, int(line), scan.text_of(at)) for at, line in enumerate(scan.lines))
