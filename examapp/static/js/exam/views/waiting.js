// The waiting room: countdown, the sealed paper with its checks, the candidate's card, house rules.

import { h, icon, s, setParts, setText } from "../dom.js";
import { dateText, dayText, hourText, leftText, t, weave } from "../i18n.js";
import { CLOCK_TOLERANCE_MS } from "../probes.js";
import { makeBar, seatText } from "./bar.js";
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

function card(state) {
  const { candidate, test } = state;
  const fact = (name, value) => (value ? [h("dt", {}, name), h("dd", {}, value)] : null);
  const photo = s(
    "svg",
    { class: "idc__ph", viewBox: "0 0 88 116", role: "img", "aria-label": t("Ảnh thí sinh (chỗ giữ ảnh)") },
    s("circle", { cx: 44, cy: 44, r: 19 }),
    s("path", { d: "M8 116c2-28 16-42 36-42s34 14 36 42z" }),
  );
  return h(
    "section",
    { class: "card idc", "aria-label": t("Thẻ thí sinh") },
    h(
      "div",
      { class: "idc__top" },
      h("span", {}, t("Thẻ thí sinh")),
      candidate.seat && h("span", { class: "num" }, t("Chỗ ngồi %(seat)s", candidate)),
    ),
    h(
      "div",
      { class: "idc__body" },
      photo,
      h(
        "div",
        {},
        h("p", { class: "small muted" }, t("Số báo danh")),
        h("p", { class: "idc__no" }, candidate.number),
        h("p", { class: "idc__nm" }, candidate.name),
      ),
    ),
    h(
      "dl",
      { class: "facts" },
      fact(t("Ngày sinh"), dateText(candidate.birth_date)),
      fact(t("Phòng thi"), candidate.room),
      fact(t("Bài thi"), test.name),
      fact(t("Thời gian thêm"), state.extra_minutes ? t("%(count)s phút", { count: state.extra_minutes }) : null),
    ),
    h("p", { class: "idc__foot" }, icon("user"), h("span", {}, t("Thông tin chưa đúng? Báo giám thị trước giờ bắt đầu."))),
  );
}

function rules({ test, minutes }) {
  const list = [
    t("Không mang điện thoại, tài liệu vào chỗ ngồi. Mang theo: cảnh cáo; sử dụng: đình chỉ thi."),
    t("Không rời phòng trong suốt %(minutes)s phút làm bài.", { minutes: minutes ?? test.minutes }),
    t("Có ý kiến về câu hỏi hoặc máy thì báo giám thị ngay trong ca thi."),
    t("Hết giờ, máy tự thu bài. Ký danh sách kết quả trước khi ra về; không ký thì bài thi tính 0 điểm."),
  ];
  return h(
    "section",
    { class: "card rules" },
    h("h2", {}, t("Nội quy cần nhớ")),
    h("ol", {}, list.map((text) => h("li", {}, text))),
  );
}

function helpNote() {
  return h(
    "div",
    { class: "note" },
    icon("hand"),
    h(
      "div",
      {},
      h("strong", {}, t("Máy hoặc bàn phím có vấn đề?")),
      h("p", {}, t("Giơ tay báo giám thị ngay bây giờ để được đổi máy trước giờ bắt đầu.")),
    ),
  );
}

function examTitle(state) {
  const { test } = state;
  const sizes = { count: h("b", {}, String(test.questions)), minutes: h("b", {}, String(state.minutes ?? test.minutes)) };
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
      h("p", {}, t("Mọi thí sinh bắt đầu và kết thúc cùng lúc, theo đồng hồ máy chủ.")),
      h("p", {}, t("Đến giờ, trang tự chuyển sang câu 1. Anh/chị không cần bấm gì.")),
    ),
  );
  const promise = t(
    "Chưa ai đọc được đề, kể cả người quản trị máy chủ. Hội đồng mở niêm phong trước phòng thi, có hai thí sinh chứng kiến.",
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
    h("div", { class: "stack" }, count, sealed, rules(state)),
    h("div", { class: "stack" }, card(state), helpNote(), version),
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
  return { node, update, title: t("Phòng chờ thi"), seat: seatText(state.candidate) };
}
