// The attempt in this browser: its rows in memory, each of them on disk first.

import { ANSWER, FLAG, SUBMIT, emptyBase, finalAnswers, fold } from "./answers.js";
import { Emitter } from "./emitter.js";
import { makeRowKey } from "./vault.js";

export class Attempt extends Emitter {
  constructor(store, clock, record) {
    super();
    this.store = store;
    this.clock = clock;
    this.record = record;
    this.rows = [];
    this.ack = 0;
    this.sent = 0;
    this.paper = null;
    this.storageFails = false;
    this.secret = { state: null, base: emptyBase(), receipt: null, closedBy: null };
    this.savedAt = null;
    this.queue = Promise.resolve();
  }

  /** A new copy for the attempt that the server names. */
  static async create(store, clock, state) {
    const record = {
      attempt: state.attempt,
      writerId: crypto.getRandomValues(new Uint8Array(16)),
      rowKey: await makeRowKey(),
      paperKey: null,
      sealed: null,
      sealedDigest: null,
      lease: 0,
      incarnation: null,
    };
    const attempt = new Attempt(store, clock, record);
    attempt.secret.state = state;
    await attempt.keepRecord();
    return attempt;
  }

  /** The copy that a reload or a browser crash left behind. */
  static async restore(store, clock, record) {
    const attempt = new Attempt(store, clock, record);
    attempt.secret = await store.openSecret(record);
    attempt.rows = await store.rows(record);
    const progress = await store.progress(record.attempt);
    if (progress && progress.lease === record.lease) {
      attempt.ack = progress.ack;
      attempt.sent = progress.ack;
      attempt.savedAt = progress.savedAt;
    }
    if (progress) {
      clock.restore(progress.clock);
      attempt.state.closes_at = progress.closesAt ?? attempt.state.closes_at;
    }
    return attempt;
  }

  get state() {
    return this.secret.state;
  }

  get total() {
    return this.paper ? this.paper.items.length : this.state.test.questions;
  }

  get view() {
    return fold(this.secret.base, this.rows, this.ack, this.sent);
  }

  get pending() {
    return this.rows.filter((row) => row[0] > this.ack);
  }

  get submitted() {
    return this.rows.some((row) => row[1] === SUBMIT);
  }

  /** The submission again: its receipt never arrived. The server answers a repetition as it did the first time. */
  askReceiptAgain() {
    const submit = this.rows.find((row) => row[1] === SUBMIT);
    this.acknowledge(submit[0] - 1, this.savedAt);
  }

  get finalAnswers() {
    return finalAnswers(this.secret.base, this.rows);
  }

  answer(item, response) {
    return this.#append(ANSWER, item, response);
  }

  flag(item, on) {
    return this.#append(FLAG, item, on);
  }

  submit() {
    return this.submitted ? Promise.resolve() : this.#append(SUBMIT, -1, null);
  }

  /** Write one row to disk, then let the page show it. Rows queue up, so their numbers keep the order of the clicks. */
  #append(kind, item, response) {
    return this.#inOrder(async () => {
      if (this.submitted || this.#says(kind, item, response)) return;
      const last = this.rows.at(-1);
      const time = Math.max(this.clock.now(), last ? last[4] : 0);
      const row = [(last ? last[0] : 0) + 1, kind, item, response, time];
      await this.#keepRow(row);
      this.rows.push(row);
      this.emit("row");
    });
  }

  /** Is this what the last row about the item says already? */
  #says(kind, item, response) {
    const { answers, flags } = this.view;
    if (kind === FLAG) return flags.has(item) === response;
    return kind === ANSWER && (answers.get(item)?.response ?? null) === response;
  }

  #inOrder(deed) {
    const done = this.queue.then(deed);
    this.queue = done.catch(() => {});
    return done;
  }

  async #keepRow(row) {
    try {
      // After a failure the disk lacks rows; one more behind the gap would be of no use.
      if (!this.storageFails) return await this.store.addRow(this.record, row);
    } catch (error) {
      if (error?.name === "ConstraintError") {
        this.emit("taken");
        throw error;
      }
      this.store.close();
    }
    return this.#keepAll([...this.rows, row]);
  }

  /** Everything is in memory, so all of it can be written again, whatever has become of the database. */
  async #keepAll(rows) {
    try {
      if (this.storageFails) this.store.close();
      await this.store.saveRecord(this.record, this.secret, rows);
      this.storageFails = false;
    } catch {
      // The rows still go to the server from memory; the page says that this machine cannot keep them.
      this.storageFails = true;
    }
  }

  /** Save the record and its rows; a machine that cannot keep them is said on the page, not thrown at the caller. */
  keepRecord() {
    return this.#inOrder(() => this.#keepAll(this.rows));
  }

  /** Save what the next reply of the server says again anyway: a failure is none. */
  async keepProgress() {
    const { record, ack, savedAt, state, clock } = this;
    const { attempt, lease } = record;
    const progress = { attempt, lease, ack, savedAt, closesAt: state.closes_at, clock: clock.snapshot() };
    await this.store.saveProgress(progress).catch(() => {});
  }

  /** The server has everything up to `ack`; it may know less than before when it was restored. */
  acknowledge(ack, now) {
    if (ack > this.ack) this.savedAt = now;
    this.ack = ack;
    this.sent = Math.max(ack, Math.min(this.sent, this.rows.length));
    this.emit("change");
  }

  /** Begin a lease without rows; `plan(attempt, reply)` gives what to send. The old rows stay on disk until the wipe. */
  beginLease(reply, plan) {
    return this.#inOrder(async () => {
      const rows = plan(this, reply);
      Object.assign(this.record, { lease: reply.lease, incarnation: reply.incarnation });
      this.secret.base = { answers: reply.answers, flags: reply.flags };
      Object.assign(this, { rows, ack: 0, sent: 0 });
      await this.#keepAll(rows);
      this.emit("change");
    });
  }
}
