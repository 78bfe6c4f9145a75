"""Whether this release reads what two people agreed under an earlier one: model and mappings.

Asked before anything is upgraded or started, as a release that cannot says so only when it comes to it.
"""

from collections.abc import Iterator
from typing import Final

import psycopg

from contactpoint.cli.findings import Finding, judged

_THERE: Final = "SELECT to_regclass(%s) IS NOT NULL"
_MODEL: Final = "SELECT version, body FROM model_version WHERE state = 'in_force'"
_MAPPINGS: Final = """
    SELECT m.source_id, s.contract, m.text FROM source_mapping m JOIN source s ON s.code = m.source_id
    WHERE m.state = 'in_force' ORDER BY m.source_id
"""


def agreed_findings(connection: psycopg.Connection) -> Iterator[Finding]:
    """Both, where the tables are there: an older release may have had none."""
    if _has(connection, "model_version"):
        yield model_finding(connection)
    if _has(connection, "source_mapping"):
        yield mappings_finding(connection)


def model_finding(connection: psycopg.Connection) -> Finding:
    """Whether this release can decide and search with the model in force."""
    from contactpoint.domain.errors import InvalidInput
    from contactpoint.linking.model.checking import check_model

    row = connection.execute(_MODEL).fetchone()
    if row is None:
        return Finding(check="matching model", state="ok", found="the one that comes with the project")
    version, body = row
    do = (
        "run the release that it was agreed under and put the model before it back there, or have one agreed "
        "that both read; where the tables are upgraded already, first restore the backup that was made then"
    )
    try:
        check_model(body.encode())
    except InvalidInput as fault:
        found = f"this release cannot use {version}, which is in force: {fault}"
        return Finding(check="matching model", state="wrong", found=found, do=do)
    return Finding(check="matching model", state="ok", found=f"{version}, which two people agreed to")


def mappings_finding(connection: psycopg.Connection) -> Finding:
    """Whether every mapping in force still fits its contract."""
    from contactpoint.domain.errors import DeliveryRefused
    from contactpoint.supply.contracts import contract_named
    from contactpoint.supply.mapping_file import mapping_of

    rows = connection.execute(_MAPPINGS).fetchall()
    misfits = []
    for source, contract, text in rows:
        try:
            mapping_of(text, contract_named(contract))
        except DeliveryRefused as fault:
            misfits.append(f"{source}: {fault}")
    found = " ".join(misfits) if misfits else f"{len(rows)} in force, each fits its contract"
    do = (
        "on the feed's page, under 'How its files are read', try a mapping that fits and have it agreed; "
        "until then its files are refused"
    )
    return judged("mappings", not misfits, found, do)


def _has(connection: psycopg.Connection, table: str) -> bool:
    row = connection.execute(_THERE, [table]).fetchone()
    return row is not None and bool(row[0])
