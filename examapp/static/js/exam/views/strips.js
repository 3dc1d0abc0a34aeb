// Full-width messages under the bar. A lost connection is said once, aloud; nothing covers the question.

import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { SIGN_IN } from "../meeting.js";

function strip(symbol, strong, text, { role = "status", kind = "", action = null } = {}) {
  return h(
    "div",
    { class: `strip ${kind}`.trim(), role },
    h("div", { class: "strip__in" }, icon(symbol), h("p", {}, h("strong", {}, strong), " ", text), action),
  );
}

/** What a person must see to. */
function alertStrip(symbol, strong, text, action = null) {
  return strip(symbol, strong, text, { role: "alert", kind: "strip--keep", action });
}

/** Before the paper and after the end there is nothing to carry on with. */
function lostQuietly(count) {
  const text = count
    ? t("%(count)s câu trả lời đang chờ gửi và sẽ tự gửi khi có mạng. Đừng tắt máy, đừng đổi chỗ.", { count })
    : t("Đừng tắt máy, đừng đổi chỗ.");
  return strip("cloud-off", t("Mất kết nối; máy đang tự nối lại."), text, { role: "alert" });
}

function lostStrip({ canWrite }, count) {
  if (!canWrite) return lostQuietly(count);
  const text = count
    ? t(
        "%(count)s câu trả lời đang chờ gửi và sẽ tự gửi khi có mạng. Giờ thi vẫn tính theo máy chủ; đừng tắt máy, đừng đổi chỗ.",
        { count },
      )
    : t("Câu trả lời sẽ tự gửi khi có mạng. Giờ thi vẫn tính theo máy chủ; đừng tắt máy, đừng đổi chỗ.");
  return strip("cloud-off", t("Đang lưu trên máy này – mất kết nối, cứ làm bài tiếp."), text, { role: "alert" });
}

const seenNotices = new Set();

function wanted(app) {
  const { attempt, connection } = app;
  const count = attempt.view.waiting.size;
  const list = [];
  if (attempt.state.mode === "rehearsal") {
    const make = () => strip("info", t("Thi thử."), t("Kết quả không tính vào kỳ thi."), { kind: "strip--try" });
    list.push(["try", make]);
  }
  if (attempt.storageFails) {
    const texts = [t("Máy này không lưu được khi mất mạng."), t("Giơ tay báo giám thị để đổi máy.")];
    list.push(["storage", () => alertStrip("hand", ...texts)]);
  }
  if (connection.signedOut) {
    const texts = [
      t("Phiên làm bài trên máy chủ đã hết hạn."),
      t("Bài còn trên máy này; đăng nhập lại để gửi tiếp."),
    ];
    const action = () => h("a", { class: "btn btn--sm", href: SIGN_IN }, t("Đăng nhập lại"));
    list.push(["signed-out", () => alertStrip("lock", ...texts, action())]);
  } else if (connection.lost) {
    list.push(["lost", () => lostStrip(app, count), `${count} ${app.canWrite}`]);
  } else if (connection.trouble) {
    const { trouble } = connection;
    list.push(["trouble", () => alertStrip("hand", trouble, t("Bài còn trên máy này. Giơ tay báo giám thị.")), trouble]);
  }
  for (const { text } of attempt.state.notices ?? []) {
    if (seenNotices.has(text)) continue;
    const done = () => {
      seenNotices.add(text);
      app.refresh();
    };
    const button = () => h("button", { class: "btn btn--sm", type: "button", onclick: done }, t("Đã đọc"));
    const make = () => strip("bell", t("Thông báo của phòng thi:"), text, { kind: "strip--keep", action: button() });
    list.push([`notice ${text}`, make]);
  }
  return list;
}

export function makeStrips(app) {
  const node = h("div", { class: "strips" });
  const shown = new Map();
  const update = () => {
    const list = wanted(app);
    const names = new Set(list.map(([name]) => name));
    for (const [name, entry] of shown) {
      if (names.has(name)) continue;
      entry.node.remove();
      shown.delete(name);
    }
    for (const [name, make, key] of list) {
      const entry = shown.get(name);
      if (!entry) {
        const made = make();
        shown.set(name, { node: made, key });
        node.append(made);
      } else if (entry.key !== key) {
        // Only the words change: a new alert would be spoken at every answer.
        entry.node.querySelector("p").replaceChildren(...make().querySelector("p").childNodes);
        entry.key = key;
      }
    }
  };
  update();
  return { node, update };
}
