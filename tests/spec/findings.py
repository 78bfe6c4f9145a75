"""What critics of the first ContactPoint found, what follows from it here, where it lives and what tests it.

Part of docs/rules, which `python -m tests.spec.rules` writes.
"""
# ruff: noqa: E501 - a table reads best in its rows

from typing import Final, NamedTuple


class Finding(NamedTuple):
    """One finding. What follows is in the code and pages named, and would be missed by the tests."""

    found: str
    published: str
    follows: str
    lives: tuple[str, ...]
    tests: tuple[str, ...]


FINDINGS: Final = (
    Finding(
        "What came in of shielded children made unshielded doubles; adopted children stood under both names; feeds were paused.",
        "Digital Health and Community Care, 2009",
        "Matching knows shields: a row near one waits in quarantine, two halves of an identity never meet (R20-R22, R35).",
        ("pipelines/link.py", "pipelines/apart.py", "pipelines/halves.py"),
        ("tests/integration/test_shield_matching.py", "tests/integration/test_sealed_pairs.py", "tests/integration/test_non_inference.py"),
    ),
    Finding(
        "The risk could be managed and not removed; councils' security differed; kit and print-outs were thrown away as they were.",
        "Deloitte, 2008, as told by The Register, 2010",
        "Controls are the directory's, not each council's; no list of children leaves it but by proof and name; sheets bear who printed them.",
        ("access/again.py", "access/session_store.py", "docs/security/threat-model.md"),
        ("tests/integration/web/test_proved_again.py", "tests/integration/test_audit_roles.py", "tests/integration/test_typed_texts.py"),
    ),
    Finding(
        "That every child is in it was not shown to be proportionate.",
        "House of Lords Merits Committee, 2007",
        "Little is held, by a list of what never is; what it saves is told with its uncertainty. A directory of some children alone was weighed and refused (ADR 48).",
        ("supply/contracts.py", "domain/reports.py", "docs/adr/0048-no-directory-of-some-children.md"),
        ("tests/spec/test_what_is_kept_out.py", "tests/integration/test_reports.py"),
    ),
    Finding(
        "That a service is in contact can itself be sensitive; marks of concern are somebody's opinion.",
        "Joint Committee on Human Rights, 2004",
        "Sensitive services only by consent, and not by absence either (R36-R41); no marks, no opinions, no case (R17, R18).",
        ("domain/disclosure/consent.py", "domain/disclosure/consent_life.py", "supply/contracts.py"),
        ("tests/spec/test_consents.py", "tests/spec/test_what_is_kept_out.py", "tests/integration/web/test_consent_tells_nobody.py"),
    ),
    Finding(
        "Unsafe, and almost certainly unlawful.",
        "FIPR for the Information Commissioner, 2006; Database State, 2009",
        "Every grant serves a purpose of the law, in code; an assessment of what it does to people is published with it.",
        ("domain/disclosure/permissions.py", "domain/disclosure/purpose.py", "docs/security/impact-assessment.md"),
        ("tests/spec/test_who_may.py", "tests/spec/test_reasons.py", "tests/meta/test_security_pages.py"),
    ),
    Finding(
        "Five lapses were found by audit, mostly relatives looked up to try the system.",
        "Hansard, 12 October 2009",
        "A directory apart to practise in (ADR 39); looks are explained by somebody else's word or reviewed (R52-R54).",
        ("domain/training.py", "domain/review/patterns.py", "domain/disclosure/trawling.py"),
        ("tests/system/test_training.py", "tests/spec/test_review_of_use.py", "tests/spec/test_trawling.py"),
    ),
    Finding(
        "Nine children in ten never meet children's services; it dilutes the attention.",
        "T. Loughton, 2010; E. Searing's memorandum",
        "One narrow task, fast; nobody is watched, and no list of children stands out.",
        ("actions/find/results.py", "supply/contracts.py"),
        ("tests/spec/test_lists_of_results.py", "tests/spec/test_what_is_kept_out.py"),
    ),
    Finding(
        "Of the first users three in four expected it to be useful, one in a hundred none; putting data right took people.",
        "Kable",
        "Records to check are worked one after the other without waiting, with all that is needed beside (ADR 44).",
        ("actions/link/cases.py", "web/views/matching.py"),
        ("tests/system/test_matching_many.py", "tests/integration/test_case_work.py"),
    ),
    Finding(
        "In May 2010 Wirral had 40 users of four organisations that were accredited.",
        "Wirral Council, 2010",
        "People come in by a file, row by row; waves have a list of what is ready; who is new passes an exercise first.",
        ("actions/people/by_file.py", "domain/rollout.py"),
        ("tests/integration/web/test_people_file.py", "tests/system/test_rollout.py"),
    ),
    Finding(
        "Of Deloitte's report only a summary was published.",
        "Deloitte, 2008",
        "How it is kept safe, and what is not met, is published with it, each line with its evidence.",
        ("docs/security/asvs.md", "docs/security/threat-model.md"),
        ("tests/meta/test_security_pages.py",),
    ),
)  # fmt: skip


def section() -> list[str]:
    """The lines of the page."""
    lines = [
        "",
        "## What critics of the first one found",
        "",
        "| Found | By | What follows here | Lives in | Tested by |",
        "|---|---|---|---|---|",
    ]
    for one in FINDINGS:
        lives, tests = ("<br>".join(f"`{place}`" for place in places) for places in (one.lives, one.tests))
        lines.append(f"| {one.found} | {one.published} | {one.follows} | {lives} | {tests} |")
    return lines
