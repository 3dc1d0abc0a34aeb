"""The end of an official document: recipients, signatures, and what keeps them with the last lines of the body."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from examapp.documents.fonts import BOLD, ITALIC
from examapp.documents.lines import BODY_SIZE, Columns, Lines, centred, line_style, markup
from examapp.documents.parts import Closing, Signature

#: lines of the last paragraph that go to the next page with the signatures
_LINES_WITH_CLOSING = 2
_ROOM_FOR_HAND = 20 * mm


def signatures(closing: Closing, width: float) -> Columns:
    """Return recipients and signatures side by side, with room for the hand and the seal."""
    blocks = [_signature(one) for one in closing.signatures]
    if closing.recipients or len(blocks) == 1:
        blocks.insert(0, _recipients(closing.recipients))
    return Columns(blocks, [width / len(blocks)] * len(blocks))


def _signature(signature: Signature) -> list[Flowable]:
    lines = [centred(line, BODY_SIZE, BOLD) for line in signature.lines]
    hint = [centred(signature.hint, 11, ITALIC)] if signature.hint else []
    return [Spacer(1, 10), *lines, *hint, Spacer(1, _ROOM_FOR_HAND), centred(signature.name, BODY_SIZE, BOLD)]


def _recipients(recipients: Sequence[str]) -> list[Flowable]:
    if not recipients:
        return [Spacer(1, 1)]
    listed = [Lines(markup(f"- {one}"), line_style(11)) for one in recipients]
    return [Spacer(1, 10), Lines("<b><i>Nơi nhận:</i></b>", line_style(12)), *listed]


class Stack(Flowable):  # type: ignore[misc]  # untyped library
    """Flowables under each other that are never parted."""

    def __init__(self, members: Sequence[Flowable]) -> None:
        super().__init__()
        self.members = members

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the height of all."""
        self.width = width
        self.height = sum(one.wrap(width, height)[1] + _before(one) + _after(one) for one in self.members)
        return width, self.height

    def draw(self) -> None:
        """Draw them from the top."""
        y = self.height
        for one in self.members:
            y -= one.wrap(self.width, self.height)[1] + _before(one)
            one.drawOn(self.canv, 0, y)
            y -= _after(one)


class Ending(Flowable):  # type: ignore[misc]  # untyped library
    """The last paragraph and what stands under it; of a paragraph that is parted two lines go along."""

    def __init__(self, paragraph: Lines, below: Flowable) -> None:
        super().__init__()
        self.paragraph, self.below = paragraph, below

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the height of both."""
        self.upper = self.paragraph.wrap(width, height)[1]
        self.lower = self.below.wrap(width, height)[1]
        return width, self.upper + self.lower

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return the lines that fit and the rest with what stands under it; nothing when all goes to the next page."""
        self.wrap(width, height)
        room = min(height, self.upper - _LINES_WITH_CLOSING * self.paragraph.style.leading)
        parts = self.paragraph.split(width, room + 0.1) if room > 0 else []
        return [parts[0], Ending(parts[1], self.below)] if len(parts) == 2 else []

    def draw(self) -> None:
        """Draw the paragraph above the rest."""
        self.paragraph.drawOn(self.canv, 0, self.lower)
        self.below.drawOn(self.canv, 0, 0)


def _before(one: Flowable) -> float:
    return float(one.getSpaceBefore())


def _after(one: Flowable) -> float:
    return float(one.getSpaceAfter())
