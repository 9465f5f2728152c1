// Which nodes a visitor may promote: the same rule as the simulator's (`World::candidates`), so that no button asks in vain.

/** @typedef {import("./engine.js").ComponentState} ComponentState */

/**
 * A replica that is up or, if the primary is dead and no replica is up, a former primary that is up.
 * @param {ComponentState} node
 * @param {ComponentState[]} components all there are
 */
export function canBePromoted(node, components) {
  if (node.state === "down") return false;
  if (node.role !== "detached") return node.role === "replica";
  return !components.some(({ kind, group, name, state, role }) =>
    kind === "node" && group === node.group && clusterOf(name) === clusterOf(node.name) && state !== "down" && role !== "detached");
}

/** A cluster of each instance's own has the same group as the others'. @param {string} node */
function clusterOf(node) {
  return node.slice(0, node.lastIndexOf("/"));
}
