"""Khảo thí công vụ: examinations of the civil service, from the question bank to a result anybody can check."""
