/** The charts there are. */
export type ChartId =
  | "rps"
  | "latency-histogram"
  | "response-percentiles"
  | "latency-percentiles"
  | "latency-heat-map"
  | "success-share"
  | "time-in"
  | "service-latency"
  | "load"
  | "load-share"
  | "queue-length"
  | "failures"
  | "availability"
  | "handshakes"
  | "logins"
  | "database-latency"
  | "replication-lag"
  | "cache-hit-ratio"
  | "broker-delay"
  | "broker-delivery"
  | "broker-queues"
  /** Time series chosen by `DrawOptions.series`. It is not in the list that `Simulation.charts()` gives. */
  | "custom";

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
  /** Where time goes, by the names in the report's `time_in`. */
  phases?: Record<string, string>;
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

/** What to draw of a chart, and how. */
export interface DrawOptions {
  style?: Partial<ChartStyle>;
  texts?: ChartTexts;
  /**
   * Part of the time axis to show, in seconds; without it, the run so far. The vertical axis follows what is in view.
   * An empty range, or one whose start is behind its end, is as good as none; charts without a time axis ignore it.
   */
  zoom?: [number, number] | null;
  /** Names of legend entries that are not drawn. They stay in the legend, marked `hidden`; other names are ignored. */
  hidden?: string[];
  /**
   * For the chart "custom": names of the time series to draw (see `Simulation.seriesNames()`). The first twelve are
   * drawn; of more than that nobody could tell the lines apart, and a remark in the legend says how many there are.
   */
  series?: string[];
}

/** Where the plot stands on the canvas, in its pixels, and the ranges of its axes. */
export interface PlotArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
  x_min: number;
  x_max: number;
  /** For charts of rows 0, and `y_max` is how many there are; for the heat map both count bands of latency. */
  y_min: number;
  y_max: number;
}

/** What a colour of a chart means. */
export interface LegendEntry {
  /** It stays the same while a run goes on, so that the entry can be hidden by it. */
  name: string;
  /** Its number, with its unit, where it stands for one (a percentile marked in a histogram). */
  figure: string | null;
  /** Index into the style's `series`; null for a remark. */
  colour_index: number | null;
  kind: "line" | "dashed" | "area" | "faint_area" | "mark" | "remark";
  /** Whether what it stands for is not drawn, because `DrawOptions.hidden` names it. */
  hidden: boolean;
}

/** What was drawn. */
export interface Drawing {
  plot: PlotArea;
  legend: LegendEntry[];
  /** Number of rows of a chart of rows, which needs a canvas high enough for them; else null. */
  rows: number | null;
  /** Whether there was nothing to draw yet. */
  empty: boolean;
  /** Whether the horizontal axis is simulated time, so that zoom and crosshair can be shared with other charts. */
  time_axis: boolean;
}

/** A line of a tooltip. */
export interface Reading {
  /** Whose number it is; empty for the place (the time, the bin, the row) itself, which comes first. */
  name: string;
  /** The number, with its unit; "–" where there is none. */
  text: string;
  /** Index into the style's `series`; null for the place. */
  colour_index: number | null;
}

/** The figures behind a chart: plain numbers in seconds, shares and counts; null where there is none. */
export interface ChartTable {
  /** Headings. The first column is the time, the bin or the name of a row. */
  columns: string[];
  rows: (string | number | null)[][];
}
