"""What Telegram users read: answers as HTML blocks, and every fixed text, in Vietnamese."""

import re
from html import escape

from telegram import InlineQueryResult, InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode

from bot import wording
from bot.sending import pack
from corpus.records import Document
from corpus.text import clean, strip_marks
from index.records import Answer, Cited

EXAMPLE = "Hậu Giang có bao nhiêu trạm BTS tăng?"
START = (
    "Xin chào! Tôi trả lời số liệu trong báo cáo của các tỉnh, trích nguyên văn và có nguồn.\n"
    f"Hãy gửi câu hỏi, có dấu hay không dấu đều được. Ví dụ:\n{EXAMPLE}"
)
HELP = (
    f"Gửi câu hỏi kèm tên tỉnh và năm nếu có, ví dụ:\n• {EXAMPLE}\n• doanh thu buu chinh dak lak nam 2017\n\n"
    "Câu trả lời được chép nguyên văn từ báo cáo, kèm đoạn văn và nguồn. Khi báo cáo không nói đến, tôi sẽ nói rõ.\n"
    "Trong nhóm: dùng /hoi câu hỏi, nhắc tên tôi hoặc trả lời tin của tôi.\n\n"
    "Hỏi tiếp được: “còn An Giang thì sao?”, “năm 2019?”; /moi để bắt đầu chuyện mới.\n\n"
    "/start giới thiệu · /help hướng dẫn · /hoi đặt câu hỏi · /moi chuyện mới"
)
HELP_ADMIN = (
    "\n/reindex lập lại chỉ mục · /tailieu tài liệu · /nguoidung người được hỏi (người quản trị)\n"
    "Gửi tệp báo cáo vào đây để nạp."
)
THANKS = "Rất vui được giúp. Bạn cứ hỏi tiếp."
TEXT_ONLY = "Cảm ơn bạn, nhưng tôi chỉ đọc được chữ; hãy gõ câu hỏi."
UNKNOWN_COMMAND = "Không có lệnh này; gõ /help để xem hướng dẫn."
FORGOTTEN = "Đã quên câu hỏi trước; hãy đặt câu hỏi mới."
EXPIRED = "Nút này đã hết hạn; hãy hỏi lại."
RATED = "Đã ghi nhận, cảm ơn."
ASK_SOMETHING = f"Hãy viết câu hỏi sau lệnh, ví dụ: /hoi {EXAMPLE}"
NOT_ADMIN = "Chỉ người quản trị dùng được lệnh này."
REINDEXING = "Đang lập chỉ mục; tôi vẫn trả lời câu hỏi trong lúc đó."
ALREADY_REINDEXING = "Đã có một lần lập chỉ mục đang chạy; hãy đợi xong."
TOO_MANY = "Bạn hỏi quá nhanh; hãy đợi một phút rồi hỏi tiếp."
COMMANDS = (("hoi", "Đặt câu hỏi"), ("moi", "Bắt đầu chuyện mới"), ("help", "Hướng dẫn"), ("start", "Giới thiệu"))
ADMIN_COMMANDS = (
    *COMMANDS,
    ("reindex", "Lập lại chỉ mục"),
    ("tailieu", "Tài liệu"),
    ("nguoidung", "Người được phép hỏi"),
)


def refusal(user_id: int) -> str:
    """For somebody who may not ask, with the number an admin needs to let them in."""
    return f"Bạn chưa được phép hỏi. Hãy gửi mã số {user_id} cho người quản trị để được thêm vào danh sách."


REFUSED = "Người quản trị đã từ chối yêu cầu của bạn."
ASKED_ADMIN = "Bạn chưa được phép hỏi. Yêu cầu đã gửi tới người quản trị; khi được duyệt tôi sẽ nhắn bạn."
DECIDED = "Yêu cầu này đã được xử lý."
PEOPLE = "Người được phép hỏi:"
NOBODY = "Chưa duyệt ai; chỉ những người ghi trong cấu hình được hỏi."


def wants_in(name: str, user_id: int) -> str:
    return f"{name} (mã số {user_id}) xin được hỏi. Cho phép không?"


def decision(name: str, user_id: int, verb: str, days: int) -> str:
    """What an admin decided of somebody: a allowed, t for a while, r refused, v taken back."""
    done = {"a": "đã được duyệt", "t": f"được duyệt {days} ngày", "r": "đã bị từ chối", "v": "đã bị thu hồi quyền hỏi"}
    return f"{name} (mã số {user_id}) {done[verb]}."


def told(verb: str, days: int) -> str:
    """The same, for the person."""
    return {
        "a": f"Bạn đã được phép hỏi. Ví dụ: {EXAMPLE}",
        "t": f"Bạn được phép hỏi trong {days} ngày. Ví dụ: {EXAMPLE}",
        "r": REFUSED,
        "v": "Quyền hỏi của bạn đã bị thu hồi.",
    }[verb]


def person(name: str, user_id: str, until: str | None) -> str:
    return f"• {name} ({user_id})" + (f", đến {wording.day(until[:10])}" if until else "")


def revoke(name: str) -> str:
    return f"Thu hồi: {name}"[:60]


