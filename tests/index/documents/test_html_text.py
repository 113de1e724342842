"""A page's readable text, and the blocks it is made of."""

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from index.documents.html_text import PageText
from index.documents.text_blocks import TextBlocks
from index.records import Block, Span

PAGE = """
<nav>Menu</nav>
<h1>Main <em>title</em></h1>
<p>One   two
three<b>bold</b> <i>x</i>&nbsp;y<br> next line<br><br>new stanza &lt;a&gt;</p>
loose text
<div>in div<p>inner</p>tail</div>
<ul><li>a<li>b <ul><li>nested</ul></ul>
<h3>Sub<br>title</h3>
<table><caption>Numbers</caption><tr><th>H1<th>H2</tr>
<tr><td><p>1</p><p>2</p></td><td>3<br>4</td></tr><tr><td></td><td></td></tr></table>
<pre>
  code  x
    y
</pre>
<script>bad()</script><style>p{}</style><template>t</template><noscript>n</noscript>
<p hidden>no</p><p style="color: red; display:  none">no</p><span aria-hidden="true">no</span>
<svg><title>no</title><text>no</text></svg><button>no</button><div role="navigation">no</div>
<p hidden="until-found">found</p>
<h2> </h2>
<p>10<sup>6</sup> H<sub>2</sub>O 1<sup>st</sup> and 1,700<sup>3</sup></p>
<dl><dt>term</dt><dd>meaning</dd></dl>
"""

EXPECTED = [
    ((1,), "Main title"),
    ((1,), "One two threebold x\xa0y\nnext line"),
    ((1,), "new stanza <a>"),
    ((1,), "loose text"),
    ((1,), "in div"),
    ((1,), "inner"),
    ((1,), "tail"),
    ((1,), "a"),
    ((1,), "b"),
    ((1,), "nested"),
    ((1, 2), "Sub title"),
    ((1, 2), "Numbers"),
    ((1, 2), "H1 | H2"),
    ((1, 2), "1 2 | 3 4"),
    ((1, 2), "code  x\n    y"),
    ((1, 2), "found"),
    ((1, 2), "10^6 H2O 1st and 1,700^3"),
    ((1, 2), "term: meaning"),
]
NAMES = {(1,): ("Main title",), (1, 2): ("Main title", "Sub title")}


def read(source, drop_furniture=False):
    text = TextBlocks()
    PageText(drop_furniture).read(LexborHTMLParser(source).body).write(text)
    return text


def texts(source, drop_furniture=False):
    page = read(source, drop_furniture)
    return [block.span.of(page.text) for block in page.blocks]


def test_every_kind_of_block():
    """White space is folded, blocks are apart, sections follow headings, the unseen is left out."""
    page = read(PAGE)
    found = [(block.section, block.span.of(page.text)) for block in page.blocks]
    assert found == [(NAMES[section], text) for section, text in EXPECTED]
    assert [b.span.of(page.text) for b in page.blocks if b.is_heading] == [
        "Main title",
        "Sub title",
    ]
    assert page.first_heading == "Main title"


def test_a_section_opens_with_its_heading():
    """Each heading's block is one, of the same name as the last or not; bars alone name none."""
    page = read("<h2>Note</h2><p>Note</p><h2>Note</h2><h2> | </h2>x")
    assert page.blocks == [
        Block(Span(0, 4), ("Note",), is_heading=True),
        Block(Span(6, 10), ("Note",)),
        Block(Span(12, 16), ("Note",), is_heading=True),
        Block(Span(18, 19), ("Note",)),
    ]


def test_blocks_are_an_empty_line_apart():
    """The canonical text is the blocks joined; only <pre> keeps white space at its edges."""
    assert read("<p>a</p><pre>\n  b\n</pre><p>c").text == "a\n\n  b\n\nc"


def test_a_layout_table_is_no_table():
    """A row that holds headings or tables is a page laid out; its cells are read as blocks."""
    page = "<table><tr><td>left<h2>Head</h2><p>a</p><p>b</p></td><td>right</td></tr></table>"
    assert texts(page) == ["left", "Head", "a", "b", "right"]
    assert texts("<table><tr><td><table><tr><td>1<td>2</table><td>3</table>") == ["1 | 2", "3"]


def test_furniture_is_dropped_only_outside_the_content():
    """With main or article, headers, footers and asides outside it are not the page's text."""
    main = "<main><header>in</header><p>x</p><footer>f</footer></main>"
    page = f"<header>h</header>{main}<aside>s</aside>"
    assert texts(page, drop_furniture=True) == ["in", "x", "f"]
    assert texts(page) == ["h", "in", "x", "f", "s"]


def test_pre_keeps_lines_of_elements():
    """A <div> a line, as code viewers write, is a line."""
    assert texts("<pre><div>a</div><div>  b</div>c<br>d</pre>") == ["a\n  b\nc\nd"]


def test_heading_with_blocks_inside_is_one():
    """A heading is one line whatever it is made of."""
    page = read("<h2><div>A</div> <p>B</p></h2>")
    assert [(b.section, b.span.of(page.text)) for b in page.blocks] == [(("A B",), "A B")]


TAGS = ["p", "div", "span", "b", "h1", "h2", "h3", "ul", "li", "pre", "br", "sup", "a", "main"]
TAGS += ["table", "tr", "td", "th", "article", "header"]
PIECES = st.one_of(
    st.sampled_from(
        [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + ["<br>", "<p hidden>"]
    ),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\x0c"), max_size=6
    ),
)


@given(st.lists(PIECES), st.booleans())
def test_blocks_are_the_text(pieces, drop_furniture):
    """Blocks are trimmed, disjoint, in order, and hold every character that is no white space."""
    page = read("".join(pieces), drop_furniture)
    end, section = 0, ()
    for block in page.blocks:
        assert block.is_heading or block.section == section
        section = block.section
        assert end <= block.span.start < block.span.end <= len(page.text)
        assert block.span.of(page.text).strip() == block.span.of(page.text)
        end = block.span.end
    inside = "".join(block.span.of(page.text) for block in page.blocks)
    assert "".join(inside.split()) == "".join(page.text.split())


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["<p>", "</p>", "<div>", "<b>", "</b>", "<li>", "<h1>"]),
            st.just("word "),
        )
    )
)
def test_no_visible_word_is_lost_or_made(pieces):
    """The words are those of the parser's own text, in the same order."""
    tree = LexborHTMLParser("".join(pieces))
    assert read("".join(pieces)).text.split() == tree.body.text(separator=" ").split()
