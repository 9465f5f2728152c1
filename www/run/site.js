// Where the files of the site are. No other module asks for its own address, which is another one in a bundle; this one,
// bundled or not, lies in a folder of the site's root.

const ROOT = new URL("../", import.meta.url);

/** The address of a file or folder of the site. @param {string} path from the site's root */
export function siteAddress(path) {
  return new URL(path, ROOT);
}
