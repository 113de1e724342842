// What is said when something stands in the way, and what can be done about it.

import { apiKey } from "/pages/api.js";
import { el } from "/pages/dom.js";

const WORDS = {
  overloaded: ["It is busy", "More questions are waiting than it can answer in time."],
  "timed-out": ["That took too long", "The answer was not ready in time; it may be busy."],
  "shutting-down": ["It is being restarted", "It takes no new questions just now."],
  "index-unusable": ["The index cannot be used", null],
  "invalid-request": ["That cannot be asked", null],
  unreachable: ["No reply", null],
};

/** Shows a problem in `place`; `retry` is what is done again. */
export function showProblem(place, problem, retry) {
  if (problem.kind === "unauthorised") askForKey(place, retry);
  else if (problem.kind === "no-index") showNoIndex(place);
  else {
    const [title, words] = WORDS[problem.kind] ?? [problem.title, null];
    const text = el("p", { class: "lines" });
    text.textContent = words ?? problem.detail;
    const again = problem.kind === "invalid-request" || problem.kind === "not-found";
    place.replaceChildren(
      notice(title, text, again ? null : retryButton(retry, problem.retryAfter ?? 0)),
    );
  }
}

export function notice(title, ...children) {
  return el("section", { class: "notice", role: "alert" }, el("h2", {}, title), ...children);
}

/** Nothing has been built: how to do it. */
export function showNoIndex(place) {
  place.replaceChildren(
    notice(
      "No documents yet",
      el("p", {}, "This service has no index to answer from. Make one with"),
      el("pre", { tabindex: "0" }, el("code", {}, "quoth build FOLDER --index INDEX")),
      el("p", {}, "where INDEX is the folder it was started with. It is picked up by itself."),
    ),
  );
}

/** A button that can be pressed once the service is ready to be asked again. */
function retryButton(retry, seconds) {
  const button = el("button", { type: "button", class: "primary" });
  const until = Date.now() + seconds * 1000;
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.textContent = left > 0 ? `Try again in ${left} s` : "Try again";
    if (left > 0) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
    if (left > 0) setTimeout(show, 250);
  };
  show();
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") retry();
  });
  return button;
}

function askForKey(place, retry) {
  const refused = apiKey.get() !== "";
  apiKey.forget();
  const field = el("input", {
    type: "password",
    id: "key",
    required: "",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "key-words",
  });
  const form = el(
    "form",
    { class: "key" },
    el("label", { for: "key" }, "API key"),
    el("div", { class: "box" }, field, el("button", { type: "submit", class: "primary" }, "Use it")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const key = field.value.trim();
    // What a header cannot carry cannot be a key.
    field.setCustomValidity(/^[\x21-\x7e]+$/.test(key) ? "" : "A key has ASCII characters only.");
    if (!form.reportValidity()) return;
    apiKey.set(key);
    place.replaceChildren();
    retry();
  });
  field.addEventListener("input", () => field.setCustomValidity(""));
  const words = refused
    ? "The service does not know this key."
    : "This service answers only with an API key; whoever runs it can give you one.";
  place.replaceChildren(
    notice(
      refused ? "Not that key" : "A key is needed",
      el("p", { id: "key-words" }, `${words} It is kept in this tab and forgotten with it.`),
      form,
    ),
  );
  field.focus();
}
