"""What people do to the bank: subjects, topics, deeds on chosen questions, lists and copies to take away.

Bringing questions in is in `imports/`.
"""

from examapp.bank.services.chosen import change_topic, restore_questions, retire_questions
from examapp.bank.services.copies import COPY_QUESTIONS, Copy, make_copy, order_copy
from examapp.bank.services.exports import EXPORT_LIST, make_export, order_export, take_export
from examapp.bank.services.subjects import create_subject, delete_subject, rename_subject
from examapp.bank.services.topics import add_topic, delete_topic, find_or_create_topic, move_topic, rename_topic

__all__ = [
    "COPY_QUESTIONS",
    "EXPORT_LIST",
    "Copy",
    "add_topic",
    "change_topic",
    "create_subject",
    "delete_subject",
    "delete_topic",
    "find_or_create_topic",
    "make_copy",
    "make_export",
    "move_topic",
    "order_copy",
    "order_export",
    "rename_subject",
    "rename_topic",
    "restore_questions",
    "retire_questions",
    "take_export",
]
