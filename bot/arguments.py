"""The arguments of every command, with their help in Vietnamese."""

import argparse
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

_WIDTH = 78  # of usage beside an error
ROLES = ("level", "change", "share", "rank", "target")  # of figures, as index.roles has them


def parser(given: Sequence[str] = ()) -> argparse.ArgumentParser:
    """All commands, or the one alone that is `given`: making those of the others takes longer than many a question."""
    # argparse asks shutil how wide the terminal is even where no help is wanted, which brings compressors.
    helping = not {"-h", "--help"}.isdisjoint(given)
    formatter = partial(argparse.HelpFormatter, width=None if helping else _WIDTH)
    about = "Hỏi đáp số liệu trong báo cáo của các tỉnh: trích nguyên văn, có nguồn."
    top = argparse.ArgumentParser(prog="hoidap", description=about, formatter_class=formatter)
    top.add_argument("--version", action=_Version, nargs=0, help="phiên bản của chương trình")
    commands = top.add_subparsers(dest="command", required=True, metavar="LỆNH", prog="hoidap")
    wanted = given[:1] if given and given[0] in _COMMANDS else _COMMANDS
    for name in wanted:
        help, add = _COMMANDS[name]
        add(commands.add_parser(name, help=help, formatter_class=formatter))
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


def _add_nothing(command: argparse.ArgumentParser) -> None:
    pass


def _add_id(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="MÃ")


def _add_remove(remove: argparse.ArgumentParser) -> None:
    remove.add_argument("ids", nargs="+", metavar="MÃ")


def _add_reindex(reindex: argparse.ArgumentParser) -> None:
    reindex.add_argument("--force", action="store_true", help="lập lại cả khi không đổi hoặc khi mất nhiều tài liệu")
    reindex.add_argument("--steps", action="store_true", help="in tiến độ từng dòng, cho chương trình khác đọc")


def _add_eval(measure: argparse.ArgumentParser) -> None:
    measure.add_argument("files", nargs="+", type=Path, metavar="TỆP")
    measure.add_argument("--json", action="store_true", help="in một đối tượng JSON")


def _add_backup(backup: argparse.ArgumentParser) -> None:
    backup.add_argument("file", type=Path, metavar="TỆP")


def _add_copy(copy: argparse.ArgumentParser) -> None:
    copy.add_argument("--force", action="store_true", help="xóa cả những gì đích có mà nguồn không có")


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


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "ask": ("trả lời câu hỏi (không có câu hỏi: trò chuyện, hoặc mỗi dòng một câu)", _add_ask),
    "compare": ("một chỉ tiêu qua các tỉnh, các năm, mỗi số liệu có trích dẫn", _add_compare),
    "add": ("nạp báo cáo rồi cập nhật chỉ mục", _add_add),
    "list": ("các tài liệu đã nạp", _add_nothing),
    "show": ("một tài liệu và các đoạn của nó", _add_id),
    "history": ("các bản trước của một tài liệu", _add_id),
    "undo": ("đưa một tài liệu về bản trước", _add_id),
    "reread": ("đọc lại mọi tài liệu từ tệp gốc trong kho", _add_nothing),
    "remove": ("xóa tài liệu rồi cập nhật chỉ mục", _add_remove),
    "reindex": ("lập lại chỉ mục từ cơ sở dữ liệu", _add_reindex),
    "eval": ("chấm câu trả lời theo tệp câu hỏi có đáp án", _add_eval),
    "status": ("tình trạng cơ sở dữ liệu và chỉ mục", _add_nothing),
    "verify": ("tính lại và đối chiếu mọi tài liệu, mọi đoạn", _add_nothing),
    "backup": ("sao lưu cơ sở dữ liệu ra tệp", _add_backup),
    "copy": ("chép toàn bộ cơ sở dữ liệu vào TARGET_DATABASE_URL", _add_copy),
    "bot": ("chạy bot Telegram", _add_nothing),
}
