"""The command line as people and scripts use it: processes, exit statuses, what goes where."""

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAIN = "Hậu Giang có bao nhiêu trạm BTS tăng?"


def test_the_main_question_in_an_empty_home(hoidap) -> None:
    done = hoidap("ask", MAIN)
    assert done.returncode == 0
    assert done.stdout.startswith("35 trạm\n")
    assert "(tăng »35 trạm«)" in done.stdout
    for part in ("Sở Thông tin và Truyền thông Hậu Giang", "27/12/2016", "hau-giang-2016.txt", "ký tự"):
        assert part in done.stdout
    assert "năm báo cáo" in done.stderr
    again = hoidap("ask", MAIN)
    assert again.stdout == done.stdout
    assert again.stderr == ""


def test_json_keeps_the_contract_and_the_order(hoidap) -> None:
    questions = [MAIN, "", "xin chào", "x" * 100_000, "Hau Giang co bao nhieu tram BTS tang"]
    done = hoidap("ask", "--json", "--top", "5", stdin="\n".join(questions))
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [reply["question"] for reply in replies] == [q for q in questions if q]
    assert [reply["abstained"] for reply in replies] == [False, True, True, False]
    for reply in replies:
        assert set(reply) == {"question", "abstained", "reason", "answer", "confidence", "passages"}
        assert (reply["reason"] is None) == (reply["answer"] is not None)
        assert 0 <= reply["confidence"] <= 1
    first = replies[0]
    cited = first["passages"][0]
    assert set(cited) == {"rank", "score", "text", "start", "end", "highlight", "document"}
    assert set(cited["document"]) == {"id", "file", "title", "province", "period", "issuer", "date", "url"}
    low, high = cited["highlight"]
    assert cited["text"][low:high] == first["answer"] == "35 trạm"
    original = (ROOT / "corpus/reports" / cited["document"]["file"]).read_text("utf-8")
    assert original[cited["start"] : cited["end"]] == cited["text"]
    assert len(first["passages"]) <= 5


def test_filters_restrict_the_search(hoidap) -> None:
    def files(*options: str) -> set[str]:
        done = hoidap("ask", "--json", "--top", "10", *options, "Có bao nhiêu trạm BTS?")
        return {p["document"]["id"] for p in json.loads(done.stdout)["passages"]}

    assert files("--province", "thai binh") == {"thai-binh-2019-q3"}
    assert files("--document", "hau-giang-2016") == {"hau-giang-2016"}
    assert files("--year", "2016") <= {"hau-giang-2016", "dak-lak-2017", "an-giang-2017"}


def test_a_reports_life(hoidap, tmp_path: Path) -> None:
    file = tmp_path / "tra-vinh.txt"
    file.write_text("Tỉnh Trà Vinh: kết quả năm 2021\n\nToàn tỉnh lắp đặt 512 camera giám sát.", "utf-8")
    added = hoidap("add", str(file), "--issuer", "UBND tỉnh Trà Vinh", "--date", "2022-01-05")
    assert added.returncode == 0
    assert "tra-vinh — Trà Vinh, kỳ 2021" in added.stdout
    answer = hoidap("ask", "Trà Vinh lắp bao nhiêu camera năm 2021?")
    assert answer.stdout.startswith("512 camera")
    assert "UBND tỉnh Trà Vinh · ngày 05/01/2022" in answer.stdout
    assert "tra-vinh" in hoidap("list").stdout
    assert "512 camera" in hoidap("show", "tra-vinh").stdout
    assert hoidap("verify").stdout.startswith("Mọi thứ khớp: 1 tài liệu")
    assert (
        "Đã có, không đổi" in hoidap("add", str(file), "--issuer", "UBND tỉnh Trà Vinh", "--date", "2022-01-05").stdout
    )
    assert "đã khớp" in hoidap("reindex").stdout
    assert "thế hệ 2" in hoidap("reindex", "--force").stdout
    copy = tmp_path / "copy.db"
    assert hoidap("backup", str(copy)).returncode == 0
    assert copy.exists()
    assert hoidap("remove", "tra-vinh").returncode == 0
    gone = json.loads(hoidap("ask", "--json", "Trà Vinh lắp bao nhiêu camera năm 2021?").stdout)
    assert gone["abstained"]
    assert "Tài liệu: 0" in hoidap("status").stdout


