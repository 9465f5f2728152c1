import init, { version } from "./web-service-model.js";

await init();

const status = /** @type {HTMLElement} */ (document.getElementById("status"));
status.textContent = `version ${version()}`;
