// The colours of charts, taken from the theme.

/** @typedef {import("../../web-service-model.js").ChartStyle} ChartStyle */

const SERIES = 8;

/**
 * The style of charts as the element's CSS has it now.
 * @param {HTMLElement} probe an element inside, which lends its colour: a custom property alone is not resolved
 * @returns {Omit<ChartStyle, "pixel_ratio">}
 */
export function chartStyle(probe) {
  const computed = getComputedStyle(probe);
  const colour = (/** @type {string} */ name) => {
    probe.style.color = `var(--${name})`;
    return computed.color;
  };
  return {
    series: Array.from({ length: SERIES }, (_, index) => colour(`series-${index + 1}`)),
    foreground: colour("text"),
    muted: colour("muted"),
    grid: colour("grid"),
    background: null,
    font_family: computed.fontFamily,
    font_size: 11,
    decoration: "axes_only",
  };
}
