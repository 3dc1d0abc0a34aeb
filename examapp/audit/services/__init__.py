"""Write to the log, take what is in it away as files, have it checked."""

from examapp.audit.services.checking import CHECK_CHAINS, ask_for_check, check_chains, last_check
from examapp.audit.services.exporting import ExportFormat, export_now_or_later, lend_names, make_export
from examapp.audit.services.recording import erase_details, record
from examapp.integrity.chain import SYSTEM_SCOPE

__all__ = [
    "CHECK_CHAINS",
    "SYSTEM_SCOPE",
    "ExportFormat",
    "ask_for_check",
    "check_chains",
    "erase_details",
    "export_now_or_later",
    "last_check",
    "lend_names",
    "make_export",
    "record",
]
