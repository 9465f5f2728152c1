// Signs of the kinds of cards, drawn in a square of 20 by 20 with the colour of the text.

import { s } from "./svg.js";

/** @typedef {import("./graph.js").CardKind} CardKind */

/** @type {Record<CardKind, string>} */
const SIGNS = {
  users: "M7 9.2a3.1 3.1 0 1 0 0-6.2 3.1 3.1 0 0 0 0 6.2Zm7 .3a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.2 16.8c0-3.6 2.5-6 5.8-6s5.8 2.4 5.8 6Zm13-0c0-2.2-.6-4-1.7-5.3 3.3-.8 6.3 1.2 6.3 5.3Z",
  balancer: "M10 1.6 12.8 5H11v3.3l4.6 3.8 1.3-1.5 1.1 5.4-5.5-.6 1.3-1.5L10 10.6l-3.8 3.3 1.3 1.5-5.5.6 1.1-5.4 1.3 1.5L9 8.3V5H7.2Z",
  service: "M10 1.2 17.6 5.6v8.8L10 18.8 2.4 14.4V5.6Zm0 2.3L4.4 6.7v6.6L10 16.5l5.6-3.2V6.7Zm0 3.3 2.8 1.6v3.2L10 13.2l-2.8-1.6V8.4Z",
  auth: "M10 1.3a4.6 4.6 0 0 1 4.6 4.6v2.2h1.2c.7 0 1.2.5 1.2 1.2v7.5c0 .7-.5 1.2-1.2 1.2H4.2c-.7 0-1.2-.5-1.2-1.2V9.3c0-.7.5-1.2 1.2-1.2h1.2V5.9A4.6 4.6 0 0 1 10 1.3Zm0 2a2.6 2.6 0 0 0-2.6 2.6v2.2h5.2V5.9A2.6 2.6 0 0 0 10 3.3Zm0 7.3a1.6 1.6 0 0 0-.9 2.9v1.9h1.8v-1.9a1.6 1.6 0 0 0-.9-2.9Z",
  cluster: "M10 1.5c4 0 7 1.2 7 3v11c0 1.8-3 3-7 3s-7-1.2-7-3v-11c0-1.8 3-3 7-3Zm0 1.9c-3 0-4.9.8-5 1.2.1.4 2 1.2 5 1.2s4.9-.8 5-1.2c-.1-.4-2-1.2-5-1.2ZM5 7v2.8c.2.4 2.1 1.2 5 1.2s4.8-.8 5-1.2V7c-1.3.5-3 .8-5 .8S6.3 7.5 5 7Zm0 5.2v3.1c.2.4 2.1 1.2 5 1.2s4.8-.8 5-1.2v-3.1c-1.3.5-3 .8-5 .8s-3.7-.3-5-.8Z",
  cache: "M11.6 1.2 3.2 11.4h5.2L7.6 18.8l8.9-10.7h-5.6Z",
  broker: "M2.5 4h15c.6 0 1 .4 1 1v10c0 .6-.4 1-1 1h-15c-.6 0-1-.4-1-1V5c0-.6.4-1 1-1Zm1.9 1.9L10 10l5.6-4.1Zm-1 1.5v6.7h13.2V7.4L10 12.2Z",
};

/** @param {CardKind} kind @param {number} x @param {number} y @param {number} size */
export function sign(kind, x, y, size) {
  const path = s("path", { d: SIGNS[kind], fill: "currentColor", "fill-rule": "evenodd" });
  return s("svg", { class: "sign", viewBox: "0 0 20 20", x, y, width: size, height: size, "aria-hidden": "true" }, path);
}
