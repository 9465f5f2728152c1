// What is made when somebody first asks for it, and then kept for all who ask.

/**
 * After a failure the next one who asks tries again: the network may be back then.
 * @template T
 * @param {() => Promise<T>} make
 */
export function once(make) {
  /** @type {Promise<T> | undefined} */
  let made;
  const forget = () => (made = undefined);
  const get = () => (made ??= make().catch((problem) => {
    forget();
    throw problem;
  }));
  return { get, forget };
}
