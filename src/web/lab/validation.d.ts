/** What the simulator is checked against. */
export interface ValidationRows {
  /** The rows' own seed: with it all of them pass. */
  seed: number;
  /** Independent replications of each row. */
  replications: number;
  /** Level of the intervals. */
  level: number;
  rows: ValidationRow[];
}

/** A result of theory. */
export interface ValidationRow {
  /** The same in all languages. */
  id: string;
  /** In English. */
  title: string;
  claims: { name: string; theory: number }[];
}

/** What the simulation says of a claim. */
export interface ValidationFinding {
  name: string;
  theory: number;
  /** The simulated value; null if there is none yet. */
  mean: number | null;
  /** Half the width of its confidence interval; null if there is none yet. */
  half_width: number | null;
  verdict: "pass" | "off" | "too wide";
}
