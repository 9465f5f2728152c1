/** Made by tools/npm.mjs: the addresses of the package's files by their paths on the site. */
export const FILES: Record<string, URL>;
