"""The page of a refusal: the sentence, the rule, the way on."""

from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.presenters.messages import FIND_AGAIN, URGENT, MessagePage


def refused_page(refusal: Refusal) -> MessagePage:
    """A refusal names the rule and the way on."""
    return MessagePage(
        title="We cannot show you this",
        lines=(refusal.sentence, refusal.way_on, URGENT),
        rules=f"{'Rule' if len(refusal.rules) == 1 else 'Rules'}: {', '.join(refusal.rules)}."
        if refusal.rules
        else "",
        links=(FIND_AGAIN,),
    )
