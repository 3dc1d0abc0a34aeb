"""The rooms of a sitting: who sits where, dealing everybody anew, one seat at a time, and lists to print."""

from uuid import UUID

from flask import g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, NotFound, ServiceError
from examapp.core.i18n import N_
from examapp.core.jobs import latest_own_job
from examapp.sittings import queries, services
from examapp.sittings.documents import ListKind
from examapp.sittings.forms_rooms import ListForm, MoveForm, RoomRows, SeatForm, UnseatForm, WhoForm
from examapp.sittings.models import Seat, Sitting, SittingState
from examapp.sittings.queries import RoomRow, Seatable, Who
from examapp.sittings.routes_exam import bp
from examapp.sittings.rules import Dealing
from examapp.sittings.services import MAKE_LIST
from examapp.web.forms import SelectChoice
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.pages import done, render

#: the last file of views of this feature: the application takes the blueprint from here
__all__ = ["bp"]

Answer = str | Response | tuple[str, int]
_ROOMS = "/ca-thi/<uuid:sitting_id>/phong"
_PAGE = "sittings.show_rooms"
_EVERYBODY = N_("Những thí sinh đang có chỗ ở ca này và mọi thí sinh chưa có chỗ")


@bp.get(_ROOMS)
@requires(Permission.EXAM_EXAM_SEE)
def show_rooms(sitting_id: UUID) -> str:
    """Show the rooms of a sitting, and who sits in the one that is asked for."""
    return _rooms_page(load(queries.find_sitting, sitting_id), SeatForm(formdata=None))


def _rooms_page(sitting: Sitting, form: SeatForm) -> str:
    session = db.session()
    rows = queries.room_rows(session, sitting.id)
    wanted = request.args.get("phong", "")
    here = next((row for row in rows if row.room.code == wanted), rows[0] if rows else None)
    form.room.choices = _free_rooms(rows)
    lists = ListForm(formdata=None)
    is_frozen = queries.active_package(session, sitting.id) is not None
    lists.offer(rows, is_frozen)
    return render(
        "sittings/show_rooms.html",
        sitting=sitting,
        rows=rows,
        here=here,
        seats=queries.seats_in(session, here.room.id) if here else [],
        form=form,
        lists=lists,
        is_draft=sitting.state is SittingState.DRAFT,
        is_frozen=is_frozen,
        job=latest_own_job(session, MAKE_LIST, f"sitting:{sitting.id}", g.actor.id),
    )


def _free_rooms(rows: list[RoomRow], besides: UUID | None = None) -> list[SelectChoice]:
    """Return the rooms with a free place as choices."""
    label = translate(N_("%(code)s – %(name)s (còn %(free)s chỗ)"))
    return [
        SelectChoice(row.room.code, label % {"code": row.room.code, "name": row.room.name, "free": row.free})
        for row in rows
        if row.free > 0 and row.room.id != besides
    ]


# --- dealing everybody anew -----------------------------------------------------------------------------------------


@bp.route(f"{_ROOMS}/xep-lai", methods=["GET", "POST"])
@requires(Permission.EXAM_EXAM_MANAGE)
def rearrange(sitting_id: UUID) -> Answer:
    """Ask for other rooms of a draft, show how everybody would be dealt to them, and do it once that was seen."""
    asked = _Anew(load(queries.find_sitting, sitting_id))
    deed = request.form.get("deed", "")
    if request.method == "GET" or asked.rooms.edited(deed):
        return asked.page()
    found, dealing = asked.read()
    if found is None or dealing is None:
        return asked.page(), 422
    if deed != "create":
        return asked.page(dealing)
    rooms, seen = [room.plan for room in dealing.rooms], asked.form.seen.data or ""
    try:
        services.rearrange(db.session(), asked.sitting, rooms, found, seen=seen, actor=g.actor, now=g.now)
    except Conflict as error:
        db.session.rollback()
        asked = _Anew(load(queries.find_sitting, sitting_id))
        return asked.page(asked.read()[1], told(error)), 409
    note = translate(N_("Đã xếp lại %(count)s thí sinh vào %(rooms)s phòng."), count=dealing.seated, rooms=len(rooms))
    return done(note, _PAGE, sitting_id=sitting_id)


