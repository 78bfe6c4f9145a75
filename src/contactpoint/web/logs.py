"""Logs as JSON lines that hold no query string, no form value and no name.

Messages of other libraries are kept as their template ("Not Found: %s"), never filled in; one that has no
template may have been filled in before, so that only where it was said is kept. An exception is its type and
the places it passed through, never its message: either may quote what a person typed.
"""

import logging
import logging.config
import sys
import threading
from collections.abc import MutableMapping
from typing import Any

import structlog

from contactpoint.domain.errors import Misconfigured, places_of

Event = MutableMapping[str, Any]
OURS = {"contactpoint": logging.INFO, "django": logging.WARNING, "gunicorn.error": logging.INFO}


def _template_only(_logger: object, _method: str, event: Event) -> Event:
    """Replace a foreign message by its template, or by the place it comes from."""
    record, filled_in = event.get("_record"), event.pop("positional_args", ())
    if isinstance(record, logging.LogRecord) and not event.get("_from_structlog", False):
        is_template = isinstance(record.msg, str) and bool(filled_in)
        event["event"] = record.msg if is_template else f"{record.module}:{record.lineno} {record.funcName}"
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
        event["at"] = list(places_of(info[1]))
    return event


class _Stderr(logging.Handler):
    """Writes to standard error as it is now, not as it was when logging was set up."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
        except (OSError, ValueError):
            self.handleError(record)


def _last_words(kind: type[BaseException], error: BaseException | None, _trace: object) -> None:
    """What is written of a process or a thread that ends by an exception: one line like any other."""
    if error is None or issubclass(kind, KeyboardInterrupt):
        return
    said = {"said": str(error)} if isinstance(error, Misconfigured) else {}  # a setting, and about nobody
    structlog.stdlib.get_logger("contactpoint").critical("ended_by_exception", exc_info=error, **said)


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
        pass_foreign_args=True,
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
    for name, level in OURS.items():
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
    root = logging.getLogger()  # whatever else is said, by any library
    root.handlers[:] = [*(one for one in root.handlers if not isinstance(one, _Stderr)), handler]
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _last_words
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda died: _last_words(died.exc_type, died.exc_value, died.exc_traceback)
    # A page that is not there or a refused form is already one line of our own.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("django.security").setLevel(logging.ERROR)
