"""Every page, wide and on a phone: axe finds nothing against WCAG 2.2 A and AA, and nothing is wider than the window or
cut off.

With `--screenshots FOLDER` the same walk leaves a picture of each page (`scripts/take_screenshots.py`).
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_bytes

from playwright.sync_api import BrowserContext, Page, Route, expect

from examapp.access.actor import SYSTEM
from examapp.answerlog.replies import error
from examapp.answerlog.rules import Code
from examapp.delivery.services.prepare import prepare_attempts
from examapp.integrity.canonical import b64u
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import Sitting as SittingRow
from examapp.sittings.models import SittingMode
from examapp.sittings.queries import active_package
from examapp.sittings.services import open_paper, record_public_value
from tests.browser.arrange import CHAIR, INVIGILATOR, Server, Sitting
from tests.browser.exam_page import ExamPage, enter, sign_in
from tests.browser.walk import SIZES, Walk
from tests.cast import ADMINISTRATOR, Cast, Person
from tests.factories import LEVELS, TOPICS

PASSAGE = (
    "Trích Luật Cán bộ, công chức: cán bộ, công chức phải có ý thức tổ chức kỷ luật; nghiêm chỉnh chấp hành nội quy, "
    "quy chế của cơ quan, tổ chức, đơn vị.\n\nKhi thi hành công vụ, cán bộ, công chức phải mang phù hiệu hoặc thẻ công "
    "chức; có tác phong lịch sự; giữ gìn uy tín, danh dự cho cơ quan và đồng nghiệp."
)


def example_lines() -> bytes:
    """Return 60 questions that look like an exam's: long stems, long options, some on a common passage."""
    lines = []
    for index in range(60):
        line = {
            "code": f"VD-{index:03d}",
            "kind": "single_choice",
            "topic": TOPICS[index % 2],
            "level": LEVELS[index // 2 % 2].value,
            "stem": f"Trường hợp số {index}: theo quy định hiện hành, cơ quan nào có thẩm quyền quyết định thành lập, "
            "tổ chức lại và giải thể đơn vị sự nghiệp công lập thuộc Ủy ban nhân dân thành phố?",
            "options": [
                f"Hội đồng nhân dân thành phố, theo đề nghị của Ủy ban nhân dân cùng cấp (phương án {index})",
                "Ủy ban nhân dân thành phố",
                "Sở Nội vụ",
                "Bộ Nội vụ, sau khi thống nhất với bộ quản lý ngành, lĩnh vực và Ủy ban nhân dân thành phố",
            ],
            "key": "ABCD"[index % 4],
        }
        if index % 2:
            line["stimulus"] = {"title": "Nghĩa vụ của cán bộ, công chức trong thi hành công vụ", "text": PASSAGE}
        lines.append(line)
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def test_the_candidates_pages(machine: BrowserContext, make_sitting, walk: Walk) -> None:
    sitting: Sitting = make_sitting(starts_in=3600, questions=20, lines=example_lines())
    number, code = next(iter(sitting.codes.items()))
    page = machine.new_page()
    page.goto("/thi/dang-nhap")
    walk.look(page, "01-dang-nhap")
    page.get_by_label("Số báo danh").fill(number)
    page.get_by_label("Mã dự thi").fill("0000-0000-0000")
    page.get_by_role("button", name="Vào phòng thi").click()
    expect(page.get_by_role("alert")).to_contain_text("không đúng")
    walk.look(page, "02-dang-nhap-sai")

    sign_in(page, number, code)
    expect(page.get_by_role("heading", name="Đề thi đã tải xong, còn niêm phong")).to_be_visible()
    expect(page.get_by_text("Máy này giữ được bài làm nếu mất mạng")).to_be_visible()
    walk.look(page, "03-phong-cho")
    page.route("**/thi/api/key", keep_busy)
    sitting.begin()
    page.reload()
    expect(page.get_by_role("heading", name="Đang mở đề")).to_be_visible()
    walk.look(page, "03b-dang-mo-de")
    page.unroute("**/thi/api/key")
    page.reload()
    room = ExamPage(page)
    room.at_question(1)
    plain = _first(page, stimulus=False)
    page.locator(".opt").nth(1).click()
    page.get_by_role("button", name="Đánh dấu để xem lại").click()
    for question in (2, 4, 5, 7, 8):
        _open(page, question)
        page.locator(".opt").nth(question % 4).click()
    _open(page, plain)
    expect(page.locator(".pal__grid a.pc--local")).to_have_count(0)
    expect(page.locator(".save")).to_contain_text("Đã lưu trên máy chủ lúc")
    walk.look(page, "04-lam-bai")
    page.set_viewport_size(SIZES["390"])
    page.locator(".nav__pal").click()
    walk.look(page, "05-bang-cau")
    _open(page, plain)
    for name, tool in (("06-tuong-phan", "Tương phản cao"), ("07-chu-to", "Phóng to chữ")):
        page.get_by_role("button", name=tool).first.click()
        walk.look(page, name)
        page.get_by_role("button", name=tool).first.click()
    _first(page, stimulus=True)
    walk.look(page, "08-ngu-lieu")

    machine.set_offline(True)
    page.locator(".opt").nth(2).click()
    _open(page, 10)
    page.locator(".opt").nth(0).click()
    expect(page.get_by_role("alert").filter(has_text="mất kết nối, cứ làm bài tiếp")).to_be_visible()
    walk.look(page, "09-mat-mang")
    page.get_by_role("link", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Kiểm tra trước khi nộp bài")).to_be_visible()
    walk.look(page, "10-kiem-tra-truoc-khi-nop")
    room.submit_button.click()
    expect(page.get_by_role("heading", name="Đang nộp bài")).to_be_visible()
    walk.look(page, "11-dang-nop")
    machine.set_offline(False)
    room.receipt()
    walk.look(page, "12-bien-nhan")
    walk.end()


def keep_busy(route: Route) -> None:
    """Answer as the fast path does when it is overrun: the page goes on asking."""
    reply = error(Code.BUSY, retry_ms=500)
    route.fulfill(status=503, body=reply.body, content_type="application/json")


def _open(page: Page, number: int) -> None:
    """Open a question by its address: beside a passage and on a phone the palette is a page of its own."""
    page.goto(f"/thi/#cau-{number}")
    expect(page.get_by_role("heading", name=f"Câu {number} trong")).to_be_visible()


def _first(page: Page, *, stimulus: bool) -> int:
    """Open the first question with or without a passage and return its number."""
    for number in range(1, 21):
        _open(page, number)
        if (page.locator(".stim").count() > 0) is stimulus:
            return number
    raise AssertionError("the paper has no such question")


def test_the_candidates_last_pages(new_machine: Callable[[], BrowserContext], make_sitting, walk: Walk) -> None:
    sitting: Sitting = make_sitting(candidates=2)
    (good, good_code), (bad, bad_code) = sitting.codes.items()
    rooms = {}
    for number, code, right in ((good, good_code, True), (bad, bad_code, False)):
        rooms[number] = enter(new_machine(), number, code)
        for question in range(1, 7):
            rooms[number].choose(question, right=right)
        rooms[number].all_on_server()
    second = rooms[good].page.context.new_page()
    second.goto("/thi/")
    expect(second.get_by_role("heading", name="Bài thi đang mở ở một thẻ khác")).to_be_visible()
    walk.look(second, "13-the-khac")
    second.close()
    rooms[good].submit()

    page = rooms[bad].page
    sitting.move(bad, closes_at=datetime.now(UTC) + timedelta(seconds=2))
    page.reload()
    expect(page.get_by_role("heading", name="Hết giờ")).to_be_visible()
    walk.look(page, "14-het-gio")
    sitting.seal_and_mark()
    for number, name in ((good, "15-dat"), (bad, "16-chua-dat")):
        rooms[number].page.reload()
        expect(rooms[number].page.get_by_role("heading", name="Kết quả bài thi")).to_be_visible()
        expect(rooms[number].page.get_by_text("máy này đã xóa bài làm")).to_be_visible()
        walk.look(rooms[number].page, name)
    walk.end()


def test_the_staffs_pages(machine: BrowserContext, desk_of, server: Server, make_sitting, walk: Walk) -> None:
    page = machine.new_page()
    page.goto("/dang-nhap")
    walk.look(page, "20-can-bo-dang-nhap")
    page.get_by_label("Tên đăng nhập").fill("khong.ai")
    page.get_by_label("Mật khẩu").fill("sai rồi nhé")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("Sai tên đăng nhập hoặc mật khẩu")
    walk.look(page, "21-can-bo-dang-nhap-sai")

    chair = desk_of(CHAIR).new_page()
    for path, name in (("/", "22-trang-dau"), ("/ca-thi/", "23-cac-ca-thi"), ("/mat-khau", "24-mat-khau")):
        chair.goto(path)
        walk.look(chair, name)
    chair.goto("/khong-co-trang-nay")
    walk.look(chair, "25-khong-co-trang")
    _walk_a_sitting(
        chair, desk_of(INVIGILATOR).new_page(), make_sitting(candidates=3, opened=False, starts_in=900), walk
    )

    rehearsal: Sitting = make_sitting(mode=SittingMode.REHEARSAL, starts_in=600)
    chair.goto(rehearsal.path)
    walk.look(chair, "36-thi-thu")

    admin = desk_of(ADMINISTRATOR).new_page()
    with server.session() as session:
        account = Cast(session, datetime.now(UTC)).account(INVIGILATOR).id
    paths = {
        "/tai-khoan": "40-tai-khoan",
        "/tai-khoan/moi": "41-lap-tai-khoan",
        f"/tai-khoan/{account}": "42-mot-tai-khoan",
    }
    for path, name in {**paths, "/nhat-ky/": "43-nhat-ky"}.items():
        admin.goto(path)
        walk.look(admin, name)
    admin.goto("/tai-khoan/moi")
    admin.get_by_role("button", name="Lập tài khoản").click()
    expect(admin.locator(".fld--bad").first).to_be_visible()
    walk.look(admin, "44-lap-tai-khoan-sai")
    walk.end()


def _walk_a_sitting(chair: Page, invigilator: Page, sitting: Sitting, walk: Walk) -> None:
    """Look at the page of one sitting in each of its states."""
    server = sitting.server
    keys = server.keys
    chair.goto(sitting.path)
    walk.look(chair, "26-ca-thi-chuan-bi")
    chair.get_by_role("link", name="Dời giờ").click()
    expect(chair.get_by_label("Lý do dời giờ")).to_be_visible()
    walk.look(chair, "26b-doi-gio")
    for part, name in (
        ("phong", "26c-phong-thi"),
        ("phong/xep-lai", "26d-xep-lai-phong"),
        ("xoa", "26e-xoa-ca-thi"),
        ("huy", "26f-huy-ca-thi"),
    ):
        chair.goto(f"{sitting.path}/{part}")
        walk.look(chair, name)
    chair.goto(f"{sitting.path}/phong")
    chair.get_by_role("link", name="Đổi chỗ").first.click()
    walk.look(chair, "26g-doi-cho")
    with server.session() as session:
        exam_id = session.get_one(SittingRow, sitting.id).exam_test.exam_id
    chair.goto(f"/ky-thi/{exam_id}/ca-thi/")
    walk.look(chair, "26h-ca-thi-cua-ky-thi")
    chair.goto(f"/ky-thi/{exam_id}/ca-thi/tao")
    chair.locator("button.btn[value=preview]").click()
    walk.look(chair, "26i-lap-ca-thi-sai")
    chair.goto(sitting.path)
    chair.get_by_label("Tôi hiểu").check()
    chair.get_by_role("button", name="Đóng gói và hiện hai mã").click()
    expect(chair.get_by_role("heading", name="Hai mã của ca thi")).to_be_visible()
    walk.look(chair, "27-hai-ma")

    now = datetime.now(UTC)
    with server.session() as session:
        row = session.get_one(SittingRow, sitting.id)
        seen = active_package(session, sitting.id)
        assert seen is not None
        frozen = freeze_sitting(
            session, row, keys=keys, random_bytes=token_bytes, replaces=seen.id, actor=SYSTEM, now=now
        )
    chair.goto(sitting.path)
    walk.look(chair, "28-da-dong-goi")
    with server.session() as session:
        row = session.get_one(SittingRow, sitting.id)
        record_public_value(session, row, "20711834", "20711834", witness_names="Lê A, Trần B", actor=SYSTEM, now=now)
    chair.goto(sitting.path)
    walk.look(chair, "29-mo-de")
    with server.session() as session:
        row = session.get_one(SittingRow, sitting.id)
        open_paper(session, row, frozen.paper_code, secure_transport=True, keys=keys, actor=SYSTEM, now=now)
        session.flush()
        prepare_attempts(session, sitting.id, keys=keys, random_bytes=token_bytes, now=now)

    number, code = next(iter(sitting.codes.items()))
    machine = chair.context.browser.new_context(base_url=server.url)  # type: ignore[union-attr]
    chair.goto(sitting.path)
    walk.look(chair, "30-cho-gio-thi")
    sitting.begin()
    room = enter(machine, number, code)
    room.choose(1)
    room.all_on_server()
    chair.goto(sitting.path)
    walk.look(chair, "30b-dang-thi")
    chair.get_by_label("Tôi hiểu: sau khi niêm phong").check()
    chair.get_by_role("button", name="Niêm phong").click()
    expect(chair.get_by_role("alert")).to_contain_text("Chưa niêm phong được")
    walk.look(chair, "31-chua-niem-phong-duoc")
    invigilator.goto(sitting.path)
    invigilator.get_by_role("row", name=number).get_by_role("link", name="Chuyển máy").click()
    walk.look(invigilator, "32-chuyen-may")
    chair.goto(sitting.path)
    chair.get_by_role("row", name=number).get_by_role("link", name="Hủy bài này").click()
    walk.look(chair, "32b-huy-bai")

    marked = Sitting(server, sitting.id, sitting.codes, frozen.paper_code, frozen.key_code)
    marked.seal()
    chair.goto(sitting.path)
    walk.look(chair, "33-da-niem-phong")
    marked.seal_and_mark()
    chair.goto(sitting.path)
    walk.look(chair, "34-da-cham")
    chair.get_by_role("link", name="Danh sách kết quả").click()
    chair.get_by_label("Tôi hiểu").check()
    chair.get_by_role("button", name="Lập danh sách kết quả").click()
    expect(chair.get_by_text("Danh sách lập lúc")).to_be_visible()
    walk.look(chair, "35-danh-sach-ket-qua")
    machine.close()


def test_a_person_who_must_change_the_password(machine: BrowserContext, server: Server, walk: Walk) -> None:
    person = Person("moi.vao.lam", "Lý Mới Vào", None)
    with server.session() as session:
        cast = Cast(session, datetime.now(UTC))
        token = cast.token(person)
        cast.account(person).must_change_password = True
    machine.add_cookies([{"name": "khaothi-staff", "value": b64u(token), "url": server.url}])
    page = machine.new_page()
    page.goto("/")
    expect(page.get_by_text("Cần đổi mật khẩu trước khi làm việc")).to_be_visible()
    walk.look(page, "45-doi-mat-khau")
    walk.end()
