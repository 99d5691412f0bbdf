"""The demo's files, made here so that none needs to be carried along: drawings, documents, plain text."""

from collections.abc import Callable
from io import BytesIO
from pathlib import PurePath
from random import Random
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image, ImageDraw, ImageFont

from hub.demo.projects import FileScript

Drawing = Callable[[ImageDraw.ImageDraw, int, int], None]

INK, PAPER, GREY, PALE = "#22313a", "#fbf8f3", "#c9c4ba", "#ece7dd"
BREAD, LEAF, WINE, SKY, SUN = "#b8742a", "#2f7d5b", "#7a1f3d", "#2b6ca8", "#e8a33d"


def content_of(name: str, script: FileScript) -> bytes:
    """These are a file's bytes, of the kind that its name says."""
    ending = PurePath(name).suffix
    if ending == ".docx":
        return word_document(script.text)
    if script.drawing:
        return drawn(script.drawing, "PDF" if ending == ".pdf" else "PNG")
    return printed(script.text) if ending == ".pdf" else script.text.encode()


def drawn(drawing: str, format: str) -> bytes:
    """This is a drawing as a picture or a page."""
    image = Image.new("RGB", (1200, 800), PAPER)
    DRAWINGS[drawing](ImageDraw.Draw(image), 1200, 800)
    return _saved(image, format)


def printed(text: str) -> bytes:
    """This is a text as a page to print. Its letters are those of the built-in font: English ones."""
    image = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(image)
    title, _, rest = text.strip().partition("\n")
    pen.text((120, 120), title, INK, _font(46))
    pen.line((120, 200, 1120, 200), GREY, 3)
    pen.multiline_text((120, 240), rest.strip(), INK, _font(26), spacing=16)
    return _saved(image.convert("L"), "PDF")


def _saved(image: Image.Image, format: str) -> bytes:
    file = BytesIO()
    image.save(file, format, **({"optimize": False, "compress_level": 6} if format == "PNG" else {}))
    return file.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def word_document(text: str) -> bytes:
    """This is a text as a Word document, a paragraph a line.

    Source: ECMA-376, part 1, the smallest package that is a document.
    """
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in text.strip().splitlines()
    )
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{_XML}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>",
    }
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(ZipInfo(name), part)
    return file.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _site(pen: ImageDraw.ImageDraw, width: int, height: int, colour: str, title: str, items: list[str]) -> None:
    """A web page: a bar, a picture with words on it, three cards."""
    pen.rectangle((0, 0, width, 84), "white")
    pen.text((48, 26), title, colour, _font(30))
    for place, item in enumerate(items):
        pen.text((620 + 150 * place, 32), item, INK, _font(20))
    pen.rectangle((0, 84, width, 440), colour)
    pen.ellipse((760, 130, 1080, 410), PAPER)
    pen.ellipse((830, 190, 1010, 360), SUN)
    pen.rounded_rectangle((80, 180, 560, 216), 8, "white")
    pen.rounded_rectangle((80, 236, 470, 262), 8, PALE)
    pen.rounded_rectangle((80, 300, 260, 350), 25, SUN)
    for place in range(3):
        left = 80 + 360 * place
        pen.rounded_rectangle((left, 490, left + 320, 740), 14, "white", GREY, 2)
        pen.rounded_rectangle((left + 20, 510, left + 300, 640), 10, PALE)
        pen.rounded_rectangle((left + 20, 660, left + 220, 680), 6, INK)
        pen.rounded_rectangle((left + 20, 696, left + 160, 712), 6, GREY)


