// The paper: one question per screen, the palette beside it, previous and next below.

import { h, icon, setText } from "../dom.js";
import { t } from "../i18n.js";
import { makeBar } from "./bar.js";
import { listenKeys } from "./keys.js";
import { makePalette } from "./palette.js";
import { makeQuestion } from "./question.js";
import { makeSiblings, makeStimulus, siblings } from "./stimulus.js";
import { makeStrips } from "./strips.js";

function submitLink() {
  return h("a", { class: "btn btn--submit", href: "#nop-bai" }, icon("send"), t("Nộp bài"));
}

class Paper {
  constructor(app) {
    this.app = app;
    this.item = null;
    this.bar = makeBar(app, { timer: true, action: submitLink() });
    this.strips = makeStrips(app);
    this.palette = makePalette(app);
    this.grid = h("div", { class: "exam" });
    this.position = h("a", { class: "btn nav__pal num", href: "#bang-cau" });
    this.back = h("a", { class: "btn" }, icon("left"), h("span", { class: "w" }, t("Câu trước")));
    this.forwardWord = h("span", { class: "w" });
    this.forward = h("a", { class: "btn btn--main" }, this.forwardWord, icon("right"));
    this.nav = h(
      "nav",
      { class: "nav", "aria-label": t("Chuyển câu") },
      this.back,
      this.position,
      h("span", { class: "nav__mid" }, t("Mỗi lần chọn được lưu ngay, không cần bấm lưu.")),
      this.forward,
    );
    this.skip = h("a", { class: "skip", href: "#cau-hoi" }, t("Đến câu hỏi"));
    this.node = h("div", { class: "page" }, this.skip, this.bar.node, this.strips.node, this.grid);
    this.letGo = listenKeys({
      options: () => app.attempt.paper.items[this.item].options.length,
      choose: (index) => app.choose(this.item, index),
      flag: () => app.toggleFlag(this.item),
      next: () => this.turn(1),
      previous: () => this.turn(-1),
      closePalette: () => this.closePalette(),
    });
    this.show(app.item);
  }

  get title() {
    return t("Câu %(number)s – Làm bài thi", { number: this.item + 1 });
  }

  turn(step) {
    const item = this.item + step;
    if (item >= this.app.attempt.total) location.hash = "#nop-bai";
    else if (item >= 0) location.hash = `#cau-${item + 1}`;
  }

  closePalette() {
    if (location.hash === "#bang-cau") location.hash = `#cau-${this.item + 1}`;
  }

  /** Show question `item`; the passage stays when the next question shares it. */
  show(item) {
    const { app } = this;
    const { items } = app.attempt.paper;
    const group = siblings(items, item).join();
    if (group !== this.group || this.item === null) this.stim = group ? makeStimulus(items, item) : null;
    this.group = group;
    this.item = item;
    this.question = makeQuestion(app, item);
    this.siblings = group ? makeSiblings(app, item) : null;
    if (this.siblings) this.question.node.prepend(this.siblings.node);
    this.grid.className = group ? "exam exam--stim" : "exam";
    const wanted = [this.stim, this.question.node, this.palette.node, this.nav].filter(Boolean);
    // Nodes that stay are not taken out: the passage keeps its scroll position, the palette its focus.
    for (const child of [...this.grid.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((child, at) => {
      if (this.grid.children[at] !== child) this.grid.insertBefore(child, this.grid.children[at] ?? null);
    });
    this.#point(this.back, item > 0 ? `#cau-${item}` : null);
    const last = item + 1 === app.attempt.total;
    this.#point(this.forward, last ? "#nop-bai" : `#cau-${item + 2}`);
    setText(this.forwardWord, last ? t("Kiểm tra bài") : t("Câu sau"));
    this.position.replaceChildren(icon("grid"), `${item + 1}/${app.attempt.total}`);
    this.position.setAttribute("aria-label", t("Bảng câu hỏi, đang ở câu %(number)s", { number: item + 1 }));
    this.update();
  }

  #point(link, href) {
    if (href) link.setAttribute("href", href);
    else link.removeAttribute("href");
    if (href) link.removeAttribute("aria-disabled");
    else link.setAttribute("aria-disabled", "true");
  }

  focus() {
    window.scrollTo(0, 0);
    this.question.heading.focus({ preventScroll: true });
  }

  update() {
    this.bar.update();
    this.strips.update();
    this.palette.update(this.item);
    this.siblings?.update();
    this.question.update();
  }

  destroy() {
    this.letGo();
  }
}

export function makePaper(app) {
  return new Paper(app);
}
