// www/run/site.js for the npm package: where the package's files are. Each has an address that is written out, because a
// bundler copies and renames the files that it sees named.

import { FILES } from "./files.js";

/** The address of a file of the package. @param {string} path */
export function siteAddress(path) {
  // The package has no page of its own: a link leads to the page that the element is on.
  if (path === "index.html") return new URL(location.href);
  return Object.hasOwn(FILES, path) ? FILES[path] : new URL(path, FILES["web-service-model_bg.wasm"]);
}
