"""The quick encoder of the index's tests."""

import sys
from pathlib import Path

# pytest imports test files one by one; what they share is found by its place.
sys.path.insert(0, str(Path(__file__).parents[2] / "index"))
