"""Reports by chat: admins send, correct, read and remove them; others cannot."""

import sys
from pathlib import Path

import pytest
from bots import ADMIN, USER, edited, said, serving

from bot.wiring import Program
from corpus.load import make

pytestmark = pytest.mark.usefixtures("mode")
REPORT = "Báo cáo năm 2018 của tỉnh Bến Tre.\n\nToàn tỉnh có 77 điểm phục vụ bưu chính."


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For the reindex that runs as a process of its own."""
    monkeypatch.setenv("HOIDAP_HOME", str(tmp_path))
    monkeypatch.setenv("HOIDAP_EMBEDDINGS", "off")


COMMAND = [sys.executable, "-m", "bot", "reindex"]


async def test_a_file_is_loaded_corrected_and_answers(program: Program) -> None:
    async with serving(program, command=COMMAND) as bot:
        await bot.emulator.upload(ADMIN, "ben-tre.txt", REPORT.encode())
        told = (await bot.answers(ADMIN, 2))[0]
        assert "Đã lập chỉ mục" in await edited(bot, 1, ADMIN)
        assert "Đã nạp: 2 đoạn" in told
        assert "Tỉnh: Bến Tre" in told
        await bot.emulator.say(USER, "Bến Tre năm 2018 có bao nhiêu điểm phục vụ bưu chính?")
        assert (await bot.answers(USER))[0].startswith("<b>77 điểm phục vụ bưu chính</b>")
        before = {"message_id": 3, "date": 1, "text": "Mã: ben-tre", "chat": {"id": ADMIN, "type": "private"}}
        before["from"] = {"id": bot.emulator_id, "is_bot": True, "first_name": "B"}
        await bot.emulator.say(ADMIN, "tỉnh: Trà Vinh; kỳ: 2019", reply_to_message=before)
        assert "Tỉnh: Trà Vinh (người nạp cho biết)" in (await bot.answers(ADMIN, 3))[2]
        assert "Đã lập chỉ mục" in await edited(bot, 2, ADMIN)
    acts = [act[1:] for act in program.store.desk.acts()]
    assert acts == [("reindex", ""), ("correct", "ben-tre"), ("reindex", ""), ("add", "ben-tre")]
    assert program.store.document("ben-tre").facts.period == "2019"


@pytest.mark.parametrize(
    ("name", "data", "size", "says"),
    [
        ("a.pdf", b"%PDF-1.7", None, "PDF bị hỏng"),
        ("a.txt", b"", None, "không có chữ nào"),
        ("a.txt", b"x", 30 * 2**20, "lớn hơn 20 MB"),
        ("../../etc/passwd", b"\xff\xfe\x00", None, "không phải văn bản"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_its_reason(
    program: Program, name: str, data: bytes, size: int | None, says: str
) -> None:
    async with serving(program) as bot:
        await bot.emulator.upload(ADMIN, name, data, size)
        assert says in (await bot.answers(ADMIN))[0]
        assert size is None or not any(call == "getFile" for call, _ in bot.emulator.calls)
    assert program.store.counts()["documents"] == 5


async def test_others_files_are_not_taken(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.upload(USER, "ben-tre.txt", REPORT.encode())
        assert "chỉ đọc được chữ" in (await bot.answers(USER))[0]
        await bot.emulator.say(USER, "/tailieu")
        assert "người quản trị" in (await bot.answers(USER, 2))[1]
    assert program.store.counts()["documents"] == 5


async def test_documents_are_shown_and_removed_after_asking(program: Program) -> None:
    async with serving(program, command=COMMAND) as bot:
        await bot.emulator.say(ADMIN, "/tailieu")
        assert "5 tài liệu" in (await bot.answers(ADMIN))[0]
        shelf = bot.emulator.buttons(ADMIN)
        (chosen,) = [data for text, data in shelf.items() if text.startswith("Thái Bình")]
        await bot.emulator.press(USER, chosen.replace(":s:", ":X:"), 7)
        assert "hết hạn" in await said(bot, 1)
        await bot.emulator.press(ADMIN, chosen, 7)
        assert "Kỳ: quý III/2019" in await edited(bot, 1, ADMIN)
        await bot.emulator.press(ADMIN, bot.emulator.buttons(ADMIN)["Xóa"], 7)
        assert "Xóa hẳn" in await edited(bot, 2, ADMIN)
        await bot.emulator.press(ADMIN, bot.emulator.buttons(ADMIN)["Xóa hẳn"], 7)
        assert "Đã xóa thai-binh-2019-q3" in await edited(bot, 3, ADMIN)
        assert "Đã lập chỉ mục" in await edited(bot, 4, ADMIN)
    assert program.store.counts()["documents"] == 4
    assert len(program.generation().documents) == 4


async def test_the_version_before_comes_back_by_a_button(program: Program) -> None:
    for figure in ("77", "81"):
        program.store.put(make("ben-tre.txt", REPORT.replace("77", figure).encode(), {}))
    async with serving(program, command=COMMAND) as bot:
        await bot.emulator.say(ADMIN, "/tailieu")
        await bot.answers(ADMIN)
        shelf = bot.emulator.buttons(ADMIN)
        (chosen,) = [data for text, data in shelf.items() if text.startswith("Bến Tre")]
        await bot.emulator.press(ADMIN, chosen, 7)
        await edited(bot, 1, ADMIN)
        await bot.emulator.press(ADMIN, bot.emulator.buttons(ADMIN)["Bản trước"], 7)
        assert "ben-tre đã trở lại bản trước" in await edited(bot, 2, ADMIN)
        assert "Đã lập chỉ mục" in await edited(bot, 3, ADMIN)
        assert "77 điểm" in program.store.document("ben-tre").text
    assert [act for _, act, _ in program.store.desk.acts()] == ["reindex", "undo"]


async def test_a_long_read_is_spoken_of_and_its_end_told_in_the_same_message(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.library._PATIENCE", 0.0)
    async with serving(program, command=COMMAND) as bot:
        await bot.emulator.upload(ADMIN, "ben-tre.txt", REPORT.encode())
        assert (await bot.answers(ADMIN))[0] == "Đang đọc ben-tre.txt…"
        assert "Đã nạp: 2 đoạn" in await edited(bot, 1, ADMIN)
        await bot.emulator.upload(ADMIN, "hong.pdf", b"%PDF-1.7")
        await bot.until(lambda: any("PDF bị hỏng" in text for text in bot.emulator.sent(ADMIN, "editMessageText")))
