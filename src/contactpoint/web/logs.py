"""Logs as JSON lines that hold no query string, no form value and no name.

Messages of other libraries are kept as their template ("Not Found: %s"), never filled in, and an exception as
its type and the places it passed through, never its message: either may quote what a person typed.
"""

import logging
import logging.config
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]


def _template_only(_logger: object, _method: str, event: Event) -> Event:
    """Replace a foreign message by its template."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and not event.get("_from_structlog", False):
        event["event"] = str(record.msg)
        event["logger"] = record.name
    return event


def _places_only(_logger: object, _method: str, event: Event) -> Event:
    """Replace an exception by its type and the functions it passed through."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        event["exception"] = info[0].__name__
        event["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(info[2])][-12:]
    return event


class _Stderr(logging.Handler):
    """Writes to standard error as it is now, not as it was when logging was set up."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
        except (OSError, ValueError):
            self.handleError(record)


def configure(_logging: Event | None = None) -> None:
    """Set up logging; Django calls it with its setting LOGGING, which is not used."""
    common: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=common,
        processors=[
            _template_only,
            _places_only,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = _Stderr()
    handler.setFormatter(formatter)
    logging.raiseExceptions = False  # what it prints when a line cannot be written quotes the line's values
    for name, level in (("contactpoint", logging.INFO), ("django", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
    # A page that is not there or a refused form is already one line of our own.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("django.security").setLevel(logging.ERROR)
