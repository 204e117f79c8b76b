"""Lines that portals put around a report, never an answer: menus, counters, rating boxes, image names."""

import re

_LITTER = re.compile(
    r"""
    [\W\d_]*                                            # nothing but signs and digits
    | \S+\.(jpe?g|png|gif|bmp|webp|svg)                 # a picture's file name
    | responsive\ image | skip\ portlet.* | additional\ information | read\ more
    | a-\s+a\s+a\+.* | .*chia\ sẻ\ bài\ viết\ lên\ (facebook|twitter|zalo|google).* | .*cỡ\ chữ.*
    | (tăng|giảm)\ tương\ phản.*
    | .*đánh\ giá\ bài\ viết.* | tổng\ số\ điểm\ của\ bài\ viết.*
    | (các\ )?(tin|bài|video)\ (liên\ quan|khác|mới\ hơn|cũ\ hơn|hoạt\ động).* | các\ video\ khác.*
    | in | video | trở\ về | quay\ lại
    | thăm\ dò\ ý\ kiến.* | .*nội\ dung\ của\ website\ thế\ nào.* | thông\ tin\ trợ\ giúp | trang\ chủ | đang\ tải.*
    | trang\ đầu.* | .*xem\ tất\ cả.* | liên\ kết(\ website)? | bình\ luận.* | gửi\ email.*
    | (số\ )?(lượt\ truy\ cập|thống\ kê\ truy\ cập|đang\ online|khách\ online).*
    | (hôm\ nay|hôm\ qua|tuần\ này|tháng\ (này|trước|\d{1,2})|tất\ cả|năm\ \d{4}|trực\ tuyến)\s*:\s*[\d.,\s]+
    | ghi\ rõ\ nguồn.*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LISTING = re.compile(r"(.{0,160}\(\d{1,2}/\d{1,2}/\d{4}\)|\(.{0,20}\d{1,2}/\d{1,2}/\d{4}\))")


def is_litter(line: str) -> bool:
    """Whether a line says nothing of the report's own.

    >>> is_litter("Tháng 11 : 37.313"), is_litter("A- A A+ | Chia sẻ bài viết lên facebook")
    (True, True)
    >>> is_litter("Email: sotttt@angiang.gov.vn"), is_litter("Năm 2017: đạt 35 trạm BTS")
    (False, False)
    """
    return _LITTER.fullmatch(line.strip()) is not None


def is_dated_heading(line: str) -> bool:
    """A headline with its day of publication, such as lists of other articles have.

    >>> is_dated_heading("Phim tổng kết năm 2018. (21/01/2019)")
    True
    """
    return _LISTING.fullmatch(line.strip()) is not None
