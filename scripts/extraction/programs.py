"""The programs that make files and read them for a second time, as Debian packages them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

PACKAGES = {
    "soffice": "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui",
    "pandoc": "pandoc",
    "pdftotext": "poppler-utils",
    "pdflatex": "texlive-latex-base texlive-latex-recommended lmodern",
}
_SECONDS = 300


class ProgramFailed(Exception):
    """A program ended with an error; the message is its own."""


def missing_programs() -> str | None:
    """What to install first, in a sentence; None where everything is there."""
    packages = [names for program, names in PACKAGES.items() if shutil.which(program) is None]
    return f"install {' '.join(packages)} (Debian's packages)" if packages else None


def run(*command: str | Path, cwd: Path | None = None, stdin: str | None = None) -> str:
    """What a program says. Raises ProgramFailed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_SECONDS,
    )
    if done.returncode:
        raise ProgramFailed(f"{command[0]}: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout


def convert(files: Sequence[Path], suffix: str, into: Path, profile: Path) -> None:
    """LibreOffice's conversion of files to ``suffix`` (``pdf``, ``docx:MS Word 2007 XML``).

    ``profile`` is a folder for its settings, so that a running office is left alone.
    """
    into.mkdir(parents=True, exist_ok=True)
    if files:
        run(
            "soffice",
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            "--headless",
            "--convert-to",
            suffix,
            "--outdir",
            into,
            *files,
        )


def latex(source: Path, into: Path) -> None:
    """pdflatex, twice, so that references are right."""
    for _ in range(2):
        run(
            "pdflatex",
            "-interaction=nonstopmode",
            "-halt-on-error",
            f"-output-directory={into}",
            source,
            cwd=source.parent,
        )
