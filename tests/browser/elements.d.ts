import type { WebServiceModel } from "../../www/elements/web-service-model.js";

declare global {
  interface HTMLElementTagNameMap {
    "web-service-model": WebServiceModel;
  }
}
