"""Attack: a stranger on the network keeps the node busy with passwords, or sends what no keyboard can type."""

from threading import Barrier, Lock, Thread

import pytest
from flask import Flask

from examapp.accounts import services
from tests.pages import Browser


def test_password_checks_do_not_take_all_memory_and_all_threads(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs 46 MiB and a core; the threads that wait are those that save answers."""
    running, most, lock = 0, 0, Lock()
    real = services.HASHER.verify

    def watched(*given: str) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return real(*given)
        finally:
            with lock:
                running -= 1

    class Slow:
        hash = services.HASHER.hash
        check_needs_rehash = services.HASHER.check_needs_rehash
        verify = staticmethod(watched)

    monkeypatch.setattr(services, "HASHER", Slow)
    barrier = Barrier(12)
    statuses: list[int] = []

    def try_one(number: int) -> None:
        browser = Browser(app.test_client())
        page = browser.open("/dang-nhap")
        barrier.wait()
        values = {"username": f"ai.do.{number}", "password": "không biết gì"}
        statuses.append(browser.post(page, "/dang-nhap", **values).status_code)

    threads = [Thread(target=try_one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {401, 429}
    assert most <= 2


@pytest.mark.parametrize("name", ["a\x00b", "\x00"])
def test_a_zero_byte_in_the_name_is_a_wrong_name(visitor: Browser, name: str) -> None:
    answer = visitor.post(visitor.open("/dang-nhap"), "/dang-nhap", username=name, password="không biết gì")
    assert answer.status_code in (401, 422)


@pytest.mark.parametrize("value", ["0001\x00", "00\x0001"])
def test_a_zero_byte_in_a_candidates_number_is_a_slip(visitor: Browser, value: str) -> None:
    answer = visitor.post(visitor.open("/thi/dang-nhap"), "/thi/dang-nhap", number=value, code="ABCDEFGH1234")
    assert answer.status_code == 422
