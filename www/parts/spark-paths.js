// Lines of small charts. Pure.

/** More points than this are not seen. */
const POINTS_MAX = 200;

/**
 * The line and the area under it, broken where there are no values.
 * @param {Float64Array} values one for each window; NaN where there is none
 * @param {{ width: number, height: number }} size
 * @param {number} most the value at the upper edge
 */
export function sparkPaths(values, size, most) {
  const points = thinned(values);
  const step = size.width / Math.max(1, points.length - 1);
  const height = most > 0 ? (size.height - 4) / most : 0;
  let line = "";
  let area = "";
  let open = false;
  points.forEach((value, index) => {
    const x = (index * step).toFixed(1);
    if (Number.isNaN(value)) {
      if (open) area += `V${size.height}Z`;
      open = false;
      return;
    }
    const y = (size.height - 2 - value * height).toFixed(1);
    line += `${open ? "L" : "M"}${x} ${y}`;
    area += open ? `L${x} ${y}` : `M${x} ${size.height}L${x} ${y}`;
    open = true;
    // A last value has to reach the floor, a lonely one to be seen at all.
    const last = index === points.length - 1 || Number.isNaN(points[index + 1]);
    if (last) {
      line += "h0.1";
      area += `V${size.height}Z`;
      open = false;
    }
  });
  return [line, area];
}

/** The largest of each so many: what stands out must not be lost. @param {Float64Array} values */
export function thinned(values) {
  const of = Math.ceil(values.length / POINTS_MAX);
  if (of <= 1) return Array.from(values);
  return Array.from({ length: Math.ceil(values.length / of) }, (_, index) => {
    const some = values.subarray(index * of, (index + 1) * of).filter((value) => !Number.isNaN(value));
    return some.length > 0 ? Math.max(...some) : NaN;
  });
}
