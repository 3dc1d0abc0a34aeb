"""What anybody may see: the look-up by admission code, the posted lists, how the papers were drawn.

No page here sets a cookie but the one that protects its form, and none shows a name to anybody but its owner.
"""

from uuid import UUID

from flask import Blueprint, g, request

from examapp.core.db import db
from examapp.core.errors import Invalid, ServiceError
from examapp.delivery.models import SignInFailure
from examapp.results.forms import LookUpForm
from examapp.results.services.draw import check_paper, draw_facts, shown_draws
from examapp.results.services.look_up import Typed, WrongSlip, look_up
from examapp.results.services.posted import posted_lists, posted_page
from examapp.web.afterwards import do_afterwards
from examapp.web.guards import public
from examapp.web.language import told
from examapp.web.pages import render
from examapp.web.site import site

bp = Blueprint("public", __name__, url_prefix="/tra-cuu")

_STATUS = {"wrong_slip": 401, "slow_down": 429}
#: what a refusal is about: the field it is shown under
_FIELDS = {"number_form": "number", "code_short": "code", "code_long": "code"}


@bp.get("/")
@public
def look_up_result() -> str:
    """Show the form; public, because a candidate has no account."""
    return render("public/look_up_result.html", form=LookUpForm(), found=None, refusal=None)


@bp.post("/")
@public
def show_result() -> str | tuple[str, int]:
    """Show the results of whoever holds the slip; public like the form, and slow for whoever guesses."""
    form = LookUpForm()
    if not form.validate_on_submit():
        return render("public/look_up_result.html", form=form, found=None, refusal=None), 422
    address = request.remote_addr or ""
    typed = Typed(form.number.data or "", form.code.data or "", form.receipt.data or "")
    try:
        found = look_up(db.session(), typed, address=address, keys=site().keys, now=g.now)
    except ServiceError as error:
        if isinstance(error, WrongSlip):
            _note_failure(error.number, address)
        return _refused(form, error), _STATUS.get(error.code, 422)
    return render("public/look_up_result.html", form=form, found=found, refusal=None)


def _refused(form: LookUpForm, error: ServiceError) -> str:
    """Draw the form with the refusal at the field it is about, or above the form."""
    field = _FIELDS.get(error.code)
    if field:
        form.fail(field, told(error))
    refusal = None if field else told(error)
    return render("public/look_up_result.html", form=form, found=None, refusal=refusal)


def _note_failure(number: str, address: str) -> None:
    """Count the wrong code with those typed at the exam: one guesser has one allowance."""
    failure = SignInFailure(candidate_number=number, address=address, sitting_ids=[], at=g.now)
    do_afterwards(lambda session: session.add(failure))


@bp.get("/danh-sach/")
@public
def list_posted() -> str:
    """List the posted result lists; public, that is what posting means."""
    page = posted_lists(db.session(), request.args.get("page", 1, type=int))
    return render("public/list_posted.html", page=page)


@bp.get("/danh-sach/<uuid:list_id>")
@public
def show_posted(list_id: UUID) -> str:
    """Show one posted list, numbers and results without names; public like the list of lists."""
    number = _number_asked()
    page = request.args.get("page", 1, type=int)
    shown = posted_page(db.session(), list_id, wanted=number, number=page, keys=site().keys)
    return render("public/show_posted.html", shown=shown, list_id=list_id, number=number)


@bp.get("/rut-de/")
@public
def list_draws() -> str:
    """List the sittings whose draw is explained; public, like the explanation."""
    return render("public/list_draws.html", draws=shown_draws(db.session()))


@bp.get("/rut-de/<uuid:sitting_id>")
@public
def explain_draw(sitting_id: UUID) -> str | tuple[str, int]:
    """Explain how the papers of a sitting were drawn, and check one; public, because everybody may check."""
    number = _number_asked()
    facts = draw_facts(db.session(), sitting_id, site().keys)
    checked, refusal = None, None
    if number:
        try:
            checked = check_paper(db.session(), sitting_id, number, site().keys)
        except Invalid as error:
            refusal = told(error)
    answer = {"facts": facts, "number": number, "checked": checked, "refusal": refusal}
    page = render("public/explain_draw.html", sitting_id=sitting_id, **answer)
    return page, 422 if refusal else 200


def _number_asked() -> str:
    return request.args.get("number", "").replace("\0", "").strip()[:20]
