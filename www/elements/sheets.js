// The style sheets of the element, all fetched at once.

import { h } from "../parts/dom.js";

const OWN = new URL("web-service-model.css", import.meta.url);
const STYLES = new URL("styles/", import.meta.url);

/** In the order in which they override one another; the element's own comes first. */
const NAMES = [
  "run-control", "figures", "components", "tables", "words", "narrow", "shell", "charts", "share",
  "topology", "topology-cells", "topology-ways", "topology-modes", "component-panel",
  "editor", "editor-parts", "editor-form", "editor-fields", "editor-json", "editor-narrow",
  "requests", "log", "report", "validate", "experiments",
];

/** Until they are there, an unstyled jumble would flash. @param {() => void} reveal called when all have arrived, or failed */
export function sheets(reveal) {
  const links = [OWN, ...NAMES.map((name) => new URL(`${name}.css`, STYLES))]
    .map((address) => h("link", { rel: "stylesheet", href: address.href }));
  let waiting = links.length;
  const arrived = () => {
    waiting -= 1;
    if (waiting === 0) reveal();
  };
  for (const link of links) {
    link.addEventListener("load", arrived);
    link.addEventListener("error", arrived);
  }
  return links;
}
