"""The commands that are not typed in two worlds, by the reason why none of them can tell what is hidden."""

from collections.abc import Mapping
from typing import Final

# They run without a directory and open no database (`tests/meta/test_command_decisions.py`).
NO_DIRECTORY: Final = frozenset({"link", "match explain", "match evaluate"})

EXCUSED: Final[Mapping[str, frozenset[str]]] = {
    "works on files that were named, and opens no database": NO_DIRECTORY,
    "writes the guides or a made-up England, checks a file or runs tests, without a directory": frozenset(
        {"guide", "population generate", "audit check", "test", "bench", "check"}
    ),
    "sets up, serves or restores everything: tells what it makes itself, and every row or none": frozenset(
        {"demo", "training demo", "national", "serve", "worker", "restore", "upgrade"}
    ),
    "counts the rows of files that whoever types it holds, sealed pairs among them": frozenset(
        {"supply reference"}
    ),
    "its counts are compared after every look (`tables.counted`)": frozenset({"status"}),
    "is about an account, an organisation's sign-in, a key or a setting, and reads no child": frozenset(
        {
            "account first",
            "account manager",
            "account password",
            "account reinstate",
            "account home",
            "sso key",
            "sso add",
            "sso end",
            "sso forget",
            "training key",
            "training trust",
            "training trusted",
            "training distrust",
            "settings set",
            "settings agree",
            "settings refuse",
            "match propose",
            "match agree",
            "match refuse",
            "match put-back",
            "audit rotate-key",
            "audit export",
            "seal rotate-key",
        }
    ),
    "prints the report of a model, which is compared on its page (`test_non_inference`)": (
        frozenset({"match versions"})
    ),
    "tells rounded figures of children, of no few, and never how many are protected (R59)": frozenset(
        {"authority plan", "authority agree", "authority undo"}
    ),
    "is about the one child whose number is typed, for whoever is handed the record (R16, R48)": frozenset(
        {"archive stay", "archive release"}
    ),
    "weighs every record that there is, and names nobody who is protected (`test_model_difference`)": (
        frozenset({"match difference"})
    ),
}
