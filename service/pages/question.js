// A question and its address: `?q=…&filter=…&top_k=…`, which can be shared.

import { Problem } from "/pages/api.js";

/** The body of /v1/ask. Throws Problem for a filter that is no JSON. */
export function bodyOf(query) {
  const body = { question: query.get("q") ?? "" };
  if (query.get("top_k")) body.top_k = Number(query.get("top_k"));
  if (query.get("filter")) body.filter = read(query.get("filter"));
  return body;
}

/** The address' query of what the form holds; what is left empty is left out. */
export function queryOf({ question, path, filter, topK }) {
  const query = new URLSearchParams({ q: question.trim() });
  const filters = [];
  if (path) filters.push({ op: "prefix", field: "uri", value: path });
  if (filter.trim()) filters.push(read(filter));
  if (filters.length === 1) query.set("filter", JSON.stringify(filters[0]));
  if (filters.length > 1) query.set("filter", JSON.stringify({ op: "and", filters }));
  if (topK) query.set("top_k", topK);
  return query;
}

/** What the form shows of an address: a filter by path alone has a field of its own. */
export function fieldsOf(query) {
  const fields = { question: query.get("q") ?? "", path: "", filter: "", topK: query.get("top_k") ?? "" };
  const text = query.get("filter") ?? "";
  try {
    const filter = JSON.parse(text);
    const byPath = filter?.op === "prefix" && filter.field === "uri";
    if (byPath && typeof filter.value === "string") return { ...fields, path: filter.value };
  } catch {
    // Shown as it is; asking tells what is wrong.
  }
  return { ...fields, filter: text };
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem("invalid-request", "", `The filter is no JSON: ${error.message}`);
  }
}
