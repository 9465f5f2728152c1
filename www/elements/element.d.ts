// The element as TypeScript knows it. README.md beside this file says what each part means.

import type { Config, ConfigError, Patch, Report, Simulation } from "../web-service-model.js";

/** What a run is doing; "loading" until there is one, "past" while an earlier moment of it is seen. */
export type State = "loading" | "ready" | "running" | "hidden" | "paused" | "finished" | "past";

/** `<web-service-model>`. */
export interface WebServiceModel extends HTMLElement {
  /** The simulation itself, or undefined before `ready`; another object after each `ready`. */
  readonly simulation: Simulation | undefined;
  /** The configuration of the run, changes at run time included. */
  readonly config: Config | undefined;
  readonly state: State;
  /** Another seed starts the run anew. */
  seed: number | undefined;
  /** Simulated seconds per second; Infinity is as fast as possible. */
  speed: number;
  play(): void;
  pause(): void;
  /** Moves on by so many events, and pauses. Throws a `RangeError` for what is no number, 0 or more. */
  stepEvents(events?: number): void;
  /** Moves on by so many simulated seconds, and pauses. Throws a `RangeError` for what is no number, 0 or more. */
  stepSeconds(seconds?: number): void;
  /**
   * Shows the run as it stood at that moment, in simulated seconds; the present again if it is not past. `simulation` stays
   * the run itself. What is done while a past moment is seen is done there: another future begins. Throws a `RangeError` for
   * what is no number, 0 or more.
   */
  goTo(seconds: number): void;
  /**
   * What if: from the moment that is seen the run goes on twice with the same random numbers, as it was, which is the baseline
   * of charts and report, and with what is done from now on.
   */
  fork(): void;
  /** Back to the start, paused; changes made by `patch` stay. */
  reset(): void;
  /** Starts anew with a configuration. Throws if it is bad; the run in progress then goes on. */
  load(config: Config): void;
  /** Changes the run in progress; returns what was changed, in words. Throws if the patch is bad or needs a new run. */
  patch(patch: Patch<Config>): string[];
  /** Takes a component down, for so many seconds if that is said. */
  crash(component: string, forSeconds?: number): void;
  recover(component: string): void;
  /** Makes a replica the primary of its cluster. */
  promote(node: string): void;
  /** Shows a component's figures and settings; nothing without a name. */
  select(component?: string): void;
  /** Compares later runs with the present one. */
  pin(): void;
  unpin(): void;
  /** An address that opens this configuration, its seed and what is looked at. */
  permalink(): Promise<string>;
}

/** The `detail` of each event. */
export interface WebServiceModelEvents {
  ready: { scenario: string; seed: number };
  progress: { now: number; duration: number; events: number; state: State };
  finished: { report: Report };
  configchange: { config: Config };
  error: { code: string; message: string; errors: ConfigError[] };
}

declare global {
  interface HTMLElementTagNameMap {
    "web-service-model": WebServiceModel;
  }
}
