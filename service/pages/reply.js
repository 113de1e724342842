// The reply to a question: the answer or why there is none, then the passages.

import { place, section, viewLink } from "/pages/citations.js";
import { count, el, foreign, number } from "/pages/dom.js";
import { isMarkdown, markedParagraphs } from "/pages/marks.js";
import { citationTools } from "/pages/tools.js";

// From which confidence on, in which words.
const SURE = [
  [0.9, "Very sure"],
  [0.7, "Fairly sure"],
  [0.5, "More likely right than wrong"],
  [0.3, "Unsure: check the source"],
  [0, "Little more than a guess: check the source"],
];
const RELATED = "Related, but does not answer";

export function renderReply(reply) {
  return [head(reply), passages(reply)];
}

/** One sentence for those who hear the page. */
export function spoken(reply) {
  if (reply.answer) {
    return `Answered: ${reply.answer.text}. ${sureness(reply.answer.confidence)}, ${percent(reply.answer.confidence)}.`;
  }
  const found = `${count(reply.passages.length, "passage")} below.`;
  return reply.abstention ? `The documents do not say. ${found}` : `Found: ${found}`;
}

function head(reply) {
  if (reply.answer) return answered(reply);
  if (reply.abstention) return abstained(reply);
  return el(
    "section",
    { class: "head" },
    el("h2", { class: "none" }, reply.passages.length ? "What bears on it" : "Nothing was found"),
    el("p", {}, "No reader is loaded, so passages were found but not read for an answer."),
  );
}

function answered(reply) {
  const { answer } = reply;
  const passage = reply.passages.find(({ citation }) => citation.id === answer.citation);
  const words = el("h2", { class: "answer", id: "answer" }, foreign(answer.text));
  if (answer.text.length > 60) words.classList.add("long");
  const quote = el("blockquote", { class: "quoted" });
  const { span } = passage.citation;
  const marks = [{ ...answer.span, kind: "answer" }];
  quote.append(...markedParagraphs(passage.citation.quote.exact, marks, span.start));
  const name = "the answer";
  return el(
    "section",
    { class: "head", "aria-labelledby": "answer" },
    words,
    confidence(answer.confidence),
    el(
      "figure",
      {},
      quote,
      el("figcaption", {}, source(passage.citation, answer.span), citationTools(passage.citation, { name })),
    ),
    also(reply),
    budget(reply.reading),
  );
}

function confidence(value) {
  const meter = el("span", { class: "meter", "aria-hidden": "true" }, el("span"));
  meter.firstChild.style.inlineSize = `${100 * value}%`;
  const right = Math.round(100 * value);
  return el(
    "div",
    { class: "confidence" },
    el("p", {}, meter, `${percent(value)} · `, el("strong", {}, sureness(value))),
    el("p", { class: "small" }, `Of 100 answers this sure, about ${right} ${right === 1 ? "is" : "are"} right.`),
  );
}

function sureness(value) {
  return SURE.find(([least]) => value >= least)[1];
}

function percent(value) {
  return `${Math.round(100 * value)}\u00a0%`;
}

function also(reply) {
  const others = reply.passages.filter(({ citation }) => reply.answer.also.includes(citation.id));
  if (!others.length) return null;
  const said = el("p", { class: "also" }, "The same is said in ");
  others.forEach((passage, position) => {
    if (position) said.append(", ");
    said.append(el("a", { href: `#passage-${passage.rank}` }, `passage ${passage.rank}`));
  });
  said.append(".");
  return said;
}

function abstained(reply) {
  const nothing = reply.abstention.reason === "nothing_found";
  const long = reply.abstention.reason === "question_too_long";
  const title = nothing ? "Nothing was found" : long ? "The question is too long" : "The documents do not say";
  return el(
    "section",
    { class: "head" },
    el("h2", { class: "none" }, title),
    el("p", {}, reply.abstention.message),
    budget(reply.reading),
  );
}

/** What the time did not allow. */
function budget(reading) {
  if (!reading || reading.complete) return null;
  const { passages_read: read, passages_to_read: wanted } = reading;
  const unread = `${number(wanted - read)} of the ${count(wanted, "nearest passage")}`;
  return el("p", { class: "budget" }, `${unread} could not be read in the time given; they may say more.`);
}

function passages(reply) {
  if (!reply.passages.length) return el("div");
  const related = reply.status === "abstained";
  const answer = reply.answer?.span ?? null;
  return el(
    "section",
    { class: "found", "aria-labelledby": "found-heading" },
    el("h2", { id: "found-heading" }, related ? "The nearest passages" : "Passages, best first"),
    related ? el("p", { class: "small" }, "What comes nearest to the question is marked in each.") : null,
    el("ol", { class: "passages" }, ...reply.passages.map((each) => passageItem(each, answer, related))),
    meaning(),
  );
}

function passageItem(passage, answer, related) {
  const markdown = isMarkdown(passage.citation.document);
  const blocks = markedParagraphs(passage.text, passage.highlights, 0, markdown);
  const text = el("div", { class: "words" }, ...blocks);
  // The answer's place in this passage, which may be another than the answer was taken from.
  const held = passage.highlights.find(({ kind }) => kind === "answer");
  const own = held && {
    start: passage.span.start + held.start,
    end: passage.span.start + held.end,
  };
  const name = `passage ${passage.rank}`;
  return el(
    "li",
    { id: `passage-${passage.rank}`, class: "passage" },
    el(
      "div",
      { class: "heading" },
      source(passage.citation, own ?? answer, passage.rank),
      related ? el("p", { class: "tag" }, RELATED) : null,
    ),
    text,
    scores(passage.scores),
    citationTools(passage.citation, { name }),
  );
}

/** Title, section, place: the title leads to the quote in its document. */
function source(citation, answer, rank = null) {
  const link = el("a", { href: viewLink(citation, answer) }, foreign(citation.document.title || citation.document.uri));
  link.append(el("span", { class: "visually-hidden" }, ", opened at the quote"));
  const path = el("span", { class: "path" }, foreign(citation.document.uri));
  const under = el("p", { class: "small" });
  if (section(citation)) under.append(foreign(section(citation)), " · ");
  under.append(path, ` · ${place(citation)}`);
  const title = el(rank === null ? "p" : "h3", { class: "title" });
  if (rank !== null) title.append(el("span", { class: "rank" }, `${rank}`));
  title.append(link);
  return el("div", { class: "source" }, title, under);
}

function scores({ relevance, dense, lexical, fused }) {
  const read = relevance === null ? "not read" : relevance.toFixed(2);
  const rows = { relevance: read, meaning: dense.toFixed(2), words: lexical.toFixed(1), rank: fused.toFixed(2) };
  const pairs = Object.entries(rows).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
  return el("dl", { class: "scores", "aria-label": "Scores" }, ...pairs);
}

function meaning() {
  return el(
    "details",
    { class: "meaning" },
    el("summary", {}, "What the scores mean"),
    el(
      "p",
      {},
      "Relevance is the reader's, from 0 to 1; meaning is the cosine of question and passage; words is BM25, " +
        "0 where no word is shared; rank puts them together and orders what was found. None is a probability: " +
        "only the answer's confidence is.",
    ),
  );
}
