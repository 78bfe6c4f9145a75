"""Read a file of authorities, schools, practices or wards into rows; if they are right the domain says."""

import numpy as np

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.reference_lists import (
    MOST_BYTES,
    MOST_ROWS,
    ListKind,
    ListRow,
    columns_of,
    row_of,
)
from contactpoint.supply.scan import scan_csv


def read_list(kind: ListKind, data: bytes) -> tuple[ListRow, ...]:
    """Every row of a list.

    Raises:
        DeliveryRefused: the file cannot be read: too large, no CSV, other columns, or a row with other cells.
    """
    if len(data) > MOST_BYTES:
        raise DeliveryRefused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. No list is so long.")
    scan, columns, most = scan_csv(data), columns_of(kind), MOST_ROWS[kind]
    if tuple(name.lower() for name in scan.header) != columns:
        raise DeliveryRefused(f"The first line must be: {','.join(columns)}")
    if not len(scan.starts):
        raise DeliveryRefused("The file names nobody. A list with no rows would close them all.")
    if len(scan.starts) > most:
        raise DeliveryRefused(f"The file has {len(scan.starts):,} rows. A list has {most:,} at most.")
    misfits = np.flatnonzero(scan.cells != len(columns))
    if len(misfits):
        line, cells = scan.lines[misfits[0]], scan.cells[misfits[0]]
        raise DeliveryRefused(f"Line {line} has {cells} cells, where the first line has {len(columns)}.")
    return tuple(row_of(columns, int(line), scan.text_of(at)) for at, line in enumerate(scan.lines))
