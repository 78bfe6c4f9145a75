"""Does each stored body make its commitment, say what its columns say, and go only by a recorded purge?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from contactpoint.domain.audit.canonical import commitment, decode
from contactpoint.domain.audit.events import PURGED_EVENTS, Action, AuditEvent
from contactpoint.domain.audit.evidence import SearchColumns, StoredEvent
from contactpoint.domain.errors import InvalidInput


@dataclass(slots=True)
class Bodies:
    """The bodies of one log: which are gone, and which of those some purge answers for.

    A body may be deleted, so that a child is forgotten (R47); but the purge is itself an event that names the
    events whose bodies it deleted, and a body that is gone without one was taken.
    """

    gone: dict[UUID, int | None] = field(default_factory=dict)
    purged: set[UUID] = field(default_factory=set)

    def check(self, event: StoredEvent, committed: frozenset[bytes], *, seq: int | None) -> Iterator[str]:
        """Yield what is wrong with a stored body, given the commitments it may answer to.

        There are two when leaf and event row disagree; the body then answers to the one that was not altered.
        """
        if event.body is None or event.salt is None:
            self.gone[event.event_id] = seq
            return
        try:
            if commitment(event.body, salt=event.salt) not in committed:
                yield "its body or salt was altered: they no longer make its commitment"
                return
            read = decode(event.body)
        except InvalidInput as error:
            yield str(error)
            return
        if read.event_id != event.event_id:
            yield f"its body is that of event {read.event_id}"
        if event.columns is not None:
            yield from _column_faults(read, event.columns)
        if read.action is Action.PURGED:
            yield from self._answer_for(read)

    def _answer_for(self, purge: AuditEvent) -> Iterator[str]:
        try:
            self.purged.update(named_by_purge(purge))
        except InvalidInput as error:
            yield str(error)

    def taken(self) -> Iterator[tuple[UUID, int | None]]:
        """Yield the events, with their numbers, whose bodies are gone and named by no purge."""
        for event_id, seq in self.gone.items():
            if event_id not in self.purged:
                yield event_id, seq


def named_by_purge(event: AuditEvent) -> tuple[UUID, ...]:
    """Return the events whose bodies a purge says it deleted.

    Raises:
        InvalidInput: the event is not a purge that names events.
    """
    named = event.details.get(PURGED_EVENTS)
    if event.action is not Action.PURGED or not isinstance(named, tuple):
        raise InvalidInput(f"A purge lists the ids of its events under '{PURGED_EVENTS}'.")
    try:
        return tuple(UUID(str(text)) for text in named)
    except ValueError:
        raise InvalidInput("A purge names an event by something that is not an id.") from None


def _column_faults(read: AuditEvent, columns: SearchColumns) -> Iterator[str]:
    pairs = {
        "time": (read.occurred_at, columns.occurred_at),
        "action": (read.action.value, columns.action),
        "outcome": (read.outcome.value, columns.outcome),
        "account": (read.actor.account, columns.account),
        "organisation": (read.actor.organisation, columns.organisation),
        "subjects": (read.subjects, columns.subjects),
    }
    for name, (said, stored) in pairs.items():
        if said != stored:
            yield f"its {name} column was altered: it no longer says what its body says"
