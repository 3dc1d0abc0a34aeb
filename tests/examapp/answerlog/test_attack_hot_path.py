"""Attack: requests that cost other people something."""

from examapp.answerlog import endpoint
from tests.examapp.answerlog.conftest import Room


def test_made_up_cookies_do_not_fill_the_memory(room: Room) -> None:
    """8,192 headers are remembered; each may be as long as the server lets through, and nobody need be signed in."""
    page = room.page()
    for number in range(8):
        cookies = f"{page.cookies()}; junk={number}{'x' * 50_000}"
        assert room.post("/thi/api/saves", {"saves": []}, cookies).status == 200
        assert room.post("/thi/api/saves", {"saves": []}, f"junk={number}{'x' * 50_000}").status == 401
    assert room.hot.remembered_headers() == 0
    assert page.send().status == 200
    assert room.hot.remembered_headers() == 1
    assert endpoint.LONGEST_REMEMBERED <= 4_096


def test_saves_without_a_lease_disturb_no_batch(room: Room) -> None:
    """A token from before the first lease: its row breaks a CHECK, and with it the batch of everybody else."""
    page = room.page(lease=0)
    answer = page.answer(1, 1)
    assert (answer.status, answer.code) == (409, "lease")
    assert page.log() == []
    assert page.send().status == 200
    assert page.key().status == 200
