// The parts of the laboratory, each with what it asks of the run, of the element and of the view around it.

import { Alert } from "./alert.js";
import { Charts } from "./charts/charts.js";
import { ComponentPanel } from "./component-panel/component-panel.js";
import { Components } from "./components.js";
import { Controls } from "./controls.js";
import { DraftNotice } from "./draft-notice.js";
import { DropTarget } from "./drop-target.js";
import { EventLog } from "./event-log.js";
import { Figures } from "./figures.js";
import { Gallery } from "./gallery.js";
import { ImportNotice } from "./import-notice.js";
import { LazyPart } from "./lazy-part.js";
import { ReportTable } from "./report-table.js";
import { RerunNotice } from "./rerun-notice.js";
import { RequestInspector } from "./requests/request-inspector.js";
import { ScenarioMenu } from "./scenario-menu.js";
import { Share } from "./share.js";
import { Tabs } from "./tabs.js";
import { Timeline } from "./timeline.js";
import { Topology } from "./topology/topology.js";
import { exported, logFile } from "../run/exports.js";
import { scenarioText } from "../run/scenarios.js";
import { About } from "./workspace/about.js";
import { SideCharts } from "./workspace/side-charts.js";
import { TravelBar } from "./workspace/travel-bar.js";

/** @typedef {import("../i18n/texts.js").Texts} Texts */
/** @typedef {import("../run/laboratory.js").Laboratory} Laboratory */
/** @typedef {import("./laboratory-view.js").Host} Host */
/** @typedef {Omit<import("../web-service-model.js").ChartStyle, "pixel_ratio">} Style */

/**
 * What the view does for its parts.
 * @typedef {object} Around
 * @property {(action: () => void) => void} act does what the reader asked for, and says what went wrong
 * @property {(file: import("../run/exports.js").File) => void} save
 * @property {() => void} goOn puts the focus where one goes on after a notice
 * @property {() => void} browse opens the gallery
 * @property {(time: number) => void} openLog shows what happened about that time
 * @property {(from: number, to: number) => void} lookAt shows the charts about that time
 * @property {(tab: string) => void} choose
 */

/** @typedef {ReturnType<typeof makeParts>} Parts */

/**
 * @param {Texts} texts
 * @param {Laboratory} lab
 * @param {() => Style} style of charts at the moment
 * @param {Host} host
 * @param {Around} around
 */
export function makeParts(texts, lab, style, host, around) {
  const acts = actsOn(lab, around);
  return {
    alert: new Alert(texts, around.goOn),
    share: new Share(texts, host.sharing),
    draft: new DraftNotice(texts, host.sharing, around.goOn),
    imported: new ImportNotice(texts, around.goOn),
    rerun: new RerunNotice(texts, () => lab.unpin(), around.goOn),
    menu: new ScenarioMenu(texts, { choose: host.pick, browse: around.browse }),
    about: new About(texts),
    gallery: new LazyPart(texts, () =>
      new Gallery(texts, { choose: host.pick, describe: async (id) => JSON.parse(await scenarioText(id)), components: (config) => lab.componentsOf(config) })),
    controls: makeControls(texts, lab, host, around),
    timeline: new Timeline(texts, { look: (sight) => lab.look(sight), open: around.openLog, goTo: (time) => lab.goTo(time) }),
    travel: new TravelBar(texts, {
      stepBack: () => lab.stepBack(),
      back: (seconds) => lab.goTo(Math.max(lab.moment.time - seconds, 0)),
      goTo: (time) => lab.goTo(time),
      present: () => lab.returnToPresent(),
      fork: () => around.act(() => lab.fork()),
    }),
    figures: new Figures(texts),
    sideCharts: new SideCharts(texts, { look: (sight) => lab.look(sight), style }),
    topology: new Topology(texts, { ...acts, select: (name) => lab.select(name) }),
    panel: new LazyPart(texts, () =>
      new ComponentPanel(texts, {
        ...acts,
        // What is wrong with a number is said beside it.
        patch: (patch) => void lab.patch(patch),
        close: () => lab.select(undefined),
      })),
    ...makeViews(texts, lab, style, host, around),
    drop: new DropTarget(texts, host.sharing.open),
  };
}

