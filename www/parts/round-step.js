// Steps between the values that are written beside an axis.

/** The least of 1, 2, 5, 10, 20 ... that is not smaller. @param {number} step */
export function roundStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((one) => one * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}
