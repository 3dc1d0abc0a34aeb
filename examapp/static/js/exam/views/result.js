// The outcome with its numbers and clauses, and what to do before leaving.

import { h, icon, s, setParts } from "../dom.js";
import { clockText, dayText, hourText, shareText, t } from "../i18n.js";
import { makeBar } from "./bar.js";
import { receiptCard } from "./ending.js";

const WIDTH = 658;

function scale({ correct, total, needed, pass_share: share }) {
  const at = (count) => 1 + (WIDTH * count) / total;
  const label = t("Thang %(total)s câu: mức đạt %(needed)s câu, kết quả %(correct)s câu", { total, needed, correct });
  // At the ends of the scale the number would leave the picture.
  const anchor = correct / total > 0.95 ? "end" : correct / total < 0.05 ? "start" : "middle";
  const end = anchor === "middle" && correct / total > 0.05 && correct / total < 0.92;
  return s(
    "svg",
    { class: "scale", viewBox: "0 0 660 64", role: "img", "aria-label": label },
    s("rect", { class: "scale__bg", x: 1, y: 24, width: WIDTH, height: 16, rx: 3 }),
    s("rect", { class: "scale__v", x: 1, y: 24, width: Math.max(0, at(correct) - 1), height: 16, rx: 3 }),
    s("path", { class: "scale__p", d: `M${at(needed)} 16v32` }),
    correct / total > 0.08 && s("text", { x: 0, y: 60 }, "0"),
    s(
      "text",
      { x: at(needed), y: 12, "text-anchor": "middle" },
      share ? t("Mức đạt: %(needed)s câu (%(share)s)", { needed, share: shareText(share) }) : t("Mức đạt: %(needed)s câu", { needed }),
    ),
    s("text", { class: "t1", x: at(correct), y: 60, "text-anchor": anchor }, String(correct)),
    end && s("text", { x: 659, y: 60, "text-anchor": "end" }, String(total)),
  );
}

function outcome(state, result) {
  const { correct, total, needed, passed } = result;
  const round = state.test.name.split(" – ")[0];
  const text = passed
    ? t("Số câu đúng từ mức đạt trở lên.")
    : t("Cần ít nhất %(needed)s câu đúng; anh/chị thiếu %(missing)s câu.", { needed, missing: needed - correct });
  return h(
    "section",
    { class: "card res" },
    h(
      "div",
      { class: "res__top" },
      h(
        "p",
        { class: "res__big" },
        h("span", { class: "sr" }, t("Số câu đúng: ")),
        String(correct),
        h("small", {}, t("/%(total)s câu đúng", { total })),
      ),
      h(
        "p",
        { class: passed ? "stamp" : "stamp stamp--no" },
        icon(passed ? "check" : "minus"),
        passed ? t("Đạt %(round)s", { round }) : t("Không đạt %(round)s", { round }),
      ),
    ),
    scale(result),
    h("p", { class: "small muted" }, text, " ", t("Kết quả thi trên máy không phúc khảo.")),
  );
}

function steps(correct) {
  const list = [
    [t("Ngồi tại chỗ, chờ gọi số báo danh."), t("Kỹ thuật viên đang in danh sách kết quả của phòng.")],
    [
      t("So số câu đúng trên danh sách với màn hình này, rồi ký tên."),
      t("Hai số phải giống nhau: %(correct)s. Theo Nội quy, thí sinh không ký thì bài thi tính 0 điểm.", { correct }),
    ],
    [t("Giữ mã biên nhận đã ghi khi nộp bài."), t("Mã dùng để tự kiểm tra bài làm không bị thay đổi sau khi nộp.")],
  ];
  return h(
    "section",
    { class: "card res" },
    h("h2", {}, t("Việc cần làm trước khi ra về")),
    h("ol", { class: "steps" }, list.map(([strong, text]) => h("li", {}, h("div", {}, h("strong", {}, strong), h("p", {}, text))))),
  );
}

