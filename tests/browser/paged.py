"""A PDF of one sentence a page, its first two pages numbered i and ii, made by hand."""

from __future__ import annotations

from collections.abc import Sequence


def pdf(sentences: Sequence[str]) -> bytes:
    """Page labels i, ii, then 1, 2, …; the sentences in Latin letters without brackets."""
    count = len(sentences)
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<</Type/Catalog/Pages 2 0 R/PageLabels<</Nums[0<</S/r>>2<</S/D>>]>>>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>",
    ]
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    for number, sentence in enumerate(sentences):
        drawn = f"BT /F1 12 Tf 72 700 Td ({sentence}) Tj ET"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {4 + 2 * number} 0 R"
            f"/Resources<</Font<</F1 {font}>>>>>>",
            f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()


LIGHTHOUSES = pdf(
    [
        "This report counts birds along the coast of the island.",
        "The heron guards 8,080 lighthouses and sleeps in none.",
        "Gannets dive from great heights into the cold sea.",
        "The last page thanks everybody who has counted.",
    ]
)
