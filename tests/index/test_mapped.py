"""Arrays mapped from .npy files, against numpy's own reading and writing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import CorruptSnapshot
from index.mapped import create_array, header_of, open_array
from index.snapshot import PASSAGE, WINDOW

KINDS = [("<f4", (3,)), ("<i8", ()), ("|u1", ()), (PASSAGE, ()), (WINDOW, ())]


@pytest.mark.parametrize(("dtype", "width"), KINDS)
@pytest.mark.parametrize("rows", [0, 1, 1000])
def test_what_numpy_saves_is_mapped_and_the_other_way_round(tmp_path, dtype, width, rows):
    """The same values and the same bytes, for plain and for structured rows, none too."""
    values = np.zeros((rows, *width), dtype)
    values.reshape(-1).view(np.uint8)[:] = np.arange(values.nbytes) % 251
    np.save(tmp_path / "saved.npy", values)
    assert open_array(tmp_path / "saved.npy", dtype, width).tobytes() == values.tobytes()
    created = create_array(tmp_path / "created.npy", dtype, values.shape)
    created[...] = values
    del created
    saved = (tmp_path / "saved.npy").read_bytes()
    assert (tmp_path / "created.npy").read_bytes() == saved
    assert saved.startswith(header_of(np.dtype(dtype), values.shape))


@pytest.mark.parametrize(
    "values",
    [np.zeros((4, 3)), np.zeros((4, 2), "<f4"), np.zeros(12, "<f4"), np.zeros((4, 3), ">f4")],
)
def test_an_array_of_another_kind_is_refused(tmp_path, values):
    """Other numbers, another width, or bytes the other way round."""
    np.save(tmp_path / "other.npy", values)
    with pytest.raises(CorruptSnapshot, match=r"other\.npy is no array of rows of float32 \[3\]"):
        open_array(tmp_path / "other.npy", "<f4", (3,))


@given(data=st.binary(max_size=200), cut=st.integers(0, 176))
def test_bytes_that_are_no_array_are_refused(tmp_path_factory, data, cut):
    """Garbage, and a file cut short, of which nothing is interpreted."""
    path = tmp_path_factory.mktemp("bytes") / "bytes.npy"
    np.save(path, np.zeros((4, 3), "<f4"))
    for wrong in (data, path.read_bytes()[:cut][:-1]):
        path.write_bytes(wrong)
        with pytest.raises(CorruptSnapshot):
            open_array(path, "<f4", (3,))
