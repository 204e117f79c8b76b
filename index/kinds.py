"""What kind of answer a question asks for, read off its question words (diacritics play no part)."""

from enum import StrEnum

from corpus.text import pattern, sought


class Kind(StrEnum):
    """The kinds of answers that can be found in a passage."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    RANK = "rank"
    NUMBER = "number"  # of a document: 17/2019/QĐ-UBND
    DATE = "date"
    YEAR = "year"
    PERIOD = "period"
    PERSON = "person"
    ROLE = "role"
    PLACE = "place"
    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"
    ADDRESS = "address"
    NAME = "name"
    ENTITY = "entity"  # a body or thing of a sort that is named: "Sở Nội vụ"
    WHETHER = "whether"
    LIST = "list"
    CLAUSE = "clause"
    NONE = "none"  # no question word at all


FIGURES = frozenset({Kind.COUNT, Kind.MONEY, Kind.PERCENT, Kind.RANK})

_HOW_MANY = r"(?:bao nhieu|may)"
# After "bao nhiêu tỷ": money, where no unit follows as in "bao nhiêu triệu lượt".
_GOES_ON = r"(?:o|tai|trong|vao|cho|cua|tu|de|khi|la|thi|qua|nam|theo|doanh thu|chi phi|nhu|vay|nhi|a)\b"
# Of what is counted or paid; "tram" alone is a station, "ngan" also stands for "ngân sách", "ngân hàng".
MULTIPLIER = r"(?:tram (?=nghin|ngan|trieu|ty))?(?:nghin|ngan(?! (?:sach|hang))|trieu|ty|ti)"
_SUM = r"(?:tien|dong|nghin|ngan|trieu|ty|ti)\b"
_MONEY_HEAD = (
    r"doanh thu|kinh phi|ngan sach|so tien|tien phat|tien thuong|von|tong thu|tong chi|gia tri|thu nhap|kim ngach"
    r"|chi phi|loi nhuan|tong muc|du toan|muc dau tu|tien thue|thu thue|vien tro|du no|tien gui"
    r"|so du(?= (?:tien|no|tiet|quy|von|tai|cuoi|huy))|nop (?:ngan sach|thue|phat)"
)
_DOCUMENTS = (
    r"nghi dinh|nghi quyet|quyet dinh|thong tu|chi thi|ke hoach|cong van|van ban|giay phep|luat|thong bao|to trinh"
    r"|chuong trinh|huong dan|lenh|phap lenh|chi thi"
)
_ENTITY_HEADS = (
    r"co quan|don vi|to chuc|tap the|bo|cuc|chi cuc|tong cuc|trung tam|doanh nghiep|cong ty|tap doan|dai|mang xa hoi"
    r"|cong|phan mem|he thong|doan lien nganh|doan|hoi|vien|benh vien|ngan hang|huyen|xa|phuong|thi tran|thi xa"
    r"|cua khau"
)
_ENTITY_ASKED = rf"(?<!nhung )(?<!cac )\b(?P<head>so|{_ENTITY_HEADS})(?: \w+){{0,4}}? nao\b"
BODIES_ASKED = pattern(rf"\b(?:nhung|cac) (?:so|{_ENTITY_HEADS})(?: \w+){{0,4}}? nao\b")
ENTITY_ASKED = pattern(_ENTITY_ASKED)
PER = (  # "bác sĩ trên vạn dân"
    r"(?:\b(?:tren|moi|binh quan)(?: (?:mot|1))?|/) ?"
    r"(?P<many>(?:van|nghin|ngan|trieu|100|1\.000|10\.000|100\.000) dan)\b"
)
_MEASURE_NOUNS = "dien tich|san luong|nang suat|dan so|quy mo|mat do|khoi luong|cong suat|chieu dai|gia tri"
_MEASURES = (
    rf"{_MEASURE_NOUNS}|grdp|gdp|toc do|chi so|tong|thu nhap"
    r"|dan (?:trau|bo|lon|ga|vit|gia cam|gia suc)|luong|luot|thu|chi|von|muc|thoi (?:gian|luong)"
)
# First match wins: the surer a pattern tells its kind, the earlier it stands.
_PATTERNS: tuple[tuple[Kind, str, str], ...] = (  # with words one of which must be there
    (
        Kind.EMAIL,
        "mail|thu dien tu|hom thu",
        r"\b(e-?mail|thu dien tu|hom thu)\b.{0,40}\b(la gi|nao|gi|dia chi)|dia chi (e-?mail|thu dien tu)",
    ),
    (
        Kind.PHONE,
        "dien thoai|sdt|fax|duong day nong|hotline",
        r"(dien thoai|sdt|fax|duong day nong|hotline).{0,40}\b(la gi|la bao nhieu|so may|nao)\s*$|^so (dien thoai|fax)"
        r"|^(dien thoai|sdt|fax|hotline|duong day nong)\b(?!.*\b(may|bao nhieu) (?!so))",
    ),
    (
        Kind.WEBSITE,
        "website|trang web|cong thong tin|dia chi",
        r"(website|trang web|cong thong tin).{0,40}dia chi|dia chi (trang|website|cong)",
    ),
    (Kind.ADDRESS, "dia chi|tru so", r"dia chi|tru so\b.*\b(o|tai) dau"),
    (Kind.COUNT, " dan", rf"\b(?:ty|ti) le\b(?!.*(?:phan tram|%)).*{PER}"),
    (
        Kind.PERCENT,
        "phan tram|%|ty |ti ",
        rf"{_HOW_MANY} (phan tram|%)|\b(ty|ti) (le|trong)\b.*{_HOW_MANY}|{_HOW_MANY}\s*%",
    ),
    (
        Kind.RANK,
        "thu |hang ",
        rf"(?<!doanh )(?<!tong )(?<!dau )(?<!nghiem )(?<!tich )thu (may|bao nhieu)(?! {_SUM})|hang (may|bao nhieu|thu)",
    ),
    (Kind.RANK, "thu hang|vi thu", rf"\b(thu hang|vi thu)\b.*({_HOW_MANY}|nao)|^(thu hang|vi thu)\b"),
    (Kind.RANK, "xep |vi tri", r"xep hang|vi tri (nao|bao nhieu|may)|xep thu"),
    (
        Kind.NUMBER,
        " nao| gi|so may|so bao|so van ban|so hieu|so giay|so quyet|so nghi|so cong|so thong|so chi",
        rf"\b({_DOCUMENTS}) (nao|so may|gi)\b|\bso (?:van ban(?= (?:la|nao|gi)\b|$))|so hieu"
        rf"|(?<!tong )\bso {_HOW_MANY}\s*(?:$|[,.;(]|(?:cua|o|tai|ngay|la|the|vay|nhi|a|khong|va|do|duoc)\b)"
        rf"|\b({_DOCUMENTS})\b.{{0,40}}\bso nao\b"
        # "số giấy phép website": one has a number; but "số giấy phép đã cấp" are so many.
        r"|^so (giay phep|quyet dinh|nghi quyet|cong van|nghi dinh|thong tu|chi thi)\b"
        rf"(?!.*\b(cap|da|duoc|ban hanh|thu hoi|nam|{_HOW_MANY}|trong|moi|tong|la gi)\b|.*\b(?:o|tai)\s*$)",
    ),
    (
        Kind.DATE,
        "ngay|khi nao|luc nao|bao gio|hom nao|thoi |thang ",
        r"ngay (nao|may|bao nhieu)|khi nao|luc nao|bao gio|hom nao|thoi (gian|diem) nao|thang (nao|may)|ngay thang nao",
    ),
    (
        Kind.PERIOD,
        "giai doan|thoi ky|nhiem ky|nam nao|nam ",
        r"(giai doan|thoi ky|nhiem ky) nao|tu nam nao|trong (may|nhung) nam nao",
    ),
    (Kind.YEAR, "nam ", r"nam (nao|may|bao nhieu)"),
    (Kind.ROLE, "chuc|gi o ", r"chuc (vu|danh)|giu chuc|lam chuc|(lam|la) (chuc )?gi o (so|ubnd|tinh)"),
    (
        Kind.PERSON,
        "ai|nao|gi",
        r"^ai\b|\b(la|do|boi|co|cua|ten) ai\b|\bai (la|da|chu|lam|dung|ky|phat|chi|giu|trao)"
        r"|(ong|ba|nguoi|dong chi|(?<!don )vi|lanh dao|giam doc) nao"
        r"|\b(giam doc|chu tich|bi thu|truong (?:ban|phong)|chanh (?:van phong|thanh tra)|pho ban)\b.*\bten (la )?gi",
    ),
    (Kind.ENTITY, " nao", _ENTITY_ASKED),
    (Kind.PLACE, "dau|nao", r"o dau|tai dau|noi nao|(dia diem|dia ban|tinh|thanh pho|khu vuc) nao"),
    (
        Kind.MONEY,
        "bao nhieu|may|het",
        rf"{_HOW_MANY} (?:{MULTIPLIER} )*(?:tien|dong|usd|vnd|euro|do la|kinh phi|ngan sach|von)\b"
        rf"|{_HOW_MANY} (?:trieu|ty|ti) do\b"
        rf"|{_HOW_MANY} (?:{MULTIPLIER} )*{MULTIPLIER}(?: {_GOES_ON}|\s*(?:$|[,;:(]))|(?<!den )het {_HOW_MANY}\b",
    ),
    (Kind.COUNT, "may|bao nhieu|so luong", rf"\bmay (?!nay)\w+|{_HOW_MANY} \w+|so luong|{_HOW_MANY}$"),
    (Kind.COUNT, "la gi", r"(chi tieu|muc tieu|ty le|so luong|tong so)\b.* la gi"),
    (Kind.NAME, "ten|goi", r"ten (la )?gi|ten goi|goi la gi|co ten|mang ten"),
    (
        Kind.LIST,
        "nhung|cac |ke ten|liet ke",
        r"\b(gom|bao gom|co|la) nhung|\bnhung (?!nam)(\w+ ){0,4}(nao|gi)\b|\bcac (\w+ ){1,4}nao\b|ke ten|liet ke",
    ),
    (Kind.WHETHER, "khong|chua", r"(^| )co .*(khong|chua)$|(phai|dung|hay) khong$|(da|duoc) .*(khong|chua)$"),
    (Kind.CLAUSE, "bao gom|sao|nao|gi", r"\b(bao gom|vi sao|nhu the nao|the nao|tai sao|sao|gi|nao)\b"),
)
_SIGNS = tuple((kind, sought(words, rf"\b(?:{text})")) for kind, words, text in _PATTERNS)
MEASURE = pattern(rf"\b({_MEASURE_NOUNS})\b")  # what a figure is the size of, in words that stand in its label
MONEY_TOPIC = pattern(rf"\b({_MONEY_HEAD})\b")
# Questions without a question word: "số trạm BTS Hậu Giang 2016".
_HEADS = (
    (Kind.COUNT, pattern(rf"^(?:ty le|so) .*{PER}")),
    (Kind.PERCENT, pattern(r"\b(ty|ti) (le|trong)\b")),
    (Kind.RANK, pattern(r"^(?:xep )?hang\b(?! (?:hoa|muc|rao|nghin|tram|thang|nam|ngay)\b)")),
    (Kind.MONEY, MONEY_TOPIC),
    (Kind.MONEY, pattern(r"^(?:tong )?tien\b")),
    (
        Kind.MONEY,
        pattern(r"^(?:tong )?(?:xuat|nhap) khau(?: hang hoa)?\W*$|^thiet hai (?:do |vi )?(?:thien tai|bao|mua|lu)"),
    ),
    (Kind.COUNT, pattern(rf"^(tong )?so\b|\bso luong\b|^((ke hoach|muc tieu|chi tieu|tong) )?({_MEASURES})\b")),
    (
        Kind.PERSON,
        pattern(r"^((pho|quyen|tong) )*(giam doc|chu tich|bi thu|chanh (van phong|thanh tra)|truong (ban|phong))\b"),
    ),
)
# Words that questions are asked with and that much else is said with, too: "hợp vệ sinh" has a "ve".
_MAY_ASK = pattern(r"\b(la|gom|nhung|cai|dieu|viec(?! lam)|(?<!viec )lam|ve)\b")
# "Bao nhiêu di tích được xếp hạng" counts, "xếp hạng bao nhiêu" does not.
_RANKED_THINGS = pattern(
    rf"\b(?:{_HOW_MANY}|tong so|so luong|^so) (?!tren\b|trong\b|ca nuoc\b|tinh\b)(?:[a-z]+ ){{1,4}}?"
    r"(?:(?:da|duoc|cong nhan) )*xep hang\b"
)
_COUNTS = pattern(rf"^(?:tong so|so luong|so)\b(?! tien\b).*{_HOW_MANY} (?:{MULTIPLIER} ?)+$")
_RANKED = pattern(r"\b(?:thứ|hạng|xếp|vị trí)\b")
_BARE = pattern(r"bao nhieu\s*(?:$|(?:o|tai|trong|vao|so voi|cua|thi|nhi|vay)\b)")


def kind_of(stripped: str, folded: str = "") -> Kind:
    """The kind of answer that a question asks for, given without diacritics, provinces, periods and closing marks.

    `folded` is the same with its diacritics, if it has any.

    >>> [str(kind_of(q)) for q in ("doanh thu buu chinh la bao nhieu", "co bao nhieu tram", "la ai", "xin chao")]
    ['money', 'count', 'person', 'none']
    >>> str(kind_of("so van ban la gi")), str(kind_of("so van ban trao doi qua mang"))
    ('number', 'count')
    >>> str(kind_of("ty le ho dung nuoc hop ve sinh")), str(kind_of("hau giang noi gi ve hop ve sinh"))
    ('percent', 'clause')
    """
    for kind, known in _SIGNS:
        # "nghiệm thu bao nhiêu", where there are diacritics, is no "thứ bao nhiêu".
        if known(stripped) and not (kind is Kind.RANK and folded and not _RANKED().search(folded)):
            return _refined(kind, stripped)
    headed = next((kind for kind, head in _HEADS if head().search(stripped)), None)
    return headed or (Kind.CLAUSE if _MAY_ASK().search(stripped) else Kind.NONE)


def _refined(kind: Kind, stripped: str) -> Kind:
    """A bare "bao nhiêu" about revenue asks for money; about a share, for a percentage."""
    if kind is Kind.COUNT and _BARE().search(stripped) and MONEY_TOPIC().search(stripped):
        return Kind.MONEY
    if kind is Kind.RANK and _RANKED_THINGS().search(stripped):
        return Kind.COUNT
    if kind is Kind.RANK and "xep hang" in stripped and ENTITY_ASKED().search(stripped):
        return Kind.ENTITY  # "được bộ nào xếp hạng"
    if kind is Kind.MONEY and _COUNTS().search(stripped) and not MONEY_TOPIC().search(stripped):
        return Kind.COUNT  # "tổng số bưu gửi là mấy triệu"
    return kind
