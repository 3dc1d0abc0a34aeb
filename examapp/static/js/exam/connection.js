// What every conversation with the server leaves behind: its time, the deadline, notices, and how the line is.

import { NoConnection, request } from "./api.js";
import { toB64u } from "./bytes.js";
import { Emitter } from "./emitter.js";
import { refusalText } from "./refusals.js";

/** The server answered, but not with what was asked for. */
export class Refused extends Error {
  constructor(status, body) {
    super(refusalText(body) ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.code = body.code;
  }
}

export class Connection extends Emitter {
  constructor(clock) {
    super();
    this.clock = clock;
    this.failures = 0;
    this.signedOut = false;
    this.trouble = null;
  }

  /** Two lost requests, or one while the browser itself says that there is no network. */
  get lost() {
    return this.failures >= 2 || (this.failures === 1 && !navigator.onLine);
  }

  async send(method, path, body) {
    const asked = performance.now();
    let reply;
    try {
      reply = await request(method, path, body);
    } catch (error) {
      if (!(error instanceof NoConnection)) throw error;
      this.failures += 1;
      this.emit("change");
      throw error;
    }
    this.failures = 0;
    this.signedOut = reply.status === 401;
    if (typeof reply.body.now === "number") this.clock.set(reply.body.now, performance.now() - asked);
    this.emit("change");
    return reply;
  }

  async ask(method, path, body) {
    const { status, body: reply } = await this.send(method, path, body);
    if (status !== 200) throw new Refused(status, reply);
    return reply;
  }

  state() {
    return this.ask("GET", "state");
  }

  lease(writerId) {
    return this.ask("POST", "lease", { writer_id: toB64u(writerId) });
  }

  saves(rows) {
    return this.send("POST", "saves", { saves: rows });
  }

  /** Say that a reply needs a person (a message of the server), or that all is well again (null). */
  setTrouble(message) {
    if (this.trouble === message) return;
    this.trouble = message;
    this.emit("change");
  }
}
