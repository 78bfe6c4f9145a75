"""`python -m contactpoint.supply.parquet_decoder BYTES`: Parquet as input, CSV as output.

It may use that much memory and no more, and ends by itself after ten minutes of work.
"""

import io
import resource
import sys
from typing import Final

from contactpoint.supply.parquet import SAID, TOO_MUCH
from contactpoint.supply.scan import MOST_COLUMNS

_SECONDS: Final = 600


def main() -> None:
    """Decode within bounds; a panic of the decoder is one more way in which a file can be damaged."""
    most = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _decode()
    except SystemExit:
        raise
    except BaseException as error:  # a panic of Rust is no Exception
        if isinstance(error, MemoryError) or "allocate" in str(error):
            raise SystemExit(TOO_MUCH) from None
        raise


def _decode() -> None:
    """Decode a piece at a time, so that only what is asked for lies in memory."""
    import polars as pl

    def as_text(name: str, kind: pl.DataType) -> pl.Expr:
        cell = pl.col(name)
        if kind == pl.Boolean():
            return pl.when(cell).then(pl.lit("Y")).otherwise(None).alias(name)
        if isinstance(kind, pl.Datetime):
            return cell.dt.date().cast(pl.String())
        return cell.cast(pl.String())

    frame = pl.scan_parquet(io.BytesIO(sys.stdin.buffer.read()))
    schema = frame.collect_schema()
    if len(schema) > MOST_COLUMNS:
        _refuse(
            f"The file has {len(schema):,} columns. No feed has more than {MOST_COLUMNS}: this is another "
            "file."
        )
    nested = [name for name, kind in schema.items() if kind.is_nested() or kind == pl.Binary()]
    if nested:
        _refuse(f"Column {nested[0][:40]} holds lists, structures or bytes. Send text.")
    columns = [as_text(name, kind) for name, kind in schema.items()]
    frame.select(columns).sink_csv(sys.stdout.buffer, engine="streaming")
    sys.stdout.buffer.flush()


def _refuse(sentence: str) -> None:
    sys.stderr.write(sentence)
    raise SystemExit(SAID)


if __name__ == "__main__":
    main()
