"""The `hoidap` command: arguments in, exit status out."""

import argparse
import gc
import os
import re
import sys
from contextlib import closing
from pathlib import Path

from corpus.disk import cause
from corpus.errors import HoidapError

ROLES = ("level", "change", "share", "rank", "target")  # of figures, as index.roles has them


def main() -> None:
    """Run the command line; exit status 0 done, 1 an error with one line on standard error, 2 wrong usage."""
    gc.set_threshold(50_000)  # collections while modules load find nothing, and cost a tenth of a cold question
    os.umask(0o077)  # whatever is written, also by libraries and child processes, is its owner's alone
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Vietnamese whatever the locale; what is no UTF-8 must not stop a batch.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Do what the arguments say and give the exit status."""
    options = parser().parse_args(arguments)
    try:
        return _dispatch(options)
    except HoidapError as error:
        _complain(str(error))
    except KeyboardInterrupt:
        _complain("đã dừng.")
    except BrokenPipeError:
        # The reader went away ("| head"); close quietly without a second complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _complain(f"{cause(error)}{f' ({error.filename})' if error.filename else ''}.")
    except Exception as error:
        from bot.incidents import report

        _complain(report(error))
    return 1


def _complain(text: str) -> None:
    """One line; names and questions may hold what a terminal would obey."""
    from corpus.text import clean

    print("hoidap:", " ".join(clean(text).splitlines()), file=sys.stderr)


def _dispatch(options: argparse.Namespace) -> int:
    from bot.commands import COMMANDS
    from bot.config import load_settings
    from bot.wiring import Program

    with closing(Program(load_settings())) as program:
        return COMMANDS[options.command](program, options)


def parser() -> argparse.ArgumentParser:
    """All commands and options, with their help in Vietnamese."""
    top = argparse.ArgumentParser(
        prog="hoidap", description="Hỏi đáp số liệu trong báo cáo của các tỉnh: trích nguyên văn, có nguồn."
    )
    top.add_argument("--version", action=_Version, nargs=0, help="phiên bản của chương trình")
    commands = top.add_subparsers(dest="command", required=True, metavar="LỆNH")
    _add_ask(commands.add_parser("ask", help="trả lời câu hỏi (không có câu hỏi: trò chuyện, hoặc mỗi dòng một câu)"))
    _add_compare(commands.add_parser("compare", help="một chỉ tiêu qua các tỉnh, các năm, mỗi số liệu có trích dẫn"))
    _add_add(commands.add_parser("add", help="nạp báo cáo rồi cập nhật chỉ mục"))
    commands.add_parser("list", help="các tài liệu đã nạp")
    commands.add_parser("show", help="một tài liệu và các đoạn của nó").add_argument("id", metavar="MÃ")
    commands.add_parser("history", help="các bản trước của một tài liệu").add_argument("id", metavar="MÃ")
    commands.add_parser("undo", help="đưa một tài liệu về bản trước").add_argument("id", metavar="MÃ")
    commands.add_parser("reread", help="đọc lại mọi tài liệu từ tệp gốc trong kho")
    removed = commands.add_parser("remove", help="xóa tài liệu rồi cập nhật chỉ mục")
    removed.add_argument("ids", nargs="+", metavar="MÃ")
    reindexed = commands.add_parser("reindex", help="lập lại chỉ mục từ cơ sở dữ liệu")
    reindexed.add_argument("--force", action="store_true", help="lập lại cả khi không đổi hoặc khi mất nhiều tài liệu")
    reindexed.add_argument("--steps", action="store_true", help="in tiến độ từng dòng, cho chương trình khác đọc")
    measured = commands.add_parser("eval", help="chấm câu trả lời theo tệp câu hỏi có đáp án")
    measured.add_argument("files", nargs="+", type=Path, metavar="TỆP")
    measured.add_argument("--json", action="store_true", help="in một đối tượng JSON")
    commands.add_parser("status", help="tình trạng cơ sở dữ liệu và chỉ mục")
    commands.add_parser("verify", help="tính lại và đối chiếu mọi tài liệu, mọi đoạn")
    commands.add_parser("backup", help="sao lưu cơ sở dữ liệu ra tệp").add_argument("file", type=Path, metavar="TỆP")
    copied = commands.add_parser("copy", help="chép toàn bộ cơ sở dữ liệu vào TARGET_DATABASE_URL")
    copied.add_argument("--force", action="store_true", help="xóa cả những gì đích có mà nguồn không có")
    commands.add_parser("bot", help="chạy bot Telegram")
    return top


class _Version(argparse.Action):
    """Looks the version up only when it is asked for, which takes longer than many a question."""

    def __call__(self, parser: argparse.ArgumentParser, *given: object) -> None:
        from importlib.metadata import version

        parser.exit(message=f"hoidap {version('hoidap')}\n")


def _add_ask(ask: argparse.ArgumentParser) -> None:
    ask.add_argument("question", nargs="?", metavar="CÂU_HỎI")
    ask.add_argument("--json", action="store_true", help="mỗi câu một dòng JSON")
    ask.add_argument("--top", type=_passages, default=3, metavar="N", help="số đoạn kèm theo, 1–50 (mặc định 3)")
    ask.add_argument("--province", metavar="TÊN", help="chỉ tìm trong báo cáo của tỉnh này")
    ask.add_argument("--year", type=_year, metavar="NĂM", help="chỉ tìm số liệu của năm này")
    ask.add_argument("--document", metavar="MÃ", help="chỉ tìm trong tài liệu này")


def _add_compare(compare: argparse.ArgumentParser) -> None:
    compare.add_argument("indicator", metavar="CHỈ_TIÊU", help="ví dụ: “doanh thu bưu chính”, hoặc cả câu hỏi")
    compare.add_argument("--province", action="append", default=[], metavar="TÊN", help="chỉ tỉnh này (nhiều lần được)")
    compare.add_argument("--year", action="append", default=[], type=_year, metavar="NĂM", help="chỉ năm này")
    compare.add_argument("--role", choices=ROLES, help="loại số liệu: thực hiện, tăng giảm, tỷ lệ, thứ hạng, chỉ tiêu")
    compare.add_argument("--csv", type=Path, metavar="TỆP", help="ghi bảng ra tệp CSV cho Excel")
    compare.add_argument("--chart", type=Path, metavar="TỆP.png", help="vẽ biểu đồ ra tệp PNG")
    compare.add_argument("--json", action="store_true", help="mỗi số liệu một dòng JSON")


def _add_add(add: argparse.ArgumentParser) -> None:
    add.add_argument("paths", nargs="+", type=Path, metavar="TỆP", help="tệp báo cáo hoặc thư mục")
    for name, text in (
        ("province", "tỉnh"),
        ("period", "kỳ báo cáo: 2016, quý III/2019…"),
        ("issuer", "cơ quan ban hành"),
        ("title", "tên báo cáo"),
        ("url", "địa chỉ trang"),
    ):
        add.add_argument(f"--{name}", metavar="GIÁ_TRỊ", help=f"{text} (thay cho điều tìm thấy)")
    add.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="ngày công bố (thay cho điều tìm thấy)")


def _passages(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 50:
        raise argparse.ArgumentTypeError(f"“{text}” không phải số từ 1 đến 50")
    return int(text)


def _year(text: str) -> int:
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise argparse.ArgumentTypeError(f"“{text}” không phải năm bốn chữ số")
    return int(text)


def _day(text: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” không phải ngày dạng YYYY-MM-DD") from None


if __name__ == "__main__":
    main()
