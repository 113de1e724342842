"""Documents that try to run something, to read otherwise than they stand, or to be too long."""

RUN = "window.hacked=true"
# Overrides that are never closed, closers that close more than was opened.
REORDER = "\u202eevil\u202c \u2066\u2067\u2069\u2069\u2069"

MARKUP = (
    "# Heading <img src=x onerror=window.hacked=true>\n\n"
    f"The kestrel 😀𝒳 weighs 4,211 grams <script>{RUN}</script> and \u202e0001\u202c more. "
    f"It eats <svg onload={RUN}> voles 🦉.\n\n"
    f"[click](javascript:{RUN}) <a href='javascript:{RUN}'>here</a> "
    f"<iframe srcdoc='<script>parent.hacked=true</script>'></iframe> &lt;b&gt; ${{{RUN}}}\n"
)

FILES = {
    "<img src=x onerror=window.hacked=true>.md": (
        f'---\ntitle: "<script>{RUN}</script> {REORDER} \'\\"><b onclick={RUN}>"\n'
        f'author: "{{}}\\\\{RUN}"\nlanguage: "en\' onfocus={RUN}"\n---\n{MARKUP}'
    ),
    # Astral characters before everything, a lone U+FEFF where a range begins, CRs, a tab.
    "astral.txt": (
        "😀😀😀 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🏳️‍🌈.\n\n\ufeffThe curlew 🦤 counted 1,234 eggs 🥚🥚.\n\n\n\nNaïve\tend 😀"
    ),
    f"{'long' * 40}.txt": f"{'unbroken' * 400} the bittern has 77 feathers {'x' * 3000}\n",
    "שלום.txt": "הינשוף ספר 512 ביצים. The owl counted 512 eggs.\n",
    "large.txt": "\n\n".join(
        f"Paragraph {number} 😀 tells of nothing but paragraph {number}, at some length, so that "
        f"the text grows large; {'and on ' * 20}it goes."
        + (" The dotterel saw 9,876 lighthouses 🗼 there." if number == 700 else "")
        for number in range(1400)
    ),
}
