// What of the laboratory is to be seen: all of it, or one part for a course page.

/** Parts that can stand alone. */
export const VIEWS = /** @type {const} */ (["topology", "charts", "figures", "components", "requests", "log", "report", "editor", "experiments", "validate"]);

/** @typedef {"all" | typeof VIEWS[number]} ViewName */
/** @typedef {{ name: ViewName, chart?: string }} View */

/**
 * The view that an attribute asks for: "topology", "charts", "chart:rps" ...; all of it without one.
 * @param {string | null} attribute
 * @returns {View}
 */
export function viewOf(attribute) {
  const [name, chart] = (attribute ?? "all").split(":", 2);
  if (name === "chart" && chart) return { name: "charts", chart };
  const known = VIEWS.find((view) => view === name);
  return { name: known ?? "all" };
}
