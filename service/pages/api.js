// The service, as the page talks to it.

const KEY = "quoth.key";

/** What went wrong, as the service's problem details tell it; `kind` is the last part of their type. */
export class Problem extends Error {
  constructor(kind, title, detail, retryAfter = null) {
    super(detail);
    Object.assign(this, { kind, title, detail, retryAfter });
  }
}

/** The API key, kept until the tab is closed. */
export const apiKey = {
  get() {
    try {
      return sessionStorage.getItem(KEY) ?? this.unkept ?? "";
    } catch {
      return this.unkept ?? "";
    }
  },
  set(key) {
    this.unkept = key;
    try {
      sessionStorage.setItem(KEY, key);
    } catch {
      // Then it holds until the page is left.
    }
  },
  forget() {
    this.unkept = "";
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // There was nothing to forget.
    }
  },
};

/** The reply, if it is a good one; else throws Problem (or AbortError). */
export async function call(path, { body = null, signal = null, cache = "default" } = {}) {
  const headers = {};
  if (apiKey.get()) headers.Authorization = `Bearer ${apiKey.get()}`;
  if (body !== null) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method: body === null ? "GET" : "POST",
      body: body === null ? null : JSON.stringify(body),
      headers,
      signal,
      cache,
      credentials: "omit",
      redirect: "error",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("unreachable", "No reply", "The service cannot be reached; is it running?");
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function json(path, options) {
  return (await call(path, options)).json();
}

/** The bytes of a document's text from `start` to `end`, both in code points, asked for anew. */
export async function textBytes(docId, { start, end }, signal = null) {
  const path = `/v1/documents/${docId}/text?start=${start}&end=${end}`;
  return (await call(path, { signal, cache: "no-store" })).arrayBuffer();
}

/** UTF-8 → text, a leading U+FEFF kept: every code point counts. */
export function decoded(bytes) {
  return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
}

/** `#/filter/op` → `filter › op`. */
function fieldOf(pointer) {
  return pointer.replace(/^#\//, "").replaceAll("/", " › ");
}

async function problemOf(response) {
  const told = await response.json().catch(() => ({}));
  const kind = String(told.type ?? "").split("/").pop() || `status-${response.status}`;
  const faults = (told.errors ?? []).map(({ pointer, detail }) => `${fieldOf(pointer)}: ${detail}`);
  const detail = faults.length ? faults.join("\n") : (told.detail ?? "It gave no reason.");
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const retryAfter = Number.isNaN(seconds) ? null : seconds;
  return new Problem(kind, told.title ?? `Status ${response.status}`, detail, retryAfter);
}