CORRECT_LIKE = "Hãy trả lời theo mẫu, ví dụ: tỉnh: An Giang; kỳ: 2017 (các mục: tỉnh, kỳ, cơ quan, tên, ngày, địa chỉ)."
GONE = "Tài liệu này không còn nữa."
_STATUS = {"added": "Đã nạp", "replaced": "Đã cập nhật", "same": "Tài liệu này đã có, không đổi"}


def loaded(status: str, document: Document, passages: int) -> str:
    """What was found in a report, and how to put it right."""
    rows = [f"{label}: {value}" for label, value in wording.facts(document)]
    return "\n".join([f"{_STATUS[status]}: {passages} đoạn.", *rows, "", f"Chưa đúng? {CORRECT_LIKE}"])


def shelves(documents: int, page: int, pages: int) -> str:
    return f"{documents} tài liệu (trang {page}/{pages}); chọn để xem hoặc xóa. Gửi tệp vào đây để nạp thêm."


def shelf(document: Document) -> str:
    facts = document.facts
    return f"{facts.province or '?'} · {facts.period or '?'} · {facts.title}"[:60]


def sure(id: str) -> str:
    return f"Xóa hẳn tài liệu {id} khỏi kho?"


def removed(id: str) -> str:
    return f"Đã xóa {id}."


def incident(code: str) -> str:
    """For an error that nobody foresaw; the log has the details under the code."""
    return f"Có lỗi khi xử lý. Hãy thử lại; nếu vẫn lỗi, báo người quản trị mã sự cố {code}."


def blocks(answer: Answer, understood: str | None = None, every: bool = False) -> list[str]:
    """HTML blocks of an answer: the figure or the reason, then a block for each passage with its source.

    `understood` is what a follow-up was taken to ask; `every` shows the passages that come less near, too.
    """
    head = f"<b>{_safe(answer.answer)}</b>" if answer.answer is not None else _safe(answer.reason or "")
    head += f"\n<i>Lưu ý: {_safe(answer.note)}</i>" if answer.note else ""
    head += f"\n<i>{_safe(wording.unsure(answer.confidence))}</i>" if _doubtful(answer) else ""
    passages = list(answer.passages) if every else wording.worth_reading(answer)
    if answer.abstained and passages:
        head += f"\n\n<i>{_safe(wording.NEAREST)}</i>"
    head += f"\n<i>{_safe(wording.understood(understood))}</i>" if understood else ""
    return [head, *(_passage(cited, answer) for cited in passages)]


def inline(answer: Answer) -> InlineQueryResult:
    """An answer as the one result of an inline query: its first message, without the passages that don't fit."""
    (text, *_) = pack(blocks(answer))
    title = answer.answer if answer.answer is not None else "Không có câu trả lời"
    about = wording.source(answer.passages[0]) if answer.passages and not answer.abstained else answer.reason or ""
    content = InputTextMessageContent(text, parse_mode=ParseMode.HTML)
    return InlineQueryResultArticle("1", clean(title)[:200], content, description=clean(about)[:200])


def smalltalk(text: str) -> str | None:
    """A kind word for one that asks nothing; None for everything else.

    >>> smalltalk("Xin chào!") == START, smalltalk("cam on ban nhe") == THANKS, smalltalk("chào hàng là gì?")
    (True, True, None)
    """
    bare = re.sub(r"[^\w ]", "", strip_marks(clean(text))).strip()
    if re.fullmatch(r"((xin )?chao( (ban|bot|ad|em|anh|chi|buoi sang|buoi chieu))?|hello|hi|alo|/?start)", bare):
        return START
    return THANKS if re.fullmatch(r"((xin )?cam on|thanks?|thank you|ok|oke|tot)( .{0,20})?", bare) else None


def context(cited: Cited, text: tuple[str, str, str]) -> list[str]:
    """A page of a report: its source, then the text, the passage marked."""
    before, passage, after = map(_safe, text)
    marked = f"<b><u>{passage}</u></b>" if passage else ""
    return [f"<i>{_safe(wording.source(cited))}</i>\n\n{before}{marked}{after}"]


def _doubtful(answer: Answer) -> bool:
    return answer.answer is not None and answer.confidence < wording.SURE


def plain(text: str) -> list[str]:
    """A fixed text as one HTML block."""
    return [_safe(text)]


def _passage(cited: Cited, answer: Answer) -> str:
    quote = _marked(cited, not answer.abstained and cited.rank == 1)
    fold = "" if cited.rank == 1 else " expandable"
    return f"{cited.rank}. <blockquote{fold}>{quote}</blockquote>\n<i>{_safe(wording.source(cited))}</i>"


def _marked(cited: Cited, mark: bool) -> str:
    """The passage with the answer in bold and underlined."""
    text = cited.passage.text
    if not mark or not cited.highlight:
        return _safe(text)
    start, end = cited.highlight
    return f"{_safe(text[:start])}<b><u>{_safe(text[start:end])}</u></b>{_safe(text[end:])}"


def _safe(text: str) -> str:
    """Escaped, NFC, without control characters or lone surrogates."""
    return escape(clean(text), quote=False)
