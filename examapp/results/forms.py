"""Forms of result lists."""

from examapp.core.i18n import N_
from examapp.web.forms import BooleanField, PageForm, needed


class MakeListForm(PageForm):
    """Confirm that the list is as it shall stay."""

    confirm = BooleanField(
        N_("Tôi hiểu: danh sách đã lập không sửa và không lập lại được"),
        validators=[needed(N_("Đánh dấu ô này để xác nhận, rồi bấm lại."))],
    )
