// Who sits here, and what holds in this room.

import { h, icon, s } from "../dom.js";
import { dateText, t } from "../i18n.js";

export function candidateCard(state) {
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

export function houseRules({ minutes, extra_minutes: extra }) {
  const list = [
    t("Không mang điện thoại, tài liệu vào chỗ ngồi. Mang theo: cảnh cáo; sử dụng: đình chỉ thi."),
    t("Không rời phòng trong suốt %(minutes)s phút làm bài.", { minutes: minutes + extra }),
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

export function helpNote() {
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
