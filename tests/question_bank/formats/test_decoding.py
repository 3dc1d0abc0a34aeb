"""Text in any encoding: Unicode as it says, an older one only where the letters prove it, else none."""

import contextlib
import random
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.decoding import Refusal, decode, decode_noticing
from question_bank.formats.legacy_text import ENCODINGS, Legacy, decode_as, decode_legacy, repair_legacy

WESTERN, MARKS, TCVN3, VNI = ENCODINGS

QUESTION = (
    "Câu 1: Theo Hiến pháp năm 2013, cơ quan nào thực hiện quyền lập hiến?\n"
    "A. Quốc hội\nB. Chính phủ\nC. Ủy ban nhân dân tỉnh\nD. Tòa án\nĐáp án: A\n"
)
#: Every syllable is a real one.
SYLLABLES = """
    bằng chẳng mẫu đoàn thể giữa những người được quyền khuyến nghị quốc hội nước của và ở sử dụng nghĩa vụ trường hợp
    ngoằn ngoèo khuỷu tay thuở xưa giếng gìn giữ yếu tố ý kiến huỳnh quỹ chuyển hoãn lẽ phải sẵn sàng ngả nghiêng hẹp
    bỏ lỡ cỡ xuống mỗi kẻ cặp vợ chồng lũ lụt ấm áp ẩn giấu ẵm bế đặc biệt ít ị ỉ ọc ạch ủ rũ
"""

TONES = "\u0300\u0301\u0303\u0309\u0323"
LOWER = [
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", *TONES)
    if tone + vowel not in "aeiouy"
] + ["đ"]
LETTERS = LOWER + [letter.upper() for letter in LOWER]


def apart(letter: str) -> tuple[str, str]:
    """Return a letter without its tone, and the tone."""
    split = unicodedata.normalize("NFD", letter)
    bare = unicodedata.normalize("NFC", "".join(mark for mark in split if mark not in TONES))
    return bare, "".join(mark for mark in split if mark in TONES)


def in_1258(text: str, whole: bool = False) -> bytes:
    """Write windows-1258; ``whole`` takes à and é as one byte where it can, as the two kinds of programs did."""
    out = b""
    for letter in text:
        try:
            out += (letter if whole else "".join(apart(letter))).encode("cp1258")
        except UnicodeEncodeError:
            out += "".join(apart(letter)).encode("cp1258")
    return out


