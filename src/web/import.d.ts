/** What a file of another program is here. */
export interface Imported {
  /** For which product it was taken. */
  product: "nginx" | "HAProxy" | "RabbitMQ" | "Patroni" | "Redis" | "Sentinel";
  /** The system; null if there was nothing that could be simulated. */
  config: Config | null;
  /** What was assumed and what was left out, by line, and what is about the whole at the end. */
  notes: ImportNote[];
}

/** Something that whoever imports should know. */
export interface ImportNote {
  /** The line of the file that it is about, counted from 1. */
  line: number | null;
  /** What there is to say of it, in English. */
  text: string;
}