function receipt(app, state) {
  const { summary, result } = app;
  if (!summary?.receipt) return null;
  const saves = t("%(count)s lần", { count: summary.rows });
  const last = summary.savedAt ? t("%(saves)s, lần cuối %(time)s", { saves, time: clockText(summary.savedAt) }) : saves;
  const facts = [
    [t("Số báo danh"), result.number ?? state.candidate.number],
    summary.rows ? [t("Lần lưu"), last] : null,
    [t("Tổng số câu"), String(result.total)],
  ];
  return receiptCard(summary.receipt, facts.filter(Boolean));
}

/** Steps in a row that rest on the same clause name it once, after the last of them. */
function clauses(result) {
  if (!result.clauses?.length) return null;
  const groups = [];
  for (const { clause, text } of result.clauses) {
    const last = groups.at(-1);
    if (last?.clause === clause) last.texts.push(text);
    else groups.push({ clause, texts: [text] });
  }
  const list = groups.map(({ clause, texts }) => [
    texts.map((text) => h("p", {}, text)),
    h("p", { class: "small muted" }, t("Căn cứ: %(clause)s.", { clause })),
  ]);
  return h("section", { class: "card rcpt" }, h("h2", {}, t("Cách tính")), h("div", { class: "reckon" }, list));
}

function help() {
  return h(
    "div",
    { class: "note" },
    icon("hand"),
    h(
      "div",
      {},
      h("strong", {}, t("Có ý kiến về câu hỏi hay kết quả?")),
      h("p", {}, t("Báo giám thị ngay, trước khi rời phòng. Chủ tịch Hội đồng giải quyết trong ca thi.")),
    ),
  );
}

function rehearsal() {
  return h(
    "div",
    { class: "note note--warn" },
    icon("info"),
    h(
      "div",
      {},
      h("strong", {}, t("Thi thử.")),
      h("p", {}, t("Kết quả không tính vào kỳ thi.")),
      h("p", { class: "no-print" }, h("a", { href: "/thi/dang-nhap" }, t("Đăng nhập lại để thi thử lần nữa"))),
    ),
  );
}

export function makeResult(app) {
  const { result } = app;
  const { state } = app.attempt;
  const trial = state.mode === "rehearsal";
  const line = h("p", { class: "save", role: "status" });
  const bar = makeBar(app, { status: line });
  const subtitle = [state.test.name, [state.sitting_code, dayText(state.starts_at)].filter(Boolean).join(", ")].join(" · ");
  // The bar, which names the candidate, is not printed.
  const person = [t("SBD %(number)s", state.candidate), state.candidate.name].filter(Boolean).join(" · ");
  const main = h(
    "main",
    { class: "wait", id: "noi-dung", tabindex: "-1" },
    h(
      "div",
      { class: "exam-title" },
      h("div", {}, h("p", { class: "print-only" }, person), h("p", { class: "small" }, subtitle), h("h1", {}, t("Kết quả bài thi"))),
      !trial && h("p", {}, t("Ca thi kết thúc lúc %(time)s", { time: hourText(state.closes_at) })),
    ),
    h("div", { class: "stack" }, outcome(state, result), trial ? rehearsal() : steps(result.correct)),
    h("div", { class: "stack" }, receipt(app, state), clauses(result), help()),
  );
  const node = h("div", { class: "page" }, bar.node, main);
  const update = () => {
    const text = {
      null: t("Máy chủ đã nhận bài"),
      true: t("Máy chủ đã nhận bài; máy này đã xóa bài làm"),
      false: t("Máy này chưa xóa hết bài làm; báo kỹ thuật viên"),
    }[app.wiped];
    setParts(line, text, () => [icon(app.wiped === false ? "warn" : "cloud-ok"), h("span", {}, text)]);
  };
  update();
  return { node, update, title: t("Kết quả bài thi"), focus: () => main.focus() };
}
