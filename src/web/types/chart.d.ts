/** The charts there are. */
export type ChartId =
  | "rps"
  | "latency-histogram"
  | "latency-percentiles"
  | "success-share"
  | "service-latency"
  | "load"
  | "load-share"
  | "queue-length"
  | "failures"
  | "handshakes"
  | "logins"
  | "database-latency"
  | "replication-lag"
  | "cache-hit-ratio"
  | "broker-delay"
  | "broker-delivery"
  | "broker-queues";

/** How a chart looks. A colour is written as in CSS: `#rrggbb`, `rgb(r, g, b)` or `rgba(r, g, b, a)`. */
export interface ChartStyle {
  /** Colours of series. The first stands for success, the second for failure. */
  series: string[];
  foreground: string;
  /** Text that matters less. */
  muted: string;
  grid: string;
  /** null leaves the background as it is. */
  background: string | null;
  font_family: string;
  /** Size of tick labels in CSS pixels; other sizes follow from it. */
  font_size: number;
  /** Pixels of the canvas per CSS pixel. */
  pixel_ratio: number;
  /** `axes_only` for a canvas whose title and legend stand beside it in HTML. */
  decoration: "full" | "axes_only";
}

/** The words of charts in one language. What is missing stays English. */
export interface ChartTexts {
  /** Titles by chart id. */
  titles?: Record<string, string>;
  /** Words of legends and axes. */
  words?: Record<string, string>;
  /** Causes of failures by their names in the report. */
  causes?: Record<string, string>;
  /** Names of units, and what separates decimals. */
  units?: {
    decimal_separator?: string;
    ns?: string;
    us?: string;
    ms?: string;
    s?: string;
    h?: string;
    d?: string;
  };
}

/** How to draw a chart. */
export interface DrawOptions {
  style?: Partial<ChartStyle>;
  texts?: ChartTexts;
  /** Part of the time axis to show, in seconds; without it, the run so far. */
  zoom?: [number, number] | null;
}

/** Where the plot stands on the canvas, in its pixels, and the ranges of its axes. */
export interface PlotArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
  x_min: number;
  x_max: number;
  y_min: number;
  y_max: number;
}

/** What a colour of a chart means. */
export interface LegendEntry {
  name: string;
  /** Index into the style's `series`; null for a remark. */
  colour_index: number | null;
  kind: "line" | "dashed" | "area" | "faint_area" | "mark" | "remark";
}

/** What was drawn. */
export interface Drawing {
  plot: PlotArea;
  legend: LegendEntry[];
  /** Number of rows of a chart of rows, which needs a canvas high enough for them; else null. */
  rows: number | null;
  /** Whether there was nothing to draw yet. */
  empty: boolean;
}