class _Anew:
    """Other rooms of a sitting as the form of one request asks for them."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.form = WhoForm()
        self.form.offer(_EVERYBODY)
        self.rooms = RoomRows.typed(request.form) if request.method == "POST" else RoomRows.of(sitting.rooms)

    def read(self) -> tuple[Seatable | None, Dealing | None]:
        """Check everything at once; return who is to sit and how they would, what is wrong stands at its place."""
        form, sitting = self.form, self.sitting
        form.validate_on_submit()
        plans, who = self.rooms.plans(), form.asked(sitting.exam_test.exam.number_width)
        if form.errors or not plans or not who:
            return None, None
        found = self._found(who)
        try:
            return found, services.deal_whole(plans, found)
        except Invalid as error:
            if error.code == "places_missing":
                self.rooms.error = told(error)
            else:
                form.fail("who", told(error))
            return None, None

    def _found(self, who: Who) -> Seatable:
        sitting = self.sitting
        return queries.seatable(db.session(), sitting.exam_test, who, exclusive=sitting.exclusive, besides=sitting.id)

    def page(self, dealing: Dealing | None = None, refusal: str = "") -> str:
        """Draw the rooms as they were typed, with the dealing that can be confirmed."""
        return render(
            "sittings/rearrange.html",
            sitting=self.sitting,
            form=self.form,
            rooms=self.rooms,
            dealing=dealing,
            seen=services.confirmed(db.session(), self.sitting, dealing) if dealing else "",
            refusal=refusal,
        )


# --- one seat -------------------------------------------------------------------------------------------------------


@bp.post(f"{_ROOMS}/them-thi-sinh")
@requires(Permission.EXAM_EXAM_MANAGE)
def seat_candidate(sitting_id: UUID) -> Answer:
    """Give somebody without a seat the first free place of a room."""
    sitting = load(queries.find_sitting, sitting_id)
    form, session = SeatForm(), db.session()
    form.room.choices = _free_rooms(queries.room_rows(session, sitting.id))
    if not form.validate_on_submit():
        return _rooms_page(sitting, form), 422
    number = (form.number.data or "").strip().zfill(sitting.exam_test.exam.number_width)
    person = queries.find_by_number(session, sitting.exam_test.exam_id, number)
    room = queries.find_room(session, sitting.id, form.room.data)
    if person is None or room is None:
        form.fail("number", translate(N_("Kỳ thi không có thí sinh số %(number)s."), number=number))
        return _rooms_page(sitting, form), 422
    try:
        place = services.seat_candidate(session, sitting, person, room, actor=g.actor, now=g.now)
    except ServiceError as error:
        return _seat_refused(sitting_id, form, error)
    message = N_("Đã xếp thí sinh %(number)s vào phòng %(room)s, chỗ %(place)s.")
    note = translate(message, number=number, room=room.code, place=place)
    return done(note, _PAGE, sitting_id=sitting_id, phong=room.code)


def _seat_refused(sitting_id: UUID, form: SeatForm, error: ServiceError) -> Answer:
    db.session.rollback()
    form.fail("room" if error.code == "room_full" else "number", told(error))
    return _rooms_page(load(queries.find_sitting, sitting_id), form), 409 if isinstance(error, Conflict) else 422


@bp.get(f"{_ROOMS}/cho/<uuid:seat_id>")
@requires(Permission.EXAM_EXAM_MANAGE)
def change_seat(sitting_id: UUID, seat_id: UUID) -> Answer:
    """Ask where somebody is moved to, or whether the seat is given up."""
    sitting = load(queries.find_sitting, sitting_id)
    return _seat_page(sitting, _seat(sitting, seat_id), UnseatForm(formdata=None))


@bp.post(f"{_ROOMS}/cho/<uuid:seat_id>/chuyen")
@requires(Permission.EXAM_EXAM_MANAGE)
def move_candidate(sitting_id: UUID, seat_id: UUID) -> Answer:
    """Move somebody to the first free place of another room."""
    sitting = load(queries.find_sitting, sitting_id)
    seat = _seat(sitting, seat_id)
    form = _move_form(sitting, seat, sent=True)
    room = queries.find_room(db.session(), sitting.id, form.room.data) if form.validate_on_submit() else None
    if room is None:
        return _seat_page(sitting, seat, UnseatForm(formdata=None), form), 422
    number = seat.candidate.number
    place = services.move_candidate(db.session(), sitting, seat, room, actor=g.actor, now=g.now)
    message = N_("Đã chuyển thí sinh %(number)s sang phòng %(room)s, chỗ %(place)s.")
    note = translate(message, number=number, room=room.code, place=place)
    return done(note, _PAGE, sitting_id=sitting_id, phong=room.code)


@bp.post(f"{_ROOMS}/cho/<uuid:seat_id>/bo")
@requires(Permission.EXAM_EXAM_MANAGE)
def unseat_candidate(sitting_id: UUID, seat_id: UUID) -> Answer:
    """Take somebody's seat away; the place stays free."""
    sitting = load(queries.find_sitting, sitting_id)
    seat, form = _seat(sitting, seat_id), UnseatForm()
    if not form.validate_on_submit():
        return _seat_page(sitting, seat, form), 422
    number, room = seat.candidate.number, seat.room.code
    services.unseat_candidate(db.session(), sitting, seat, actor=g.actor, now=g.now)
    note = translate(N_("Đã bỏ chỗ của thí sinh %(number)s ở phòng %(room)s."), number=number, room=room)
    return done(note, _PAGE, sitting_id=sitting_id, phong=room)


