"""What code may not do, wherever it stands, but for the places named here with their reason.

The checkers look for much of this too (ruff's S rules, each exemption with a word why); this table is what
docs/security says, in one place.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "contactpoint"
TREES = {
    path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in SOURCE.rglob("*.py")
    if "migrations" not in path.parts
}


def called(tree):
    """The names of everything that is called, as they stand: `os.system`, `pickle.load`, `eval`."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def imported(tree):
    """Every module that is imported, and every name from one."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


# what may not be called, and where it may all the same
CALLS = [
    (r"eval|exec|compile|__import__|os\.system|os\.popen|subprocess\.getoutput", set()),
    # What the macros escaped, and our own guides: Markdown in which HTML is text (test_guides.py).
    (r"(\w+\.)?(mark_safe|Markup)", {"web/govuk/environment.py", "pipelines/guides.py"}),
    (
        r"pickle\.loads?|marshal\.loads?|shelve\.open|dill\..*|joblib\..*",
        {"actions/find/aside.py"},
    ),  # own pipe
    (r"yaml\..*|jsonpickle\..*", set()),
    (r"hashlib\.(md5|new)|random\.Random\(\)", set()),
    (r"hashlib\.sha1", {"access/passwords.py"}),  # lists of leaked passwords are made with it
    (r"tempfile\.mktemp", set()),
    (r".*objects\.(extra|raw)|RawSQL", {"storage/models/audit.py"}),  # constraints, written out
]
# what may not be imported, and where it may all the same
IMPORTS = [
    (r"xml(\..*)?|lxml(\..*)?|defusedxml(\..*)?", set()),
    (r"requests|httpx|aiohttp|urllib3|smtplib|ftplib|telnetlib|imaplib|poplib|xmlrpc.*|http\.client", set()),
    # Ask our own pages whether they answer, sign in to them for `demo --check`; and have a head time-stamped,
    # where whoever runs the directory names an authority: what is sent is the hash of a head, about nobody.
    # And an organisation's sign-in whether it vouches for somebody, where one was named at the command line.
    (
        r"urllib\.request",
        {"cli/processes.py", "cli/browser.py", "pipelines/keep_log.py", "access/organisation/asking.py"},
    ),
    (r"socket", {"cli/postgres.py"}),  # looks for a free port of loopback
    (r"zipfile|tarfile|shelve|marshal", set()),
    (r"django\.core\.mail.*", {"pipelines/post.py"}),
]


@pytest.mark.parametrize(("what", "where"), CALLS, ids=[row[0][:30] for row in CALLS])
def test_what_is_called_nowhere_else(what, where):
    found = {path for path, tree in TREES.items() if any(re.fullmatch(what, name) for name in called(tree))}
    assert found == where


@pytest.mark.parametrize(("what", "where"), IMPORTS, ids=[row[0][:30] for row in IMPORTS])
def test_what_is_imported_nowhere_else(what, where):
    found = {path for path, tree in TREES.items() if any(re.fullmatch(what, name) for name in imported(tree))}
    assert found == where


def test_no_program_is_started_through_a_shell():
    shells = [
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "shell"
    ]
    assert shells == []


def written_sql(tree):
    """Statements put together from pieces: an f-string, a `%` or a `+` that begins like SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if re.match(r"\s*\(?\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|COPY|TRUNCATE)\b", text):
                yield from (part.value for part in node.values if isinstance(part, ast.FormattedValue))


def is_ours(node):
    """Whether a piece is a constant of the module, a whole number, or a name that the code itself gives."""
    text = ast.unparse(node)
    return bool(
        re.fullmatch(r"_?[A-Z][A-Z0-9_]*", text)  # a constant
        or re.fullmatch(r"int\(\w+\)|place", text)  # a number
        or text in OURS
    )


# Names of columns, conditions and functions that are literals where they come from.
OURS = {
    "asked",  # storage/match_index.py: one of its two temporary tables
    "branch.where",  # storage/search_candidates.py: of the table of branches above it
    "branch.limit",
    "condition",  # storage/shielding.py: written out by each caller
    "tab",  # storage/reorganising.py: of the table of columns above it
    "col",
    "key",
    "only",
    "columns",  # the constant list of columns, prefixed
    "function",  # storage/queries: a name that each caller writes out
    "hidden",  # " AND NOT shielded", or nothing
    "keys",  # storage/match_index.py: of the list of branches below it
    "limit",
    "named",  # a condition written out, or nothing
    "places",  # %s, as many as there are values
    "query",  # storage/copying.py: a statement that each caller writes out
    "table.name",  # storage/typed_at_rest.py: of the constant table of typed texts, and what is made of it
    "table.moment",
    "about",
    "names",
    "', '.join(names)",
    "', '.join(_set(table))",
    "which",
    "_clear(table)",
    "_older(table, key)",
    "where",  # storage/search_candidates.py: a condition that each caller writes out
}


def test_sql_is_put_together_from_our_own_pieces_only():
    pieces = {
        (path, ast.unparse(piece))
        for path, tree in TREES.items()
        if path != "cli/doctor_database.py"  # says what a person may type, and runs none of it
        for piece in written_sql(tree)
        if not is_ours(piece)
    }
    assert pieces == set()


@pytest.mark.parametrize("template", sorted((SOURCE / "web" / "templates").rglob("*.html")), ids=str)
def test_templates_escape_everything_and_bring_no_script_of_their_own(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape\s+off|safeseq", text)
    assert not re.search(r"""\son\w+\s*=|\sstyle\s*=|javascript:""", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "nonce=" in script or "src=" in script or 'type="application/json"' in script
    assert not re.search(r"""(?:src|action)=["']?https?://""", text)
    for elsewhere in re.findall(r"""<a\b[^>]*href=["']?https?://[^>]*>""", text):
        assert 'rel="noreferrer"' in elsewhere


def test_scripts_of_ours_write_text_and_never_markup():
    for script in (SOURCE / "web" / "static" / "contactpoint").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text
        )
        assert not re.search(
            r"localStorage|sessionStorage|indexedDB|document\.cookie|postMessage\(.*\*", text
        )
