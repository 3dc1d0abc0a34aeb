// Between the last answer and the result: sending, receipt, time over, and the alarm when receipt and machine differ.

import { h, icon, setParts } from "../dom.js";
import { clockText, t } from "../i18n.js";
import { makeBar } from "./bar.js";
import { makeStrips } from "./strips.js";

function note(kind, symbol, strong, text) {
  return h(
    "div",
    { class: `note ${kind}`.trim() },
    icon(symbol),
    h("div", {}, h("strong", {}, strong), text && h("p", {}, text)),
  );
}

export function receiptCard(receipt, facts) {
  return h(
    "section",
    { class: "card rcpt" },
    h("h2", {}, t("Mã biên nhận bài làm")),
    h("p", { class: "rcpt__code" }, receipt.code),
    h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  );
}

function receiptFacts(app) {
  const { attempt } = app;
  const { receipt } = attempt.secret;
  return [
    [t("Số báo danh"), attempt.state.candidate.number],
    [t("Lần lưu"), t("%(count)s lần", { count: attempt.rows.length })],
    [t("Câu đã trả lời"), `${attempt.finalAnswers.length}/${attempt.total}`],
    receipt.issued_at && [t("Máy chủ nhận lúc"), clockText(receipt.issued_at)],
  ].filter(Boolean);
}

function waitNote() {
  return note(
    "",
    "hand",
    t("Anh/chị ngồi tại chỗ, chờ giám thị."),
    t("Kết quả tự hiện trên trang này sau khi cả ca thi được niêm phong. Đừng tắt máy, đừng đóng trang."),
  );
}

function pendingNote(app) {
  const count = app.attempt.view.waiting.size;
  if (!count) return null;
  if (app.attempt.secret.closedBy) {
    return note(
      "note--warn",
      "device",
      t("%(count)s câu đến sau giờ thu bài nên chưa được tính.", { count }),
      t("Các câu đó còn trên máy này. Giơ tay báo giám thị để Hội đồng xem xét; đừng tắt máy."),
    );
  }
  return note("note--warn", "device", t("%(count)s câu còn ở máy này, chưa lên máy chủ.", { count }), pendingText(app));
}

/** What becomes of answers that are still here: the server takes them for a while after the end, then the council decides. */
function pendingText(app) {
  const time = clockText(app.countsUntil);
  if (tooLate(app)) {
    return t(
      "Đã quá hạn nhận bài (%(time)s). Máy vẫn giữ các câu này và tự gửi khi nối lại được, để Hội đồng xem xét. Đừng tắt máy; giơ tay báo giám thị.",
      { time },
    );
  }
  if (!app.connection.lost) return t("Máy đang gửi. Đừng tắt máy, đừng đóng trang.");
  return t(
    "Chọn trong giờ nên vẫn được tính nếu lên máy chủ trước %(time)s. Máy tự gửi khi nối lại được. Đừng tắt máy; giơ tay báo giám thị.",
    { time },
  );
}

function tooLate(app) {
  return app.clock.now() > app.countsUntil;
}

function submitted(app) {
  const { receipt } = app.attempt.secret;
  if (!receipt) {
    return [
      h("h1", {}, t("Máy chủ ghi nhận anh/chị đã nộp bài")),
      note("", "info", t("Máy này không còn bản sao để đối chiếu."), t("Giám thị có mã biên nhận trong danh sách phòng thi.")),
      waitNote(),
    ];
  }
  const checked =
    app.verdict === "same"
      ? note(
          "note--ok",
          "cloud-ok",
          t("Máy chủ đã nhận đủ bài làm."),
          t("Trang đã so bản trên máy chủ với bản trên máy này: hai bản giống nhau."),
        )
      : note("", "info", t("Máy chủ đã nhận bài."), t("Máy này không còn bản sao để đối chiếu."));
  return [
    h("h1", {}, t("Anh/chị đã nộp bài")),
    checked,
    receiptCard(receipt, receiptFacts(app)),
    h("p", { class: "muted small" }, t("Ghi lại mã này để tự kiểm tra bài làm không bị thay đổi sau khi nộp.")),
    waitNote(),
  ];
}

function alarm(app) {
  const { receipt } = app.attempt.secret;
  return [
    h("h1", {}, t("Dừng lại và giơ tay gọi giám thị")),
    note(
      "note--bad",
      "hand",
      t("Bản máy chủ nhận khác bản trên máy này."),
      t("Bài trên máy này còn nguyên. Đừng tắt máy, đừng đóng trang, đừng đăng nhập ở máy khác."),
    ),
    receiptCard(receipt, receiptFacts(app)),
  ];
}

function sending(app) {
  const strong = app.connection.lost ? t("Mất kết nối; máy đang tự nối lại.") : t("Bài nộp đã nằm trên máy này.");
  return [
    h("h1", {}, t("Đang nộp bài")),
    note("note--warn", "device", strong, t("Máy tự gửi ngay khi nối được máy chủ. Chưa rời chỗ, chưa tắt máy.")),
  ];
}

function closed(app) {
  const voided = app.attempt.secret.closedBy === "voided";
  const pending = pendingNote(app);
  if (voided) {
    return [
      h("h1", {}, t("Bài làm này đã bị dừng")),
      note("", "hand", t("Hội đồng đã dừng bài làm này."), t("Anh/chị ngồi tại chỗ, chờ giám thị hướng dẫn.")),
    ];
  }
  const collected = app.attempt.secret.closedBy && !pending;
  return [
    h("h1", {}, t("Hết giờ")),
    pending ??
      note(
        "note--ok",
        "cloud-ok",
        collected ? t("Máy đã thu bài.") : t("Mọi câu anh/chị đã trả lời đều ở trên máy chủ."),
        t("Máy tự thu bài, anh/chị không cần bấm gì."),
      ),
    waitNote(),
  ];
}

const KINDS = { sending, submitted, alarm, closed };

/** One of the pages of the end; `kind` is a name in KINDS. */
export function makeEnding(app, kind) {
  const bar = makeBar(app);
  const strips = makeStrips(app);
  const main = h("main", { class: "one", id: "noi-dung", tabindex: "-1" });
  const node = h("div", { class: "page" }, bar.node, strips.node, main);
  const update = () => {
    bar.update();
    strips.update();
    const { attempt, connection, verdict } = app;
    const { closedBy, receipt } = attempt.secret;
    const key = [attempt.pending.length, connection.lost, verdict, closedBy, receipt?.code, tooLate(app), app.countsUntil];
    setParts(main, key.join(), () => KINDS[kind](app));
  };
  update();
  return { node, update, title: main.querySelector("h1").textContent, focus: () => main.focus() };
}
