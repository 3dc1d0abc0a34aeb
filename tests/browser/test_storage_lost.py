"""The browser's stores vanish in the middle: every acknowledged answer still counts, and the candidate goes on."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.arrange import Server, eventually
from tests.browser.exam_page import ExamPage, enter

DELETE = """() => new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase("khaothi-exam");
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
})"""


def clear_site_data(room: ExamPage, server: Server) -> None:
    """Clear everything but the cookies, as a technician's tool or a full disk does."""
    tool = room.page.context.new_cdp_session(room.page)
    kinds = "indexeddb,cache_storage,service_workers,local_storage,websql,file_systems"
    tool.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": kinds})


#: a browser whose store has got stuck: it takes the question and never answers
STUCK = "IDBFactory.prototype.open = () => new EventTarget();"


@pytest.mark.parametrize("way", ["script", "browser"])
def test_lost_under_the_open_page(machine: BrowserContext, server: Server, make_sitting, way: str) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    room.choose(1)
    room.choose(2, right=False)
    room.all_on_server()
    machine.set_offline(True)
    room.choose(3)  # acknowledged by nobody, only in the store that vanishes and in the page's memory
    if way == "script":
        room.page.evaluate(DELETE)
    else:
        clear_site_data(room, server)
    room.choose(4)
    room.choose(1, right=False)
    machine.set_offline(False)
    room.all_on_server()

    # what the page wrote anew can be read after a reload
    room.page.reload()
    room.at_question(1)
    room.all_on_server()
    room.choose(5)
    room.submit()
    assert sitting.final_answers(number) == room.chosen
    assert {save.lease for save in sitting.saves(number)} == {1}


def test_lost_before_a_reload(machine: BrowserContext, server: Server, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    for question in (1, 2, 3):
        room.choose(question)
    room.page.get_by_role("button", name="Đánh dấu để xem lại").click()
    expect(room.cell(3)).to_have_class("pc pc--ok pc--flag")
    eventually(lambda: len(sitting.saves(number)) == 4, "the flag is on the server too")
    clear_site_data(room, server)
    room.page.reload()

    # no sign-in; a new lease; answers and flags come back from the server, and the numbers begin at 1 again
    room.at_question(1)
    room.all_on_server()
    expect(room.cell(3)).to_have_class("pc pc--ok pc--flag")
    room.choose(2, right=False)
    room.choose(4)
    room.all_on_server()
    room.submit()
    assert sitting.final_answers(number) == room.chosen
    rows = [(save.lease, save.seq) for save in sitting.saves(number)]
    assert rows == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3)]
    assert not any(save.fenced for save in sitting.saves(number))
    assert sitting.events(number) == ["signed_in", "storage_lost"]


def test_a_store_that_never_answers(machine: BrowserContext, server: Server, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    machine.add_init_script(STUCK)
    room = enter(machine, number, code)
    room.at_question(1, seconds=40)
    expect(room.page.get_by_role("alert").filter(has_text="Máy này không lưu được khi mất mạng.")).to_be_visible()
    room.choose(1)
    room.choose(2)
    room.all_on_server()
    room.submit()
    assert sitting.final_answers(number) == room.chosen
