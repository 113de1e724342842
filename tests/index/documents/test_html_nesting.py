"""Depth that no page needs is cut; what pages need is not."""

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from index.documents.html_nesting import MAX_OPEN, limit_nesting


def depth_of(source):
    node = LexborHTMLParser(source).body
    deepest = depth = 0
    stack = [node]
    while stack:
        child = stack[-1].first_child
        while child is None and stack:
            child = stack.pop().next if len(stack) > 1 else (stack.pop(), None)[1]
        if child is not None:
            stack.append(child)
        depth = len(stack)
        deepest = max(deepest, depth)
    return deepest


def test_ordinary_pages_stay_as_they_are():
    """Balanced markup without formatting is not touched."""
    page = "<!-- <div> --><div><p>a<br>b</p><ul><li>c</ul><script>'<div>'</script></div>" * 1000
    assert limit_nesting(page) == page


def test_formatting_becomes_spans():
    """Tags that tree builders reopen are renamed, attributes and look-alikes kept."""
    assert limit_nesting('<b id="x">a</b><i>c</i><body><big/><bar><a href=u>') == (
        '<span id="x">a</span><span>c</span><body><span/><bar><span href=u>'
    )


def test_depth_is_bounded():
    """A hundred thousand open elements of any kind parse to a shallow tree, text kept."""
    for opening in (
        "<div>",
        "<span>",
        "<custom>",
        "<custom/>",
        "<table><tr><td>",
        "<b><p>",
        "<ul><li>",
    ):
        limited = limit_nesting(opening * 100_000 + "deep")
        assert depth_of(limited) <= 4 * MAX_OPEN + 10
        assert "deep" in LexborHTMLParser(limited).body.text()


def test_a_limit_reached_and_left_is_forgotten():
    """After everything is closed, elements are themselves again."""
    page = "<div>" * 600 + "</div>" * 600 + "<section>x</section>"
    assert limit_nesting(page).endswith("<section>x</section>")


@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", "<p>", "<a", "<b>", "</b>", "x", ">", "<!--", "-->"])
    )
)
def test_shallow_markup_only_has_formatting_renamed(pieces):
    """Below the limit the result is the source with spans for formatting."""
    source = "".join(pieces)
    renamed = source.replace("<b>", "<span>").replace("</b>", "</span>").replace("<a>", "<span>")
    assert limit_nesting(source) == renamed
