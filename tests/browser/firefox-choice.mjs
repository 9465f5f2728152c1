// What `make test` runs in Firefox: where browsers differ. The rest takes minutes more and runs in Chromium each time,
// in Firefox by `make test-firefox`. firefox-choice.test.mjs holds that these names are those of tests.

/** By file, the tests that are chosen. @type {Record<string, string[]>} */
export const CHOSEN = {
  smoke: [
    "the page loads, and the first scenario runs by itself",
    "a phone shows the page without scrolling sideways",
    "no window is too narrow for the page, in the longer language",
  ],
  "run-control": [
    "pause holds the run, and run goes on with it",
    "steps move on by one event and by one second",
    "reset goes back to the start, and the same seed gives the same run",
    "the slider sets the speed, up to as fast as possible",
    "the box of the seed shows the seed in force, whatever is typed",
    "a component crashes and recovers by its button, and the log says so",
    "a run that nobody sees waits, and says so",
    "the keyboard alone is enough",
  ],
  charts: [
    "a pointer reads figures off a chart, and all charts show the moment",
    "the keyboard reads figures off a chart and zooms",
    "dragging zooms all charts in time, and the whole run comes back",
    "the figures of a chart are there as a table, as CSV and as a picture",
    "charts are as sharp as the screen",
  ],
  topology: [
    "the picture shows every component, and what is broken in it",
    "the keyboard leads from component to component",
    "requests are seen as dots when it is slow, as flow when it is fast",
    "nothing moves for who wants less motion",
  ],
  share: [
    "a copied link opens the same system, seed and view",
    "a saved file opens again",
    "a file can be dropped, and the place for it is seen",
    "a draft outlives a reload",
  ],
  "event-log": ["an entry puts the cursor of the timeline to its time"],
  requests: ["requests are chosen with the keyboard, and found by service"],
  experiments: [
    "replications give means with intervals, the same as on the command line",
    "a ready-made experiment is cancelled, and what is finished stays",
  ],
  validate: ["a broken model is red, and says by how much"],
  embed: [
    "the lesson's buttons act, and its figures follow",
    "one script embeds the element on a page of another origin",
    "a frame is driven by messages, and tells its events",
  ],
  languages: [
    "the language changes while the run stays, and is remembered",
    "the theme follows the system until one is chosen",
  ],
};

const chosen = new Set(Object.values(CHOSEN).flat());

/** Whether only the chosen tests are asked for (tools/test-firefox.sh --some), and this is none. @param {string} name */
export function notAskedFor(name) {
  return process.env.TEST_CHOSEN === "1" && !chosen.has(name);
}
