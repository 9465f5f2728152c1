// The library itself comes from npm (package-lock.json); Trunk puts it here, see index.html.
export * from "@dagrejs/dagre";
