// Highlights: spans in code points → marked text.

import { appendText, el } from "/pages/dom.js";
import { codePoints, utf16Offsets } from "/pages/offsets.js";

// A paragraph with the blank lines after it, or what is left at the end.
const PARAGRAPH = /[^]*?\n{2,}|[^]+$/g;
const HEADLINE = /^#{1,6} [^\n]*\n*$/;

/** Text as paragraphs: `[{text, start}]`, `start` in code points; joined they are the text. */
function paragraphs(text) {
  const found = [];
  let start = 0;
  for (const [paragraph] of text.matchAll(PARAGRAPH)) {
    found.push({ text: paragraph, start });
    start += codePoints(paragraph);
  }
  return found;
}

export function isMarkdown(document) {
  return document.media_type === "text/markdown";
}

/** Text as paragraph elements, the spans marked; `base` is its first code point. */
export function markedParagraphs(text, spans, base, markdown = false) {
  return paragraphs(text).map((paragraph) => {
    const block = el("p", { dir: "auto" });
    if (markdown && HEADLINE.test(paragraph.text)) block.className = "headline";
    appendMarked(block, paragraph.text, spans, base + paragraph.start);
    return block;
  });
}

/** Appends text that begins at code point `base`, with the spans `[{start, end, kind}]` marked:
 * answers as strong, the rest as mark. Spans may reach beyond the text. */
function appendMarked(node, text, spans, base) {
  let marked = null;
  let parent = node;
  for (const piece of pieces(text, spans, base)) {
    const kind = piece.kinds.find((each) => each !== "answer") ?? null;
    if (kind !== marked) {
      parent = kind === null ? node : node.appendChild(el("mark", { class: kind }));
      marked = kind;
    }
    const inner = piece.kinds.includes("answer")
      ? parent.appendChild(el("strong", { class: "answer" }))
      : parent;
    appendText(inner, piece.text);
  }
}

/** The text cut wherever a span begins or ends: `[{text, kinds}]`. */
function pieces(text, spans, base) {
  const length = codePoints(text);
  const clipped = spans
    .map((span) => ({
      start: Math.max(span.start - base, 0),
      end: Math.min(span.end - base, length),
      kind: span.kind,
    }))
    .filter((span) => span.start < span.end);
  const cuts = new Set([0, length, ...clipped.flatMap((span) => [span.start, span.end])]);
  const points = [...cuts].sort((a, b) => a - b);
  const units = utf16Offsets(text, points);
  return points.slice(1).map((end, place) => ({
    text: text.slice(units[place], units[place + 1]),
    kinds: clipped
      .filter((span) => span.start < end && span.end > points[place])
      .map((span) => span.kind),
  }));
}
