"""What somebody asks the log for: read from the address, or from the hidden fields of the export's form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from examapp.audit.rules import GROUPS
from examapp.audit.services import ExportFormat
from examapp.core.clock import LOCAL_ZONE
from examapp.core.errors import Invalid
from examapp.core.i18n import N_

_LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """The filter as it was typed; empty for anything."""

    scope: str = ""
    who: str = ""
    group: str = ""
    text: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> "Asked":
        """Return what an address or a form holds, cut to a length that people type."""
        return cls(**{name: str(values.get(name) or "").replace("\0", "").strip()[:_LONGEST] for name in asdict(cls())})

    def arguments(self) -> dict[str, str]:
        """Return the filled-in part, as an address or hidden fields carry it."""
        return {name: value for name, value in asdict(self).items() if value}

    def first_moment(self) -> datetime | None:
        """Return the beginning of the first day."""
        return _midnight(self.since)

    def end(self) -> datetime | None:
        """Return the end of the last day."""
        last = _midnight(self.until)
        return last + timedelta(days=1) if last else None

    def wrong_dates(self) -> list[str]:
        """Return the dates that are none, as typed."""
        return [typed for typed in (self.since, self.until) if typed and _midnight(typed) is None]


def asked_format(typed: str | None) -> ExportFormat:
    """Return the kind of file a button asked for; raise Invalid for one there is none of."""
    try:
        return ExportFormat(typed or "")
    except ValueError as error:
        raise Invalid("format_unknown", N_("Chọn dạng tệp: bảng tính hay tệp để kiểm tra.")) from error


def shown_filter(asked: Asked) -> dict[str, str]:
    """Return what the log says of an export: what was looked for."""
    group = GROUPS[asked.group][0] if asked.group in GROUPS else ""
    shown = {"log": asked.scope, "actor": asked.who, "group": group, "text": asked.text}
    return {name: value for name, value in (shown | {"since": asked.since, "until": asked.until}).items() if value}


def _midnight(typed: str) -> datetime | None:
    """Return the first moment of a day written as browsers send it, or as people do."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day: date = datetime.strptime(typed, form).replace(tzinfo=LOCAL_ZONE).date()
        except ValueError:
            continue
        return datetime.combine(day, time(), LOCAL_ZONE) if 1900 < day.year < 9999 else None
    return None
