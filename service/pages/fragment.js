// The viewer's fragment: `#char=START,END` (RFC 5147), then `;sha256=…` of the quote and
// `;answer=START,END`, which are ours. All offsets are code points.

/**
 * `{span, sha256, answer}`; what is missing is null, and so is a malformed span. A hash that was
 * cut short is kept as it is: no quote has it, and what it was a quote of is not shown for it.
 */
export function readFragment(hash) {
  const parts = new Map();
  for (const part of hash.replace(/^#/, "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0) parts.set(part.slice(0, at), part.slice(at + 1));
  }
  return {
    span: spanOf(parts.get("char")),
    sha256: parts.get("sha256") ?? null,
    answer: spanOf(parts.get("answer")),
  };
}

function spanOf(text) {
  const found = /^(\d{1,12}),(\d{1,12})$/.exec(text ?? "");
  const span = found && { start: Number(found[1]), end: Number(found[2]) };
  return span && span.start < span.end ? span : null;
}
