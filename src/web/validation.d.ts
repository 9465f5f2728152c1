/** What the simulator is checked against. */
export interface ValidationRows {
  /** The seed if nobody asks for another. */
  seed: number;
  /** Independent replications of each row. */
  replications: number;
  /** So many further replications has a row of which a claim missed in the first. */
  more: number;
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
  /** What the first replications said, if the claim missed in them and is judged by further ones. */
  missed: { mean: number | null; half_width: number | null; verdict: "off" | "too wide" } | null;
}
