"""Levels, changes and targets: a figure of another role than the one asked for is told, not given."""

import pytest
from test_scope import ask

TARGET = ("Hậu Giang", "2016", "Phấn đấu đến năm 2017 đạt 240 điểm phục vụ bưu chính.")
LEVEL = ("Hậu Giang", "2016", "Toàn tỉnh hiện có 219 điểm phục vụ bưu chính.")
CHANGE = ("Hậu Giang", "2016", "Số điểm phục vụ bưu chính tăng 12 điểm so với năm 2015.")
BOTH = ("Hậu Giang", "2016", "Toàn tỉnh có 219 điểm phục vụ bưu chính, tăng 12 điểm; phấn đấu năm 2017 có 240 điểm.")


@pytest.mark.parametrize(
    ("question", "report", "says"),
    [
        ("Hậu Giang có bao nhiêu điểm phục vụ bưu chính?", TARGET, "chỉ nêu chỉ tiêu (240 điểm phục vụ bưu chính)"),
        ("hau giang co bao nhieu diem phuc vu buu chinh", TARGET, "chỉ nêu chỉ tiêu (240 điểm phục vụ bưu chính)"),
        ("Hậu Giang có bao nhiêu điểm phục vụ bưu chính?", CHANGE, "chỉ nêu mức tăng giảm (12 điểm)"),
        ("Điểm phục vụ bưu chính của Hậu Giang tăng bao nhiêu điểm?", LEVEL, "chỉ nêu tổng số (219 điểm"),
    ],
)
def test_the_other_role_is_told(question: str, report: tuple[str, str, str], says: str) -> None:
    given = ask(question, report)
    assert given.answer is None
    assert says in (given.reason or "")
    assert given.passages[0].passage.text == report[2]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Hậu Giang có bao nhiêu điểm phục vụ bưu chính?", "219 điểm phục vụ bưu chính"),
        ("Điểm phục vụ bưu chính của Hậu Giang tăng bao nhiêu điểm?", "12 điểm"),
        ("Hậu Giang phấn đấu có bao nhiêu điểm phục vụ bưu chính?", "240 điểm"),
    ],
)
def test_of_three_roles_in_a_sentence_the_asked_one_is_taken(question: str, answer: str) -> None:
    assert ask(question, BOTH).answer == answer


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "An Giang hỗ trợ đầu thu truyền hình cho bao nhiêu hộ nghèo?",
            "Khen thưởng 20 cá nhân có thành tích trong công tác hỗ trợ đầu thu truyền hình cho hộ nghèo.",
        ),
        ("Ai là Giám đốc Sở TT&TT An Giang?", "Ông Nguyễn Văn Bình – Phó Giám đốc Sở TT&TT phát biểu tại hội nghị."),
        ("Địa chỉ của Bưu điện tỉnh An Giang?", "Bưu điện tỉnh trả hồ sơ tận địa chỉ về thủ tục hành chính."),
        ("bạn là ai", "Ông Nguyễn Văn Bình – Trưởng Ban Tuyên giáo phát biểu tại Hội nghị."),
        ("ban la ai", "Ông Nguyễn Văn Bình – Trưởng Ban Tuyên giáo phát biểu tại Hội nghị."),
        # what was taken back, of another kind, or of words the other way round
        (
            "Năm 2017 các cơ sở phát hành ở An Giang phát hành mấy bản sách?",
            "Các cơ sở phát hành hoạt động ổn định, thu hồi 470 bản sách in lậu.",
        ),
        (
            "An Giang cấp bao nhiêu giấy phép xây dựng năm 2017?",
            "UBND tỉnh đã cấp 23 giấy phép khai thác khoáng sản; thu tiền cấp quyền 34 tỷ đồng.",
        ),
        (
            "An Giang giải quyết việc làm mới cho bao nhiêu lao động năm 2017?",
            "Công tác xuất khẩu lao động đạt kết quả khá với 8.470 lao động đi làm việc ở nước ngoài.",
        ),
        (
            "Năm 2017 An Giang thu hoạch được mấy tấn lúa?",
            "Sản lượng cả năm tăng khá, riêng vụ Hè Thu 54.200 tấn lúa.",
        ),
    ],
)
def test_another_thing_s_figure_or_another_s_office_is_no_answer(question: str, text: str) -> None:
    assert ask(question, ("An Giang", "2017", text)).answer is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Thu ngân sách của Hậu Giang năm 2016 là bao nhiêu?", "29.752 tỷ đồng"),
        ("thu ngan sach cua hau giang nam 2016 la bao nhieu", "29.752 tỷ đồng"),
        ("chi ngan sach cua hau giang nam 2016 la bao nhieu", "14.500 tỷ đồng"),
    ],
)
def test_opposites_are_told_apart(question: str, answer: str) -> None:
    text = "Tổng thu ngân sách nhà nước là 29.752 tỷ đồng, chi ngân sách 14.500 tỷ đồng."
    assert ask(question, ("Hậu Giang", "2016", text)).answer == answer


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "Hậu Giang nghiệm thu bao nhiêu nhiệm vụ KH&CN cấp tỉnh?",
            "Sở đã tổ chức nghiệm thu 20 nhiệm vụ khoa học và công nghệ cấp tỉnh, phê duyệt mới 10 nhiệm vụ.",
            "20 nhiệm vụ",
        ),
        (
            "so tap the duoc giam doc so tang giay khen o hau giang",
            "Giám đốc Sở tặng Giấy khen cho 64 tập thể có thành tích xuất sắc.",
            "64 tập thể",
        ),
        ("so sim bi thu giu o hau giang", "Thanh tra Sở kiểm tra 58 đại lý, thu giữ 6.947 SIM.", "6.947 SIM"),
        ("Hậu Giang có bao nhiêu SIM rác bị tịch thu?", "Thu hồi 16.265 SIM rác trên thị trường.", "16.265 SIM rác"),
        (
            "Số văn bằng bảo hộ cấp mới của Hậu Giang là bao nhiêu?",
            "Các tổ chức, cá nhân của tỉnh được cấp 381 văn bằng bảo hộ.",
            "381 văn bằng bảo hộ",
        ),
        ("Tổng thu ngân sách nhà nước của Hậu Giang?", "Thu NSNN trên địa bàn 12.345 tỷ đồng.", "12.345 tỷ đồng"),
        (
            "Tỷ lệ dịch vụ công trực tuyến có phát sinh hồ sơ của Hậu Giang?",
            "Tỷ lệ DVCTT có phát sinh hồ sơ trên tổng số DVCTT đang cung cấp của tỉnh đạt 69,5%, khối sở cao hơn khối "
            "huyện, xã; tỷ lệ hồ sơ nộp trực tuyến của cấp xã 18,6%.",
            "69,5%",
        ),
    ],
)
def test_words_are_read_as_they_were_meant(question: str, text: str, answer: str) -> None:
    given = ask(question, ("Hậu Giang", "2016", text)).answer or ""
    assert given.startswith(answer)


def test_new_countryside_is_no_change() -> None:
    text = "Số xã về đích nông thôn mới là 152 xã; phấn đấu năm sau thêm 8 xã."
    assert ask("Bao nhiêu xã nông thôn mới ở Hậu Giang?", ("Hậu Giang", "2016", text)).answer == "152 xã"
