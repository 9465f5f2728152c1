import type { WebServiceModel } from "./web-service-model.js";

declare global {
  interface HTMLElementTagNameMap {
    "web-service-model": WebServiceModel;
  }
}
