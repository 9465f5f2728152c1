// Takes a run back to any moment: keeps snapshots of it as it goes on, and what was done to it from outside. A moment is the
// nearest snapshot before it, advanced; what was done in between is done again. Since the simulator draws and handles the same
// from there, that is the run as it was, byte for byte.

/** @typedef {import("./engine.js").Simulation} Simulation */
/** @typedef {import("../web-service-model.js").Snapshot} Snapshot */
/** What is done to a run: the same whenever it is called. @typedef {(simulation: Simulation) => unknown} Act */
/** Where a run stands: so many events are handled, and the clock shows that. @typedef {{ events: number, now: number }} Position */
/** `acts`: how many of the acts it has seen. @typedef {Position & { snapshot: Snapshot, acts: number }} Kept */

/** A snapshot is taken when so much of the whole run has passed. */
const STEP = 1 / 100;
/** Snapshots at the most, and bytes that they may take. */
const MOST = 128;
const MOST_BYTES = 64 * 2 ** 20;

export class TimeMachine {
  /** @type {number} */
  #most;
  /** @type {number} */
  #mostBytes;
  /** In order of time; the first one is the beginning. @type {Kept[]} */
  #kept = [];
  /** When the last one was taken, whether it is still kept or not. */
  #taken = 0;
  /** In order of time, with where the run stood. @type {(Position & { act: Act })[]} */
  #acts = [];
  /** Shows moments. @type {Simulation | undefined} */
  #scratch;
  /** How many acts it has seen; undefined if it cannot be relied on. @type {number | undefined} */
  #seen;

