// Pages with one message: another tab, another machine, no server yet, a browser that cannot do it.

import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { mark, viewTools } from "./bar.js";

const MESSAGES = {
  unreachable: () => ["cloud-off", t("Chưa nối được máy chủ phòng thi"), t("Trang tự nối lại. Quá một phút thì giơ tay báo giám thị.")],
  insecure: () => [
    "lock",
    t("Trình duyệt này không giữ được bài thi"),
    t("Trang cần kết nối https và trình duyệt mới. Giơ tay báo giám thị để đổi máy."),
  ],
  tab: () => ["doc", t("Bài thi đang mở ở một thẻ khác"), t("Thẻ này chỉ để xem, không ghi gì. Anh/chị có thể quay lại thẻ kia, hoặc làm tiếp ở đây.")],
  elsewhere: () => ["doc", t("Bài thi đã chuyển sang thẻ khác"), t("Thẻ này không ghi gì nữa. Các câu đã chọn còn đủ ở thẻ kia.")],
  fenced: () => [
    "swap",
    t("Bài này vừa được mở ở máy khác"),
    t("Máy này không lưu thêm được nữa; báo giám thị nếu không phải anh/chị."),
  ],
  unreadable: () => ["hand", t("Máy này không mở được đề"), t("Giơ tay báo giám thị. Giờ thi của anh/chị do Hội đồng bù.")],
  fault: () => ["warn", t("Trang gặp lỗi"), t("Các câu đã chọn còn trên máy này. Tải lại trang; nếu vẫn lỗi thì giơ tay báo giám thị.")],
};

/** A page that says one thing; `action` is [word, deed] of its single button. */
export function makeMessage(name, action = null) {
  const [symbol, title, text] = MESSAGES[name]();
  const button = action && h("button", { class: "btn btn--main", type: "button", onclick: action[1] }, action[0]);
  const header = h(
    "header",
    { class: "bar" },
    h(
      "div",
      { class: "bar__in" },
      h("div", { class: "who" }, mark(), h("div", {}, h("div", { class: "who__sbd" }, t("Khảo thí công vụ")))),
      h("div", { class: "tools" }, viewTools("tool")),
    ),
  );
  const main = h(
    "main",
    { class: "one", id: "noi-dung" },
    h("h1", {}, title),
    h("div", { class: "note note--warn", role: "status" }, icon(symbol), h("div", {}, h("p", {}, text))),
    button && h("div", { class: "act" }, button),
  );
  return { node: h("div", { class: "page" }, header, main), update: () => {}, title };
}
