// A citation: where it stands in words, its link, its copies, its check.

import { textBytes } from "/pages/api.js";
import { number, plain } from "/pages/dom.js";

/** The viewer at the quote. The quote's hash goes along, so that it can tell when the text has
 * changed since; so does the answer's place, if it is known (both parts of the fragment are ours). */
export function viewLink(citation, answer = null) {
  const held = answer && citation.span.start <= answer.start && answer.end <= citation.span.end;
  const place = held ? `;answer=${answer.start},${answer.end}` : "";
  return `${citation.links.view};sha256=${citation.quote.sha256}${place}`;
}

/** `page 3 (iv), lines 31–33` or `cells Costs!A5:F7, line 9`: what is known of the place within the
 * document. What the document calls its pages and sheets reorders nothing here. */
export function place(citation) {
  const { start, end } = citation.lines;
  const parts = start === end ? [`line ${number(start)}`] : [`lines ${number(start)}–${number(end)}`];
  if (citation.cells !== null) parts.unshift(`cells ${plain(citation.cells)}`);
  if (citation.page !== null) {
    const label = plain(citation.page_label ?? "");
    const named = label && label !== String(citation.page) ? ` (${label})` : "";
    parts.unshift(`page ${number(citation.page)}${named}`);
  }
  return parts.join(", ");
}

/** `characters 2,796–3,027`, counted as code points from 0, the end not included. */
export function characters({ start, end }) {
  return `characters ${number(start)}–${number(end)}`;
}

/** The headings above, but for a first one that repeats the title, beside which they stand. */
export function section({ document, section: names }) {
  return names.slice(names[0] === document.title ? 1 : 0).join(" › ");
}

/** Fetches the quoted span anew and hashes it here: `{holds, sha256}`. Throws Problem. */
export async function verify(citation, expected = citation.quote.sha256) {
  const bytes = await textBytes(citation.document.doc_id, citation.span);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { holds: sha256 === expected, sha256 };
}

/** Browsers hash only in pages that came safely: over HTTPS, or from this machine. */
export function canVerify() {
  return globalThis.crypto?.subtle !== undefined;
}

export const COPIES = { Markdown: markdown, BibTeX: bibtex, JSON: asJson };

function asJson(citation) {
  return JSON.stringify(citation, null, 2);
}

function markdown(citation) {
  const quote = citation.quote.exact.split("\n").map((line) => `> ${escaped(line)}`.trimEnd());
  const where = [section(citation), citation.document.uri].filter(Boolean).map(escaped);
  where.push(escaped(place(citation)));
  const source = `[${escaped(citation.document.title)}](${address(citation)}), ${where.join(", ")}`;
  return [
    ...quote,
    ">",
    `> — ${source} (${characters(citation.span)}, sha256 \`${citation.quote.sha256}\`)`,
  ].join("\n");
}

// Titles and quotes are text: pasted into a Markdown document they shall stay text.
function escaped(text) {
  return text
    .replace(/[\\`*_{}[\]<>#|&~]/g, "\\$&")
    .replace(/^(\s*)([-+=])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/, "$1\\$2");
}

function bibtex(citation) {
  const { document, quote, span } = citation;
  const { author, year, date } = document.metadata;
  const fields = {
    title: braced(document.title),
    author: named(author),
    year: named(year ?? (typeof date === "string" ? date.slice(0, 4) : undefined)),
    howpublished: braced([document.uri, place(citation)].join(", ")),
    note: braced(`${characters(span)}: “${quote.exact}” (sha256 ${quote.sha256})`),
    url: address(citation),
  };
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name} = {${value}},`);
  return [`@misc{quoth-${document.doc_id}-${span.start},`, ...lines, "}"].join("\n");
}

function named(value) {
  return typeof value === "string" || typeof value === "number" ? braced(String(value)) : undefined;
}

const BIBTEX = { "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}" };

function braced(text) {
  return text
    .replace(/[\\{}#$%&_]/g, (character) => BIBTEX[character] ?? `\\${character}`)
    .replace(/\s+/g, " ");
}

function address(citation) {
  return new URL(viewLink(citation), location.origin).href;
}
