// The page: a question, its reply, what was asked before.

import { Problem, apiKey, json } from "/pages/api.js";
import { count, el, foreign } from "/pages/dom.js";
import { showDocuments } from "/pages/library.js";
import { showNoIndex, showProblem } from "/pages/notices.js";
import { bodyOf, fieldsOf, queryOf } from "/pages/question.js";
import { forgetAll, recent, remember } from "/pages/recent.js";
import { renderReply, spoken } from "/pages/reply.js";

const AWAIT_INDEX_MS = 3000;
const TELL_AFTER_SECONDS = 2;
const LAST_QUESTION = "quoth.question";

const at = (id) => document.getElementById(id);
const form = at("ask");
const fields = { question: at("question"), path: at("path"), filter: at("filter"), topK: at("top_k") };
// Replies of this visit, by their address' query: going back shows what was shown.
const replies = new Map();
let working = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  let query;
  try {
    query = queryOf(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value])));
  } catch (problem) {
    showProblem(at("notice"), problem, () => form.requestSubmit());
    return;
  }
  if (!query.get("q")) return;
  replies.delete(query.toString());
  const address = `/?${query}`;
  if (address === location.pathname + location.search) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  show(query);
});

fields.question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    fields.question.focus();
    fields.question.select();
  }
});

addEventListener("popstate", open);
at("recent-clear").addEventListener("click", () => {
  forgetAll();
  showRecent();
  at("status").textContent = "Cleared.";
  fields.question.focus();
});

function asked() {
  return new URLSearchParams(location.search);
}

/** Shows what the address asks for. */
function open() {
  const query = asked();
  for (const [name, value] of Object.entries(fieldsOf(query))) fields[name].value = value;
  at("narrow").open = Boolean(fields.path.value || fields.filter.value || fields.topK.value);
  if (query.get("q")) show(query);
  else {
    working?.abort();
    clear();
    showRecent();
  }
}

function clear() {
  document.body.classList.remove("asked");
  document.title = "Quoth: answers, quoted";
  at("notice").replaceChildren();
  at("reply").replaceChildren();
  at("progress").hidden = true;
}

async function show(query) {
  working?.abort();
  const own = (working = new AbortController());
  document.body.classList.add("asked");
  document.title = `${query.get("q")} · Quoth`;
  at("notice").replaceChildren();
  const stopTelling = tellProgress();
  try {
    const known = replies.get(query.toString());
    const body = { ...bodyOf(query), answer: true };
    const reply = known ?? (await json("/v1/ask", { body, signal: own.signal }));
    replies.set(query.toString(), reply);
    at("reply").replaceChildren(...renderReply(reply));
    at("status").textContent = spoken(reply);
    showFoot(reply.snapshot);
    remember(query.toString());
    keepLast(query);
  } catch (problem) {
    if (own !== working || problem.name === "AbortError") return;
    if (problem.kind === undefined) throw problem;
    at("reply").replaceChildren();
    at("status").textContent = "";
    showProblem(at("notice"), problem, problem.kind === "unauthorised" ? start : () => show(query));
  } finally {
    stopTelling();
    if (own === working) showRecent();
  }
}

/** A bar at once, seconds when it takes long. Returns what ends it. */
function tellProgress() {
  const began = Date.now();
  at("reply").setAttribute("aria-busy", "true");
  at("progress").hidden = false;
  at("status").textContent = "Searching and reading.";
  const tell = () => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    const long = seconds >= TELL_AFTER_SECONDS ? ` ${seconds} s` : "";
    at("elapsed").textContent = `Searching and reading …${long}`;
  };
  tell();
  const own = working;
  const ticking = setInterval(tell, 500);
  return () => {
    clearInterval(ticking);
    if (own !== working) return; // another question is being worked on
    at("progress").hidden = true;
    at("reply").removeAttribute("aria-busy");
  };
}

function showRecent() {
  const current = asked().toString();
  const queries = recent().filter((query) => query !== current);
  at("recent").hidden = queries.length === 0;
  at("recent-list").replaceChildren(
    ...queries.map((query) => {
      const past = new URLSearchParams(query);
      const narrowed = past.has("filter") ? " (narrowed down)" : "";
      return el("li", {}, el("a", { href: `/?${past}` }, foreign(past.get("q") ?? ""), narrowed));
    }),
  );
}

/** The viewer's way back. */
function keepLast(query) {
  try {
    sessionStorage.setItem(LAST_QUESTION, query.toString());
  } catch {
    // Then it leads to the start.
  }
}

async function showCorpus() {
  try {
    const index = await json("/v1/index");
    fields.topK.max = index.limits.top_k;
    fields.topK.placeholder = index.settings.top_k;
    if (index.snapshot === null) {
      if (!index.problem) showNoIndex(at("notice"));
      else showProblem(at("notice"), new Problem("index-unusable", "", index.problem), start);
      awaitIndex();
      return;
    }
    at("corpus").replaceChildren(...corpus(index));
    showFoot(index.snapshot);
    at("documents").hidden = !(await showDocuments(at("documents-list")));
  } catch (problem) {
    if (problem.kind === undefined) throw problem;
    // A question in the address tells the same, and is what was wanted.
    if (!asked().get("q")) showProblem(at("notice"), problem, start);
  }
}

function corpus(index) {
  const { documents, passages } = index.snapshot;
  const size = `${count(documents, "document")}, ${count(passages, "passage")}`;
  if (!index.settings.name) return [size];
  return [el("strong", {}, foreign(index.settings.name)), ` · ${size}`];
}

function showFoot(snapshot) {
  const built = new Date(snapshot.created_at);
  const when = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }).format(built);
  const foot = [`Index of ${when}.`];
  if (apiKey.get()) {
    const forget = el("button", { type: "button", class: "link" }, "Forget the API key");
    forget.addEventListener("click", () => {
      apiKey.forget();
      location.assign("/");
    });
    foot.push(" ", forget);
  }
  at("foot").replaceChildren(...foot);
}

/** Looks again until there is an index, then begins anew. */
function awaitIndex() {
  setTimeout(async () => {
    const index = await json("/v1/index").catch(() => null);
    if (index?.snapshot) {
      at("notice").replaceChildren();
      start();
    } else awaitIndex();
  }, AWAIT_INDEX_MS);
}

function start() {
  open();
  showCorpus();
}

start();
