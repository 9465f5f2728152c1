// Where ways leave and reach what they join. Pure.

/** @typedef {import("./sizes.js").Box} Box */
/** @typedef {import("./curve.js").Point} Point */
/** @typedef {import("./drawing.js").Place} Place */

/** Ends of ways at one side keep this distance, if the side is long enough. */
const ENDS = 16;
/** Ends keep clear of the corners. */
const CORNERS = 24;

/**
 * The points that keep a way clear of the cards between its ends. Dagre gives the ends, a point before each and one
 * for each rank on the way; a way to the next rank needs none.
 * @param {Point[]} points
 */
export function innerPoints(points) {
  if (points.length <= 3) return [];
  return points.slice(2, -2).filter((_, index, all) => all.length < 4 || index % 2 === 0).map(({ x, y }) => ({ x, y }));
}

/**
 * The whole lines of ways. Beside what is broader than its own card a way stays level: it turns between the ranks only.
 * @param {{ from: Place, to: Place, inner: Point[] }[]} ways
 * @param {boolean} across
 * @returns {Point[][]}
 */
export function endsOf(ways, across) {
  const starts = spread(ways.map(({ from, to, inner }) => ({ box: from, next: inner[0] ?? middle(to) })), across);
  const ends = spread(ways.map(({ from, to, inner }) => ({ box: to, next: inner.at(-1) ?? middle(from) })), across);
  return ways.map(({ from, to, inner }, index) => {
    const [start, end] = [starts[index], ends[index]];
    const falls = from.rank < to.rank;
    const level = levelTo(falls ? start : end, falls ? from : to, across);
    return [start, ...(falls ? level : []), ...inner, ...(falls ? [] : level), end];
  });
}

/** The end of a card's rank, straight from where a way leaves or reaches the card. @param {Point} at @param {Place} card @param {boolean} across */
function levelTo(at, card, across) {
  if (card.beyond < 1) return [];
  const centre = middle(card);
  const along = (across ? at.x > centre.x : at.y > centre.y) ? card.beyond : -card.beyond;
  return [across ? { x: at.x + along, y: at.y } : { x: at.x, y: at.y + along }];
}

/**
 * Places at the sides of boxes, in the order of where the ways come from, so that they do not cross there.
 * @param {{ box: Box, next: Point }[]} ends
 * @param {boolean} across
 */
function spread(ends, across) {
  /** @type {Point[]} */
  const places = [];
  /** @type {Map<Box, { index: number, next: Point }[][]>} */
  const sides = new Map();
  ends.forEach(({ box, next }, index) => {
    const centre = middle(box);
    const after = across ? next.x > centre.x : next.y > centre.y;
    const both = sides.get(box) ?? [[], []];
    both[after ? 1 : 0].push({ index, next });
    sides.set(box, both);
  });
  for (const [box, both] of sides) {
    for (const [after, side] of both.entries()) {
      side.sort((one, other) => (across ? one.next.y - other.next.y : one.next.x - other.next.x));
      side.forEach(({ index }, position) => {
        places[index] = sidePoint(box, across, after === 1, position - (side.length - 1) / 2, side.length);
      });
    }
  }
  return places;
}

/** @param {Box} box @param {boolean} across @param {boolean} after @param {number} position @param {number} count @returns {Point} */
function sidePoint(box, across, after, position, count) {
  const room = (across ? box.height : box.width) - CORNERS;
  const offset = position * Math.min(ENDS, room / Math.max(1, count));
  const centre = middle(box);
  return across
    ? { x: after ? box.x + box.width : box.x, y: centre.y + offset }
    : { x: centre.x + offset, y: after ? box.y + box.height : box.y };
}

/** @param {Box} box @returns {Point} */
export function middle({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}
