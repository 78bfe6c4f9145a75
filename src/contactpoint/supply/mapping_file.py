"""Read a source's mapping file, or say line by line what is wrong with it (see supply/mapping.py)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.source_mappings import MOST_BYTES, MOST_FAULTS, MappingFault
from contactpoint.supply.columns import Column, Form
from contactpoint.supply.contracts import Contract
from contactpoint.supply.mapping import AS_DECLARED, FeedMapping
from contactpoint.supply.read import LINE, REJECT_COLUMNS

_KEYS: Final = ("columns", "dates", "values", "not_sent")
_DATES: Final = frozenset({Form.DATE, Form.PARTIAL_DATE})
_CODED: Final = frozenset({Form.CODE, Form.FLAG, Form.SERVICE, Form.ORGANISATION})
_DATE: Final = re.compile(r"(%[dmyYbB]|[ ./,-])+")
_DAY, _MONTH, _YEAR = frozenset("d"), frozenset("mbB"), frozenset("yY")
_LONGEST: Final = 80
_MOST_JOINED: Final = 10
_TABLE: Final = re.compile(r"\s*\[([^\[\]]+)\]")
_KEY: Final = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*=""")
# A word that says no may be blank with us. Any other stays, and is rejected where it is not Y: the mark that
# a child's whereabouts are hidden is neither left out nor said away (R27).
_NO: Final = frozenset({"n", "no", "0", "f", "false"})
MARK: Final = "restricted"
MARK_ALONE: Final = "It marks children whose whereabouts are hidden, and cannot be read as anything else."

_Faults = Iterator[MappingFault]


def mapping_of(text: str, contract: Contract) -> FeedMapping:
    """The mapping that a text says; of an empty one, the contract's own names.

    Raises:
        DeliveryRefused: it does not fit the contract, which has become another since it was agreed.
    """
    if not text:
        return AS_DECLARED
    found = read_mapping(text, contract)
    if isinstance(found, FeedMapping):
        return found
    raise DeliveryRefused(
        f"The mapping of this source does not fit {contract.title} any more (line {found[0].line}, "
        f"{found[0].field}): {found[0].reason} "
        "Whoever runs the feed has to try another."
    )


