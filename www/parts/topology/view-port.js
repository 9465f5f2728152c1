// The window onto the picture: fits it in, zooms, and pans where it does not fit.

import { h } from "../dom.js";
import { icon } from "../icon.js";

/** @typedef {import("../../i18n/texts.js").Texts} Texts */
/** @typedef {{ width: number, height: number, element: Element, scale: number, entry: { x: number, y: number } }} Pictured */

/** Below this the texts cannot be read: then it is panned instead. */
const READABLE = { wide: 0.6, narrow: 0.53 };
/** Where it fills its place it is rather panned a little than made so small that letters are under 11 px; but not more. */
const EASY = { scale: 11 / 12, windows: 1.3 };
/** Larger than this a small system looks clumsy. */
const LARGEST_FIT = 1.2;
const ZOOM = { step: 1.25, least: 0.35, most: 2.5 };
/** A phone scrolls down by itself. */
const HEIGHT = { wide: 820, narrow: 4000 };
const NARROW = 620;
/** As high as the style sheet lets it be, and down to which scale a picture is made smaller to be seen whole. */
const WHOLE = { height: 840, scale: 0.8 };
/** A mouse that moved less than so many pixels has clicked. */
const DRAG = 5;

export class ViewPort {
  #place = h("div", { class: "topology-view" });
  /** Its edges show where the picture goes on. */
  #frame = h("div", { class: "topology-frame" }, this.#place);
  #hint = h("p", { class: "note topology-pan", hidden: true });
  /** @type {Pictured | undefined} */
  #picture;
  #width = 0;
  #height = 0;
  #fills = false;
  #zoom = 1;
  /** Called when there is another width to be laid out for. @type {() => void} */
  onResize = () => {};

