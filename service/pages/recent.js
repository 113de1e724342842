// Questions asked before, in this browser: each the query of its address, newest first.

const KEPT = "quoth.recent";
const AT_MOST = 12;

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((query) => typeof query === "string") : [];
  } catch {
    return []; // storage is off, or holds something else
  }
}

export function remember(query) {
  const others = recent().filter((other) => other !== query);
  keep([query, ...others].slice(0, AT_MOST));
}

export function forgetAll() {
  keep([]);
}

function keep(queries) {
  try {
    if (queries.length) localStorage.setItem(KEPT, JSON.stringify(queries));
    else localStorage.removeItem(KEPT);
  } catch {
    // Then nothing is kept.
  }
}