#: By letter without tone: what stands for it without tone, then with each tone in this order; in TCVN3 (TCVN 5712:1993,
#: table VN3) as bytes, in VNI as a person sees it who opens the file as western text.
ORDER = "\u0300\u0309\u0303\u0301\u0323"
TABLE = {
    "a": ("61 B5 B6 B7 B8 B9", "a aø aû aõ aù aï"),
    "ă": ("A8 BB BC BD BE C6", "aê aè aú aü aé aë"),
    "â": ("A9 C7 C8 C9 CA CB", "aâ aà aå aã aá aä"),
    "e": ("65 CC CE CF D0 D1", "e eø eû eõ eù eï"),
    "ê": ("AA D2 D3 D4 D5 D6", "eâ eà eå eã eá eä"),
    "i": ("69 D7 D8 DC DD DE", "i ì æ ó í ò"),
    "o": ("6F DF E1 E2 E3 E4", "o oø oû oõ où oï"),
    "ô": ("AB E5 E6 E7 E8 E9", "oâ oà oå oã oá oä"),
    "ơ": ("AC EA EB EC ED EE", "ô ôø ôû ôõ ôù ôï"),
    "u": ("75 EF F1 F2 F3 F4", "u uø uû uõ uù uï"),
    "ư": ("AD F5 F6 F7 F8 F9", "ö öø öû öõ öù öï"),
    "y": ("79 FA FB FC FD FE", "y yø yû yõ yù î"),
    "đ": ("AE", "ñ"),
}
TCVN3_CAPITALS = {"Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7}


def place(letter: str) -> tuple[str, int]:
    bare, tone = apart(letter.lower())
    return bare, ORDER.index(tone) + 1 if tone else 0


def in_tcvn3(text: str) -> bytes:
    """Write TCVN3; a capital with a tone becomes the small letter, which the font .VnTimeH draws large."""
    out = b""
    for letter in text:
        bare, tone = place(letter)
        if letter in TCVN3_CAPITALS:
            out += bytes([TCVN3_CAPITALS[letter]])
        elif bare in TABLE and not letter.isascii():
            out += bytes.fromhex(TABLE[bare][0].split()[tone])
        else:
            out += letter.encode("cp1252")
    return out


def in_vni(text: str) -> bytes:
    out = ""
    for letter in text:
        bare, tone = place(letter)
        written = TABLE[bare][1].split()[tone] if bare in TABLE else letter
        out += written.upper() if letter.isupper() else written
    return out.encode("cp1252")


WRITERS: list[tuple[str, Callable[[str], bytes]]] = [
    (MARKS, in_1258),
    (MARKS, lambda text: in_1258(text, whole=True)),
    (TCVN3, in_tcvn3),
    (VNI, in_vni),
]
IDS = ["marks after the vowel", "whole letters where there are any", "TCVN3", "VNI"]

#: Sentences of marked syllables, as a question is: some words, a stop, an option letter.
MARKED = st.sampled_from(SYLLABLES.split())
SENTENCES = st.lists(MARKED, min_size=12, max_size=60, unique=True).map(lambda words: f"A. {' '.join(words)}.\n")
#: So long that some of the words cannot be western, whichever they are.
LONG_SENTENCES = st.lists(MARKED, min_size=40, max_size=60, unique=True).map(lambda words: f"A. {' '.join(words)}.\n")


def refused(data: bytes) -> dict[str, object]:
    with pytest.raises(Refusal) as refusal:
        decode(data)
    assert refusal.value.problem.code == "encoding_unknown"
    return dict(refusal.value.problem.params)


class TestTables:
    def test_the_alphabet_has_its_134_letters(self) -> None:
        assert len(set(LETTERS)) == 134

    @pytest.mark.parametrize(("encoding", "write"), WRITERS, ids=IDS)
    def test_every_letter_comes_back(self, encoding: str, write: Callable[[str], bytes]) -> None:
        # TCVN3 has no capitals with tones: "À" is written, and read, as "à".
        text = " ".join(LETTERS)
        read = decode_as(write(text), encoding)
        if encoding == TCVN3:
            text = " ".join(letter.lower() if letter not in TCVN3_CAPITALS else letter for letter in text.split())
        assert read == text

    @pytest.mark.parametrize(("encoding", "write"), WRITERS, ids=IDS)
    def test_ascii_stays_as_it_is(self, encoding: str, write: Callable[[str], bytes]) -> None:
        text = "".join(map(chr, range(128)))
        assert decode_as(write(text), encoding) == text

    def test_small_letters_of_a_capital_font_become_capitals_among_capitals(self) -> None:
        written = in_tcvn3("CộNG HOà Xã HộI ÁN LỆ và Bà Hà ở Á")
        assert decode_as(written, TCVN3) == "CỘNG HOÀ Xã HỘI ÁN Lệ và Bà Hà ở á"

    def test_vni_marks_may_be_small_after_a_capital(self) -> None:
        assert decode_as("Aán Ñoä ÑEÁN".encode("cp1252"), VNI) == "Ấn Độ ĐẾN"

    def test_a_mark_without_its_vowel_stays_a_western_letter(self) -> None:
        assert decode_as("Caùc em ñi Café vôùi Zoë".encode("cp1252"), VNI) == "Các em đi Café với Zoë"

    def test_signs_that_an_old_font_leaves_alone_stay(self) -> None:
        assert decode_as(b"20 \xb0C \x93a\x94 \x96 5\xb2", TCVN3) == "20 °C “a” – 5²"

    @pytest.mark.parametrize("encoding", ENCODINGS)
    def test_bytes_without_a_meaning_are_an_error(self, encoding: str) -> None:
        with pytest.raises(UnicodeDecodeError):
            decode_as(b"\x81", encoding)


class TestOldVietnamese:
    @pytest.mark.parametrize(("encoding", "write"), WRITERS, ids=IDS)
    def test_a_question_is_read_with_a_warning_that_names_the_encoding(
        self, encoding: str, write: Callable[[str], bytes]
    ) -> None:
        text, problems = decode_noticing(write(QUESTION))
        # The one capital with a tone.
        assert text == (QUESTION.replace("Ủ", "ủ") if encoding == TCVN3 else QUESTION)
        assert [(problem.severity, problem.code, problem.params) for problem in problems] == [
            ("warning", "encoding_guessed", {"encoding": encoding})
        ]
        assert encoding in problems[0].sentence()
        assert decode(write(QUESTION)) == text

    @pytest.mark.parametrize(("encoding", "write"), WRITERS, ids=IDS)
    @given(text=SENTENCES)
    def test_any_sentence_is_found_out(self, encoding: str, write: Callable[[str], bytes], text: str) -> None:
        assert decode_legacy(write(text)) == Legacy(text, encoding)

    @pytest.mark.parametrize(("encoding", "write"), WRITERS, ids=IDS)
    @given(text=SENTENCES, seed=st.randoms(use_true_random=False))
    def test_foreign_words_signs_and_markup_do_not_lead_astray(
        self, encoding: str, write: Callable[[str], bytes], text: str, seed: random.Random
    ) -> None:
        words = [
            *text.split(),
            "<p>",
            "html",
            "[markdown]",
            "WTO",
            "5.000đ",
            "NĐ-CP",
            "20",
            "2/2024",
            "–",
            "“the”",
            "Lênin",
        ]
        seed.shuffle(words)
        text = " ".join(words)
        assert decode_legacy(write(text)) == Legacy(text, encoding)

    @pytest.mark.parametrize(("encoding", "write"), WRITERS, ids=IDS)
    def test_a_table_with_much_english_is_found_out(self, encoding: str, write: Callable[[str], bytes]) -> None:
        text = "stem,option_a,option_b,key,topic,level\nThủ đô của nước ta?,Hà Nội,Huế,A,geography,recall\n" * 3
        assert decode_legacy(write(text)) == Legacy(text, encoding)

    @pytest.mark.parametrize("text", ["C©u h?i n?o l? ?óng", "Câu h?i nào là ?úng?", "C?u h?i nào?"])
    def test_a_text_that_has_lost_letters_is_refused(self, text: str) -> None:
        assert decode_legacy(text.encode("cp1252")) is None

    @pytest.mark.parametrize("text", ["Số một", "frac over text theta Tìm A"])
    def test_two_words_decide_nothing(self, text: str) -> None:
        assert decode_legacy(in_tcvn3(text)) is None


class TestWestern:
    @pytest.mark.parametrize(
        "text",
        [
            "Où est la bibliothèque ? L'été, à côté du théâtre, déjà vue: «Noël», août, maïs, œuf.",
            "Welche Größe hat die Tür? Übung für Anfänger: GRÖSSE, Straße, Äpfel.",
            "¿Qué día es mañana? Sí, el niño está aquí; él sé té.",
            "¿Qué sé? the rest of this line has plain words only",
            "São Paulo não é a capital; ações, irmãos, põe mãe.",
            "Perché così? Può già, più, è città.",
            "På svenska är det så: Malmö. Ærø og Ødegård.",
            "one letter: asdf aödf asdf",
            "“quoted” – it’s plain English…",
            "The rod is 5 µm × 3 ½ at 20 °C ± 5, force 7 N·m, © 2020, §5, x², a×b and 2×3.",
        ],
    )
    def test_western_text_is_western(self, text: str) -> None:
        found, problems = decode_noticing(text.encode("cp1252"))
        assert found == text
        assert [problem.params for problem in problems] == [{"encoding": WESTERN}]
        assert repair_legacy(text) is None

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            ("Какой город является столицей России?", "cp1251"),
            ("Какой город является столицей России?", "koi8-r"),
            ("Ποια είναι η πρωτεύουσα της Ελλάδας", "cp1253"),
            ("Które miasto jest stolicą Polski? Łódź, Gdańsk, żółć", "cp1250"),
            ("Türkiye'nin başkenti neresidir? Değil, şey", "cp1254"),
            ("Quelle est la réponse à cette élève déjà", "cp850"),
            ("Quelle est la réponse préférée", "cp437"),
            ("Quelle est la réponse à cette élève déjà", "mac_roman"),
            ("日本の首都はどこですか。東京です", "shift_jis"),
            ("中国的首都是哪里？北京", "gbk"),
        ],
    )
    def test_other_encodings_are_refused_and_not_read_as_western(self, text: str, encoding: str) -> None:
        refused(text.encode(encoding))


