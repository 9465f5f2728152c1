// Functions that densities are made of.
export { errorFunction, gammaln } from "simple-statistics";
