"""Rooms with their places, sittings that are called off, and one programmed sitting of a test for each candidate."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES = "'draft', 'frozen', 'opening', 'ready', 'sealed', 'marked'"

# Where somebody already sits in several programmed sittings of a test, only the newest of these binds.
EXCLUSIVE = """
UPDATE sittings SET exclusive = mode = 'programmed' AND NOT EXISTS (
    SELECT FROM seats
    JOIN rooms ON rooms.id = seats.room_id
    JOIN seats other ON other.candidate_id = seats.candidate_id
    JOIN rooms other_room ON other_room.id = other.room_id
    JOIN sittings newer ON newer.id = other_room.sitting_id
    WHERE rooms.sitting_id = sittings.id AND newer.exam_test_id = sittings.exam_test_id
        AND newer.mode = 'programmed' AND newer.id > sittings.id
)
"""
PLACES = """
UPDATE rooms SET places = greatest(1, (SELECT max(number) FROM seats WHERE room_id = rooms.id)), position = (
    SELECT count(*) FROM rooms earlier WHERE earlier.sitting_id = rooms.sitting_id AND earlier.code <= rooms.code
)
"""
COPIES = """
UPDATE seats SET sitting_id = sittings.id, exam_test_id = sittings.exam_test_id, exclusive = sittings.exclusive
FROM rooms JOIN sittings ON sittings.id = rooms.sitting_id WHERE rooms.id = seats.room_id
"""


def upgrade() -> None:
    """Apply."""
    _states(f"{STATES}, 'called_off'")
    op.add_column("sittings", sa.Column("exclusive", sa.Boolean(), nullable=True))
    op.execute(EXCLUSIVE)
    op.alter_column("sittings", "exclusive", nullable=False)
    op.create_check_constraint(
        op.f("ck_sittings_exclusive_while_it_counts"),
        "sittings",
        "NOT exclusive OR (mode = 'programmed' AND state <> 'called_off')",
    )
    op.create_unique_constraint(
        op.f("uq_sittings_id_exam_test_id_exclusive"), "sittings", ["id", "exam_test_id", "exclusive"]
    )
    for name in ("places", "position"):
        op.add_column("rooms", sa.Column(name, sa.Integer(), nullable=True))
    op.execute(PLACES)
    for name in ("places", "position"):
        op.alter_column("rooms", name, nullable=False)
    op.create_check_constraint(op.f("ck_rooms_places_positive"), "rooms", "places >= 1")
    op.create_unique_constraint(op.f("uq_rooms_id_sitting_id"), "rooms", ["id", "sitting_id"])
    _bind_seats()


def _bind_seats() -> None:
    for name, kind in (("sitting_id", sa.Uuid()), ("exam_test_id", sa.Uuid()), ("exclusive", sa.Boolean())):
        op.add_column("seats", sa.Column(name, kind, nullable=True))
    op.execute(COPIES)
    for name in ("sitting_id", "exam_test_id", "exclusive"):
        op.alter_column("seats", name, nullable=False)
    op.drop_constraint(op.f("uq_seats_room_id_candidate_id"), "seats")
    op.create_unique_constraint(op.f("uq_seats_sitting_id_candidate_id"), "seats", ["sitting_id", "candidate_id"])
    op.create_index(
        "uq_seats_one_sitting", "seats", ["exam_test_id", "candidate_id"], unique=True, postgresql_where="exclusive"
    )
    op.create_index(op.f("ix_seats_room_id_sitting_id"), "seats", ["room_id", "sitting_id"])
    copied = ["sitting_id", "exam_test_id", "exclusive"]
    op.create_index(op.f("ix_seats_sitting_id_exam_test_id_exclusive"), "seats", copied)
    op.drop_constraint(op.f("fk_seats_room_id"), "seats")
    op.create_foreign_key(
        op.f("fk_seats_room_id_sitting_id"),
        "seats",
        "rooms",
        ["room_id", "sitting_id"],
        ["id", "sitting_id"],
        ondelete="RESTRICT",
    )
    op.create_foreign_key(
        op.f("fk_seats_sitting_id_exam_test_id_exclusive"),
        "seats",
        "sittings",
        ["sitting_id", "exam_test_id", "exclusive"],
        ["id", "exam_test_id", "exclusive"],
        ondelete="RESTRICT",
        onupdate="CASCADE",
    )


def downgrade() -> None:
    """Take back; a sitting that was called off is a draft again."""
    op.drop_constraint(op.f("fk_seats_sitting_id_exam_test_id_exclusive"), "seats")
    op.drop_constraint(op.f("fk_seats_room_id_sitting_id"), "seats")
    op.create_foreign_key(op.f("fk_seats_room_id"), "seats", "rooms", ["room_id"], ["id"], ondelete="RESTRICT")
    op.drop_index("uq_seats_one_sitting", "seats")
    op.drop_index(op.f("ix_seats_sitting_id_exam_test_id_exclusive"), "seats")
    op.drop_index(op.f("ix_seats_room_id_sitting_id"), "seats")
    op.drop_constraint(op.f("uq_seats_sitting_id_candidate_id"), "seats")
    op.create_unique_constraint(op.f("uq_seats_room_id_candidate_id"), "seats", ["room_id", "candidate_id"])
    for name in ("exclusive", "exam_test_id", "sitting_id"):
        op.drop_column("seats", name)
    op.drop_constraint(op.f("uq_rooms_id_sitting_id"), "rooms")
    op.drop_constraint(op.f("ck_rooms_places_positive"), "rooms")
    for name in ("position", "places"):
        op.drop_column("rooms", name)
    op.drop_constraint(op.f("uq_sittings_id_exam_test_id_exclusive"), "sittings")
    op.drop_constraint(op.f("ck_sittings_exclusive_while_it_counts"), "sittings")
    op.drop_column("sittings", "exclusive")
    op.execute("UPDATE sittings SET state = 'draft' WHERE state = 'called_off'")
    _states(STATES)


def _states(states: str) -> None:
    op.drop_constraint(op.f("ck_sittings_sittingstate"), "sittings")
    op.create_check_constraint(op.f("ck_sittings_sittingstate"), "sittings", f"state IN ({states})")
