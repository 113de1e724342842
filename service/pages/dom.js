// Elements, and text from documents: only ever text nodes, never markup.

// Embeddings, overrides and isolates can make words read in another order than they stand in.
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/;
const EACH_REORDERING = /([\u202a-\u202e\u2066-\u2069])/;

/** An element; `attributes` are set as attributes, children are elements or our own strings. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(attribute, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Appends somebody else's text. Characters that reorder are shown by their number, each shut in
 * a box of its own where it reorders nothing; `textContent` stays what it was. */
export function appendText(node, text) {
  if (!REORDERING.test(text)) {
    node.append(text);
    return;
  }
  for (const piece of text.split(EACH_REORDERING)) {
    if (REORDERING.test(piece)) {
      const code = `U+${piece.codePointAt(0).toString(16).toUpperCase()}`;
      node.append(el("span", { class: "control", "data-code": code }, piece));
    } else {
      node.append(piece);
    }
  }
}

/** A title, name or path out of a document, which cannot reorder what stands around it. */
export function foreign(text) {
  const element = el("bdi");
  appendText(element, text);
  return element;
}

/** The same for places that take no elements, such as a window's title. */
export function plain(text) {
  return text.replaceAll(new RegExp(REORDERING, "g"), "\ufffd");
}

const WHOLE = new Intl.NumberFormat("en");

export function number(value) {
  return WHOLE.format(value);
}

/** `1 document`, `2 documents`. */
export function count(value, noun) {
  return `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
}
