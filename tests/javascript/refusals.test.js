// What the page says when the server refuses, and what it says of the line before, during and after the exam.

import assert from "node:assert/strict";
import { test } from "node:test";

import { refusalText } from "../../examapp/static/js/exam/refusals.js";
import { saveState } from "../../examapp/static/js/exam/save_state.js";

test("a refusal is said by its code, not in the words of the server", () => {
  const message = "What the server wrote.";
  assert.equal(refusalText({ code: "busy", message }), "Máy chủ đang bận. Câu trả lời vẫn còn trên máy này và sẽ được gửi lại.");
  assert.equal(refusalText({ code: "bad_row", message }), refusalText({ code: "bad_seq", message }));
  assert.equal(refusalText({ code: "too_large", message }), "Một lần gửi không được quá 64 kB.");
});

test("a code that only other routes have keeps their sentence, which they have translated", () => {
  assert.equal(refusalText({ code: "writer_form", message: "Reload." }), "Reload.");
  assert.equal(refusalText({ code: "toString", message: "Reload." }), "Reload.");
  assert.equal(refusalText({}), undefined);
});

for (const [pending, canWrite, words] of [
  [[1], true, "Đang lưu trên máy này – mất kết nối, cứ làm bài tiếp"],
  [[1], false, "Bài còn trên máy này – mất kết nối"],
  [[], true, "Mất kết nối – cứ làm bài tiếp"],
  [[], false, "Mất kết nối"],
]) {
  test(`without network the bar says “${words}”`, () => {
    const attempt = { view: { waiting: new Set(pending) }, pending, storageFails: false };
    const { text, more } = saveState({ attempt, connection: { lost: true }, canWrite });
    assert.equal(text + (more || ""), words);
  });
}

test("without network a flag or a hand-in alone is no answer that is still to be sent", () => {
  const attempt = { view: { waiting: new Set() }, pending: [[7, 3, 0, true, 1]], storageFails: false };
  const { text, note } = saveState({ attempt, connection: { lost: true }, canWrite: false });
  assert.equal(text, "Mất kết nối");
  assert.equal(note, "Các câu đã làm có trên máy chủ");
});
