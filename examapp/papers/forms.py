"""Forms of blueprints: the matrix's own fields are read by name, these carry the token and which draft was seen."""

from examapp.core.i18n import N_
from examapp.web.forms import HiddenField, PageForm, understood


class MatrixForm(PageForm):
    """The draft that is being changed."""

    seen = HiddenField()


class LockForm(PageForm):
    """Confirm that the blueprint is as it shall stay."""

    seen = HiddenField()
    confirm = understood(N_("Tôi hiểu: ma trận đã khóa không sửa được và không mở khóa được"))
