// Takes files that are dropped on the laboratory, and shows while one is held over it that it would.

import { h } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */

export class DropTarget {
  #open;

  /** @param {Texts} texts @param {(files: File[]) => void} open */
  constructor(texts, open) {
    this.#open = open;
    const words = h("p", {}, icon("folder"), texts.label(h("span"), "share.drop"));
    this.element = h("div", { class: "drop", hidden: true }, words);
  }

  /** Watches what is dragged over an element. @param {HTMLElement} place */
  watch(place) {
    place.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      // Without this a drop would open the file in the place of the page.
      event.preventDefault();
      this.element.hidden = false;
    });
    place.addEventListener("dragleave", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && place.contains(relatedTarget))) this.element.hidden = true;
    });
    place.addEventListener("drop", (event) => {
      this.element.hidden = true;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.#open([...(event.dataTransfer?.files ?? [])]);
    });
  }
}

/** Text that is dragged into a field is none of this. @param {DragEvent} event */
function holdsFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
