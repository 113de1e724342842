// What there is to ask of: the first documents, each leading to its text.

import { json } from "/pages/api.js";
import { el, foreign, number } from "/pages/dom.js";

const SHOWN = 6;

/** Fills `list` with documents; resolves to whether there are any. */
export async function showDocuments(list) {
  const { documents, total } = await json(`/v1/documents?limit=${SHOWN}`);
  list.replaceChildren(...documents.map(documentItem));
  const more = total - documents.length;
  if (more > 0) list.append(el("li", { class: "small" }, `and ${number(more)} more`));
  return total > 0;
}

function documentItem({ doc_id: id, title, uri }) {
  const item = el("li", {}, el("a", { href: `/documents/${id}` }, foreign(title || uri)));
  if (title && title !== uri) item.append(" ", el("span", { class: "small path" }, foreign(uri)));
  return item;
}
