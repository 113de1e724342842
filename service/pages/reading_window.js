// As much of a long text as one looks at: a window around the quote that grows at both ends.

import { decoded, textBytes } from "/pages/api.js";
import { el, number } from "/pages/dom.js";
import { isMarkdown, markedParagraphs } from "/pages/marks.js";
import { codePoints } from "/pages/offsets.js";

// Code points fetched at once, and how far from the edge of the screen that begins.
const STEP = 20_000;
const AHEAD = "1200px";
// A paragraph cut by the window's edge is joined with what comes, unless it is longer than this.
const LONGEST_JOINED = 100_000;

export class ReadingWindow {
  /** `marks` are spans of the whole text; `failed(problem, retry)` is told what goes wrong. */
  constructor(place, about, marks, failed) {
    Object.assign(this, { about, marks, failed, growing: false });
    this.body = el("div", { class: "words" });
    this.earlier = this.button("Earlier text", () => this.grow(-1));
    this.later = this.button("Later text", () => this.grow(1));
    place.replaceChildren(this.earlier, this.body, this.later);
  }

  /** Shows the text around a span; resolves when it stands on the page. */
  async open({ start, end }, signal) {
    this.start = Math.max(0, start - STEP);
    this.end = Math.min(this.about.characters, Math.max(end, start) + STEP);
    this.body.replaceChildren(...this.blocks(await this.text(this.start, this.end, signal), this.start));
    this.showEdges();
  }

  /** From now on it grows by itself when one comes near an edge. */
  watch() {
    this.watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.grow(target === this.earlier ? -1 : 1);
        }
      },
      { rootMargin: `${AHEAD} 0px` },
    );
    this.watcher.observe(this.earlier);
    this.watcher.observe(this.later);
  }

  close() {
    this.watcher?.disconnect();
  }

  async grow(direction) {
    const [start, end] =
      direction < 0
        ? [Math.max(0, this.start - STEP), this.start]
        : [this.end, Math.min(this.about.characters, this.end + STEP)];
    if (this.growing || start === end) return;
    this.growing = true;
    try {
      const text = await this.text(start, end);
      if (direction < 0) this.prepend(text, start);
      else this.append(text, end);
      this.lookAgain();
    } catch (problem) {
      if (problem.kind === undefined) throw problem;
      this.failed(problem, () => this.grow(direction));
    } finally {
      this.growing = false;
    }
    this.showEdges();
  }

  async text(start, end, signal = null) {
    return decoded(await textBytes(this.about.doc_id, { start, end }, signal));
  }

  append(text, end) {
    const last = this.body.lastElementChild;
    const joined = joins(last) ? last.textContent : "";
    const start = this.end - codePoints(joined);
    if (joined) last.remove();
    this.body.append(...this.blocks(joined + text, start));
    this.end = end;
  }

  prepend(text, start) {
    const before = this.body.getBoundingClientRect().height;
    const first = this.body.firstElementChild;
    // Only what goes on in the first block; a new paragraph begins with none.
    const joined = joins(first) && !text.endsWith("\n\n") ? first.textContent : "";
    if (joined) first.remove();
    this.body.prepend(...this.blocks(text + joined, start));
    this.start = start;
    this.showEdges();
    // What one reads stays where it is.
    scrollBy({ top: this.body.getBoundingClientRect().height - before, behavior: "instant" });
  }

  blocks(text, base) {
    return markedParagraphs(text, this.marks, base, isMarkdown(this.about));
  }

  showEdges() {
    this.earlier.hidden = this.start === 0;
    this.later.hidden = this.end === this.about.characters;
    this.earlier.textContent = `Earlier text (${number(this.start)} characters)`;
    this.later.textContent = `Later text (${number(this.about.characters - this.end)} characters)`;
  }

  /** An edge that is still near after it grew is not reported again by itself. */
  lookAgain() {
    for (const edge of [this.earlier, this.later]) {
      this.watcher?.unobserve(edge);
      this.watcher?.observe(edge);
    }
  }

  button(words, act) {
    const button = el("button", { type: "button", class: "edge" }, words);
    button.addEventListener("click", act);
    return button;
  }
}

function joins(block) {
  return block !== null && block.textContent.length <= LONGEST_JOINED;
}
