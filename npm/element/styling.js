// www/elements/styling.js for the npm package: the styles are inside the element's script, and are there at once. A sheet
// made by a script needs no leave of a page's Content-Security-Policy, as a <style> would.

import { CSS } from "./styles.js";

/** One for all elements of a page. @type {CSSStyleSheet | undefined} */
let sheet;

/** What stands for the styles; where it is put into, they hold. @param {() => void} reveal called when they do */
export function styling(reveal) {
  const place = document.createComment("styles");
  queueMicrotask(() => {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
    }
    const root = place.getRootNode();
    if (root instanceof ShadowRoot) root.adoptedStyleSheets.push(sheet);
    reveal();
  });
  return place;
}
