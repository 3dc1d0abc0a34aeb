"""A QR code as a drawing: vector squares, sharp on any printer."""

import segno
from reportlab.pdfgen.canvas import Canvas

#: light modules around the code, as readers need them
QUIET = 4


def draw_qr(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """Draw the code of a text with its lower left corner at (x, y) and this edge length in points, margin included."""
    matrix = segno.make(text, error="m", micro=False).matrix
    module = size / (len(matrix) + 2 * QUIET)
    path = canvas.beginPath()
    for line, row in enumerate(matrix):
        for place, dark in enumerate(row):
            if dark:
                left = x + (place + QUIET) * module
                path.rect(left, y + size - (line + QUIET + 1) * module, module, module)
    canvas.drawPath(path, stroke=0, fill=1)
