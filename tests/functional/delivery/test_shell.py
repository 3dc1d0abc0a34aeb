"""The candidate's shell and its service worker: no data, the same bytes for everybody."""

from tests.functional.exam_day import Day


def test_it_is_the_same_for_everybody_and_says_nothing_about_anybody(day: Day) -> None:
    pages = [day.candidate(), day.candidate("0001"), day.candidate("0002")]
    answers = [page.client.get("/thi/") for page in pages]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.data for answer in answers}) == 1
    text = answers[0].get_data(as_text=True)
    assert "0001" not in text
    assert "csrf_token" not in text
    assert '<html lang="vi">' in text
    assert not [line for answer in answers for line in answer.headers.getlist("Set-Cookie")]


def test_it_may_load_this_origin_only_and_carries_nothing_inline(day: Day) -> None:
    answer = day.candidate().client.get("/thi/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    text = answer.get_data(as_text=True)
    assert "<script>" not in text
    assert " style=" not in text
    assert "http://" not in text.replace("http://www.w3.org/", "")


def test_wrong_method_and_unknown_page(day: Day) -> None:
    client = day.candidate().client
    assert client.post("/thi/", data={"x": "1"}).status_code in (400, 405)
    assert client.get("/thi/khong-co").status_code == 404
    answer = client.get("/thi/api/khong-co")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_the_worker_may_serve_the_candidates_pages_and_is_asked_for_anew(day: Day) -> None:
    answer = day.candidate().client.get("/thi/sw.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not answer.headers.getlist("Set-Cookie")
    assert b"/thi/" in answer.data
    answer.close()
