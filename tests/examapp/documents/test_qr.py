"""QR codes as drawings."""

import io

import segno
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from examapp.documents.qr import QUIET, draw_qr


def test_the_drawing_is_the_code() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 200), invariant=1, pageCompression=0)
    draw_qr(canvas, "0247 7F3A-91C2-XYCK", 10, 10, 100)
    canvas.save()
    drawn = PdfReader(io.BytesIO(out.getvalue())).pages[0].get_contents().get_data().decode()
    squares = [line for line in drawn.replace(" re ", " re\n").splitlines() if line.endswith(" re")]
    matrix = segno.make("0247 7F3A-91C2-XYCK", error="m", micro=False).matrix
    assert len(squares) == sum(map(sum, matrix))
    edge = 100 / (len(matrix) + 2 * QUIET)
    assert all(10 + QUIET * edge - 0.01 <= float(one.split()[-5]) <= 110 - (QUIET + 1) * edge + 0.01 for one in squares)
