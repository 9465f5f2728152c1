// The style sheet of the element, which names all others.

import { h } from "../parts/dom.js";
import { siteAddress } from "../run/site.js";

/** Until it is there, an unstyled jumble would flash. @param {() => void} reveal called when it has arrived, or failed */
export function styling(reveal) {
  const { href } = siteAddress("elements/web-service-model.css");
  return h("link", { rel: "stylesheet", href, onload: reveal, onerror: reveal });
}