def text_of(data: bytes) -> str | MappingFault:
    """The text of a mapping file, exactly; a fault where it is none."""
    if len(data) > MOST_BYTES:
        return MappingFault(reason=f"The file is larger than {MOST_BYTES // 1024} kB. No mapping is so long.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return MappingFault(reason="The file is not text in UTF-8. Save it as UTF-8.")


def read_mapping(text: str, contract: Contract) -> FeedMapping | tuple[MappingFault, ...]:
    """A mapping; or everything that is wrong with it, by line."""
    try:
        body = tomllib.loads(text)
    except RecursionError:
        return (MappingFault(reason="It is nested deeper than any mapping."),)
    except ValueError as fault:  # of TOML, or a number longer than any
        return (_no_toml(str(fault)),)
    faults = tuple(islice(_File(text, body, contract).faults(), MOST_FAULTS + 1))
    if faults:
        return faults
    return FeedMapping(
        columns={name: _texts(given) for name, given in body.get("columns", {}).items()},
        not_sent=frozenset(body.get("not_sent", ())),
        dates=dict(body.get("dates", {})),
        values={name: dict(given) for name, given in body.get("values", {}).items()},
    )


def _no_toml(said: str) -> MappingFault:
    where = re.search(r"\(at line (\d+), column \d+\)", said)
    line = int(where[1]) if where else 0
    if said.startswith("Cannot overwrite"):
        return MappingFault(line=line, reason="It names the same thing twice.")
    said = said.partition(" (at ")[0][:120]
    return MappingFault(line=line, reason=f"It is not TOML: {said}. Text stands in quotation marks.")


class _File:
    """One mapping file while it is looked at."""

    def __init__(self, text: str, body: dict[str, Any], contract: Contract) -> None:
        self._body = body
        self._contract = contract
        self._known = {column.name: column for column in contract.columns}
        self._lines = dict(_lines(text))

    def faults(self) -> _Faults:
        """Everything that is wrong, in the order of what is there to name."""
        shapes = [*self._shapes()]
        yield from shapes
        if shapes:
            return
        for key in ("columns", "dates", "values"):
            for name in self._body.get(key, {}):
                if name not in self._known:
                    yield self._unknown(key, name)
        yield from self._not_sent()
        for name, given in self._body.get("columns", {}).items():
            yield from self._their_columns(name, given)
        yield from self._twice()
        for name, form in self._body.get("dates", {}).items():
            yield from self._date(name, form)
        for name, values in self._body.get("values", {}).items():
            yield from self._values(name, values)

    def _at(self, table: str, name: str, reason: str) -> MappingFault:
        above, _, last = table.rpartition(".")
        places = ((table, name), (f"{table}.{name}".lstrip("."), None), (above, last), (table, None))
        line = next((self._lines[place] for place in places if place in self._lines), 0)
        return MappingFault(line=line, field=name[:_LONGEST], reason=reason)

    def _shapes(self) -> _Faults:
        for key, given in self._body.items():
            if key not in _KEYS:
                yield self._at("", key, f"A mapping may hold {', '.join(_KEYS)}, and nothing else.")
            elif key == "not_sent":
                if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
                    yield self._at("", key, 'It is a list of names: not_sent = ["known_as"]')
            elif not isinstance(given, dict):
                yield self._at("", key, f"It is a table: write [{key}] above its lines.")
        values = self._body.get("values", {})
        for name, given in values.items() if isinstance(values, dict) else ():
            if not isinstance(given, dict) or not all(isinstance(ours, str) for ours in given.values()):
                yield self._at(
                    "values", name, f"Write [values.{name}], and below it theirs = ours in quotes."
                )

    def _unknown(self, key: str, name: str) -> MappingFault:
        like = get_close_matches(name[:_LONGEST], self._known, n=1)
        meant = f" Did you mean {like[0]}?" if like else " Its columns are listed where a mapping is tried."
        return self._at(key, name, f"{self._contract.title} has no such column.{meant}")

    def _not_sent(self) -> _Faults:
        for name in self._body.get("not_sent", ()):
            column = self._known.get(name)
            if column is None:
                yield MappingFault(
                    line=self._lines.get(("", "not_sent"), 0),
                    field=name[:_LONGEST],
                    reason=f"{self._contract.title} has no such column, so it need not be left out.",
                )
            elif column.required or name == MARK:
                yield MappingFault(
                    line=self._lines.get(("", "not_sent"), 0),
                    field=name,
                    reason="Every file has to have this column: it cannot be left out.",
                )

    def _their_columns(self, name: str, given: Any) -> _Faults:  # noqa: ANN401 - TOML
        listed = given if isinstance(given, list) else [given]
        if not listed or not all(isinstance(theirs, str) for theirs in listed):
            yield self._at("columns", name, 'Say what the source calls it: ours = "theirs".')
            return
        if len(listed) > _MOST_JOINED:
            yield self._at("columns", name, f"More than {_MOST_JOINED} columns are joined.")
        for theirs in listed[:_MOST_JOINED]:
            if reason := _is_no_name(theirs, name):
                yield self._at("columns", name, reason)

    def _twice(self) -> _Faults:
        said = self._body.get("columns", {})
        left_out = set(self._body.get("not_sent", ()))
        for name in said:
            if name in left_out:
                yield self._at("columns", name, "It is named here, and not_sent says that it is not there.")
        whose: dict[str, str] = {}
        for name in [*said, *(name for name in self._known if name not in said)]:
            listed = () if name in left_out else _texts(said.get(name, name))
            for theirs in listed:
                first = whose.setdefault(theirs, name)
                if first != name or listed.count(theirs) > 1:
                    where = first if name not in said else name
                    other = name if where == first else first
                    yield self._at("columns", where, f"Its column {theirs!r} is read as {other} too.")
                    break

    def _date(self, name: str, form: Any) -> _Faults:  # noqa: ANN401 - TOML
        column = self._known.get(name)
        if column is None:
            return
        if column.form not in _DATES:
            yield self._at("dates", name, "It holds no date.")
        elif not isinstance(form, str) or not _is_date(form):
            reason = (
                'Say where day, month and year stand: "%d/%m/%Y" for 27/03/2019, "%d-%b-%y" for 27-Mar-19.'
            )
            yield self._at("dates", name, reason)

    def _values(self, name: str, values: Mapping[str, str]) -> _Faults:
        column = self._known.get(name)
        if column is None:
            return
        table = f"values.{name}"
        if column.form not in _CODED:
            yield self._at(
                "values", name, "It holds no code: only the values of codes can be said in other words."
            )
            return
        for theirs, ours in values.items():
            if not theirs.strip():
                yield self._at(table, theirs, "A blank stays blank.")
            elif name == MARK and ours != "Y" and theirs.strip().lower() not in _NO:
                reason = (
                    f"{theirs!r} may mark a child whose whereabouts are hidden: only a plain no is blank."
                )
                yield self._at(table, theirs, reason)
            elif (may := _may_be(column, self._contract)) is not None and ours not in may:
                words = ", ".join(one for one in may if one)
                yield self._at(
                    table, theirs, f"{ours[:40]!r} is none of ours. It must be one of: {words}; or blank."
                )


def _texts(given: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML
    """The names that are text; what is not, and what is too much, has its own fault."""
    listed = given[:_MOST_JOINED] if isinstance(given, list) else [given]
    return tuple(theirs for theirs in listed if isinstance(theirs, str))


def _is_no_name(theirs: str, ours: str) -> str:
    """Why a source cannot call a column so; empty where it can."""
    if not 0 < len(theirs) <= _LONGEST or theirs != theirs.strip() or not theirs.isprintable():
        return f"The name of a column has 1 to {_LONGEST} visible characters."
    if theirs == MARK != ours:
        return MARK_ALONE
    if theirs == LINE or theirs in REJECT_COLUMNS:
        return f"A column of a file cannot be called {theirs}."
    return ""


def _may_be(column: Column, contract: Contract) -> tuple[str, ...] | None:
    """What a coded column may say; None where that is known only when a file is read."""
    match column.form:
        case Form.FLAG:
            return ("Y", "")
        case Form.SERVICE:
            return (*contract.services, "")
        case Form.CODE:
            return (*column.codes, "")
        case _:
            return None


def _is_date(form: str) -> bool:
    """Whether it says day, month and year, each once, and nothing else."""
    if len(form) > 20 or not _DATE.fullmatch(form):
        return False
    letters = form.replace("%%", "").split("%")[1:]
    said = [piece[0] for piece in letters]
    return all(sum(one in kind for one in said) == 1 for kind in (_DAY, _MONTH, _YEAR)) and len(said) == 3


def _lines(text: str) -> Iterator[tuple[tuple[str, str | None], int]]:
    """On which line each table begins and each key stands, as far as a line by itself tells."""
    table = ""
    where: tuple[str, str | None]
    seen: set[tuple[str, str | None]] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if begins := _TABLE.match(line):
            table = ".".join(part.strip().strip("\"'") for part in begins[1].split("."))
            where = (table, None)
        elif key := _KEY.match(line):
            where = (table, key[1].strip("\"'"))
        else:
            continue
        if where not in seen:
            seen.add(where)
            yield where, number
