// Smooth lines through points, as a path and as many small steps along it. Pure.

/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ points: Point[], lengths: number[], length: number }} Track */

/** How a line runs: from left to right, from top to bottom, or along streets, round corners. @typedef {"across" | "down" | "square"} Course */

/** Of ways from rank to rank. @param {boolean} across whether ranks follow from left to right @returns {Course} */
export function courseOf(across) {
  return across ? "across" : "down";
}

/** How far before a corner a square line begins to turn. */
const CORNER = 14;
/** Steps of one piece of a line: small enough to look round. */
const STEPS = 14;

/**
 * A line that leaves each point in the direction of the ways: a cubic piece from each to the next.
 * @param {Point[]} points at least two
 * @param {Course} course
 */
export function pathOf(points, course) {
  const [first, ...rest] = points;
  if (course === "square") {
    const corners = cornersOf(points).map(([before, corner, after]) => `L${place(before)}Q${place(corner)} ${place(after)}`);
    return `M${place(first)}${corners.join("")}L${place(points[points.length - 1])}`;
  }
  let from = first;
  let path = `M${place(first)}`;
  for (const to of rest) {
    const [one, other] = handles(from, to, course);
    path += `C${place(one)} ${place(other)} ${place(to)}`;
    from = to;
  }
  return path;
}

/**
 * The same line as a track, along which something can move.
 * @param {Point[]} points
 * @param {Course} course
 */
export function trackOf(points, course) {
  if (course === "square") return track([points[0], ...cornersOf(points).flat(), points[points.length - 1]]);
  const along = [points[0]];
  for (let piece = 1; piece < points.length; piece += 1) {
    const [from, to] = [points[piece - 1], points[piece]];
    const [one, other] = handles(from, to, course);
    for (let step = 1; step <= STEPS; step += 1) along.push(cubic(from, one, other, to, step / STEPS));
  }
  return track(along);
}

/** A track along straight pieces. @param {Point[]} points @returns {Track} */
export function track(points) {
  const lengths = [0];
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1], points[index]];
    lengths.push(lengths[index - 1] + Math.hypot(to.x - from.x, to.y - from.y));
  }
  return { points, lengths, length: lengths[lengths.length - 1] };
}

/**
 * The place at a share of a track's length; written into `into`, so that a frame allocates nothing.
 * @param {Track} track
 * @param {number} share from 0 to 1
 * @param {Point} into
 */
export function at({ points, lengths, length }, share, into) {
  const wanted = share * length;
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (lengths[middle] <= wanted) low = middle;
    else high = middle;
  }
  const piece = lengths[high] - lengths[low];
  const part = piece > 0 ? Math.min(1, Math.max(0, (wanted - lengths[low]) / piece)) : 1;
  into.x = points[low].x + (points[high].x - points[low].x) * part;
  into.y = points[low].y + (points[high].y - points[low].y) * part;
  return into;
}

/** Each corner, with where it begins and ends. @param {Point[]} points @returns {[Point, Point, Point][]} */
function cornersOf(points) {
  return points.slice(1, -1).map((corner, index) => [towards(corner, points[index]), corner, towards(corner, points[index + 2])]);
}

/** A little way from one point to another, at most half of it. @param {Point} from @param {Point} to @returns {Point} */
function towards(from, to) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length > 0 ? Math.min(CORNER / length, 0.5) : 0;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** @param {Point} from @param {Point} to @param {Course} course @returns {[Point, Point]} */
function handles(from, to, course) {
  const across = course === "across";
  const middle = across ? (from.x + to.x) / 2 : (from.y + to.y) / 2;
  return across
    ? [{ x: middle, y: from.y }, { x: middle, y: to.y }]
    : [{ x: from.x, y: middle }, { x: to.x, y: middle }];
}

/** @param {Point} a @param {Point} b @param {Point} c @param {Point} d @param {number} t @returns {Point} */
function cubic(a, b, c, d, t) {
  const s = 1 - t;
  const [i, j, k, l] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return { x: i * a.x + j * b.x + k * c.x + l * d.x, y: i * a.y + j * b.y + k * c.y + l * d.y };
}

/** @param {Point} point */
function place({ x, y }) {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
