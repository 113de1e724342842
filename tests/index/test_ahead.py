"""Work ahead: in order, no further than one item, and with its errors where they belong."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from index.ahead import ahead


def test_items_come_in_order_and_one_is_made_ahead():
    """While an item is used the next is begun, and none after that."""
    made = []

    def items():
        for number in range(20):
            made.append(number)
            yield number

    with ThreadPoolExecutor(1) as thread:
        for number in ahead(items(), thread):
            assert made[: number + 1] == list(range(number + 1))
            assert len(made) <= number + 2
    assert made == list(range(20))


def test_what_making_an_item_raises_is_raised_where_it_is_used():
    """Those before it are handed over first."""

    def items():
        yield "one"
        raise LookupError("two")

    with ThreadPoolExecutor(1) as thread:
        taken = ahead(items(), thread)
        assert next(taken) == "one"
        with pytest.raises(LookupError, match="two"):
            next(taken)


def test_no_items_are_none():
    """Nothing is handed over where nothing is made."""
    with ThreadPoolExecutor(1) as thread:
        assert list(ahead([], thread)) == []