  /** @param {Texts} texts */
  constructor(texts) {
    const button = (/** @type {import("../icon.js").IconName} */ sign, /** @type {import("../../i18n/texts.js").Key} */ key, /** @type {() => void} */ act) => {
      const element = h("button", { type: "button", class: "small zoom", onclick: act }, icon(sign));
      texts.attribute(element, "title", key);
      return texts.attribute(element, "aria-label", key);
    };
    this.buttons = h("div", { class: "topology-zoom", role: "group" },
      button("zoom_out", "topology.zoom_out", () => this.#zoomBy(1 / ZOOM.step)),
      button("zoom_in", "topology.zoom_in", () => this.#zoomBy(ZOOM.step)),
      button("zoom_fit", "topology.zoom_fit", () => this.#zoomBy(1 / this.#zoom)),
    );
    texts.attribute(this.buttons, "aria-label", "topology.zoom");
    this.element = h("div", {}, this.#frame, texts.label(this.#hint, "topology.pan"));
    this.#place.addEventListener("scroll", () => this.#showMore(), { passive: true });
    new ResizeObserver(([entry]) => this.#resized(entry.contentRect)).observe(this.#place);
    this.#drag();
  }

  /** Whether it is so narrow that a picture had better go downwards, as the page does. */
  get narrow() {
    return this.#width > 0 && this.#width < NARROW;
  }

  /** Whether it has a height of its own, which the picture is to fill; else it is as high as the picture. @param {boolean} fills */
  set fills(fills) {
    if (fills === this.#fills) return;
    this.#fills = fills;
    this.onResize();
    this.#apply();
  }

  /** How well something of this size fits: its scale. @param {{ width: number, height: number }} size */
  fit({ width, height }) {
    const room = this.#width || 1200;
    return Math.min(room / width, this.#room / height, LARGEST_FIT);
  }

  /** The height that there is. */
  get #room() {
    if (this.narrow) return HEIGHT.narrow;
    return this.#fills && this.#height > 0 ? this.#height : HEIGHT.wide;
  }

  /** Shows a picture; where it does not fit, its `entry` comes into view. @param {Pictured | undefined} picture */
  show(picture) {
    const before = this.#picture;
    const { scrollLeft, scrollTop } = this.#place;
    // The same system once more, after a reset say: the reader's view of it stays.
    const same = picture && before && picture.width === before.width && picture.height === before.height;
    this.#picture = picture;
    if (!same) this.#zoom = 1;
    this.#place.replaceChildren(...(picture ? [picture.element] : []));
    this.#apply();
    if (same) this.#place.scrollTo(scrollLeft, scrollTop);
    else if (picture) this.#reveal(picture);
  }

  /** @param {Pictured} picture */
  #reveal({ entry, width, height }) {
    const place = this.#place;
    place.scrollLeft = (entry.x / width) * place.scrollWidth - place.clientWidth / 2;
    place.scrollTop = (entry.y / height) * place.scrollHeight - place.clientHeight / 2;
  }

  #apply() {
    const picture = this.#picture;
    if (!picture) return;
    const least = this.narrow ? READABLE.narrow : this.#fills ? this.#easy(picture) : READABLE.wide;
    // A small system is seen whole on a phone, too.
    const whole = this.#fills ? Math.min(this.fit(picture), this.#height / picture.height) : 0;
    const readable = whole >= least ? whole : Math.max(least, this.fit(picture));
    const fit = this.#fills ? readable : Math.min(readable, Math.max(WHOLE.scale, WHOLE.height / picture.height));
    picture.scale = Math.min(ZOOM.most, Math.max(ZOOM.least, fit * this.#zoom));
    const pans = this.#place.scrollWidth > this.#place.clientWidth + 1 || this.#place.scrollHeight > this.#place.clientHeight + 1;
    this.#place.classList.toggle("pans", pans);
    this.#hint.hidden = !pans;
    this.#showMore();
  }

  /** The scale down to which a picture is made smaller before it is panned. @param {Pictured} picture */
  #easy(picture) {
    return this.fit(picture) * EASY.windows >= EASY.scale ? EASY.scale : READABLE.wide;
  }

  /** Tells the style sheet on which sides there is more of the picture. */
  #showMore() {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = this.#place;
    const sides = {
      left: scrollLeft > 1,
      right: scrollLeft < scrollWidth - clientWidth - 1,
      top: scrollTop > 1,
      bottom: scrollTop < scrollHeight - clientHeight - 1,
    };
    this.#frame.dataset.more = Object.entries(sides).flatMap(([side, more]) => (more ? [side] : [])).join(" ");
  }

  /** Keeps the middle in the middle. @param {number} factor */
  #zoomBy(factor) {
    const place = this.#place;
    const across = (place.scrollLeft + place.clientWidth / 2) / place.scrollWidth;
    const down = (place.scrollTop + place.clientHeight / 2) / place.scrollHeight;
    this.#zoom = Math.min(8, Math.max(0.2, this.#zoom * factor));
    this.#apply();
    place.scrollLeft = across * place.scrollWidth - place.clientWidth / 2;
    place.scrollTop = down * place.scrollHeight - place.clientHeight / 2;
  }

  /** @param {{ width: number, height: number }} size */
  #resized({ width, height }) {
    const isSame = Math.abs(width - this.#width) < 1 && (!this.#fills || Math.abs(height - this.#height) < 1);
    if (isSame || width === 0) return;
    [this.#width, this.#height] = [width, height];
    this.onResize();
    this.#apply();
  }

  /** A mouse pans by dragging; fingers do so by themselves. */
  #drag() {
    const place = this.#place;
    /** @type {{ x: number, y: number, left: number, top: number } | undefined} */
    let from;
    let moved = false;
    place.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      moved = false;
      from = { x: event.clientX, y: event.clientY, left: place.scrollLeft, top: place.scrollTop };
    });
    place.addEventListener("pointermove", (event) => {
      if (!from || event.buttons === 0) return;
      moved ||= Math.hypot(event.clientX - from.x, event.clientY - from.y) > DRAG;
      place.scrollLeft = from.left - (event.clientX - from.x);
      place.scrollTop = from.top - (event.clientY - from.y);
    });
    // The click that ends a drag is not meant for what happens to be there.
    place.addEventListener("click", (event) => moved && event.stopImmediatePropagation(), { capture: true });
    place.addEventListener("pointerleave", () => (from = undefined));
    place.addEventListener("pointerup", () => (from = undefined));
  }
}
