// The sentences of the fast path's refusals. It answers in Vietnamese only, so the page says them in its own language.

import { t } from "./i18n.js";

const LIMIT_KB = 64;

const wrongForm = () => t("Dữ liệu gửi lên không đúng dạng. Hãy tải lại trang; nếu vẫn còn lỗi, hãy báo giám thị.");

const SENTENCES = {
  signed_out: () => t("Phiên làm bài không còn hiệu lực. Hãy đăng nhập lại; câu trả lời vẫn còn trên máy này."),
  foreign_page: () => t("Yêu cầu không đến từ trang làm bài."),
  slow_body: () => t("Đường truyền quá chậm nên dữ liệu chưa tới đủ. Trang sẽ tự gửi lại."),
  gap: () => t("Máy chủ còn thiếu câu trả lời trước đó. Trang sẽ tự gửi lại."),
  diverged: () => t("Câu trả lời gửi lên khác với bản máy chủ đã ghi. Hãy báo giám thị."),
  lease: () => t("Bài làm đang được mở ở nơi khác. Trang này không ghi được nữa."),
  closed: () => t("Bài làm đã đóng. Máy chủ không nhận thêm câu trả lời."),
  length_required: () => t("Yêu cầu thiếu độ dài nội dung."),
  too_large: () => t("Một lần gửi không được quá %(limit)s kB.", { limit: LIMIT_KB }),
  not_json: () => t("Nội dung gửi lên phải là JSON."),
  bad_item: () => t("Câu trả lời thuộc về một câu không có trong đề."),
  refused: () => t("Máy chủ không ghi được dữ liệu này. Hãy báo giám thị."),
  not_started: () => t("Chưa đến giờ làm bài."),
  slow_down: () => t("Trang gửi quá nhanh. Trang sẽ tự gửi lại sau giây lát."),
  failed: () => t("Máy chủ gặp lỗi. Câu trả lời vẫn còn trên máy này. Hãy báo giám thị."),
  busy: () => t("Máy chủ đang bận. Câu trả lời vẫn còn trên máy này và sẽ được gửi lại."),
  bad_body: wrongForm,
  bad_json: wrongForm,
  bad_row: wrongForm,
  bad_seq: wrongForm,
  bad_client_ms: wrongForm,
  bad_kind: wrongForm,
  bad_response: wrongForm,
  response_too_long: wrongForm,
  too_many_rows: wrongForm,
  rows_not_contiguous: wrongForm,
  rows_after_submit: wrongForm,
};

/** What a refusal says: the page's own sentence for its code, else what the server wrote. */
export function refusalText({ code, message }) {
  return Object.hasOwn(SENTENCES, code ?? "") ? SENTENCES[code]() : message;
}
