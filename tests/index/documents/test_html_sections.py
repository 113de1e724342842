"""Terms with their descriptions, and parts of a page that fold away."""

import pytest

from index.documents.html import parse


def read(source: str) -> list[tuple[tuple[str, ...], str]]:
    extract = parse(source.encode())
    return [(block.section, block.span.of(extract.text)) for block in extract.blocks]


def texts(source: str) -> list[str]:
    return [text for _, text in read(source)]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<dt>Order number K3</dt> <dd>FD-5203</dd>", ["Order number K3: FD-5203"]),
        ("<dt> <b>Price</b>: </dt>\n<dd><p>£4</p></dd>", ["Price: £4"]),
        ("<dt>Dogs?<dd>On a lead.<dt>Cats<!-- x --><dd>No", ["Dogs? On a lead.", "Cats: No"]),
        ("<div><dt>a</dt><dd>b</dd></div><div><dt>c</dt><dd>d</dd></div>", ["a: b", "c: d"]),
        ("<dt>a</dt><dd>b</dd><dd>c</dd>", ["a", "b", "c"]),
        ("<dt>a</dt><dt>b</dt><dd>c</dd>", ["a", "b", "c"]),
        ("<dt>a</dt><dd><p>b</p><p>c</p></dd>", ["a", "b", "c"]),
        ("<dt>a</dt><dd>b<ul><li>c</ul></dd>", ["a", "b", "c"]),
        ("<dt>a</dt><dd hidden>b</dd><dt>c</dt><dd></dd>", ["a", "c"]),
        ("<dt><i hidden>a</i></dt><dd>b</dd>", ["b"]),
        ("<dt>a</dt><dd>" + "b " * 200 + "</dd>", ["a", ("b " * 200).strip()]),
        ("<dt>a</dt><dd>b<dl><dt>c</dt><dd>d</dd></dl></dd>", ["a", "b", "c: d"]),
    ],
)
def test_a_term_stands_with_its_one_short_description(source, said):
    """On one line; several or long ones are as the page has them, and nothing runs on."""
    assert texts(f"<p>x</p><dl>{source}</dl><p>y</p>") == ["x", *said, "y"]


def test_a_list_of_terms_in_a_cell():
    """Stays in its cell."""
    page = "<table><tr><td>Hall<td>in <dl><dt>Day</dt><dd>£9</dd><dt>Eve</dt><dd>£12</dd></dl>"
    assert texts(page) == ["Hall | in Day: £9 Eve: £12"]


def test_a_summary_heads_its_details_only():
    """What follows them stands under the heading before; headings within are below it."""
    page = (
        "<h1>Visit</h1><h2>Café</h2><p>Seats 48.</p>"
        "<details><summary>May I <b>take</b> photographs?</summary><p>Yes.</p>"
        "<h3>Flash</h3><p>No.</p><details><summary>Tripods</summary>No.</details>"
        "At weddings.</details>"
        "<details><summary><h3>Dogs</h3></summary>On the terrace.</details><p>Tel. 1</p>"
    )
    visit = ("Visit", "Café")
    photographs = (*visit, "May I take photographs?")
    assert read(page) == [
        (("Visit",), "Visit"),
        (visit, "Café"),
        (visit, "Seats 48."),
        (photographs, "May I take photographs?"),
        (photographs, "Yes."),
        ((*photographs, "Flash"), "Flash"),
        ((*photographs, "Flash"), "No."),
        ((*photographs, "Flash", "Tripods"), "Tripods"),
        ((*photographs, "Flash", "Tripods"), "No."),
        ((*photographs, "Flash"), "At weddings."),
        ((*visit, "Dogs"), "Dogs"),
        ((*visit, "Dogs"), "On the terrace."),
        (visit, "Tel. 1"),
    ]


def test_a_summary_is_no_title_and_breaks_no_row():
    """ "More" says nothing of a page; a cell that folds away is a cell."""
    assert parse(b"<details><summary>More</summary>Text</details><h1>Head</h1>").title == "Head"
    page = "<table><tr><td>Hall<td><details><summary>more</summary>cold</details><td>9</table>"
    assert texts(page) == ["Hall | more cold | 9"]
    assert texts("<summary>stray</summary><p>x</p>") == ["stray", "x"]


def test_details_within_details_have_an_end():
    """Of a hundred within each other, no block has a hundred headings above it."""
    page = "<details><summary>a</summary>b" * 100 + "</details>" * 100 + "c"
    found = read(page)
    assert [text for _, text in found] == ["a", "b"] * 100 + ["c"]
    assert max(len(section) for section, _ in found) == 5
    assert found[-1] == ((), "c")
