"""One walk over a log: two trees, equal until a leaf and its second copy disagree; see verify.py."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from contactpoint.domain.audit.bodies import Bodies
from contactpoint.domain.audit.canonical import leaf_bytes, parse_leaf
from contactpoint.domain.audit.checkpoint import Checkpoint, open_checkpoint
from contactpoint.domain.audit.evidence import Entry, StoredCheckpoint, UnsealedEvent
from contactpoint.domain.audit.keys import KeyChain
from contactpoint.domain.audit.report import Fault, Report
from contactpoint.domain.audit.tree import CompactRange, leaf_hash, node_hash
from contactpoint.domain.errors import InvalidInput

_MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head to hold the log against: our own as stored, or one kept elsewhere (already opened)."""

    size: int
    stored: StoredCheckpoint | None = None
    kept: Checkpoint | None = None


@dataclass(slots=True)
class _Tree:
    """A growing compact range: plain lists, because a log has millions of leaves."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def push(self, value: bytes) -> None:
        level = self.size
        while level & 1:
            value = node_hash(self.hashes.pop(), value)
            level >>= 1
        self.hashes.append(value)
        self.size += 1

    def root(self) -> bytes:
        return CompactRange(size=self.size, hashes=tuple(self.hashes)).root()

    def copy(self) -> "_Tree":
        return _Tree(self.size, list(self.hashes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suspect:
    """An entry whose leaf and second copy disagree; the next signed root tells which was altered."""

    seq: int
    event_id: UUID | None
    second: str


@dataclass(slots=True, kw_only=True)
class Walk:
    """The state of one verification: two trees, equal until a leaf and its second copy disagree."""

    keys: KeyChain
    published: bool
    next_seq: int = 0
    tree: _Tree = field(default_factory=_Tree)
    second: _Tree | None = None
    suspects: list[_Suspect] = field(default_factory=list)
    checkpoints: int = 0
    signed_size: int = 0
    bodies: Bodies = field(default_factory=Bodies)
    agreed_size: int = 0
    is_lost: bool = False
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    def fault(
        self,
        what: str,
        *,
        seq: int | None = None,
        event_id: UUID | None = None,
        checkpoint: int | None = None,
    ) -> None:
        """Note one thing that is wrong."""
        self.fault_count += 1
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(what=what, seq=seq, event_id=event_id, checkpoint=checkpoint))

    def expect(self, entry: Entry) -> None:
        """Notice a gap before the entry. The tree then no longer has every leaf, until a head restores it."""
        if entry.seq != self.next_seq:
            first, last = self.next_seq, entry.seq - 1
            missing = "it is missing" if first == last else f"this and all up to {last} are missing"
            self.fault(missing, seq=first)
            self.next_seq = entry.seq

    def take(self, entry: Entry) -> None:
        """Check one entry by itself and add it to the trees."""
        value = leaf_hash(entry.leaf)
        event_id: UUID | None = None
        committed: bytes | None = None
        try:
            event_id, committed = parse_leaf(entry.leaf)
        except InvalidInput as error:
            if self.published:
                self.fault(str(error), seq=entry.seq)
        second = self._second_copy(entry, value)
        if self.tree.size == self.next_seq:
            self._grow(entry, event_id, value, second)
        elif second != value:
            self.fault("its leaf and its second copy disagree", seq=entry.seq, event_id=event_id)
        if entry.event is not None:
            may_answer_to = frozenset({entry.event.commitment, committed or entry.event.commitment})
            for what in self.bodies.check(entry.event, may_answer_to, seq=entry.seq):
                self.fault(what, seq=entry.seq, event_id=entry.event.event_id)
        self.next_seq += 1

    def _second_copy(self, entry: Entry, value: bytes) -> bytes:
        """Return the leaf hash that the entry's second copy makes, or the leaf's own where there is none."""
        if self.published:
            return value if entry.recorded_hash is None else entry.recorded_hash
        if entry.event is None:
            self.fault("its event is gone", seq=entry.seq)
            return value
        copy = leaf_bytes(entry.event.event_id, entry.event.commitment)
        return value if copy == entry.leaf else leaf_hash(copy)

    def _grow(self, entry: Entry, event_id: UUID | None, value: bytes, second: bytes) -> None:
        if second != value:
            if self.second is None:
                self.second = self.tree.copy()
            name = entry.event.event_id if entry.event is not None else event_id
            what = "its recorded hash" if self.published else "its event's row"
            self.suspects.append(_Suspect(seq=entry.seq, event_id=name, second=what))
        self.tree.push(value)
        if self.second is not None:
            self.second.push(second)

    def hold_against(self, head: Head) -> None:
        """Compare the tree so far with a signed head."""
        signed = head.kept if head.stored is None else self._opened(head.stored)
        if signed is None:
            return
        if head.size > self.next_seq:
            what = "kept outside" if head.kept is not None else "signed"
            self.fault(f"it was {what}, but only {self.next_seq} entries are there", checkpoint=head.size)
        elif self.tree.size == head.size and self.tree.root() == signed.root:
            self._settle(leaves_are_right=True)
        elif self.second is not None and self.second.root() == signed.root and self.second.size == head.size:
            self.tree = self.second
            self._settle(leaves_are_right=False)
        elif head.kept is not None:
            self.fault("the log does not begin with the one whose checkpoint was kept", checkpoint=head.size)
            return
        else:
            self._mismatch(head, signed)
        self.agreed_size = self.tree.size
        if head.stored is not None:
            self._check_subtrees(head.stored)

    def _opened(self, stored: StoredCheckpoint) -> Checkpoint | None:
        """Verify a stored head's own parts; None if nothing can be held against it."""
        self.checkpoints += 1
        try:
            signed = open_checkpoint(stored.note, self.keys.key_for(stored.size))
        except InvalidInput as error:
            self.fault(str(error), checkpoint=stored.size)
            return None
        if stored.root is not None and stored.root != signed.root:
            self.fault("its stored root was altered: it is not the signed one", checkpoint=stored.size)
        if signed.size != stored.size:
            self.fault(f"it was signed for {signed.size} entries, not {stored.size}", checkpoint=stored.size)
            return None
        self.signed_size = max(self.signed_size, signed.size)
        return signed

    def _settle(self, *, leaves_are_right: bool) -> None:
        for suspect in self.suspects:
            altered = suspect.second if leaves_are_right else "its leaf"
            self.fault(
                f"{altered} was altered: it is not what was signed",
                seq=suspect.seq,
                event_id=suspect.event_id,
            )
        self.suspects, self.second, self.is_lost = [], None, False

    def _mismatch(self, head: Head, signed: Checkpoint) -> None:
        """Say that neither tree has the signed root; go on from the head's own subtree roots if they fit."""
        if not self.is_lost and self.tree.size == head.size:
            self.fault(
                f"entries {self.agreed_size} to {head.size - 1} do not have the root that was signed",
                checkpoint=head.size,
            )
        self._doubt()
        restored = _restored(head, signed)
        self.is_lost = restored is None
        if restored is not None:
            self.tree = restored

    def _doubt(self) -> None:
        for suspect in self.suspects:
            self.fault(f"its leaf and {suspect.second} disagree", seq=suspect.seq, event_id=suspect.event_id)
        self.suspects, self.second = [], None

    def _check_subtrees(self, stored: StoredCheckpoint) -> None:
        if stored.subtrees is None or self.tree.size != stored.size:
            return
        if stored.subtrees != b"".join(self.tree.hashes):
            self.fault("its stored subtree roots were altered", checkpoint=stored.size)

    def finish(self) -> None:
        """Say what no signed head covers."""
        self._doubt()
        if self.next_seq > self.signed_size and not self.published:
            self.fault(
                f"this and all up to {self.next_seq - 1} stand under no signed head", seq=self.signed_size
            )

    def take_unsealed(self, unsealed: Iterable[UnsealedEvent]) -> tuple[int, datetime | None]:
        """Check the events that wait for a leaf; return how many, and since when the oldest waits.

        They come last: a purge that answers for a missing body may itself be among them.
        """
        count, oldest = 0, None
        for waiting in unsealed:
            count += 1
            event = waiting.event
            for what in self.bodies.check(event, frozenset({event.commitment}), seq=None):
                self.fault(what, event_id=event.event_id)
            if waiting.waiting_since is None:
                self.fault("it has no leaf and does not wait for one", event_id=event.event_id)
            elif oldest is None or waiting.waiting_since < oldest:
                oldest = waiting.waiting_since
        for event_id, seq in self.bodies.taken():
            self.fault("its body is gone, and no purge says so", seq=seq, event_id=event_id)
        return count, oldest

    def report(self, *, unsealed: int, oldest: timedelta | None) -> Report:
        """Say what was verified and what is wrong."""
        return Report(
            size=self.next_seq,
            root=self.tree.root(),
            checkpoints=self.checkpoints,
            signed_size=self.signed_size,
            bodies_gone=len(self.bodies.gone),
            unsealed=unsealed,
            oldest_unsealed=oldest,
            faults=tuple(self.faults),
            fault_count=self.fault_count,
        )


def _restored(head: Head, signed: Checkpoint) -> _Tree | None:
    """Return the tree that a head's stored subtree roots make, if it is the signed one."""
    if head.stored is None or head.stored.subtrees is None:
        return None
    try:
        subtrees = CompactRange.from_bytes(head.size, head.stored.subtrees)
    except InvalidInput:
        return None
    return _Tree(head.size, list(subtrees.hashes)) if subtrees.root() == signed.root else None
