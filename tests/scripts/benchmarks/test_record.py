"""What is kept of a measurement."""

from benchmarks.record import circumstances, keep
from benchmarks.tables import Table


def test_results_are_appended_with_the_command_that_gave_them(tmp_path):
    """What stood there stays first; the command can be typed again, quotes and all."""
    results = tmp_path / "benchmarks.md"
    results.write_text("# Results\n", encoding="utf-8")
    keep(circumstances(["ask", "--data", "my sets"]), [Table("Asking", ["n"], [[1]])], results)
    written = results.read_text(encoding="utf-8")
    assert written.startswith("# Results\n\n## Asking\n")
    assert "`scripts/benchmark.py ask --data 'my sets'`" in written
    assert written.endswith("|  n |\n| -: |\n|  1 |\n")
