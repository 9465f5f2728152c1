/** What real products did, which the simulator is checked against. */
export interface RealityRows {
  /** The seed if nobody asks for another. */
  seed: number;
  rows: RealityRow[];
}

/** A system that somebody has measured. */
export interface RealityRow {
  /** The same in all languages. */
  id: string;
  /** Which product, with its version. */
  product: string;
  /** What was measured, in English. */
  title: string;
  /** Load and settings, in English. */
  how: string;
  /** Independent replications. */
  replications: number;
  claims: RealityClaim[];
  /** The same system as a configuration. */
  config: Config;
}

/** A figure that was measured. */
export interface RealityClaim {
  /** In English. */
  name: string;
  unit: "seconds" | "share" | "count";
  /** What was measured, in one run or in several. */
  measured: number[];
  /** Whether the mean of those runs is compared, and not each of them. */
  is_mean: boolean;
  /** Why it does not hold, in English; null if it should. */
  known: { id: string; text: string } | null;
}

/** What the simulation says of a figure. */
export interface RealityFinding {
  name: string;
  /** What was measured: the mean if there are several runs. */
  measured: number;
  /** The mean of the replications; null if there is none yet. */
  mean: number | null;
  /** Where their spread begins: of single replications, or of means of as many as were measured. */
  low: number | null;
  /** Where it ends. */
  high: number | null;
  /** `off`: what was measured lies neither in the spread nor near the mean; `breaks the rule`: whatever was measured, the
   * product's rules say something else. */
  verdict: "holds" | "off" | "breaks the rule";
}
