"""May this viewer do this? Default deny; forbid beats permit; the rules that decided are returned."""

from collections.abc import Sequence
from dataclasses import dataclass

from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import PERMISSION_WORDS
from contactpoint.domain.disclosure.policies import RULES, AccessRequest, Rule, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Allowed, or refused with a sentence; `rules` are those that decided.

    A refusal is a value and never an exception, because raising would roll its audit event back.
    """

    refusal: Refusal | None
    rules: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Say whether it may be done."""
        return self.refusal is None


def authorise(request: AccessRequest, rules: Sequence[Rule] = RULES) -> Decision:
    """Ask every rule. One that forbids decides against; none that permits decides against too."""
    verdicts = [verdict for rule in rules if (verdict := rule(request)) is not None]
    forbidding = [verdict for verdict in verdicts if not verdict.permits]
    if forbidding:
        deciding = tuple(dict.fromkeys(verdict.rule for verdict in forbidding))
        first = forbidding[0]
        return Decision(
            refusal=Refusal(sentence=sentence(request, first), rules=deciding, way_on=first.way_on),
            rules=deciding,
        )
    if not verdicts:
        refusal = Refusal(
            sentence=f"You cannot {PERMISSION_WORDS[request.permission]} in the role you are acting in.",
            rules=("R1",),
            way_on="Change role, or ask your manager which role you need.",
        )
        return Decision(refusal=refusal, rules=refusal.rules)
    return Decision(refusal=None, rules=tuple(dict.fromkeys(verdict.rule for verdict in verdicts)))