/** All that has words of its own; the place for files has them from `texts.label`. @param {Parts} parts */
export function relabelled({ drop: _drop, travel: _travel, ...parts }) {
  return Object.values(parts);
}

/** @param {Texts} texts @param {Laboratory} lab @param {Host} host @param {Around} around */
function makeControls(texts, lab, host, around) {
  return new Controls(texts, {
    toggle: () => {
      if (lab.state === "running" || lab.state === "hidden") return lab.pause();
      if (lab.state === "finished") host.reset();
      lab.play();
    },
    stepEvent: () => lab.stepEvents(1),
    stepSecond: () => lab.stepSeconds(1),
    reset: host.reset,
    speed: host.speed,
    seed: host.seed,
    newSeed: () => {
      if (lab.engine) host.seed(lab.engine.randomSeed());
    },
    duration: (duration) => around.act(() => lab.patch({ duration })),
  });
}

/** What the reader can do to a component. @param {Laboratory} lab @param {Around} around */
function actsOn(lab, { act }) {
  return {
    crash: (/** @type {string} */ name) => act(() => lab.crash(name)),
    recover: (/** @type {string} */ name) => act(() => lab.recover(name)),
    promote: (/** @type {string} */ name) => act(() => lab.promote(name)),
  };
}

/** What stands in the tabs, by their names. @param {Texts} texts @param {Laboratory} lab @param {() => Style} style @param {Host} host @param {Around} around */
function makeViews(texts, lab, style, host, around) {
  return {
    charts: new LazyPart(texts, () => new Charts(texts, { look: (sight) => lab.look(sight), style })),
    components: new LazyPart(texts, () => new Components(texts, actsOn(lab, around))),
    requests: new LazyPart(texts, () => new RequestInspector(texts, { look: around.lookAt, goTo: (time) => lab.goTo(time) })),
    log: new LazyPart(texts, () =>
      new EventLog(texts, {
        look: (sight) => lab.look(sight),
        goTo: (time) => lab.goTo(time),
        save: (entries) => around.act(() => around.save(logFile(entries))),
      })),
    report: new LazyPart(texts, () =>
      new ReportTable(texts, {
        save: (kind) => around.act(() => lab.simulation && around.save(exported(kind, lab.simulation))),
        pin: () => lab.pin(),
        unpin: () => lab.unpin(),
      })),
    editor: makeEditor(texts, lab, host),
    experiments: makeExperiments(texts, lab, host, around),
    validate: new LazyPart(texts, async () => {
      const { Validate } = await import("./validate/validate.js");
      return new Validate(texts, { simulation: () => lab.simulation });
    }),
  };
}

/** @param {Texts} texts @param {Laboratory} lab @param {Host} host */
function makeEditor(texts, lab, host) {
  return new LazyPart(texts, async () => {
    const { Editor } = await import("./editor/editor.js");
    const editor = new Editor(texts, {
      patch: (patch) => lab.patch(patch),
      restart: host.load,
      check: (config) => lab.check(config),
      warnings: (config) => lab.warnings(config),
      preview: (patch) => lab.preview(patch),
    });
    // A tab has opened it already.
    editor.element.open = true;
    return editor;
  });
}

/** @param {Texts} texts @param {Laboratory} lab @param {Host} host @param {Around} around */
function makeExperiments(texts, lab, host, around) {
  return new LazyPart(texts, async () => {
    const { Experiments } = await import("./experiments/experiments.js");
    return new Experiments(texts, {
      config: () => lab.config,
      baseline: () => lab.baseline?.config,
      overlay: (behind, front, seed) => {
        around.choose("charts");
        lab.overlay(behind, front, seed).catch((problem) => host.trouble("action", problem));
      },
      crashed: (problem) => lab.crashed(problem),
    });
  });
}

/** The views that have a tab each, in this order. */
export const TABS = /** @type {const} */ (["charts", "components", "requests", "log", "report", "editor", "experiments", "validate"]);

/** @param {Texts} texts @param {Parts} parts @param {(tab: string) => void} opened */
export function makeTabs(texts, parts, opened) {
  const tabs = TABS.map((id) => ({ id, title: /** @type {const} */ (`tab.${id}`), content: parts[id].element }));
  return new Tabs(texts, tabs, opened);
}
