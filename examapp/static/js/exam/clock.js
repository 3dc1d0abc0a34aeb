// Server time carried on by a monotonic timer: the wall clock of the machine may be wrong by an hour.

/** Two clocks of one machine drift apart by seconds a day; more than this at once is a sleep, or a clock that was set. */
const JUMP_MS = 3000;

export class Clock {
  constructor(monotonic = () => performance.now(), wall = () => Date.now()) {
    this.monotonic = monotonic;
    this.wall = wall;
    this.server = null;
    this.taken = 0;
    this.ahead = wall() - monotonic();
  }

  get known() {
    return this.server !== null;
  }

  /**
   * Take the server's time from a reply that was `onTheWay` milliseconds from its question to here. The server wrote
   * `now` somewhere in between, so what is known already stays when it fits: a slow reply does not turn time back.
   */
  set(now, onTheWay = 0) {
    this.server = Math.min(Math.max(now, this.now() ?? now), now + onTheWay);
    this.taken = this.monotonic();
  }

  /** Has the machine slept, or its own clock been set, since this was last asked? The timer may have stood still. */
  jumped() {
    const before = this.ahead;
    this.ahead = this.wall() - this.monotonic();
    return Math.abs(this.ahead - before) > JUMP_MS;
  }

  /** Server time in whole milliseconds, or null before the first reply. */
  now() {
    return this.known ? Math.floor(this.server + this.monotonic() - this.taken) : null;
  }

  /** What to keep so that a reload without network goes on. */
  snapshot() {
    return { server: this.now(), wall: this.wall() };
  }

  /**
   * Go on from a snapshot. The monotonic timer starts anew with each page, so only the time between the two pages
   * is measured by the wall clock: its error does not matter, and it never moves time back.
   */
  restore(snapshot) {
    if (!snapshot || snapshot.server === null) return;
    this.set(snapshot.server + Math.max(0, this.wall() - snapshot.wall));
  }

  /** How far the machine's own clock is ahead of the server's, in milliseconds. */
  wallError() {
    return this.known ? this.wall() - this.now() : 0;
  }
}