class TestUnicode:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    @pytest.mark.parametrize("text", [QUESTION, "Đề thi số 1\n" + QUESTION, "ế" + QUESTION, "A"])
    def test_every_form_is_read_without_a_warning(self, encoding: str, text: str) -> None:
        assert decode_noticing(text.encode(encoding)) == (text, ())

    def test_zeros_everywhere_are_no_utf_16(self) -> None:
        assert decode(b"ab\0\0" * 9) == "ab\0\0" * 9

    @given(SENTENCES)
    def test_utf_8_is_never_taken_for_anything_else(self, text: str) -> None:
        assert decode_noticing(text.encode()) == (text, ())

    @given(SENTENCES, st.data())
    def test_a_cut_file_is_refused_with_its_line(self, text: str, data: st.DataObject) -> None:
        whole = (text * 3).encode()
        cut = data.draw(st.sampled_from([at for at in range(20, len(whole)) if whole[at] & 0xC0 == 0x80]))
        assert refused(whole[:cut]) == {"line": whole.count(b"\n", 0, cut) + 1}

    @pytest.mark.parametrize(
        ("data", "line"),
        [
            (QUESTION.encode() + b"\xe9", 7),
            (QUESTION.encode().replace("ủ".encode(), b"\xfb", 1), 3),
            ("Câu 1".encode()[:2], 1),
            (b"line\nTi\xe1\xba", 2),
            (b"\xef\xbb\xbf" + in_vni(QUESTION), 1),
        ],
    )
    def test_unicode_with_a_fault_is_refused(self, data: bytes, line: int) -> None:
        assert refused(data) == {"line": line}


