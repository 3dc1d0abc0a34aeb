// All questions at a glance: tick = on the server, arrow and dashes = only here, corner = flag, ring = current.

import { countItems, itemState } from "../answers.js";
import { h, icon, setParts, spoken } from "../dom.js";
import { t, weave } from "../i18n.js";
import { viewTools } from "./bar.js";

function words(state, current) {
  const where = state.waiting
    ? state.answered
      ? t("mới lưu trên máy này")
      : t("đã bỏ chọn, mới lưu trên máy này")
    : state.onServer
      ? t("đã lưu trên máy chủ")
      : t("chưa trả lời");
  return [where, state.flagged && t("đánh dấu xem lại"), current && t("đang xem")].filter(Boolean).join(", ");
}

function classes(state) {
  const list = ["pc", state.onServer && "pc--ok", state.waiting && "pc--local", state.flagged && "pc--flag"];
  return list.filter(Boolean).join(" ");
}

/** A link to question `item`, as it stands now. */
export function questionLink(view, item, current) {
  const link = h("a", { href: `#cau-${item + 1}` });
  updateLink(link, view, item, current);
  return link;
}

export function updateLink(link, view, item, current) {
  const state = itemState(view, item);
  link.className = classes(state);
  if (current) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  const text = words(state, current);
  setParts(link, text, () => [spoken(t("Câu ")), String(item + 1), spoken(`: ${text}`)]);
}

function legend(counts) {
  const entry = (kind, text, current) =>
    h("li", {}, h("span", { class: `pc ${kind}`.trim(), "aria-current": current }), text);
  return [
    entry("pc--ok", t("Máy chủ đã lưu: %(count)s", { count: counts.server })),
    entry("pc--local", t("Chỉ ở máy này: %(count)s", { count: counts.local })),
    entry("pc--flag", t("Đánh dấu: %(count)s", { count: counts.flagged })),
    entry("", t("Chưa trả lời: %(count)s", { count: counts.blank })),
    entry("", t("Câu đang xem"), "true"),
  ];
}

export function makePalette(app) {
  const { total } = app.attempt;
  const links = Array.from({ length: total }, (_, item) => questionLink(app.attempt.view, item, false));
  const done = h("span", { class: "small num" });
  const key = h("ul", { class: "key" });
  const close = h("a", { class: "btn btn--sm pal__close", href: "#cau-hoi" }, icon("x"), t("Đóng"));
  const node = h(
    "aside",
    { class: "pal", id: "bang-cau", "aria-labelledby": "pal-h", tabindex: "-1" },
    h("div", { class: "pal__head" }, h("h2", { id: "pal-h" }, t("Bảng câu hỏi")), done, close),
    h("ol", { class: "pal__grid" }, links.map((link) => h("li", {}, link))),
    key,
    h("div", { class: "pal__tools" }, viewTools("btn")),
  );
  const update = (item) => {
    const { view } = app.attempt;
    links.forEach((link, index) => updateLink(link, view, index, index === item));
    const counts = countItems(view, total);
    setParts(done, counts.answered, () =>
      weave(t("Đã trả lời %(count)s/%(total)s"), { count: h("b", {}, String(counts.answered)), total: String(total) }),
    );
    setParts(key, JSON.stringify(counts), () => legend(counts));
  };
  return { node, update };
}
