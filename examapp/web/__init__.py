"""The web layer: what every page has in common. It knows no feature; `wiring.py` lends it what features offer.

How to add a page, for example the list of a subject's questions:

1.  `examapp/bank/routes.py` - one blueprint per feature, each view three beats and at most 25 lines:

        bp = Blueprint("bank", __name__, url_prefix="/ngan-hang")

        @bp.get("/<uuid:subject_id>")
        @requires(Permission.SUBJECT_BANK_SEE)
        def list_questions(subject_id: UUID) -> str:
            subject = load(find_subject, subject_id)     # a query: fetches AND checks; 404 to a stranger, else 403
            return render("bank/list_questions.html", rows=list_rows(db.session(), subject))

        @bp.post("/<uuid:subject_id>/doi-ten")
        @requires(Permission.SUBJECT_QUESTIONS_IMPORT)
        def rename_subject(subject_id: UUID) -> Page:
            subject = load(find_subject, subject_id)     # 1 load and check
            form = RenameForm()                          # 2 form: shape only
            if not form.validate_on_submit():
                return render("bank/rename_subject.html", form=form, subject=subject), 422
            services.rename_subject(db.session(), subject, form.name.data, actor=g.actor, now=g.now)  # 3 deed
            return done(_("Đã đổi tên môn."), "bank.list_questions", subject_id=subject.id)           # and on

2.  Permissions: `@requires(P)` or `@public` on every view, or the application does not start. `account:` and `site:`
    permissions are asked before the view. `exam:` and `subject:` permissions are asked on the object by
    `load(find, *args)` or `check(thing)`; a view that forgets answers 500. A list page says
    `@requires(P, somewhere=True)` and filters with `reach_of(g.actor, P)`. A thing's scope comes from `scope_of`,
    registered per model in `wiring.py`.
3.  The transaction ends in `boundary.py`: an unsafe method with a status below 400 commits, everything else rolls back.
    So a form shown again after an error is answered with 422 and nothing of it is kept. Never commit; never write in a
    GET.
4.  Errors: services raise NotFound, NotAllowed, Conflict, Invalid; leave them alone and `handlers.py` answers 404, 403,
    409, 422 with the sentence, or catch Invalid and `form.fail("field", told(error))`. What must survive the rollback
    of a refusal is queued with `do_afterwards`; ask before you use it.
5.  Forms: subclass `PageForm` (`forms.py`); a field draws itself: `{{ form.name() }}`. Every `<form>` names its action
    and has `{{ form.csrf_token() }}`; without a form object `components/csrf.html`. Views with files: `@accepts_files`.
6.  Templates: path = endpoint, `{% extends "layouts/staff.html" %}`, blocks `title crumbs head acts content`;
    components by import, `{% from "components/note.html" import note %}`. No inline style or script. Texts in `_("...")`,
    placeholders named, `%` written `%%`. A marked text from Python: `{{ text | tr }}`; an error or a problem:
    `{{ problem | told }}`. Filters: `day clock moment number percent`. A button asks `may(Permission.X, exam)` first.
7.  Add the blueprint to `BLUEPRINTS` in `app.py` and the page to `NAVIGATION` in `wiring.py`; then run
    `scripts/translate.py extract`, fill in the English sentences and run `scripts/translate.py compile`.
"""