class TestHostile:
    @given(st.binary(max_size=300))
    def test_random_bytes_are_text_or_a_refusal(self, data: bytes) -> None:
        with contextlib.suppress(Refusal):
            text, problems = decode_noticing(data)
            assert isinstance(text, str)
            assert len(problems) <= 1

    @given(st.text(max_size=300))
    def test_any_text_can_be_looked_at_for_repair(self, text: str) -> None:
        found = repair_legacy(text)
        assert found is None or found.encoding in (TCVN3, VNI)

    @pytest.mark.parametrize(
        "data", [b"\xe9", b"\xa9", b"abc\x00\xe9", b"caf\xe9 \x01", b"\x81caf\xe9", bytes(range(256))]
    )
    def test_what_is_no_text_is_refused(self, data: bytes) -> None:
        assert decode_legacy(data) is None

    @pytest.mark.parametrize(
        "part",
        [
            pytest.param(random.Random(1).randbytes(1 << 20), id="random"),
            pytest.param(bytes(random.Random(1).choices(range(0xC0, 0x100), k=1 << 16)), id="letters"),
            pytest.param(b"\xe9" * (1 << 20), id="one word"),
            pytest.param(b"a\xf9" * (1 << 19), id="one word of marks"),
            pytest.param(b"a" * (1 << 20) + b"\xe9", id="long words"),
            pytest.param(b"C\xe9NG HO\xb5 " * (1 << 16), id="capitals"),
            pytest.param(in_1258(QUESTION) * 100, id="windows-1258"),
            pytest.param(in_tcvn3(QUESTION) * 100, id="TCVN3"),
            pytest.param(in_vni(QUESTION + "Café\n") * 100, id="VNI"),
        ],
    )
    def test_ten_megabytes_are_soon_decided(self, part: bytes) -> None:
        size = 10 * 1024 * 1024
        data = (part * (size // len(part) + 1))[:size]
        start = time.process_time()
        decode_legacy(data)
        took = time.process_time() - start
        # Measured at no more than two seconds; what would not do is minutes.
        assert took < 10

    def test_old_letters_far_into_a_long_file_decide(self) -> None:
        data = b"plain line of text\n" * 200_000 + in_vni(QUESTION) + b"plain line of text\n" * 100_000
        found = decode_legacy(data)
        assert found is not None
        assert (found.encoding, QUESTION in found.text) == (VNI, True)

    def test_a_word_across_the_parts_that_are_looked_at_counts(self) -> None:
        for before in range(4085, 4100):
            assert decode_legacy((b"plain words " * 400)[:before] + " abcdПривет all".encode("cp1251")) is None


class TestRepair:
    @pytest.mark.parametrize(("encoding", "write"), WRITERS[2:], ids=IDS[2:])
    @given(text=LONG_SENTENCES)
    def test_old_letters_stored_as_unicode_are_repaired(
        self, encoding: str, write: Callable[[str], bytes], text: str
    ) -> None:
        assert repair_legacy(write(text).decode("latin-1")) == Legacy(text, encoding)

    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("C©u 1", "Câu 1"),
            ("®óng", "đúng"),
            ("C©u hái nµo ®\u00adîc chän → ®óng?", "Câu hỏi nào được chọn → đúng?"),
            ("C©u hái nµo ®ƣîc chän?", "Câu hỏi nào được chọn?"),
            ("Ñuùng", "Đúng"),
            ("Haø Noäi", "Hà Nội"),
            ("COÄNG HOAØ XAÕ HOÄI", "CỘNG HOÀ XÃ HỘI"),
        ],
    )
    def test_a_cell_of_few_words_is_repaired(self, text: str, meant: str) -> None:
        found = repair_legacy(text)
        assert found is not None
        assert found.text == meant

    @pytest.mark.parametrize(
        "text",
        [
            QUESTION,
            unicodedata.normalize("NFD", QUESTION),
            "Hình tròn",
            "Hòa Bình",
            "công tƣ",
            "đƣợc chƣa",
            "NÐ 100/2018",
            "Où ?",
            "Loïc",
            "Thaï laïc",
            "5 µm",
            "a×b",
            "N·m",
            "© Moodle® 2020",
            "C©u Đúng",
            "C©u là",
            "été «là»",
        ],
    )
    def test_what_may_be_meant_as_it_stands_is_left_alone(self, text: str) -> None:
        assert repair_legacy(text) is None

    @given(SENTENCES, st.sampled_from(["NFC", "NFD"]))
    def test_good_vietnamese_is_left_alone(self, text: str, form: str) -> None:
        assert repair_legacy(unicodedata.normalize(form, text)) is None  # type: ignore[arg-type]
