"""The candidate's pages and the calm part of their API; saves and key release are in `answerlog`, in front of this.

The shell holds no data and is cached by the page's service worker; everything about the candidate comes from the API.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, redirect, request, send_file, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from examapp.answerlog.token import INCARNATION, Refusal, Token, issue, issue_machine, verify, verify_machine
from examapp.core.clock import to_millis
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, ServiceError
from examapp.core.i18n import N_
from examapp.core.ids import new_id
from examapp.delivery.models import Attempt, SignInFailure
from examapp.delivery.queries import counted_saves, current_flags, last_seq, latest_end
from examapp.delivery.services.result import attempt_result
from examapp.delivery.services.sign_in import Machine, WrongCode, open_attempt, take_lease
from examapp.delivery.state import candidate_state
from examapp.integrity.canonical import b64u_decode
from examapp.integrity.errors import CanonicalError
from examapp.integrity.receipts import final_answers
from examapp.web.afterwards import do_afterwards
from examapp.web.assets import FOLDER
from examapp.web.cookies import read_cookie, set_cookie
from examapp.web.guards import public
from examapp.web.language import current_language, told, translate
from examapp.web.pages import render
from examapp.web.site import site

bp = Blueprint("delivery", __name__, url_prefix="/thi")

ATTEMPT_COOKIE = "khaothi-attempt"
MACHINE_COOKIE = "khaothi-machine"
SIGNED_OUT = N_("Phiên thi đã hết. Đăng nhập lại bằng số báo danh và mã dự thi.")
NOT_YET = N_("Kết quả hiện sau khi ca thi được niêm phong và chấm xong. Anh/chị ngồi tại chỗ chờ giám thị.")
OTHER_MACHINE = N_(
    "Bài này vừa được mở ở máy khác. Máy này không lưu thêm được nữa; báo giám thị nếu không phải anh/chị."
)

#: a token that no longer writes still reads its own result this long
_READING = timedelta(hours=12)
_AFTER_THE_END = timedelta(minutes=10)


@bp.get("/dang-nhap")
@public
def sign_in() -> str:
    """Show the candidate's sign-in page; public, because nobody is known yet."""
    return _sign_in_page("")


@bp.post("/dang-nhap")
@public
def enter() -> BaseResponse | tuple[str, int]:
    """Sign a candidate in and bind the attempt to this machine; public like the page."""
    machine, is_new = _machine()
    number, code = request.form.get("number", ""), request.form.get("code", "")
    try:
        attempt = open_attempt(
            db.session(),
            number,
            code,
            machine=machine,
            keys=site().keys,
            random_bytes=secrets.token_bytes,
            now=g.now,
            most_tries=site().settings.rehearsal_tries,
        )
    except ServiceError as error:
        if isinstance(error, WrongCode):
            _note_wrong_code(error)
        return _sign_in_page(number, error), _STATUS.get(error.code, 422)
    response = redirect(url_for("delivery.shell"), 303)
    if is_new:
        set_cookie(response, MACHINE_COOKIE, issue_machine(site().keys, machine.id), max_age=timedelta(days=365))
    _set_token(response, attempt, machine.id)
    return response


def _note_wrong_code(error: WrongCode) -> None:
    failure = SignInFailure(
        candidate_number=error.number, address=error.address, sitting_ids=error.sitting_ids, at=g.now
    )
    do_afterwards(lambda session: session.add(failure))


def _sign_in_page(number: str, error: ServiceError | None = None) -> str:
    """Draw the form, with the refusal and a mark at what has to be typed differently: nothing else is called wrong."""
    return render(
        "delivery/sign_in.html",
        number=number,
        error=told(error) if error else None,
        wrong=_wrong_fields(error) if error else set(),
        lang=current_language(),
        csrf_token=generate_csrf(),
    )


def _wrong_fields(error: ServiceError) -> set[str]:
    """Return the fields that a refusal is about; the code is typed anew whenever it was judged."""
    if isinstance(error, WrongCode):
        return {"number", "code"}
    if error.code == "number_form":
        return {"number"}
    return {"code"} if isinstance(error, Invalid) else set()


_STATUS = {"wrong_code": 401, "slow_down": 429, "other_machine": 409, "tries_used": 409, "drawing": 409, "voided": 409}


@bp.get("/")
@public
def shell() -> str:
    """Show the page's shell; public because it holds no data and must open without a network."""
    return render("delivery/shell.html", lang=current_language())


@bp.get("/sw.js")
@public
def send_worker() -> Response:
    """Send the service worker from the path whose pages it may serve; public like the shell."""
    return send_file(FOLDER / "sw.js", mimetype="text/javascript")


