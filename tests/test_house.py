"""The rules of the house, read off the source itself."""

import ast
import re
import tomllib
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

from service.settings import Settings, variable_of

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("index", "service")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
EVERYTHING = [
    *SOURCES,
    *sorted(path for place in ("client", "scripts") for path in (ROOT / place).rglob("*.py")),
]
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "manager", "core", "base", "misc"}
FILE_LINES = 250
FUNCTION_LINES = 40

# Imports point down only: each name may import the names after it in its line.
ROADS = (
    ("service.cli", "service.app", "service.answerer", "index.retriever", "index.snapshot"),
    ("service.answerer", "service.citation", "index.snapshot", "index.records"),
    ("index.snapshot", "index.dense", "index.errors"),
    ("index.retriever", "index.fusion"),
    ("index.build", "index.chunking", "index.records"),
    ("index.build", "index.draft", "index.snapshot", "index.lexical", "index.errors"),
    ("index.build", "index.publication", "index.pointer", "index.manifest", "index.errors"),
    ("index.build", "index.encoding", "index.journal", "index.known_vectors", "index.row_file"),
)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in SOURCES}


def imports_of(path: Path) -> set[str]:
    """Our own modules that a file imports, wherever in the file, but for typing alone."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found & MODULES.keys()


GRAPH = {name: imports_of(path) - {name} for name, path in MODULES.items()}


def reach(name: str) -> set[str]:
    """Everything a module imports, directly or through others."""
    seen, waiting = set(), [name]
    while waiting:
        for other in GRAPH[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def test_index_never_imports_service():
    """Retrieval knows nothing of HTTP, readers or commands."""
    assert not [
        (name, other)
        for name in GRAPH
        for other in GRAPH[name]
        if name.startswith("index") and other.startswith("service")
    ]


def test_the_client_imports_neither():
    """It is installed alone, with httpx and pydantic."""
    for path in (ROOT / "client").rglob("*.py"):
        assert not imports_of(path)
        assert not re.search(r"^\s*(import|from) (index|service)\b", path.read_text("utf-8"), re.M)


def test_what_serves_never_imports_training():
    """Training is a script's business; neither service nor command line needs its code."""
    for door in ("service.app", "service.cli", "service.evaluation.command"):
        assert not {name for name in reach(door) if name.startswith("service.training")}


def test_imports_make_no_cycle():
    """Every module can be understood after the ones it imports."""
    TopologicalSorter(GRAPH).prepare()  # raises CycleError, which names the cycle


@pytest.mark.parametrize("road", ROADS, ids=" > ".join)
def test_imports_point_down(road):
    """Along each road an upper module never is imported by a lower one."""
    for position, upper in enumerate(road):
        for lower in road[position + 1 :]:
            assert upper in GRAPH
            assert lower in GRAPH
            assert upper not in reach(lower)
    for upper, lower in pairwise(road):
        assert lower in reach(upper)


def test_leaves_import_nothing_of_ours():
    """Records and errors stand on nothing."""
    assert GRAPH["index.records"] == GRAPH["index.errors"] == set()


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path):
    """A file fits a sitting, a function a screen; no name says nothing."""
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= FILE_LINES
    assert path.stem not in FORBIDDEN
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            assert lines <= FUNCTION_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_what_it_is_and_leaves_nothing_for_later(path):
    """A module opens with its contract; nothing is pickled, trusted blindly or put off."""
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)) or not source.strip()
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", source)
    assert not re.search(r"\bimport pickle\b|allow_pickle=True|trust_remote_code=True", source)


def test_every_setting_is_in_the_readme_with_its_default():
    """A setting nobody can find does not exist."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"| `{variable_of(name)}` |" in readme, name
    documented = set(re.findall(r"^\| `(QUOTH_\w+)` \|", readme, re.MULTILINE))
    assert documented == {variable_of(name) for name in Settings.model_fields}


def test_every_dependency_has_its_reason():
    """What is installed is named in ARCHITECTURE.md, with why."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    extras = project["optional-dependencies"].values()
    for requirement in [*project["dependencies"], *(r for extra in extras for r in extra)]:
        name = re.match(r"[\w-]+", requirement).group()
        assert name == "quoth" or f"`{name}`" in reasons, name


def test_every_test_says_a_sentence_of_truth():
    """A test's docstring tells what holds, and ends as sentences do."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
                node.name.startswith("test_")
            ):
                said = ast.get_docstring(node) or ""
                assert said.endswith((".", "!")), f"{path.name}: {node.name}"
