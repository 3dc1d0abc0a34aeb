"""What to do about each problem, where the problem's own sentence does not say it."""

from examapp.core.i18n import N_

_ONE_RIGHT = N_("Ghi một chữ cái A, B, C… của phương án đúng.")
_SHORTEN = N_("Rút ngắn, hoặc kiểm tra xem cột có bị ghép nhầm không.")

#: by the problem's code
ADVICE: dict[str, str] = {
    "already_in_bank": N_("Không phải làm gì: câu này không được nhập lần nữa."),
    "article_alone": N_("Vẫn nhập được, không có căn cứ. Ghi tên văn bản nếu muốn giữ điều khoản."),
    "broken_characters": N_("Mở câu này ra, gõ lại chỗ có ký tự lạ."),
    "check_disagrees": N_("Vẫn nhập được. Xem lại đáp án trước khi dùng câu này."),
    "check_unreadable": N_("Vẫn nhập được, không kèm lần kiểm đáp án này."),
    "code_twice": N_("Đổi mã của một trong hai câu, hoặc để trống để máy đặt mã."),
    "field_type": N_("Ghi một đoạn chữ hoặc một số vào trường này."),
    "in_bank_other_key": N_(
        "Nếu đáp án trong ngân hàng sai, sửa câu ở ngân hàng, hoặc ngừng dùng câu ấy rồi bấm “So lại với ngân hàng”;"
        " nếu không, bỏ dòng này."
    ),
    "json_broken": N_("Sửa dòng này trong tệp, hoặc gõ lại câu tại đây."),
    "json_unusable": N_("Sửa dòng này trong tệp, hoặc gõ lại câu tại đây."),
    "key_ambiguous": _ONE_RIGHT,
    "key_matches_two": _ONE_RIGHT,
    "key_missing": _ONE_RIGHT,
    "key_more_than_one": N_("Ghi một chữ cái, hoặc tách thành câu khác."),
    "key_out_of_range": N_("Sửa đáp án, hoặc ghi thêm phương án còn thiếu."),
    "key_unknown": _ONE_RIGHT,
    "kind_unsupported": N_("Viết lại thành câu trắc nghiệm một lựa chọn, hoặc bỏ dòng này."),
    "letter_repaired": N_("Đọc lại câu một lượt; nếu đúng thì không phải làm gì."),
    "level_missing": N_("Chọn mức độ của câu; cả tệp thiếu thì chọn mức độ mặc định khi ghép cột."),
    "level_unknown": N_("Chọn một trong bốn mức độ."),
    "option_empty": N_("Ghi phương án này, hoặc xóa hẳn để các phương án sau lên thay."),
    "option_label_missing": N_("Xem lại thứ tự các phương án và đáp án."),
    "option_labels_disordered": N_("Xếp các phương án theo thứ tự A, B, C… rồi xem lại đáp án."),
    "option_too_long": _SHORTEN,
    "options_identical": N_("Hai phương án giống nhau làm câu có hai đáp án đúng. Sửa một trong hai."),
    "options_too_few": N_("Ghi thêm phương án còn thiếu."),
    "options_too_many": N_("Bớt phương án, giữ nhiều nhất mười."),
    "question_twice": N_("Không phải làm gì: câu ở dòng kia được nhập, dòng này bị bỏ qua."),
    "question_twice_other_key": N_("Giữ câu có đáp án đúng, bỏ câu kia."),
    "row_no_object": N_("Sửa dòng này trong tệp, hoặc gõ lại câu tại đây."),
    "stem_empty": N_("Ghi nội dung câu hỏi."),
    "stem_too_long": _SHORTEN,
    "stem_twice": N_("Vẫn nhập được. So hai câu xem có phải một câu chép hai lần không."),
    "stimulus_too_long": _SHORTEN,
    "topic_missing": N_("Ghi chủ đề của câu; cả tệp thiếu thì chọn chủ đề mặc định khi ghép cột."),
}
