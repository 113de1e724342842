// The viewer: a document's canonical text, opened at a quote.

import { Problem, json } from "/pages/api.js";
import { characters, place, section } from "/pages/citations.js";
import { count, el, foreign, plain } from "/pages/dom.js";
import { readFragment } from "/pages/fragment.js";
import { notice, showProblem } from "/pages/notices.js";
import { ReadingWindow } from "/pages/reading_window.js";
import { citationTools } from "/pages/tools.js";

const LAST_QUESTION = "quoth.question";
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

const at = (id) => document.getElementById(id);
const docId = location.pathname.split("/").pop();
let window_ = null;

/** Fetches document and citation, then the text around it, and goes there. */
async function open() {
  window_?.close();
  at("notice").replaceChildren();
  at("progress").hidden = false;
  const asked = readFragment(location.hash);
  try {
    const about = await json(`/v1/documents/${docId}`);
    const span = asked.span !== null && asked.span.end <= about.characters ? asked.span : null;
    const citation = span && (await cited(span));
    const changed =
      asked.span !== null && asked.sha256 !== null && citation?.quote.sha256 !== asked.sha256;
    showAbout(about, citation, asked, changed);
    const marks = span && !changed ? marksOf(span, asked.answer) : [];
    window_ = new ReadingWindow(at("text"), about, marks, failed);
    await window_.open(span ?? { start: 0, end: 0 });
    at("text").hidden = false;
    if (LANGUAGE.test(about.metadata.language ?? "")) at("text").lang = about.metadata.language;
    if (marks.length) goToQuote();
    window_.watch();
    at("status").textContent = told(about, citation, changed);
  } catch (problem) {
    if (problem.kind === undefined) throw problem;
    failed(problem, open);
  } finally {
    at("progress").hidden = true;
  }
}

function failed(problem, retry) {
  const gone = new Problem("not-found", "No such document", "It is not in the index, or no longer.");
  showProblem(at("notice"), problem.kind === "not-found" ? gone : problem, retry);
}

/** The citation of the span; null where it lies in no single passage, which links of ours never do. */
async function cited({ start, end }) {
  try {
    return await json(`/v1/documents/${docId}/citation?start=${start}&end=${end}`);
  } catch (problem) {
    if (problem.kind === "invalid-request") return null;
    throw problem;
  }
}

function marksOf(span, answer) {
  const within = answer && span.start <= answer.start && answer.end <= span.end;
  const marks = [{ ...span, kind: "evidence" }];
  return within ? [...marks, { ...answer, kind: "answer" }] : marks;
}

function goToQuote() {
  const quote = at("text").querySelector("mark");
  quote.id = "quote";
  quote.tabIndex = -1;
  const tall = quote.getBoundingClientRect().height > innerHeight / 2;
  quote.scrollIntoView({ block: tall ? "start" : "center", behavior: "instant" });
  quote.focus({ preventScroll: true });
}

function showAbout(about, citation, asked, changed) {
  const title = about.title || about.uri;
  document.title = `${plain(title)} · Quoth`;
  const size = ` · ${count(about.characters, "character")}`;
  at("about").replaceChildren(
    el("h1", {}, foreign(title)),
    el("p", { class: "small" }, el("span", { class: "path" }, foreign(about.uri)), size),
  );
  at("about").hidden = false;
  if (changed) at("notice").replaceChildren(changedNotice());
  at("quote-bar").hidden = changed || citation === null;
  if (!at("quote-bar").hidden) showQuoteBar(title, citation, asked.sha256);
}

function changedNotice() {
  const words =
    "What stands at this place now are not the words that were cited, so nothing is marked. " +
    "Ask again to find them.";
  return notice("The text has changed", el("p", {}, words));
}

/** What the quote is, always in sight; its hash is held against the one that the link brought. */
function showQuoteBar(title, citation, expected) {
  const where = el("p", { class: "where" }, el("strong", {}, foreign(title)));
  const facts = el("p", { class: "small" });
  if (section(citation)) facts.append(foreign(section(citation)), " · ");
  facts.append(`${place(citation)} · ${characters(citation.span)}`);
  const jump = el("button", { type: "button", class: "quiet" }, "Go to the quote");
  jump.addEventListener("click", goToQuote);
  const tools = citationTools(citation, {
    expected: expected ?? citation.quote.sha256,
    name: "the quote",
  });
  tools.prepend(jump);
  at("quote-bar").replaceChildren(where, facts, tools);
}

function told(about, citation, changed) {
  if (changed) return "The text has changed since it was cited.";
  return citation ? `${plain(about.title)}, at the quote, ${place(citation)}.` : plain(about.title);
}

function showWayBack() {
  try {
    const query = new URLSearchParams(sessionStorage.getItem(LAST_QUESTION) ?? "");
    if (!query.get("q")) return;
    at("back").href = `/?${query}`;
    at("back").replaceChildren("Back to “", foreign(query.get("q")), "”");
  } catch {
    // Then it leads to the start.
  }
}

addEventListener("hashchange", () => {
  if (location.hash !== "#text") open();
});
showWayBack();
open();
