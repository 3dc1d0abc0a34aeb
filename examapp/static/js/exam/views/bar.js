// The top bar of every candidate page: who, where the answers are, time left, view tools.

import { h, icon, s, setDisabled, setParts, setText } from "../dom.js";
import { clockText, leftText, t } from "../i18n.js";
import { pref, togglePref } from "../prefs.js";
import { saveState } from "../save_state.js";

const LATE_MS = 300000;

export function mark() {
  const petals =
    "M20 9c3.6 4.6 4.6 10.4 0 18.5C15.4 19.4 16.4 13.6 20 9zM9.5 15.5c4.6.4 8.4 4 9.3 12-6-.6-9.3-5.2-9.3-12z" +
    "M30.5 15.5c-4.6.4-8.4 4-9.3 12 6-.6 9.3-5.2 9.3-12z";
  return s(
    "svg",
    { class: "mark", viewBox: "0 0 40 40", "aria-hidden": "true" },
    s("rect", { class: "mark-bg", width: 40, height: 40, rx: 6 }),
    s("rect", { class: "mark-rim", x: 3.5, y: 3.5, width: 33, height: 33, rx: 3.5 }),
    s("path", { class: "mark-fg", d: petals }),
    s("path", { class: "mark-ln", d: "M10 31.5h20" }),
  );
}

/** "Phòng 03 · Máy 17", as far as it is known. */
function seatText({ room, seat }) {
  const parts = [room && t("Phòng %(room)s", { room }), seat && t("Chỗ %(seat)s", { seat })];
  return parts.filter(Boolean).join(" · ");
}

function who(state, title) {
  const { candidate } = state;
  const place = seatText(candidate);
  const rehearsal = state.mode === "rehearsal" && h("span", { class: "try" }, t("Thi thử"));
  return h(
    "div",
    { class: "who" },
    mark(),
    h(
      "div",
      {},
      h("div", { class: title ? "who__sbd" : "who__sbd num" }, title ?? t("SBD %(number)s", candidate), rehearsal),
      h("div", { class: "who__name" }, title ? place : [candidate.name, place].filter(Boolean).join(" · ")),
    ),
  );
}

/** Large text and high contrast; `kind` is the class of the button in its surroundings. */
export function viewTools(kind) {
  const tools = [
    ["big", "text", t("Cỡ chữ"), t("Phóng to chữ")],
    ["hc", "contrast", t("Tương phản"), t("Tương phản cao")],
  ];
  return tools.map(([name, symbol, word, label]) => {
    const flip = (event) => {
      togglePref(name);
      const pressed = String(pref(name));
      for (const twin of document.querySelectorAll(`[data-pref="${name}"]`)) twin.setAttribute("aria-pressed", pressed);
      event.currentTarget.focus();
    };
    const attributes = { class: kind, type: "button", "aria-label": label, "data-pref": name, onclick: flip };
    return h(
      "button",
      { ...attributes, "aria-pressed": String(pref(name)) },
      icon(symbol),
      h("span", { "aria-hidden": "true" }, word),
    );
  });
}

function saveNode() {
  return h("p", { class: "save", role: "status" });
}

function updateSave(node, app) {
  const { off, symbol, text, note, more, time } = saveState(app);
  node.className = off ? "save save--off" : "save";
  setParts(node, [symbol, text, note, time].join("|"), () => [
    icon(symbol),
    h(
      "span",
      {},
      text,
      more && h("span", { class: "save__m" }, more),
      time && [" ", h("time", {}, clockText(time))],
      note && h("small", {}, note),
    ),
  ]);
}

class Timer {
  constructor() {
    this.label = h("span", { class: "timer__lab" });
    this.value = h("span", { class: "timer__val" });
    this.late = h("span", { class: "timer__lab timer__late" });
    this.button = h("button", { class: "tool", type: "button", onclick: () => this.flip() });
    this.node = h(
      "div",
      { class: "timer", role: "timer", "aria-label": t("Thời gian còn lại") },
      h("div", {}, this.label, this.value, this.late),
      this.button,
    );
    this.left = 0;
  }

  flip() {
    if (this.left < LATE_MS) return;
    togglePref("clockHidden");
    this.update(this.left);
  }

  update(left) {
    this.left = left;
    const late = left < LATE_MS;
    const hidden = pref("clockHidden") && !late;
    this.node.classList.toggle("timer--late", late);
    this.node.classList.toggle("timer--hidden", hidden);
    setText(this.label, hidden ? t("Giờ đang ẩn") : t("Thời gian còn lại"));
    setText(this.value, hidden ? "" : leftText(left));
    setText(this.late, hidden ? t("Sẽ hiện lại khi còn 5 phút") : "");
    setParts(this.button, `${hidden}${late}`, () =>
      late ? [icon("clock"), t("Sắp hết giờ")] : hidden ? [icon("eye"), t("Hiện giờ")] : [icon("eye-off")],
    );
    setDisabled(this.button, late);
    if (hidden || late) this.button.removeAttribute("aria-label");
    else this.button.setAttribute("aria-label", t("Ẩn giờ"));
  }
}

/** `title` replaces the candidate number (waiting room); `timer` and `action` belong to the paper. */
export function makeBar(app, { title = null, timer = false, action = null, status = null } = {}) {
  const clock = timer ? new Timer() : null;
  const save = status ?? saveNode();
  const node = h(
    "header",
    { class: "bar" },
    h(
      "div",
      { class: "bar__in" },
      who(app.attempt.state, title),
      save,
      clock?.node,
      h("div", { class: "tools" }, viewTools("tool")),
      action,
    ),
  );
  const update = () => {
    if (!status) updateSave(save, app);
    clock?.update(app.attempt.state.closes_at - app.clock.now());
  };
  update();
  return { node, update };
}
