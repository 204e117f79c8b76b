"""Parts, other times and other things beside what is asked for: none of their figures is the answer."""

import pytest
from test_scope import ask

from index.coverage import own_coverage
from index.question import understand
from index.records import Question
from index.words import read


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Hậu Giang năm 2016 có bao nhiêu giường bệnh?", "Bệnh viện đa khoa tỉnh có 680 giường bệnh."),
        (
            "Hậu Giang năm 2016 giải quyết bao nhiêu % đơn thư khiếu nại?",
            "Thành phố giải quyết 73,4% đơn thư khiếu nại tiếp nhận.",
        ),
        (
            "ho gia dinh co cap quang hau giang nam 2016 bao nhieu %",
            "Tại một huyện miền núi có 118 trạm BTS, 09 đài truyền thanh; 38,4% hộ gia đình có cáp quang.",
        ),
        (
            "Hậu Giang năm 2016 có bao nhiêu doanh nghiệp thành lập mới?",
            "Cấp đăng ký cho nhiều loại hình, riêng doanh nghiệp khởi nghiệp sáng tạo 26 doanh nghiệp.",
        ),
        (
            "Doanh thu viễn thông của Hậu Giang năm 2016?",
            "Trong 6 tháng đầu năm, chặn 7.650 lượt tấn công mạng; doanh thu viễn thông nửa đầu năm đạt 486 tỷ đồng.",
        ),
        (
            "Doanh thu viễn thông của Hậu Giang năm 2016?",
            "Thanh tra Sở xử phạt 19 tổ chức, tổng số tiền phạt là 422 triệu đồng, lĩnh vực viễn thông 61 triệu đồng.",
        ),
        ("Hậu Giang năm 2016 có bao nhiêu giáo viên?", "Ngành giáo dục còn thiếu 320 giáo viên so với định mức."),
        ("Hậu Giang năm 2016 có bao nhiêu phòng học?", "Các xã đã xóa 21 phòng học tạm, mượn."),
        ("Hậu Giang năm 2016 có bao nhiêu người nhập ngũ?", "Tỉnh đón 385 người xuất ngũ trở về địa phương."),
        ("Hậu Giang năm 2016 có mấy công ty mới mở?", "Xây mới 116 công trình vệ sinh trường học."),
        (
            "Hậu Giang năm 2016 xây bao nhiêu căn nhà ở xã hội?",
            "Cả nước năm 2016 đón 15 triệu lượt khách; xây 28.000 căn nhà ở xã hội.",
        ),
        ("Tỷ lệ đô thị hóa Hậu Giang 2016", "Hạ tầng được đầu tư; tỷ lệ đô thị hóa bình quân toàn quốc 44,3%."),
        (
            "Khách quốc tế Hậu Giang 2016",
            "Khu du lịch sinh thái đón 31.400 lượt khách, trong đó 2.860 lượt khách quốc tế.",
        ),
        ("Tỷ lệ hộ nghèo Hậu Giang 2016", "Huyện vùng cao còn 2.870 hộ nghèo, chiếm tỷ lệ 31,4% số hộ."),
        ("Hậu Giang năm 2016 có bao nhiêu bác sĩ?", "Bệnh viện khu vực điều trị 486 ca sốt xuất huyết; có 74 bác sĩ."),
        (
            "Hậu Giang năm 2016 cấp mới bao nhiêu giấy phép lái xe?",
            "Cấp 2.460 phù hiệu, đổi 12.800 giấy phép lái xe hết hạn.",
        ),
        ("Số vụ ma túy Hậu Giang 2016", "Sáu tháng đầu năm, công an các đơn vị bắt 97 vụ ma túy."),
        (
            "Hậu Giang năm 2016 hoàn thành bao nhiêu căn nhà ở xã hội?",
            "Có 11 dự án nhà ở xã hội với 7.640 căn theo quy hoạch; xây xong 2.048 căn, đang thi công 3.120 căn; nhà ở "
            "thương mại hoàn thành 4.210 căn.",
        ),
        (
            "van tai hanh khach hau giang nam 2016 bao nhieu luot khach",
            "Luân chuyển hành khách vận tải 1.240 triệu lượt khách.km.",
        ),
    ],
)
def test_a_part_or_another_thing_is_no_answer(question: str, text: str) -> None:
    assert ask(question, ("Hậu Giang", "2016", text)).answer is None


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (
            "Hậu Giang năm 2016 thu gom bao nhiêu % rác thải sinh hoạt đô thị?",
            "Rác thải sinh hoạt nông thôn được thu gom 71,6%; rác thải sinh hoạt ở đô thị được thu gom 82,6%.",
            "82,6%",
        ),
        (
            "Giải quyết việc làm Hậu Giang 2016?",
            "Trong năm đã giải quyết việc làm cho 22.860 lao động, đạt 106,2% kế hoạch (13.800 lao động).",
            "22.860 lao động",
        ),
        (
            "Hậu Giang năm 2016 có bao nhiêu trạm BTS?",
            "Trạm BTS: 2.259 trạm, tăng 4,9%; trong đó có 1.720 trạm phát sóng 4G.",
            "2.259 trạm",
        ),
        (
            "Tổng số người vào học nghề ở Hậu Giang năm 2016 là bao nhiêu?",
            "Số người vào học nghề là 9.860 người, người khuyết tật được học nghề 215 người.",
            "9.860 người",
        ),
        (
            "Doanh thu viễn thông của Hậu Giang năm 2016?",
            "Hoạt động của các doanh nghiệp trong ngành tăng trưởng, doanh thu viễn thông cả năm đạt 1.622 tỷ đồng; "
            "doanh thu bưu chính 412 tỷ đồng.",
            "1.622 tỷ đồng",
        ),
        (
            "so giuong benh cua hau giang nam 2016",
            "Các cơ sở y tế bố trí 2.866 giường bệnh; bệnh viện y học cổ truyền quy mô 180 giường, bệnh viện sản - nhi "
            "350 giường.",
            "2.866 giường bệnh",
        ),
        (
            "Số lượt khách đi xe buýt của Hậu Giang năm 2016 là bao nhiêu?",
            "Có 26,52 triệu lượt khách đi xe buýt; các bến cảng đón 0,52 triệu lượt khách.",
            "26,52 triệu lượt khách",
        ),
        ("Hậu Giang đứng thứ mấy trong 63 tỉnh về DTI năm 2016?", "DTI của tỉnh xếp thứ 32/63.", "thứ 32/63"),
        (
            "Đến cuối năm 2016 Hậu Giang có bao nhiêu di tích được xếp hạng?",
            "Tỉnh có 15 di tích được xếp hạng.",
            "15 di tích",
        ),
        (
            "Bao nhiêu xã của Hậu Giang đạt chuẩn năm 2016?",
            "Công nhận lại 53 xã, nâng tổng số xã đạt chuẩn của tỉnh lên 54/54 xã.",
            "54/54 xã",
        ),
        ("Phòng học xây mới Hậu Giang 2016", "Trong năm xây mới 112 phòng học.", "112 phòng học"),
        ("Tổng số CKS Hậu Giang cuối năm 2016", "Toàn tỉnh đã cấp 21.600 chữ ký số.", "21.600 chữ ký số"),
        (
            "Hậu Giang năm 2016 trồng được bao nhiêu héc-ta rừng?",
            "Diện tích rừng trồng mới đạt 1.225 ha, tăng 5,6%.",
            "1.225 ha",
        ),
        (
            "Tỷ lệ trẻ dưới 5 tuổi suy dinh dưỡng của Hậu Giang năm 2016?",
            "Tỷ lệ trẻ em dưới 5 tuổi suy dinh dưỡng còn 12,4%.",
            "12,4%",
        ),
        (
            "Hậu Giang năm 2016 có bao nhiêu trẻ hoàn cảnh đặc biệt được trợ giúp?",
            "Trẻ em có hoàn cảnh đặc biệt được trợ giúp: 9.126 trẻ em.",
            "9.126 trẻ em",
        ),
        ("Cần Thơ năm 2016 có bao nhiêu trạm BTS?", "Thành phố có 1.204 trạm BTS.", "1.204 trạm BTS"),
    ],
)
def test_the_whole_is_taken(question: str, text: str, answer: str) -> None:
    province = "Cần Thơ" if question.startswith("Cần Thơ") else "Hậu Giang"
    assert ask(question, (province, "2016", text)).answer == answer


def test_what_a_clause_says_anew_it_takes_from_none_before() -> None:
    text = "Các nhà mạng khóa 4.734 thuê bao phát tán tin nhắn rác; chuẩn hóa thông tin 58.400 thuê bao."
    asked = understand(Question("Số thuê bao phát tán tin nhắn rác bị khóa"))
    weights = {term.word: term.weight for term in asked.terms}

    def cover(figure: str) -> float:
        start = text.index(figure)
        return own_coverage(read(text), range(start, start + len(figure)), {}, asked, weights)

    assert cover("4.734 thuê bao") > 0.8
    assert cover("58.400 thuê bao") < 0.4
