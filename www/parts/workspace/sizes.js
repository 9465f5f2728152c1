// How large the reader has made the parts of the workspace, kept in the browser where the element may keep things.

const KEY = "web-service-model-sizes";

/** @typedef {{ side?: number, drawer?: number }} Sizes in CSS pixels; what is not there has the size that it has by itself */

/** @returns {Sizes} */
export function keptSizes() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const size = (/** @type {unknown} */ value) => (typeof value === "number" && value > 0 && value < 10_000 ? value : undefined);
    return { side: size(kept?.side), drawer: size(kept?.drawer) };
  } catch {
    // The browser keeps nothing for this site, or somebody else has written there.
    return {};
  }
}

/** @param {Sizes} sizes */
export function keepSizes(sizes) {
  try {
    localStorage.setItem(KEY, JSON.stringify(sizes));
  } catch {
    // As above: they last as long as the page.
  }
}
