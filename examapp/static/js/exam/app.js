// The candidate's application: who is here, what is known, which view belongs to it.

import { answersDigest } from "./canonical.js";
import { Attempt } from "./attempt.js";
import { fromB64u, sameBytes } from "./bytes.js";
import { Clock } from "./clock.js";
import { Connection } from "./connection.js";
import { Emitter } from "./emitter.js";
import { meetAgain, meetFirst } from "./meeting.js";
import { loadSealed, obtainKey, unsealPaper } from "./start.js";
import { Store } from "./store.js";
import { Sync } from "./sync.js";

/** The server takes answers that were on their way when time ran out. */
const ON_THE_WAY_MS = 5000;

export class App extends Emitter {
  clock = new Clock();
  connection = new Connection(this.clock);
  store = new Store();
  attempt = null;
  sync = null;
  progress = 0;
  probes = { storage: null };
  /** "fenced", "unreadable", "elsewhere": this page must not write any more. */
  stop = null;
  /** How the receipt compares with what this machine holds: "same", "differs" or null. */
  verdict = null;
  result = null;
  wiped = null;
  /** The question on the screen, from 0. */
  item = 0;

  refresh() {
    this.emit("change");
  }

  setProgress(share) {
    this.progress = share;
    this.refresh();
  }

  /** Closed by the candidate, by the server, or voided. */
  get ended() {
    const { state, secret } = this.attempt;
    return Boolean(secret.closedBy || secret.receipt || state.submitted || state.closed_by) || this.result !== null;
  }

  get timeOver() {
    const now = this.clock.now();
    const { paper, state } = this.attempt;
    return now !== null && now >= state.closes_at && (paper !== null || state.phase === "closed");
  }

  /** Until when answers that were made in time still count when they arrive (moment of the server's clock). */
  get countsUntil() {
    const { closes_at: end, grace_seconds: grace } = this.attempt.state;
    return end + Math.max(grace * 1000, ON_THE_WAY_MS);
  }

  get canWrite() {
    return !this.ended && !this.timeOver && !this.stop && !this.attempt.submitted && this.attempt.paper !== null;
  }

  /** Begin from what this machine kept; without it, from the server. */
  async open() {
    const record = await this.store.current().catch(() => null);
    this.connection.on("change", () => this.refresh());
    const kept = record && (await Attempt.restore(this.store, this.clock, record).catch(() => null));
    this.take(kept ?? (await meetFirst(this)));
    if (this.attempt.record.paperKey && this.attempt.record.sealed) await this.#showPaper();
    if (this.attempt.secret.receipt) await this.compareReceipt();
    this.refresh();
  }

  take(attempt) {
    this.attempt = attempt;
    attempt.on("change", () => this.refresh());
    attempt.on("row", () => {
      this.refresh();
      this.sync?.poke();
    });
    attempt.on("taken", () => this.halt("elsewhere"));
  }

  /** Run everything that goes on by itself: saving, the start, the end. */
  go() {
    // Another tab may have taken over while this one was still opening.
    if (this.stop) return;
    this.startSync();
    this.#begin().catch((error) => this.emit("fault", error));
  }

  startSync() {
    this.sync?.stop();
    this.sync = new Sync(this.attempt, this.connection, () => meetAgain(this));
    this.sync.on("reply", (reply) => this.#afterReply(reply));
    this.sync.on("closed", (body) => this.close(body.closed_by ?? "deadline"));
    this.sync.on("fenced", () => this.halt("fenced"));
    this.sync.on("fault", (error) => this.emit("fault", error));
    this.sync.run();
  }

  async #begin() {
    if (this.attempt.paper || this.ended) return;
    const sealed = loadSealed(this);
    await Promise.all([sealed, obtainKey(this)]);
    if (this.attempt.record.paperKey && this.attempt.record.sealed) await this.#showPaper();
    this.refresh();
  }

  async #showPaper() {
    if (!(await unsealPaper(this))) this.halt("unreadable");
  }

  async refreshState() {
    const state = await this.connection.state();
    const { attempt } = this;
    if (state.attempt === attempt.record.attempt) {
      attempt.secret.state = state;
      await attempt.keepRecord();
      this.refresh();
    }
    return state;
  }

  async #afterReply({ newDeadline, receipt }) {
    if (newDeadline && !this.attempt.paper) await this.refreshState().catch(() => {});
    if (receipt) {
      this.sync.stop();
      await this.compareReceipt();
    }
    this.refresh();
  }

  /** Does the server's receipt speak of the answers on this machine? Asked before anything says "đã nộp". */
  async compareReceipt() {
    const { attempt } = this;
    const { receipt } = attempt.secret;
    // After lost storage there is nothing here to compare with; the page then says so.
    if (!attempt.submitted) return;
    const own = await answersDigest(fromB64u(receipt.blind), attempt.finalAnswers);
    this.verdict = sameBytes(own, fromB64u(receipt.answers_digest)) ? "same" : "differs";
    this.refresh();
  }

  /** The server has opened the attempt again: minutes were granted, or it was restored and forgot the submission. */
  reopen() {
    this.forgetEnd();
    this.startSync();
    this.refresh();
  }

  forgetEnd() {
    Object.assign(this.attempt.secret, { receipt: null, closedBy: null });
    this.verdict = null;
  }

  async close(closedBy) {
    this.attempt.secret.closedBy = closedBy;
    await this.attempt.keepRecord();
    this.emit("closed");
    this.refresh();
  }

  choose(item, response) {
    if (this.canWrite) this.#written(this.attempt.answer(item, response));
  }

  toggleFlag(item) {
    if (this.canWrite) this.#written(this.attempt.flag(item, !this.attempt.view.flags.has(item)));
  }

  submit() {
    if (this.canWrite) this.#written(this.attempt.submit());
  }

  #written(done) {
    // What can go wrong is already said on the page: taken by another tab, or storage that fails.
    done.catch(() => this.refresh());
  }

  /** This page must not write any more; another one does, or something is wrong that a person must look at. */
  halt(why) {
    this.stop = why;
    this.sync?.stop();
    if (why === "elsewhere") this.store.retire();
    this.refresh();
  }
}
