"""Delivery: attempts (bài làm) with their sealed papers, sealing, machine marking; the candidate's pages.

Words: *attempt* bài làm, *void* hủy bài, *item* a question's position in the attempt, *lease* one writer instance,
*root* R1, R2.
Invariants: reads only the opened package and its own tables; answers' keys open only after root R1 exists.
The saves themselves go through `answerlog`, in front of Flask.
"""
