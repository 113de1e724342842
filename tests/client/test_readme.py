"""What the READMEs show of the client runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = "http://127.0.0.1:8080"
CODE = re.compile(r"^```python\n(from quoth_client.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("readme", ["README.md", "client/README.md"])
def test_the_example_runs(listen, seeds_index, capsys, readme):
    """Against the seeds it is about; its own assertions hold."""
    from service.reader import open_reader

    (code,) = CODE.findall((ROOT / readme).read_text(encoding="utf-8"))
    with listen(open_reader(None), index=seeds_index, read_budget_ms=60_000) as site:
        assert WRITTEN in code
        capsys.readouterr()
        exec(code.replace(WRITTEN, site), {})
        printed = capsys.readouterr().out
    # Before it the server said where it answers.
    assert printed.splitlines()[-1] == "About 1,700"
