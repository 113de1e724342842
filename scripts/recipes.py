"""Runs each recipe of docs/recipes.md as it stands there: its commands in a new environment, its
code against a service over the seeds; what it prints must be what the document says it does.

    scripts/test_recipes [NAME…]     names begin as the recipes' headings do (default: all)
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent
RECIPES = ROOT / "docs" / "recipes.md"
# Where the document's service listens; the one made here takes a free port.
WRITTEN = "http://127.0.0.1:8080"
_ANSWERS_AT = re.compile(r"Quoth answers at (http://\S+?)/ ")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A heading, the commands that install, the code, and what it prints."""

    name: str
    commands: str
    code: str
    prints: str


def read_recipes(markdown: str) -> list[Recipe]:
    """The recipes of a document, in its order. Raises ValueError where one lacks a part."""
    recipes: list[Recipe] = []
    name, parts = "", {}
    tokens = MarkdownIt().parse(markdown)
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            name, parts = tokens[place + 1].content, {}
        if token.type == "fence":
            parts[token.info] = token.content
            if token.info == "text":
                if missing := {"sh", "python"} - parts.keys():
                    raise ValueError(f"the recipe {name} has no {' and no '.join(missing)}")
                recipes.append(Recipe(name, parts["sh"], parts["python"], parts["text"]))
    return recipes


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The service over the seeds, from start to stop: yields its address."""
    quoth, index = str(Path(sys.executable).parent / "quoth"), folder / "index"
    subprocess.run([quoth, "build", str(ROOT / "seeds"), "--index", str(index), "-q"], check=True)
    log = folder / "service.log"
    command = [quoth, "serve", "--index", str(index), "--port", "0"]
    # Time enough to read all passages: a busy machine must not change an answer.
    environment = os.environ | {"QUOTH_READ_BUDGET_MS": "60000"}
    with log.open("wb") as out:
        service = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
        try:
            yield _address(service, log)
        finally:
            service.terminate()
            service.wait(60)


def _address(service: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(600):
        if found := _ANSWERS_AT.search(log.read_text("utf-8")):
            return found.group(1)
        if service.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the service did not start:\n{log.read_text('utf-8')}")


def run(recipe: Recipe, site: str, folder: Path) -> str:
    """Makes the recipe's environment in the folder and runs its code there: what it printed."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder / "venv")], check=True)
    shutil.copytree(ROOT / "client", folder / "client", dirs_exist_ok=True)
    binaries = folder / "venv" / "bin"
    environment = os.environ | {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_QUIET": "1",
    }
    commands = recipe.commands.replace(WRITTEN, site)
    subprocess.run(["bash", "-euc", commands], cwd=folder, env=environment, check=True)
    code = folder / "recipe.py"
    code.write_text(recipe.code.replace(WRITTEN, site), encoding="utf-8")
    ran = subprocess.run(
        [str(binaries / "python"), str(code)],
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return ran.stdout


def main(wanted: Sequence[str]) -> int:
    """Exit code 0 where every recipe prints what it should, 1 where one does not."""
    recipes = read_recipes(RECIPES.read_text(encoding="utf-8"))
    chosen = [one for one in recipes if not wanted or one.name.startswith(tuple(wanted))]
    if not chosen:
        print(f"there are: {', '.join(one.name for one in recipes)}", file=sys.stderr)
        return 2
    place = ROOT / ".venv" / "recipes"
    place.mkdir(parents=True, exist_ok=True)
    failed = 0
    with serving(place) as site:
        for number, recipe in enumerate(chosen):
            print(f"{recipe.name} …", flush=True)
            folder = place / str(number)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                failed += not _as_written(recipe, run(recipe, site, folder))
            except subprocess.CalledProcessError as error:
                print(f"{recipe.name}: {error}")
                failed += 1
    return int(failed > 0)


def _as_written(recipe: Recipe, printed: str) -> bool:
    if printed == recipe.prints:
        print(f"{recipe.name}: prints what it should")
        return True
    lines = difflib.unified_diff(
        recipe.prints.splitlines(), printed.splitlines(), "written", "printed", lineterm=""
    )
    print("\n".join([f"{recipe.name}: prints something else", *lines]))
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
