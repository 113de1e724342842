"""Tables by rows, against numpy's own writing and reading."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.row_file import RowReader, RowWriter

ROW = np.dtype([("passage", "<i4"), ("key", "u1", (3,))])


@given(parts=st.lists(st.integers(0, 5), max_size=6))
def test_what_was_appended_is_what_numpy_saves(parts, tmp_path_factory):
    """However the rows come, the file has the bytes of ``numpy.save`` of them all."""
    folder = tmp_path_factory.mktemp("rows")
    rows = np.arange(2 * sum(parts), dtype="<f4").reshape(-1, 2)
    with RowWriter(folder / "grown.npy", np.dtype("<f4"), (2,)) as writer:
        for part in np.split(rows, np.cumsum(parts)[:-1]) if parts else []:
            writer.append(part)
    np.save(folder / "whole.npy", rows)
    assert (folder / "grown.npy").read_bytes() == (folder / "whole.npy").read_bytes()


def test_tuples_become_rows_of_a_structured_table(tmp_path):
    """One tuple a row, as numpy reads them."""
    with RowWriter(tmp_path / "table.npy", ROW) as writer:
        writer.append([(1, (1, 2, 3)), (2, (4, 5, 6))])
        writer.append(np.zeros(1, dtype=ROW))
    table = np.load(tmp_path / "table.npy")
    assert table["passage"].tolist() == [1, 2, 0]
    assert table["key"].tolist() == [[1, 2, 3], [4, 5, 6], [0, 0, 0]]
    assert writer.rows == len(table) == 3


def test_any_rows_can_be_read_again(tmp_path):
    """A stretch, single rows in any order, and fewer where the file ends."""
    rows = np.random.default_rng(0).normal(size=(9, 4)).astype(np.float32)
    np.save(tmp_path / "rows.npy", rows)
    with RowReader(tmp_path / "rows.npy") as reader:
        assert reader.rows == 9
        np.testing.assert_array_equal(reader.read(2, 3), rows[2:5])
        np.testing.assert_array_equal(reader.read(7, 5), rows[7:])
        for wanted in ([8, 0, 8], [3, 4, 5], [7, 8, 0, 1], [2]):
            np.testing.assert_array_equal(reader.take(np.array(wanted)), rows[wanted])
        assert reader.take(np.array([], dtype=int)).shape == (0, 4)


def test_what_is_no_table_is_refused(tmp_path):
    """Other bytes than numpy's are a ValueError, as numpy's own."""
    (tmp_path / "rows.npy").write_bytes(b"no table at all")
    with pytest.raises(ValueError, match="magic"):
        RowReader(tmp_path / "rows.npy")
