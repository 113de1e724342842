// What one can do with a citation: verify it, copy it.

import { COPIES, canVerify, characters, verify } from "/pages/citations.js";
import { el } from "/pages/dom.js";

/** A row of buttons with the line that tells what they did. */
export function citationTools(citation, { expected = citation.quote.sha256, name } = {}) {
  const told = el("p", { class: "told", role: "status" });
  const check = el("button", { type: "button", class: "quiet verify" }, "Verify");
  check.addEventListener("click", () => showVerdict(citation, expected, told));
  const copies = Object.entries(COPIES).map(([format, render]) => {
    const button = el("button", { type: "button", class: "quiet copy" }, format);
    button.addEventListener("click", () => copy(render(citation), format, told));
    return button;
  });
  const cite = el(
    "div",
    { class: "copies", role: "group", "aria-label": `Copy the citation of ${name}` },
    el("span", { "aria-hidden": "true" }, "Copy as"),
    ...copies,
  );
  return el("div", { class: "tools" }, check, cite, told);
}

async function showVerdict(citation, expected, told) {
  if (!canVerify()) {
    tell(told, "unsure", "This browser hashes only pages that came over HTTPS or from this machine.");
    return;
  }
  tell(told, "", "Fetching the text and hashing it …");
  try {
    const { holds, sha256 } = await verify(citation, expected);
    const where = `${characters(citation.span)} of the text, fetched just now`;
    if (holds) tell(told, "good", `✓ Verified: ${where}, have the sha256 of the quote, ${sha256}.`);
    else tell(told, "bad", `✗ Not the quote: ${where}, have sha256 ${sha256}; the quote has ${expected}.`);
  } catch (problem) {
    tell(told, "unsure", `Could not be verified: ${problem.message}`);
  }
}

async function copy(text, format, told) {
  try {
    await navigator.clipboard.writeText(text);
    tell(told, "good", `Copied as ${format}.`);
  } catch {
    // No clipboard without HTTPS, or without leave: then by hand.
    const field = el("textarea", { readonly: "", rows: "6", "aria-label": `Citation as ${format}` });
    field.value = text;
    tell(told, "", "The browser gave no access to the clipboard; copy it from here.");
    told.append(field);
    field.focus();
    field.select();
  }
}

function tell(told, verdict, words) {
  told.className = `told ${verdict}`.trim();
  told.textContent = words;
}
