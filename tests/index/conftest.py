"""A small encoder that is quick and exact, and folders to build from."""

import shutil
import sys
from pathlib import Path

import pytest

from index import model_files
from index.build import build

# pytest imports test files one by one; what they share is found by its place.
sys.path.insert(0, str(Path(__file__).parent))
from word_encoder import WordEncoder


@pytest.fixture
def words() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def other_words() -> WordEncoder:
    return WordEncoder("other words")


@pytest.fixture
def folder(tmp_path) -> Path:
    """Three documents: two kinds, two folders, one with front matter."""
    root = tmp_path / "documents"
    (root / "reports").mkdir(parents=True)
    (root / "baltic.txt").write_text(
        "NATO battle groups stand in Estonia.\n\nThey train in winter 😀 too.\n", encoding="utf-8"
    )
    (root / "reports" / "poland.md").write_text(
        "---\nauthor: Kirby\nyear: 2022\n---\n# Troops\n\nAbout 1,700 soldiers go to Poland.\n\n"
        "## Arrival\n\nHalf of the soldiers have arrived.\n",
        encoding="utf-8",
    )
    (root / "reports" / "sea.md").write_text(
        "# Black Sea\n\nSix landing craft sail to the sea.\n", encoding="utf-8"
    )
    return root


@pytest.fixture
def built(folder, words, tmp_path):
    """An index folder with the three documents published."""
    index_folder = tmp_path / "index"
    build([folder], index_folder, words)
    words.encoded.clear()
    return index_folder


@pytest.fixture(scope="session")
def model_folder() -> Path:
    return model_files.packaged_folder()


@pytest.fixture
def copied_model(model_folder, tmp_path) -> Path:
    """The model's folder with its small files copied and its weights linked, free to alter."""
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "model.safetensors").symlink_to(model_folder / "model.safetensors")
    return folder
