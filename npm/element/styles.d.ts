/** Made by tools/npm.mjs: the element's style sheets as one text. */
export const CSS: string;
