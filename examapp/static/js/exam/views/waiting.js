// The waiting room: countdown, the sealed paper with its checks, the candidate's card, house rules.

import { h, icon, s, setParts, setText } from "../dom.js";
import { dayText, hourText, leftText, t, weave } from "../i18n.js";
import { CLOCK_TOLERANCE_MS } from "../probes.js";
import { makeBar } from "./bar.js";
import { candidateCard, helpNote, houseRules } from "./candidate_card.js";
import { makeStrips } from "./strips.js";

function envelope() {
  const seal =
    "M60 43c3.2 4 4 9 0 16-4-7-3.2-12 0-16zM51 49c4 .3 7.2 3.4 8 10.3-5.2-.5-8-4.5-8-10.3z" +
    "M69 49c-4 .3-7.2 3.4-8 10.3 5.2-.5 8-4.5 8-10.3z";
  return s(
    "svg",
    { class: "env", viewBox: "0 0 120 92", role: "img", "aria-label": t("Phong bì còn niêm phong") },
    s("rect", { class: "env__b", x: 2, y: 8, width: 116, height: 80, rx: 4 }),
    s("path", { class: "env__f", d: "M2 12l58 44 58-44M2 86l42-42M118 86L76 44" }),
    s("rect", { class: "env__s", x: 43, y: 36, width: 34, height: 34, rx: 3 }),
    s("rect", { class: "env__t", x: 47, y: 40, width: 26, height: 26, rx: 1.5 }),
    s("path", { class: "env__l", d: seal }),
  );
}

function check(state, ...text) {
  const symbol = { ok: "check", bad: "warn", busy: "clock" }[state];
  return h("li", { class: `check--${state}` }, icon(symbol), h("span", {}, text));
}

function paperCheck({ attempt, progress }) {
  const { state, record } = attempt;
  if (!state.sealed_digest && !record.sealed) return check("busy", t("Hội đồng chưa mở gói đề; trang tự tải khi có"));
  if (!record.sealed) {
    const bar = h("progress", { max: 100, value: Math.round(progress * 100), "aria-label": t("Đang tải đề") });
    return check("busy", t("Đang tải đề, còn niêm phong"), bar);
  }
  const text = t("Gói đề đủ %(count)s câu, mã niêm phong %(code)s", { count: state.test.questions, code: "%(code)s" });
  return check("ok", weave(text, { code: h("span", { class: "code" }, state.paper_seal ?? "–") }));
}

function clockCheck({ clock }) {
  const error = clock.wallError();
  if (Math.abs(error) < CLOCK_TOLERANCE_MS) return check("ok", t("Đồng hồ máy này khớp máy chủ"));
  const minutes = Math.round(Math.abs(error) / 60000);
  return check("ok", t("Đồng hồ máy này lệch %(minutes)s phút; giờ thi tính theo máy chủ", { minutes }));
}

function storageCheck({ probes, attempt }) {
  if (probes.storage === null) return check("busy", t("Đang thử khả năng giữ bài của máy này"));
  if (probes.storage && !attempt.storageFails) return check("ok", t("Máy này giữ được bài làm nếu mất mạng"));
  return check("bad", t("Máy này không lưu được khi mất mạng. Giơ tay báo giám thị để đổi máy."));
}

function examTitle(state) {
  const { test } = state;
  const sizes = { count: h("b", {}, String(test.questions)), minutes: h("b", {}, String(state.minutes)) };
  return h(
    "div",
    { class: "exam-title" },
    h(
      "div",
      {},
      h("p", { class: "small" }, [state.sitting_code, dayText(state.starts_at)].filter(Boolean).join(", ")),
      h("h1", {}, state.exam.name),
    ),
    h("p", {}, `${test.name}: `, weave(t("%(count)s câu, %(minutes)s phút"), sizes)),
  );
}

function sameForAll({ extra_minutes: count }) {
  return count
    ? t("Mọi thí sinh bắt đầu cùng lúc, theo đồng hồ máy chủ. Anh/chị được làm thêm %(count)s phút.", { count })
    : t("Mọi thí sinh bắt đầu và kết thúc cùng lúc, theo đồng hồ máy chủ.");
}

export function makeWaiting(app) {
  const { state } = app.attempt;
  const line = h("p", { class: "conn", role: "status" });
  const bar = makeBar(app, { title: t("Phòng chờ thi"), status: line });
  const strips = makeStrips(app);
  const value = h("div", { class: "count__val", role: "timer" });
  const label = h("h2", { class: "count__lab", id: "cd" });
  const sealTitle = h("h2", {});
  const checks = h("ul", { class: "checks" });
  const count = h(
    "section",
    { class: "card count", "aria-labelledby": "cd" },
    value,
    h(
      "div",
      {},
      label,
      h("p", {}, sameForAll(state)),
      h("p", {}, t("Đến giờ, trang tự chuyển sang câu 1. Anh/chị không cần bấm gì.")),
    ),
  );
  const promise = t(
    "Đề trên máy này còn khóa; khóa chỉ được gửi khi đến giờ. Hội đồng mở niêm phong trước phòng thi, có hai thí sinh chứng kiến.",
  );
  const sealed = h(
    "section",
    { class: "card sealed" },
    h("div", {}, envelope()),
    h("div", {}, sealTitle, state.mode === "rehearsal" ? null : h("p", { class: "muted" }, promise), checks),
  );
  const version = h("p", { class: "small muted" }, t("Phiên bản trang: %(version)s", { version: app.version }));
  const main = h(
    "main",
    { class: "wait", id: "noi-dung" },
    examTitle(state),
    h("div", { class: "stack" }, count, sealed, houseRules(state)),
    h("div", { class: "stack" }, candidateCard(state), helpNote(), version),
  );
  const skip = h("a", { class: "skip", href: "#noi-dung" }, t("Đến nội dung"));
  const node = h("div", { class: "page" }, skip, bar.node, strips.node, main);

  const update = () => {
    strips.update();
    const { attempt, clock, connection } = app;
    const left = attempt.state.starts_at - clock.now();
    const time = leftText(left);
    const [minutes, seconds] = time.split(":").slice(-2);
    setText(value, time);
    value.setAttribute("aria-label", t("Còn %(minutes)s phút %(seconds)s giây", { minutes, seconds }));
    const started = left <= 0;
    setText(label, started ? t("Đang mở đề") : t("Ca thi bắt đầu lúc %(time)s", { time: hourText(attempt.state.starts_at) }));
    setText(sealTitle, attempt.record.sealed ? t("Đề thi đã tải xong, còn niêm phong") : t("Đề thi còn niêm phong"));
    const parts = [app.progress, attempt.record.sealed !== null, attempt.state.sealed_digest, app.probes.storage];
    const drift = Math.round(clock.wallError() / CLOCK_TOLERANCE_MS);
    setParts(checks, [...parts, drift, attempt.storageFails].join(), () => [paperCheck(app), clockCheck(app), storageCheck(app)]);
    setParts(line, String(connection.lost), () =>
      connection.lost
        ? [icon("cloud-off"), h("span", {}, t("Mất kết nối máy chủ; trang đang tự nối lại"))]
        : [icon("wifi"), h("span", {}, t("Đã nối máy chủ phòng thi"))],
    );
  };
  update();
  return { node, update, title: t("Phòng chờ thi") };
}
