// The layout of the live picture: dagre, a library for layered drawings.
export { Graph, layout } from "@dagrejs/dagre";
