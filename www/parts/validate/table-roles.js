// What the parts of a table are, said outright: on a phone the rows are laid out as no table is, and browsers then forget that
// it is one.

const ROLES = [["tr", "row"], ["td", "cell"], ["thead th", "columnheader"], ["tbody th", "rowheader"], ["thead, tbody", "rowgroup"]];

/** @param {HTMLElement} table */
export function giveRoles(table) {
  for (const [selector, role] of ROLES) {
    for (const element of table.querySelectorAll(selector)) element.setAttribute("role", role);
  }
}
