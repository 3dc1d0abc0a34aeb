// One sentence for where the answers are. Only the server's acknowledgement may say "trên máy chủ".

import { t } from "./i18n.js";

/** A save that is answered within this time is not worth a second change of the bar. */
const SHOW_SENDING_MS = 700;
let sendingSince = null;

function sendingLong(pending) {
  if (!pending) sendingSince = null;
  else sendingSince ??= performance.now();
  return sendingSince !== null && performance.now() - sendingSince > SHOW_SENDING_MS;
}

function waitingText(count) {
  return t("%(count)s câu chờ gửi lên máy chủ", { count });
}

/** What the bar says; without `canWrite` (before the paper, after the end) nobody is told to carry on. */
export function saveState({ attempt, connection, canWrite }) {
  const count = attempt.view.waiting.size;
  const pending = attempt.pending.length > 0;
  const slow = sendingLong(pending);
  if (attempt.storageFails) {
    return { off: true, symbol: "warn", text: t("Máy này không giữ được bài"), note: t("Giơ tay báo giám thị") };
  }
  if (connection.lost || connection.signedOut) {
    if (!count) {
      const note = t("Các câu đã làm có trên máy chủ");
      return { off: true, symbol: "cloud-off", text: t("Mất kết nối"), more: canWrite && t(" – cứ làm bài tiếp"), note };
    }
    const text = canWrite ? t("Đang lưu trên máy này") : t("Bài còn trên máy này");
    const more = canWrite ? t(" – mất kết nối, cứ làm bài tiếp") : t(" – mất kết nối");
    return { off: true, symbol: "device", text, more, note: waitingText(count) };
  }
  if (slow) return { symbol: "device", text: t("Đã lưu trên máy này, đang gửi lên máy chủ") };
  if (attempt.savedAt) return { symbol: "cloud-ok", text: t("Đã lưu trên máy chủ lúc"), time: attempt.savedAt };
  return { symbol: "wifi", text: t("Đã nối máy chủ phòng thi") };
}
