"""An environment of its own for each peer, made once, with pinned versions."""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

CONSTRAINTS = Path(__file__).parent.parent.parent / "constraints.txt"

# What each peer's documentation says to install, at the versions measured. Haystack's FAISS
# store and its sentence-transformers embedders are packages of their own.
REQUIREMENTS = {
    "txtai": ("txtai[api]==9.14.0",),
    "haystack": (
        "haystack-ai==3.4.1",
        "faiss-haystack==3.0.0",
        "sentence-transformers-haystack==2.0.0",
    ),
    "llamaindex": (
        "llama-index-core==0.14.25",
        "llama-index-vector-stores-faiss==0.7.0",
        "llama-index-embeddings-huggingface==0.8.0",
        "faiss-cpu==1.15.1",
    ),
    "langchain": (
        "langchain-community==0.4.2",
        "langchain-huggingface==1.2.3",
        "sentence-transformers==6.2.0",
        "faiss-cpu==1.15.1",
    ),
    "chroma": ("chromadb==1.5.9", "sentence-transformers==6.2.0"),
}

# Besides what was asked for, what its figures depend on.
BELOW = ("faiss-cpu", "sentence-transformers", "transformers", "torch")
TELL = """
import sys
from importlib.metadata import PackageNotFoundError, version
for name in sys.argv[1:]:
    try:
        print(name, version(name))
    except PackageNotFoundError:
        pass
"""


def python_of(peer: str, cache: Path) -> Path:
    """The peer's interpreter; makes its environment where it is not there or is another's."""
    folder = cache / "environments" / peer
    python, stamp = folder / "bin" / "python", folder / "made-from"
    wanted = sha256("\n".join([sys.version, _torch(), *REQUIREMENTS[peer]]).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"installing {peer} in {folder} (about 1.3 GB) …", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    # Torch as ours is: a plain one would bring gigabytes of CUDA.
    constraint = folder / "torch.txt"
    constraint.write_text(_torch(), encoding="utf-8")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", str(constraint), *REQUIREMENTS[peer]], check=True)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def installed(peer: str, cache: Path) -> list[str]:
    """What its figures depend on, as NAME VERSION, what was asked for first."""
    asked = (re.split(r"[\[=]", one)[0] for one in REQUIREMENTS[peer])
    names = dict.fromkeys([*asked, *BELOW])
    told = subprocess.run(
        [str(cache / "environments" / peer / "bin" / "python"), "-c", TELL, *names],
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout.split("\n")[:-1]


def _torch() -> str:
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("torch=="))