def test_eval_measures_a_file(hoidap) -> None:
    path = ROOT / "tests/golden/questions.jsonl"
    done = hoidap("eval", "--json", str(path))
    assert json.loads(done.stdout)[str(path)]["all"]["hit1"] >= 0.9
    assert "MRR@10" in hoidap("eval", str(path)).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", ""), "đang trống"),
        (("ask", "   "), "đang trống"),
        (("ask", "x" * 100_000), "1000 ký tự"),
        (("ask", "--province", "Atlantis", "Có gì?"), "Không có tỉnh"),
        (("ask", "--document", "khong-co", MAIN), "hoidap list"),
        (("add", "/nowhere/a.txt"), "Không tìm thấy"),
        (("add", "--period", "hôm qua", "/nowhere/a.txt"), "--period"),
        (("show", "khong-co"), "hoidap list"),
        (("remove", "khong-co"), "hoidap list"),
        (("eval", "/nowhere/q.jsonl"), "Không đọc được"),
        (("eval", str(ROOT / "README.md")), "không phải tệp câu hỏi"),
        (("bot",), "TELEGRAM_BOT_TOKEN"),
    ],
)
def test_errors_are_one_line_and_exit_1(hoidap, arguments: tuple[str, ...], says: str) -> None:
    hoidap("ask", MAIN)
    done = hoidap(*arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("hoidap: ")
    assert says in done.stderr


def test_nothing_to_index_is_told(hoidap) -> None:
    done = hoidap("reindex")
    assert (done.returncode, done.stdout) == (1, "")
    assert "hoidap add" in done.stderr


def test_only_question_words_is_no_error_but_no_answer(hoidap) -> None:
    reply = json.loads(hoidap("ask", "--json", "là bao nhiêu?").stdout)
    assert reply["abstained"]
    assert "chưa nêu" in reply["reason"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("ask", "--top", "0", "x"),
        ("ask", "--year", "19", "x"),
        ("add",),
        ("add", "--date", "2/1", "x"),
    ],
)
def test_wrong_usage_exits_2(hoidap, arguments: tuple[str, ...]) -> None:
    done = hoidap(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""


def test_bad_files_leave_good_ones_in(hoidap, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text("Tỉnh Bến Tre năm 2020 có 77 đài truyền thanh xã.", "utf-8")
    (folder / "b.txt").write_bytes(b"\x00\x01\x02")
    (folder / "c.txt").write_bytes(b"")
    done = hoidap("add", str(folder))
    assert done.returncode == 1
    assert "2 trong 3 tệp" in done.stderr
    assert hoidap("ask", "Bến Tre có bao nhiêu đài truyền thanh xã?").stdout.startswith("77 đài truyền thanh")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "không có báo cáo" in hoidap("add", str(empty)).stderr


def test_unusable_homes_and_databases_are_told(hoidap, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    other = tmp_path / "other.db"
    other.write_text("no database " * 1000)
    for environment in (
        {"HOIDAP_HOME": str(blocked / "home")},
        {"HOIDAP_HOME": "/proc/nowhere"},
        {"DATABASE_URL": f"sqlite:///{other}"},
        {"DATABASE_URL": "postgresql+nodriver://user:matkhau@host/db"},
        {"TELEGRAM_ADMIN_IDS": "chính tôi"},
        {"HOIDAP_ENGINE": "magic"},
    ):
        done = hoidap("ask", MAIN, **environment)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
        assert "matkhau" not in done.stderr


def test_an_index_that_is_damaged_is_made_again(hoidap, tmp_path: Path) -> None:
    hoidap("ask", MAIN)
    for path in (tmp_path / "home/index/generations").glob("*/passages-0.jsonl"):
        path.write_bytes(path.read_bytes()[:-50])
    done = hoidap("ask", MAIN)
    assert done.stdout.startswith("35 trạm")
    assert "lập chỉ mục" in done.stderr


def test_a_reader_that_goes_away_is_no_error(hoidap, tmp_path: Path) -> None:
    hoidap("ask", MAIN)
    environment = {"HOIDAP_EMBEDDINGS": "off", "HOIDAP_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    line = f"yes '{MAIN}' | head -200 | {sys.executable} -m bot ask --json | head -1"
    done = subprocess.run(["bash", "-c", line], env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_a_chat_on_a_terminal(tmp_path: Path) -> None:
    environment = {
        "HOIDAP_EMBEDDINGS": "off",
        "HOIDAP_HOME": str(tmp_path / "home"),
        "PATH": os.environ["PATH"],
        "TERM": "xterm",
        "COLUMNS": "100",
    }
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "ask"], stdin=child, stdout=child, stderr=child, env=environment, cwd=tmp_path
    )
    os.close(child)
    _read_until_prompt(parent)
    os.write(parent, f"{MAIN}\n".encode())
    seen = _read_until_prompt(parent)
    os.write(parent, b"\x04")
    assert process.wait(60) == 0
    os.close(parent)
    assert "35 trạm" in seen
    assert MAIN in (tmp_path / "home/history").read_text("utf-8")


def _read_until_prompt(terminal: int) -> str:
    """What was printed up to the next prompt: keys pressed before it would reach the terminal, not the program."""
    seen = b""
    while not seen.rstrip().endswith("Hỏi>".encode()):
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, seen.decode("utf-8", "replace")
        seen += os.read(terminal, 4096)
    return seen.decode("utf-8", "replace")
