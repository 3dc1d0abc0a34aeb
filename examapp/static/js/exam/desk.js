// Chooses the view that belongs to what is known, keeps the address and the focus in step, and moves the time.

import { announce } from "./announce.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { passedThreshold } from "./thresholds.js";
import { makeEnding } from "./views/ending.js";
import { makeMessage } from "./views/message.js";
import { makePaper } from "./views/paper.js";
import { makeResult } from "./views/result.js";
import { makeSummary } from "./views/summary.js";
import { makeWaiting } from "./views/waiting.js";

const TICK_MS = 1000;

/** The name of the view for what the application knows. */
function viewName(app, hash) {
  const { attempt } = app;
  if (app.result) return "result";
  if (app.stop) return app.stop;
  if (app.verdict === "differs") return "alarm";
  if (attempt.secret.receipt || attempt.state.submitted) return "submitted";
  if (attempt.secret.closedBy) return "closed";
  if (attempt.submitted) return "sending";
  if (app.timeOver) return "closed";
  if (!attempt.paper) return "waiting";
  return hash === "#nop-bai" ? "summary" : "paper";
}

export class Desk {
  constructor(app, root) {
    this.app = app;
    this.root = root;
    this.view = null;
    this.name = null;
    this.left = null;
    this.wasLost = false;
    this.queued = false;
    app.on("change", () => this.#later());
    addEventListener("hashchange", () => this.#route(true));
    document.addEventListener("visibilitychange", () => this.tick());
  }

  start() {
    this.#route(false);
    setInterval(() => this.tick(), TICK_MS);
  }

  /** Many changes in one turn are one update. */
  #later() {
    if (this.queued) return;
    this.queued = true;
    queueMicrotask(() => {
      this.queued = false;
      this.update();
    });
  }

  #route(moved) {
    const match = /^#cau-(\d+)$/.exec(location.hash);
    if (match && this.app.attempt.paper) {
      this.app.item = Math.min(this.app.attempt.total, Math.max(1, Number(match[1]))) - 1;
    }
    this.update();
    if (this.name !== "paper") return;
    const skip = location.hash === "#cau-hoi";
    if (match || skip) this.view.show(this.app.item);
    if (moved && (match || skip)) this.view.focus();
    if (moved && location.hash === "#bang-cau") document.getElementById("bang-cau").focus();
    document.title = this.view.title;
  }

  #make(name) {
    const { app } = this;
    const makers = { waiting: makeWaiting, paper: makePaper, summary: makeSummary, result: makeResult };
    if (makers[name]) return makers[name](app);
    if (["sending", "submitted", "alarm", "closed"].includes(name)) return makeEnding(app, name);
    const again = [t("Tải lại trang"), () => location.reload()];
    return makeMessage(name, again);
  }

  update() {
    const name = viewName(this.app, location.hash);
    if (name === this.name) {
      this.view.update();
    } else {
      this.view?.destroy?.();
      const first = this.view === null;
      this.name = name;
      this.view = this.#make(name);
      document.body.className = name === "paper" || name === "summary" ? "cand sheet" : "cand";
      this.root.replaceChildren(this.view.node);
      document.title = this.view.title;
      if (!first || name === "paper") this.view.focus?.();
      if (name === "paper") announce(t("Bắt đầu làm bài. Câu %(number)s.", { number: this.app.item + 1 }));
    }
    this.#sayReturn();
  }

  /** Say aloud that the network is back and what it brought, once. */
  #sayReturn() {
    const { attempt, connection } = this.app;
    if (connection.lost) this.wasLost = true;
    else if (this.wasLost && !attempt.pending.length && attempt.savedAt) {
      announce(t("Đã có mạng lại. Các câu chờ gửi đã lên máy chủ."));
      this.wasLost = false;
    }
  }

  tick() {
    const { app } = this;
    if (app.clock.jumped()) app.sync?.hurry();
    if (app.attempt.paper && !app.attempt.submitted && !app.ended && !app.stop) this.#sayTime();
    this.update();
  }

  #sayTime() {
    const { attempt, clock, connection } = this.app;
    const left = attempt.state.closes_at - clock.now();
    const minutes = passedThreshold(this.left, left);
    if (minutes) {
      const doubt = connection.lost || connection.signedOut || connection.trouble || attempt.storageFails;
      const said = [t("Còn %(minutes)s phút.", { minutes }), doubt ? "" : t("Bài làm đang được lưu đầy đủ.")];
      announce(said.join(" "), { urgent: minutes <= 5 });
    }
    if (this.left > 0 && left <= 0) announce(t("Hết giờ."), { urgent: true });
    this.left = left;
  }
}

/** A page without an application behind it. */
export function showMessage(root, name, action = null) {
  const view = makeMessage(name, action);
  document.body.className = "cand";
  document.title = view.title;
  root.replaceChildren(view.node);
}

/** What stands there until the first reply. */
export function showLoading(root) {
  root.replaceChildren(h("p", { class: "one muted", role: "status" }, t("Đang mở phòng chờ…")));
}
