// A disk that a test can break, and an attempt that is kept on it.

import { Attempt } from "../../examapp/static/js/exam/attempt.js";
import { Clock } from "../../examapp/static/js/exam/clock.js";

export const STATE = { attempt: "a", closes_at: 3600000, starts_at: 0, test: { questions: 60 } };

/** Stands for `Store`: what was written last, rows by lease and number, and whether writing fails. */
export class Disk {
  fails = false;
  record = null;
  rows = new Map();
  closed = 0;

  async #write(deed) {
    await null;
    if (this.fails) throw new Error("disk full");
    deed();
  }

  saveRecord(record, secret, rows) {
    return this.#write(() => {
      this.record = { ...record };
      for (const row of rows) this.#put(record, row);
    });
  }

  addRow(record, row) {
    return this.#write(() => {
      if (!this.record) throw new Error("aborted");
      this.#put(record, row);
    });
  }

  saveProgress() {
    return this.#write(() => {});
  }

  #put({ lease }, row) {
    this.rows.set(`${lease}/${row[0]}`, row);
  }

  clear() {
    this.record = null;
    this.rows.clear();
  }

  close() {
    this.closed += 1;
  }

  /** The numbers that a reload would find. */
  get numbers() {
    return [...this.rows].filter(([name]) => name.startsWith(`${this.record.lease}/`)).map(([, row]) => row[0]);
  }
}

/** A new attempt on a disk of its own, one second after the start. */
export async function makeAttempt() {
  const disk = new Disk();
  const clock = new Clock(() => 0, () => 0);
  clock.set(1000);
  return { disk, clock, attempt: await Attempt.create(disk, clock, { ...STATE }) };
}
