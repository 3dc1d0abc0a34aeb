"""Read the bank: subjects with their figures, topics, lists of questions, what a file repeats of it."""

from examapp.bank.queries.comparing import compared_with_bank
from examapp.bank.queries.lists import (
    NewestText,
    QuestionRow,
    chosen_rows,
    count_questions,
    hits_by_subject,
    list_questions,
    newest_version,
    records_to_copy,
    rows_to_export,
)
from examapp.bank.queries.subjects import (
    Figures,
    SubjectRow,
    figures_of,
    find_subject,
    largest_paper,
    lend_papers,
    list_subjects,
    subjects_within,
)
from examapp.bank.queries.topics import TopicRow, find_topic, list_topics, topic_rows

__all__ = [
    "Figures",
    "NewestText",
    "QuestionRow",
    "SubjectRow",
    "TopicRow",
    "chosen_rows",
    "compared_with_bank",
    "count_questions",
    "figures_of",
    "find_subject",
    "find_topic",
    "hits_by_subject",
    "largest_paper",
    "lend_papers",
    "list_questions",
    "list_subjects",
    "list_topics",
    "newest_version",
    "records_to_copy",
    "rows_to_export",
    "subjects_within",
    "topic_rows",
]