  /** @param {{ most?: number, mostBytes?: number }} [limits] */
  constructor({ most = MOST, mostBytes = MOST_BYTES } = {}) {
    [this.#most, this.#mostBytes] = [most, mostBytes];
  }

  /** Where the snapshots were taken, in order. @returns {Position[]} */
  get places() {
    return this.#kept.map(({ events, now }) => ({ events, now }));
  }

  /** How many bytes they take. */
  get bytes() {
    return this.#kept.reduce((sum, { snapshot }) => sum + snapshot.size, 0);
  }

  /** A run begins; what there was of another one is forgotten. @param {Simulation} simulation */
  begin(simulation) {
    this.forget();
    this.#keep(simulation);
  }

  /** The run has come so far: a snapshot, if the last one is long ago. @param {Simulation} simulation */
  keep(simulation) {
    const { now, duration } = simulation;
    if (this.#kept.length === 0 || now - this.#taken >= duration * STEP) this.#keep(simulation);
  }

  /**
   * Does something to the run (a crash, a change), and remembers it; what `act` throws is thrown, and nothing remembered.
   * Whatever comes from outside has to come through here, or it is missing when the run is taken back.
   * @template T
   * @param {Simulation} simulation
   * @param {(simulation: Simulation) => T} act
   * @returns {T}
   */
  act(simulation, act) {
    const { events, now } = simulation;
    const result = act(simulation);
    this.#acts.push({ events, now, act });
    this.#seen = undefined;
    this.#keep(simulation);
    return result;
  }

  /**
   * The run as it stood when everything up to that moment had happened. It is the machine's own: to be looked at until the
   * next call, not to be changed. A moment ahead of the run is what comes if nobody acts. Undefined if there is no run.
   * @param {number} time
   */
  at(time) {
    const moment = onClock(time);
    const near = this.#kept.findLast(({ now }) => now <= moment) ?? this.#kept[0];
    const scratch = near && this.#stand(near, (there) => there.now <= moment);
    if (!scratch) return undefined;
    this.#again(scratch, (act) => act.now <= moment);
    scratch.advanceTo(moment);
    return scratch;
  }

  /**
   * The run as it stood right before the next event when so many had been handled; like `at`.
   * @param {number} events
   */
  atEvent(events) {
    // The clock is to show the last event's time, so there has to be one that is handled here.
    const near = this.#kept.findLast((kept) => kept.events < events) ?? this.#kept[0];
    const scratch = near && this.#stand(near, (there) => there.events < events);
    if (!scratch) return undefined;
    this.#again(scratch, (act) => act.events <= events);
    step(scratch, events);
    return scratch;
  }

  /** The run one event before it stood at a moment. @param {number} time */
  before(time) {
    const there = this.at(time);
    return there && this.atEvent(Math.max(there.events - 1, 0));
  }

  /** Takes the run itself back to a moment: what came after it is forgotten. @param {Simulation} simulation @param {number} time */
  rewind(simulation, time) {
    const snapshot = this.at(time)?.snapshot();
    if (!snapshot) return;
    simulation.restore(snapshot);
    const { now } = snapshot;
    snapshot.free();
    this.#acts = this.#acts.filter((act) => act.now <= now);
    const later = this.#kept.findIndex((kept, place) => place > 0 && kept.now > now);
    if (later > 0) this.#kept.splice(later).forEach((kept) => kept.snapshot.free());
    this.#taken = this.#kept.at(-1)?.now ?? 0;
  }

  /** Forgets the run, and frees what it has kept. */
  forget() {
    this.#kept.forEach(({ snapshot }) => snapshot.free());
    this.#scratch?.free();
    this.lose();
  }

  /** The same when the simulator has crashed, so that nothing of it can be used, nor freed. */
  lose() {
    [this.#kept, this.#acts, this.#taken] = [[], [], 0];
    [this.#scratch, this.#seen] = [undefined, undefined];
  }

  /** @param {Simulation} simulation */
  #keep(simulation) {
    const { events, now } = simulation;
    const last = this.#kept.at(-1);
    // Of several at one place the last one has seen all that was done there.
    if (this.#kept.length > 1 && last?.events === events && last.now === now) this.#kept.pop()?.snapshot.free();
    this.#kept.push({ events, now, acts: this.#acts.length, snapshot: simulation.snapshot() });
    this.#taken = now;
    this.#thin();
  }

  /** Drops what is missed least: the one with the fewest events from the one before it to the next. */
  #thin() {
    while (this.#kept.length > 1 && (this.#kept.length > this.#most || this.bytes > this.#mostBytes)) {
      let least = this.#kept.length - 1;
      let fewest = Infinity;
      for (let place = 1; place < this.#kept.length - 1; place += 1) {
        const events = this.#kept[place + 1].events - this.#kept[place - 1].events;
        if (events < fewest) [least, fewest] = [place, events];
      }
      this.#kept.splice(least, 1).forEach(({ snapshot }) => snapshot.free());
    }
  }

  /**
   * The scratch simulation where a snapshot was taken; or further on, if it is on the way anyway.
   * @param {Kept} near
   * @param {(there: Simulation) => boolean} isBefore whether a place is not beyond the one that is wanted
   */
  #stand(near, isBefore) {
    const scratch = this.#scratch;
    if (!scratch) {
      this.#scratch = near.snapshot.fork();
    } else if (this.#seen === undefined || scratch.events < near.events || scratch.now < near.now || !isBefore(scratch)) {
      scratch.restore(near.snapshot);
    } else {
      return scratch;
    }
    this.#seen = near.acts;
    return this.#scratch;
  }

  /**
   * Does once more what was done, in its place, as far as it is wanted.
   * @param {Simulation} scratch
   * @param {(act: Position) => boolean} isWanted
   */
  #again(scratch, isWanted) {
    let seen = this.#seen ?? 0;
    for (; seen < this.#acts.length && isWanted(this.#acts[seen]); seen += 1) {
      const { events, now, act } = this.#acts[seen];
      step(scratch, events);
      // Between two events only the clock moves. (Where others were to come at the same moment, it stands there already.)
      if (scratch.now < now) scratch.advanceTo(now);
      act(scratch);
    }
    this.#seen = seen;
  }
}

/** A time as the simulator's clock shows it, to the nanosecond. @param {number} time */
function onClock(time) {
  return Math.floor(time * 1e9 + 0.5) / 1e9;
}

/** Handles events until so many have been. @param {Simulation} simulation @param {number} events */
function step(simulation, events) {
  if (simulation.events < events) simulation.stepEvents(events - simulation.events);
}