def _homepage(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    _site(pen, width, height, BREAD, "Nord Bakery", ["Bread", "Cakes", "Order", "About"])


def _checkout(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.rectangle((0, 0, width, 84), LEAF)
    pen.text((48, 24), "Casa Verde: checkout", "white", _font(32))
    for row, label in enumerate(["1  Address", "2  Delivery", "3  Payment"]):
        top = 130 + row * 200
        pen.rounded_rectangle((60, top, 720, top + 170), 12, "white", GREY, 2)
        pen.text((90, top + 22), label, INK, _font(28))
        pen.rounded_rectangle((90, top + 76, 690, top + 106), 6, PALE)
        pen.rounded_rectangle((90, top + 120, 430, top + 148), 6, PALE)
    pen.rounded_rectangle((770, 130, 1140, 560), 12, "white", GREY, 2)
    for row, (label, price) in enumerate([("Monstera", "189"), ("Clay pot", "74"), ("Delivery", "0"), ("Sum", "263")]):
        pen.text((800, 160 + row * 70), label, INK, _font(26))
        pen.text((1060, 160 + row * 70), price, INK, _font(26))
    pen.rounded_rectangle((800, 470, 1110, 530), 30, LEAF)
    pen.text((900, 482), "Pay now", "white", _font(28))


def _seats(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.text((60, 40), "Bus, 48 seats", INK, _font(36))
    pen.rounded_rectangle((60, 130, 1140, 640), 60, "white", INK, 4)
    taken = Random(48)  # noqa: S311 - a picture
    for column in range(12):
        for row, top in enumerate((170, 270, 420, 520)):
            left = 130 + column * 80
            colour = GREY if taken.random() < 0.4 else SKY
            pen.rounded_rectangle((left, top, left + 60, top + 70), 10, colour)
            pen.text((left + 12, top + 22), f"{column + 1}{'ABCD'[row]}", "white", _font(22))
    for left, colour, label in ((60, SKY, "free"), (260, GREY, "taken")):
        pen.rounded_rectangle((left, 690, left + 40, 730), 8, colour)
        pen.text((left + 56, 694), label, INK, _font(26))


def _box(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """A folding box laid flat: full lines are cut, broken ones are folded."""
    pen.text((60, 40), "Cake box 240 x 240 x 110, lid and base in one", INK, _font(30))
    pen.rectangle((420, 250, 780, 610), "white", INK, 3)
    for box in ((300, 250, 420, 610), (780, 250, 900, 610), (420, 130, 780, 250), (420, 610, 780, 730)):
        pen.rectangle(box, None, INK, 3)
    for start in range(250, 610, 24):
        pen.line((420, start, 420, start + 12), WINE, 4)
        pen.line((780, start, 780, start + 12), WINE, 4)
    for start in range(420, 780, 24):
        pen.line((start, 250, start + 12, 250), WINE, 4)
        pen.line((start, 610, start + 12, 610), WINE, 4)
    pen.text((560, 410), "240", INK, _font(34))
    pen.text((330, 410), "110", INK, _font(34))
    pen.text((930, 260), "cut", INK, _font(26))
    pen.text((930, 300), "fold", WINE, _font(26))


def _logos(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    for place, (colour, word) in enumerate(((BREAD, "NORD"), (INK, "Nord"), (SKY, "nord"))):
        left = 60 + 380 * place
        pen.rounded_rectangle((left, 160, left + 320, 640), 20, "white", GREY, 2)
        pen.arc((left + 70, 230, left + 250, 410), 180, 360, colour, 16)
        pen.line((left + 70, 320, left + 250, 320), colour, 16)
        for spike in range(3):
            pen.line((left + 110 + 50 * spike, 250, left + 130 + 50 * spike, 310), colour, 8)
        pen.text((left + 90, 440), word, colour, _font(64))
        pen.text((left + 145, 580), "ABC"[place], GREY, _font(32))
    pen.text((60, 50), "Logo, second round", INK, _font(40))


def _label(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.rectangle((380, 60, 820, 740), "white", WINE, 6)
    pen.polygon(((420, 420), (520, 260), (600, 360), (680, 240), (780, 420)), WINE)
    pen.ellipse((570, 130, 640, 200), SUN)
    pen.text((452, 460), "DEALUL MARE", WINE, _font(44))
    pen.line((460, 530, 740, 530), SUN, 4)
    pen.text((468, 556), "Feteasca Neagra", INK, _font(36))
    pen.text((560, 620), "2023", INK, _font(36))
    pen.text((500, 684), "750 ml  13,5 % vol", INK, _font(22))


def _portal(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.rectangle((0, 0, 260, height), SKY)
    pen.text((40, 40), "Brightwell", "white", _font(36))
    for row, label in enumerate(["My visits", "Documents", "Payments", "Messages"]):
        pen.text((40, 140 + 60 * row), label, "white", _font(26))
    pen.text((310, 44), "Your next visit", INK, _font(36))
    pen.rounded_rectangle((310, 110, 1140, 300), 14, "white", GREY, 2)
    pen.text((350, 140), "Thursday, 10:40", INK, _font(40))
    pen.text((350, 200), "Dr Hughes, check-up, 30 minutes", INK, _font(26))
    for row in range(4):
        top = 350 + row * 100
        pen.rounded_rectangle((310, top, 1140, top + 80), 10, "white", GREY, 2)
        pen.ellipse((336, top + 20, 376, top + 60), LEAF if row else SUN)
        pen.rounded_rectangle((400, top + 24, 400 + 260 + 60 * row, top + 38), 6, INK)
        pen.rounded_rectangle((400, top + 48, 640, top + 60), 6, GREY)


def _mountains(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.rectangle((0, 0, width, height), "#cfe3f2")
    pen.ellipse((880, 90, 1020, 230), SUN)
    for colour, base, peaks in (
        ("#8fb0c4", 560, (200, 460, 760, 1040)),
        ("#5b8798", 640, (90, 380, 650, 940)),
        (LEAF, 720, (250, 560, 860)),
    ):
        for peak in peaks:
            pen.polygon(((peak - 330, 800), (peak, base - 330), (peak + 330, 800)), colour)
    pen.rectangle((0, 720, width, height), "#23553f")
    pen.text((60, 60), "Karpaty in autumn", "white", _font(56))


def _colours(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    for place, (colour, word) in enumerate(
        ((WINE, "Wine"), (SUN, "Sun"), (LEAF, "Vine"), (INK, "Slate"), (PALE, "Stone"), (BREAD, "Oak"))
    ):
        left, top = 80 + 360 * (place % 3), 80 + 340 * (place // 3)
        pen.rounded_rectangle((left, top, left + 320, top + 220), 16, colour)
        pen.text((left, top + 236), f"{word}  {colour}", INK, _font(28))


def _chart(pen: ImageDraw.ImageDraw, width: int, height: int) -> None:
    pen.text((80, 50), "Visits by week", INK, _font(40))
    heights = Random(12)  # noqa: S311 - a picture
    for week in range(12):
        top = 640 - int(180 + 24 * week + heights.uniform(-60, 60))
        pen.rounded_rectangle((100 + 86 * week, top, 160 + 86 * week, 660), 8, LEAF)
        pen.text((116 + 86 * week, 676), str(36 + week), INK, _font(24))
    pen.line((80, 662, 1140, 662), INK, 3)


DRAWINGS: dict[str, Drawing] = {
    "homepage": _homepage,
    "checkout": _checkout,
    "seats": _seats,
    "box": _box,
    "logos": _logos,
    "label": _label,
    "portal": _portal,
    "mountains": _mountains,
    "colours": _colours,
    "chart": _chart,
}