def _seat(sitting: Sitting, seat_id: UUID) -> Seat:
    seat = queries.find_seat(db.session(), sitting.id, seat_id)
    if seat is None:
        raise NotFound("not_found", N_("Thí sinh này không còn chỗ trong ca thi. Xem lại danh sách phòng."))
    return seat


def _move_form(sitting: Sitting, seat: Seat, *, sent: bool) -> MoveForm:
    form = MoveForm() if sent else MoveForm(formdata=None)
    form.room.choices = _free_rooms(queries.room_rows(db.session(), sitting.id), seat.room_id)
    return form


def _seat_page(sitting: Sitting, seat: Seat, form: UnseatForm, move: MoveForm | None = None) -> str:
    move = move or _move_form(sitting, seat, sent=False)
    return render("sittings/change_seat.html", sitting=sitting, seat=seat, form=form, move=move)


# --- lists to print -------------------------------------------------------------------------------------------------


@bp.post(f"{_ROOMS}/in")
@requires(Permission.EXAM_EXAM_SEE)
def make_list(sitting_id: UUID) -> Answer:
    """Have a list made by the worker; it is taken from the page of rooms once it is there."""
    sitting = load(queries.find_sitting, sitting_id)
    session, form = db.session(), ListForm()
    form.offer(queries.room_rows(session, sitting.id), queries.active_package(session, sitting.id) is not None)
    if not form.validate_on_submit():
        raise Invalid("list_unknown", N_("Chọn một danh sách và một phòng có sẵn rồi bấm lại."))
    kind, room = ListKind(form.kind.data), form.of_room.data or ""
    services.order_list(session, sitting, kind, room, actor=g.actor, now=g.now)
    note = translate(N_("Máy chủ nhận lập tệp in. Tệp hiện ở phần “Danh sách để in” khi xong."))
    return done(note, _PAGE, sitting_id=sitting_id, phong=room or None)
