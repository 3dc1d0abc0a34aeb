// The check before submitting: what is where, what is blank, what was flagged. The safe way is the main one.

import { countItems, itemState } from "../answers.js";
import { h, icon, setParts } from "../dom.js";
import { t, weave } from "../i18n.js";
import { makeBar } from "./bar.js";
import { questionLink } from "./palette.js";
import { makeStrips } from "./strips.js";

function figures(counts) {
  return [
    [counts.server, t("câu đã lưu trên máy chủ")],
    [counts.local, t("câu chờ gửi")],
    [counts.blank, t("câu chưa trả lời")],
  ].map(([count, text]) => h("li", {}, h("b", {}, String(count)), text));
}

function jumps(view, title, items, note) {
  if (!items.length) return null;
  return h(
    "section",
    { class: "card pad" },
    h("h2", {}, title),
    h("div", { class: "jump" }, items.map((item) => questionLink(view, item, false))),
    note && h("p", { class: "small muted" }, note),
  );
}

function body(app) {
  const { view, total } = app.attempt;
  const counts = countItems(view, total);
  const all = Array.from({ length: total }, (_, item) => [item, itemState(view, item)]);
  const blank = all.filter(([, state]) => !state.answered).map(([item]) => item);
  const local = all.filter(([, state]) => state.waiting).map(([item]) => item);
  const flagged = all.filter(([, state]) => state.flagged).map(([item]) => item);
  return [
    h("ul", { class: "sum" }, figures(counts)),
    jumps(
      view,
      t("%(count)s câu chưa trả lời", { count: blank.length }),
      blank,
      t("Câu bỏ trống không được điểm; chọn sai không bị trừ điểm."),
    ),
    jumps(view, t("%(count)s câu anh/chị đánh dấu xem lại", { count: flagged.length }), flagged, null),
    jumps(
      view,
      t("%(count)s câu mới ở máy này", { count: local.length }),
      local,
      t("Máy này giữ các câu đó và tự gửi khi nối lại máy chủ, kể cả sau khi anh/chị bấm nộp."),
    ),
  ];
}

/** Draw `parts` anew without dropping the focus: the same question's link has it again, or the heading when it is gone. */
function keepFocus(parts, heading, draw) {
  const at = document.activeElement;
  const href = parts.contains(at) && at.getAttribute("href");
  draw();
  if (href && !parts.contains(at)) (parts.querySelector(`[href="${href}"]`) ?? heading).focus({ preventScroll: true });
}

export function makeSummary(app) {
  const bar = makeBar(app, { timer: true });
  const strips = makeStrips(app);
  const left = h("p", { class: "muted" });
  const parts = h("div", { class: "stack" });
  const back = h("a", { class: "btn btn--main", href: `#cau-${app.item + 1}` }, icon("left"), t("Quay lại làm tiếp"));
  const send = () => {
    submit.disabled = true;
    app.submit();
  };
  const submit = h("button", { class: "btn btn--warn", type: "button", onclick: send }, icon("send"), t("Nộp bài, kết thúc thi"));
  const heading = h("h1", { tabindex: "-1" }, t("Kiểm tra trước khi nộp bài"));
  const main = h("main", { class: "one", id: "cau-hoi" }, heading, left, parts, h("div", { class: "act" }, back, submit));
  const node = h("div", { class: "page" }, bar.node, strips.node, main);
  const update = () => {
    bar.update();
    strips.update();
    const minutes = Math.max(0, Math.floor((app.attempt.state.closes_at - app.clock.now()) / 60000));
    const time = minutes ? t("%(count)s phút", { count: minutes }) : t("dưới 1 phút");
    setParts(left, time, () =>
      weave(t("Còn %(time)s. Anh/chị có thể quay lại làm tiếp. Nộp rồi thì không sửa được nữa."), {
        time: h("b", {}, time),
      }),
    );
    const { rows, ack } = app.attempt;
    keepFocus(parts, heading, () => setParts(parts, `${rows.length}/${ack}`, () => body(app)));
  };
  update();
  return { node, update, title: t("Kiểm tra trước khi nộp bài"), focus: () => heading.focus() };
}
