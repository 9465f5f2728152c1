// A pause in long work: whatever else waits has its turn, and the page can draw and hear.

/** @returns {Promise<void>} */
export function breathe() {
  return new Promise((resolve) => {
    // Unlike a timer a message does not wait, not even in a hidden tab.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
