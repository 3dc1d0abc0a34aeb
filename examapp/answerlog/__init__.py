"""The answer log's fast path: it stands in front of the web framework, knows no feature, and asks the database once.

Acknowledged means durable: a 200 is sent only after the commit that stored the rows.
"""
