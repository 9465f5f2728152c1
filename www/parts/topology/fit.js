// How well a picture fits a window. Pure.

/** @typedef {{ width: number, height: number }} Size */

/** The scale at which it fills the window one way, and does not leave it the other. @param {Size} size @param {Size} room */
export function fit({ width, height }, room) {
  return Math.min(room.width / width, room.height / height);
}