@bp.get("/api/state")
@public
def get_state() -> Response:
    """Tell the page where its attempt stands; the token says whose."""
    attempt, _ = _attempt()
    return jsonify(candidate_state(db.session(), attempt, now=g.now, incarnation=INCARNATION))


@bp.get("/api/sealed")
@public
def get_sealed() -> BaseResponse:
    """Send the attempt's sealed paper: unreadable until its key is released."""
    attempt, _ = _attempt()
    response = Response(attempt.sealed_paper, mimetype="application/octet-stream")
    response.set_etag(attempt.sealed_digest.hex())
    return response.make_conditional(request)


@bp.post("/api/lease")
@public
def post_lease() -> Response:
    """Make the calling page the attempt's writer and give it back what the server has."""
    attempt, token = _attempt()
    body = request.get_json(silent=True)
    writer = body.get("writer_id") if isinstance(body, dict) else None
    try:
        writer_id = b64u_decode(writer) if isinstance(writer, str) else b""
    except CanonicalError:
        writer_id = b""
    attempt = take_lease(db.session(), attempt.id, writer_id, now=g.now)
    # Asked again under the lock: a transfer may have come between; the refusal takes the lease back.
    _check_machine(attempt, token)
    rows = counted_saves(db.session(), attempt.id)
    ack = last_seq(db.session(), attempt)
    response = jsonify(
        lease=attempt.lease,
        ack=ack,
        next_seq=ack + 1,
        answers=final_answers(rows),
        flags=current_flags(rows),
        incarnation=INCARNATION,
        now=to_millis(g.now),
    )
    _set_token(response, attempt, token.machine)
    return response


@bp.get("/api/result")
@public
def get_result() -> tuple[Response, int]:
    """Show the candidate's own result as soon as it may be shown."""
    attempt, _ = _attempt()
    result = attempt_result(db.session(), attempt, keys=site().keys)
    if result is None:
        return jsonify(code="not_yet", message=translate(NOT_YET)), 425
    clauses = [{"clause": step.clause, "text": told(step)} for step in result.explanation]
    return jsonify(
        number=attempt.candidate_number,
        name=attempt.full_name,
        correct=result.correct,
        total=attempt.items,
        passed=result.passed,
        needed=result.needed,
        pass_share=result.pass_share,
        clauses=clauses,
    ), 200


@bp.post("/api/wiped")
@public
def post_wiped() -> tuple[str, int]:
    """Note that the page has deleted everything it kept on this machine."""
    attempt, _ = _attempt()
    attempt.wiped_at = attempt.wiped_at or g.now
    return "", 204


class SignedOut(Exception):
    """The request has no token that this machine may use."""


@bp.errorhandler(SignedOut)
def ask_to_sign_in(_: SignedOut) -> tuple[Response, int]:
    """Answer 401, upon which the page offers to sign in again; nothing it stored is lost."""
    return jsonify(code="signed_out", message=translate(SIGNED_OUT)), 401


def _attempt() -> tuple[Attempt, Token]:
    """Return the attempt of the request's token.

    Raise SignedOut when there is none this machine may use, and Conflict when it lives on another machine now.
    """
    token = verify(site().keys, read_cookie(ATTEMPT_COOKIE) or "", g.now - _READING)
    machine = verify_machine(site().keys, read_cookie(MACHINE_COOKIE) or "")
    if isinstance(token, Refusal) or token.machine != machine:
        raise SignedOut
    attempt = db.session.get(Attempt, token.attempt)
    if attempt is None or attempt.sitting_id != token.sitting:
        raise SignedOut
    _check_machine(attempt, token)
    return attempt, token


def _check_machine(attempt: Attempt, token: Token) -> None:
    """Refuse the machine that the attempt has left: it reads nothing more and reports nothing more."""
    if attempt.machine_id != token.machine:
        raise Conflict("lease", OTHER_MACHINE)


def _machine() -> tuple[Machine, bool]:
    """Return this machine, and whether its id is new: a random cookie stands in until machines are enrolled."""
    known = verify_machine(site().keys, read_cookie(MACHINE_COOKIE) or "")
    return Machine(known or new_id(), request.remote_addr or ""), known is None


def _set_token(response: BaseResponse, attempt: Attempt, machine: UUID) -> None:
    """Give the page a token that lives as long as anybody of the sitting may write."""
    end = latest_end(db.session(), attempt.sitting_id) or g.now + timedelta(minutes=attempt.minutes)
    token = Token(
        sitting=attempt.sitting_id,
        attempt=attempt.id,
        machine=machine,
        lease=attempt.lease,
        rehearsal=attempt.rehearsal,
        issued=g.now,
        expires=end + timedelta(seconds=attempt.grace_seconds) + _AFTER_THE_END,
    )
    set_cookie(response, ATTEMPT_COOKIE, issue(site().keys, token), max_age=_READING)
