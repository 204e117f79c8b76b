"""Reports as other formats, for tests: web pages of three layouts, Word, PDF and Excel files."""

import io
from html import escape
from pathlib import Path

import docx
import matplotlib
import openpyxl
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

# What portals put around a report; none of it may become a passage.
LITTER = (
    "Trang chủ",
    "Giới thiệu chung",
    "Tin tức - Sự kiện",
    "Thủ tục hành chính",
    "Văn bản chỉ đạo điều hành",
    "Liên hệ - Góp ý",
    "Bản đồ hành chính",
    "Đăng nhập hệ thống",
    "Số lượt truy cập: 1.234.567",
    "Đang trực tuyến: 35",
    "Hôm nay: 1.203",
    "Đánh giá bài viết này: 4,5/5 (12 lượt)",
    "Chia sẻ lên Facebook",
    "Cỡ chữ A- A A+",
    "Khai trương 20 trạm BTS tại huyện Châu Thành (12/03/2018)",
    "Hội nghị tổng kết ngành năm 2015 (05/01/2016)",
    "Bưu điện tỉnh trao 50 suất quà cho hộ nghèo (20/01/2017)",
    "Xem thêm tin khác",
    "Bản quyền thuộc về Sở Thông tin và Truyền thông",
    "Chịu trách nhiệm chính: Văn phòng Sở",
)


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def portal(text: str) -> bytes:
    """Modern: nav, article, aside, footer."""
    menu = "".join(f'<li><a href="/{n}">{escape(line)}</a></li>' for n, line in enumerate(LITTER[:8]))
    news = "".join(f'<li><a href="/tin/{n}">{escape(line)}</a></li>' for n, line in enumerate(LITTER[14:18]))
    body = "".join(f"<p>{escape(line)}</p>\n" for line in paragraphs(text))
    foot = "".join(f"<div>{escape(line)}</div>" for line in (*LITTER[8:14], *LITTER[18:]))
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin</title>
    <script>var x = "35 trạm";</script><style>p {{color: red}}</style></head><body>
    <nav><ul>{menu}</ul></nav><main><article>{body}</article></main>
    <aside class="related"><h3>Tin liên quan</h3><ul>{news}</ul></aside>
    <footer>{foot}</footer></body></html>""".encode()


def old_portal(text: str) -> bytes:
    """Old: a table lays out the page, lines end in <br>."""
    menu = "".join(f'<a href="/{n}">{escape(line)}</a><br>' for n, line in enumerate(LITTER[:8]))
    news = "".join(f'<div><a href="/tin/{n}">{escape(line)}</a></div>' for n, line in enumerate(LITTER[14:18]))
    body = "<br><br>\n".join(map(escape, paragraphs(text)))
    foot = "<br>".join(map(escape, (*LITTER[8:14], *LITTER[18:])))
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>
    <table><tr><td class="menu">{menu}</td>
    <td><div class="noidung"><font face="Times">{body}</font></div>{news}</td></tr>
    <tr><td colspan="2" class="footer">{foot}</td></tr></table></body></html>""".encode("utf-8-sig")


def blocks(text: str) -> bytes:
    """Divs and spans all over, as content systems make them."""
    menu = "".join(f'<span class="item"><a href="/{n}">{escape(line)}</a></span> ' for n, line in enumerate(LITTER[:8]))
    body = "".join(f'<div class="c"><span style="x">{escape(line)}</span></div>' for line in paragraphs(text))
    news = "".join(
        f'<div class="n"><a href="/t{n}"><b>{escape(line)}</b></a></div>' for n, line in enumerate(LITTER[14:18])
    )
    foot = "".join(f"<p>{escape(line)}</p>" for line in (*LITTER[8:14], *LITTER[18:]))
    return f"""<html><body><div id="top"><div class="main-menu">{menu}</div></div>
    <div id="page"><div class="content">{body}</div>
    <div class="box">{news}</div></div><div id="footer">{foot}</div></body></html>""".encode()


def word(text: str) -> bytes:
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "Tài liệu lưu hành nội bộ"
    for line in paragraphs(text):
        document.add_paragraph(line)
    return _saved(document)


def excel(text: str) -> bytes:
    book = openpyxl.Workbook()
    for row, line in enumerate(paragraphs(text), 1):
        cell = book.active.cell(row, 1)
        cell.value, cell.data_type = line, "s"
    return _saved(book)


def pdf(text: str) -> bytes:
    fonts = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    pdfmetrics.registerFont(TTFont("DejaVu", str(fonts)))
    style = ParagraphStyle("x", fontName="DejaVu", fontSize=11, leading=15, spaceAfter=6)
    file = io.BytesIO()

    def head(canvas: object, document: object) -> None:
        canvas.setFont("DejaVu", 9)
        canvas.drawString(72, 800, "Báo cáo của Sở Thông tin và Truyền thông")
        canvas.drawString(300, 30, str(document.page))

    made = SimpleDocTemplate(file)
    made.build([Paragraph(escape(line), style) for line in paragraphs(text)], onFirstPage=head, onLaterPages=head)
    return file.getvalue()


def _saved(document: object) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


MAKERS = {
    "portal.html": portal,
    "old.html": old_portal,
    "blocks.html": blocks,
    "a.docx": word,
    "a.xlsx": excel,
    "a.pdf": pdf,
}
