// Sends what the server has not acknowledged: one request in flight, in order, again and again until it is there.

import { NoConnection } from "./api.js";
import { BATCH_ROWS, nextBatch, retryDelay } from "./backoff.js";
import { Refused } from "./connection.js";
import { Emitter } from "./emitter.js";
import { startOver } from "./leases.js";

const HEARTBEAT_MS = 60000;
const SPACING_MS = 250;
const SIGNED_OUT_MS = 20000;
const MOST_RESTARTS = 3;
/** A busy server is named on the page only when it stays busy for about half a minute. */
const MOST_QUIET_FAILURES = 5;

export class Sync extends Emitter {
  constructor(attempt, connection, hello) {
    super();
    this.attempt = attempt;
    this.connection = connection;
    this.hello = hello;
    this.met = false;
    this.stopped = false;
    this.failures = 0;
    this.restarts = 0;
    this.limit = BATCH_ROWS;
    this.lastSend = -Infinity;
    this.wake = () => {};
  }

  /** Look again now: a row was added, or the network came back. */
  poke() {
    this.wake();
  }

  /** Ask the server at once, with or without rows: after a sleep only it knows the time. */
  hurry() {
    this.lastSend = -Infinity;
    this.wake(true);
  }

  stop() {
    this.stopped = true;
    this.poke();
  }

  async run() {
    while (!this.stopped) {
      try {
        await this.#turn();
        this.failures = 0;
      } catch (error) {
        await this.#pauseAfter(error);
      }
    }
  }

  async #turn() {
    if (!this.met) {
      await this.hello();
      this.met = true;
      return;
    }
    const batch = nextBatch(this.attempt.pending, this.limit);
    const quiet = performance.now() - this.lastSend;
    if (!batch.length && quiet < HEARTBEAT_MS) return this.#sleep(HEARTBEAT_MS - quiet);
    if (quiet < SPACING_MS) await this.#sleep(SPACING_MS - quiet, false);
    this.lastSend = performance.now();
    if (batch.length) this.attempt.sent = batch.at(-1)[0];
    const { status, body } = await this.connection.saves(batch);
    if (this.stopped) return undefined;
    return this.#take(status, body, batch);
  }

  async #take(status, body, batch) {
    if (status === 200) return this.#accept(body);
    if (status === 425) return undefined;
    if (status === 409 && body.code === "gap" && body.ack < batch.at(-1)?.[0]) {
      const moved = body.ack !== this.attempt.ack;
      this.attempt.acknowledge(body.ack, this.connection.clock.now());
      if (moved) return undefined;
    }
    if (status === 409 && body.code === "diverged" && this.restarts < MOST_RESTARTS) {
      this.restarts += 1;
      return startOver(this.attempt, (writerId) => this.connection.lease(writerId));
    }
    if (status === 409 && body.code === "lease") return this.#end("fenced", body);
    if (status === 410) {
      // Part of the batch may still have counted.
      if (body.ack !== undefined) this.attempt.acknowledge(body.ack, this.connection.clock.now());
      return this.#end("closed", body);
    }
    if (status === 413 && this.limit > 1) {
      this.limit = Math.ceil(this.limit / 2);
      return undefined;
    }
    throw new Refused(status, body);
  }

  async #accept(body) {
    const { attempt } = this;
    if (body.incarnation !== attempt.record.incarnation) {
      this.met = false;
      return;
    }
    this.connection.setTrouble(null);
    this.limit = BATCH_ROWS;
    // Before the start of an attempt there is no deadline yet.
    const newDeadline = body.closes_at !== null && body.closes_at !== attempt.state.closes_at;
    if (newDeadline) attempt.state.closes_at = body.closes_at;
    attempt.acknowledge(body.ack, body.now);
    if (body.receipt) attempt.secret.receipt = body.receipt;
    if (body.notices?.length) attempt.state.notices = body.notices;
    await attempt.keepProgress();
    if (body.receipt || newDeadline || body.notices?.length) await attempt.keepRecord();
    this.emit("reply", { newDeadline, receipt: body.receipt });
  }

  #end(name, body) {
    this.stop();
    this.emit(name, body);
  }

  async #pauseAfter(error) {
    this.failures += 1;
    if (error instanceof NoConnection) {
      this.attempt.sent = this.attempt.ack;
      this.attempt.emit("change");
      return this.#sleep(retryDelay(this.failures), false, true);
    }
    if (!(error instanceof Refused)) {
      this.emit("fault", error);
      return this.#sleep(retryDelay(this.failures), false);
    }
    if (error.status === 410) return this.#end("closed", error.body);
    if (error.status === 409 && error.code === "lease") return this.#end("fenced", error.body);
    if (error.status === 401) return this.#sleep(SIGNED_OUT_MS, false, true);
    const passing = error.status === 429 || error.status >= 500;
    if (!passing || this.failures > MOST_QUIET_FAILURES) this.connection.setTrouble(error.message);
    return this.#sleep(retryDelay(this.failures, error.body.retry_ms), false);
  }

  /** Wait; `rows` says whether a new row ends the wait, `line` whether the network's return does. */
  #sleep(time, rows = true, line = false) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        removeEventListener("online", end);
        this.wake = () => {};
        resolve();
      };
      const timer = setTimeout(end, time);
      if (line) addEventListener("online", end);
      this.wake = (now) => {
        if (now || rows || this.stopped) end();
      };
    });
  }
}
