"""What Telegram users read, every fixed text of it, in Vietnamese."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot import wording
from corpus.desk import VIETNAM, Unanswered, Week
from corpus.records import Document
from corpus.text import clean, strip_marks

EXAMPLE = "Hậu Giang có bao nhiêu trạm BTS tăng?"
COMPARED = "doanh thu bưu chính năm 2017"
START = (
    "Xin chào! Tôi trả lời số liệu trong báo cáo của các tỉnh, trích nguyên văn và có nguồn.\n"
    f"Hãy gửi câu hỏi, có dấu hay không dấu đều được. Ví dụ:\n{EXAMPLE}"
)
HELP = (
    f"Gửi câu hỏi kèm tên tỉnh và năm nếu có, ví dụ:\n• {EXAMPLE}\n• doanh thu buu chinh dak lak nam 2017\n\n"
    "Câu trả lời được chép nguyên văn từ báo cáo, kèm đoạn văn và nguồn. Khi báo cáo không nói đến, tôi sẽ nói rõ.\n"
    f"So sánh các tỉnh, các năm: /sosanh {COMPARED}, hoặc “tỉnh nào có nhiều trạm BTS nhất?”.\n"
    "Trong nhóm: dùng /hoi câu hỏi, nhắc tên tôi hoặc trả lời tin của tôi.\n\n"
    "Hỏi tiếp được: “còn An Giang thì sao?”, “năm 2019?”; /moi để bắt đầu chuyện mới.\n\n"
    "/start giới thiệu · /help hướng dẫn · /hoi đặt câu hỏi · /sosanh so sánh · /moi chuyện mới"
)
HELP_ADMIN = (
    "\n\nNgười quản trị: /reindex lập lại chỉ mục · /tailieu tài liệu · /nguoidung người được hỏi · "
    "/thongke thống kê · /chuatraloi câu chưa trả lời được · /sosuc tình trạng\n"
    "Gửi tệp báo cáo vào đây để nạp."
)
THANKS = "Rất vui được giúp. Bạn cứ hỏi tiếp."
TEXT_ONLY = "Cảm ơn bạn, nhưng tôi chỉ đọc được chữ; hãy gõ câu hỏi."
UNKNOWN_COMMAND = "Không có lệnh này; gõ /help để xem hướng dẫn."
FORGOTTEN = "Đã quên câu hỏi trước; hãy đặt câu hỏi mới."
EXPIRED = "Nút này đã hết hạn; hãy hỏi lại."
RATED = "Đã ghi nhận, cảm ơn."
NO_ANSWER = "Không có câu trả lời"
ASK_SOMETHING = f"Hãy viết câu hỏi sau lệnh, ví dụ: /hoi {EXAMPLE} hoặc /sosanh {COMPARED}"
NO_CHARTS = "Bot này chưa có phần vẽ biểu đồ (hoidap[charts]); hãy bấm CSV để lấy số liệu, hoặc báo người quản trị."
NOT_DRAWN = "Không có số liệu nào cùng đơn vị để vẽ biểu đồ."
NOT_ADMIN = "Chỉ người quản trị dùng được lệnh này."
REINDEXING = "Đang lập chỉ mục; tôi vẫn trả lời câu hỏi trong lúc đó."
ALREADY_REINDEXING = "Đã có một lần lập chỉ mục đang chạy; hãy đợi xong."
STORE_BUSY = "Cơ sở dữ liệu đang bận; câu của bạn được giữ lại và sẽ được trả lời."
TOO_MANY = "Bạn hỏi quá nhanh; hãy đợi một phút rồi hỏi tiếp."
CONFLICT = "Một bot khác đang chạy với cùng TELEGRAM_BOT_TOKEN; hãy dừng bot đó trước."
UNRECOGNIZED = "Telegram không nhận TELEGRAM_BOT_TOKEN; hãy lấy mã mới từ @BotFather."
COMMANDS = (
    ("hoi", "Đặt câu hỏi"),
    ("sosanh", "So sánh các tỉnh, các năm"),
    ("moi", "Bắt đầu chuyện mới"),
    ("help", "Hướng dẫn"),
    ("start", "Giới thiệu"),
)
ADMIN_COMMANDS = (
    *COMMANDS,
    ("reindex", "Lập lại chỉ mục"),
    ("tailieu", "Tài liệu"),
    ("nguoidung", "Người được phép hỏi"),
    ("thongke", "Thống kê câu hỏi theo tuần"),
    ("chuatraloi", "Câu hỏi chưa trả lời được"),
    ("sosuc", "Tình trạng của bot"),
)


# The labels of buttons.
BAD = "👎"
CANCEL = "Hủy"
CHART = "Biểu đồ"
FEWER = "Gọn lại"
GOOD = "👍"
IN_REPORT = "Xem trong báo cáo"
LET_BACK = "Cho hỏi lại"
LET_IN = "Duyệt"
MORE = "Thêm đoạn"
NEXT = "Sau ▶"
ORIGINAL = "Tệp gốc"
OTHER_PROVINCES = "Các tỉnh khác"
OTHER_YEARS = "Các năm khác"
PREVIOUS = "◀ Trước"
REMOVE = "Xóa"
REMOVE_SURELY = "Xóa hẳn"
SHEET = "CSV"
UNDO = "Bản trước"
TO_ANSWER = "Về câu trả lời"
TO_SHELVES = "Về danh sách"
TURN_AWAY = "Từ chối"
VERDICTS = {"u": "đúng", "d": "sai", "n": "sai số", "w": "sai tỉnh hoặc năm", "s": "thiếu nguồn"}


def cut(provinces: int, remarks: int) -> str:
    """What of a comparison no message holds."""
    left = ((provinces, "tỉnh"), (remarks, "lưu ý"))
    return f"Còn {' và '.join(f'{number} {what}' for number, what in left if number)} nữa: xem tệp CSV."


def let_in_for(days: int) -> str:
    return f"{LET_IN} {days} ngày"


def too_big(name: str, most: int) -> str:
    """`most` bytes that Telegram lets bots fetch."""
    return f"{name} lớn hơn {most // 2**20} MB; hãy chia nhỏ rồi gửi lại."


def refusal(user_id: int) -> str:
    """For somebody who may not ask, with the number an admin needs to let them in."""
    return f"Bạn chưa được phép hỏi. Hãy gửi mã số {user_id} cho người quản trị để được thêm vào danh sách."


REFUSED = "Người quản trị đã từ chối yêu cầu của bạn."


def not_here(group: int) -> str:
    """For a group that the settings do not name."""
    return (
        f"Tôi không trả lời trong nhóm này; hãy hỏi trong chat riêng, hoặc đưa mã số nhóm {group} cho người quản trị."
    )


ASKED_ADMIN = "Bạn chưa được phép hỏi. Yêu cầu đã gửi tới người quản trị; khi được duyệt tôi sẽ nhắn bạn."
DECIDED = "Yêu cầu này đã được xử lý."
PEOPLE = "Người được phép hỏi:"
NOBODY = "Chưa duyệt ai; chỉ những người ghi trong cấu hình được hỏi."


def wants_in(name: str, user_id: int) -> str:
    return f"{name} (mã số {user_id}) xin được hỏi. Cho phép không?"


def decision(name: str, user_id: int, verb: str, days: int) -> str:
    """What an admin decided of somebody: a allowed, t for a while, r refused, v taken back, b let back in."""
    done = {
        "a": "đã được duyệt",
        "t": f"được duyệt {days} ngày",
        "r": "đã bị từ chối",
        "v": "đã bị thu hồi quyền hỏi",
        "b": "đã được hỏi lại",
    }
    return f"{name} (mã số {user_id}) {done[verb]}."


def told(verb: str, days: int) -> str:
    """The same, for the person."""
    return {
        "a": f"Bạn đã được phép hỏi. Ví dụ: {EXAMPLE}",
        "t": f"Bạn được phép hỏi trong {days} ngày. Ví dụ: {EXAMPLE}",
        "r": REFUSED,
        "v": "Quyền hỏi của bạn đã bị thu hồi.",
        "b": "Bạn đã được phép hỏi lại.",
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


REINDEX_CANCELLED = "Đã hủy; tôi vẫn trả lời theo chỉ mục trước. Gõ /reindex để lập lại."


def reindexing(done: int, of: int) -> str:
    return f"Đang lập chỉ mục: {100 * done // max(1, of)} %; tôi vẫn trả lời câu hỏi trong lúc đó."


BY_WEEK = "Câu hỏi theo tuần"
ANSWERED, REFUSED_MANY = "Đã trả lời", "Từ chối"
UNANSWERED_COLUMNS = ("Nhóm", "Câu hỏi", "Lý do", "Ngày")


def statistics(weeks: Sequence[Week]) -> str:
    """A table that fits a phone: a line for each week."""
    rows = [
        f"{week.start:%d/%m} {week.asked:6} {week.people:6} {week.answered:8} {week.asked - week.answered:7}"
        for week in weeks
    ]
    return "\n".join([f"{BY_WEEK}:", "Từ        Hỏi  Người  Trả lời Từ chối", *rows])


def unanswered(questions: int, kinds: int, shown: Sequence[tuple[int, Unanswered]]) -> str:
    """The groups that are largest, each by its newest question."""
    if not questions:
        return "Chưa có câu hỏi nào bị từ chối."
    rows = [f"{count} lần: {row.question}\n   {row.reason}" for count, row in shown]
    return "\n".join([f"{questions} câu chưa trả lời được, {kinds} nhóm; nhiều nhất:", *rows])


def health(status: Sequence[tuple[str, str]], hours: float, free: float) -> str:
    """`hours` since the start, `free` GiB on the disk."""
    rows = [
        *status,
        ("Đã chạy", f"{hours:.1f} giờ".replace(".", ",")),
        ("Đĩa còn", f"{free:.1f} GiB".replace(".", ",")),
    ]
    return "\n".join(f"{label}: {value}" for label, value in rows)


def moment(at: datetime) -> str:
    """
    >>> moment(datetime.fromisoformat("2026-01-02T18:04:05+00:00"))
    '01:04 ngày 03/01/2026'
    """
    return f"{at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def late(asked: datetime) -> str:
    """For an answer that had to wait, whatever the cause."""
    return f"Trả lời muộn: bạn hỏi lúc {moment(asked)}; xin lỗi đã để bạn đợi."


def link(username: str, key: str) -> str:
    """What opens a document in the chat with the bot; its start parameter may have 64 characters."""
    return f"Liên kết: https://t.me/{username}?start=d{key}"


def undone(id: str) -> str:
    return f"{id} đã trở lại bản trước."


def reading(name: str) -> str:
    return f"Đang đọc {name}…"


def removed(id: str) -> str:
    return f"Đã xóa {id}."


REINDEX_STOPPED = "Bot dừng khi đang lập chỉ mục; lúc chạy lại bot tự lập tiếp."


def incident(code: str) -> str:
    """For an error that nobody foresaw; the log has the details under the code."""
    return f"Có lỗi khi xử lý. Hãy thử lại; nếu vẫn lỗi, báo người quản trị mã sự cố {code}."


def smalltalk(text: str) -> str | None:
    """A kind word for one that asks nothing; None for everything else.

    >>> smalltalk("Xin chào!") == START, smalltalk("cam on ban nhe") == THANKS, smalltalk("chào hàng là gì?")
    (True, True, None)
    """
    bare = re.sub(r"[^\w ]", "", strip_marks(clean(text))).strip()
    if re.fullmatch(r"((xin )?chao( (ban|bot|ad|em|anh|chi|buoi sang|buoi chieu))?|hello|hi|alo|/?start)", bare):
        return START
    return THANKS if re.fullmatch(r"((xin )?cam on|thanks?|thank you|ok|oke|tot)( .{0,20})?", bare) else None
