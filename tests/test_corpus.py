"""The bundled reports and their passages: verbatim, in bounds, without litter, with the right facts."""

import json
import re
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ReportError
from corpus.facts import find_facts
from corpus.load import bundled, load
from corpus.passages import LIMIT, cut
from corpus.reader import find
from corpus.text import clean, fold, strip_marks

VIETNAMESE = st.text(
    st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệ .,;:()0123456789\n?!…/.–“”"), max_size=3000
)
LITTER = (
    "Skip portlet",
    "Responsive image",
    "A- A A+",
    "37.313",
    "ĐÁNH GIÁ BÀI VIẾT",
    "đánh giá",
    "Tin liên quan",
    ".jpg",
)


@pytest.fixture(scope="module")
def reports():
    return list(bundled())


def test_reports_are_the_five(reports) -> None:
    names = {p.name for p in files("corpus").joinpath("reports").iterdir() if p.name.endswith(".txt")}
    assert {report.file for report in reports} == names
    assert len(names) == 5


def test_passages_are_short_and_verbatim(reports) -> None:
    for report in reports:
        original = report.data.decode("utf-8")
        lengths = [end - start for start, end, _ in report.spans]
        assert max(lengths) <= LIMIT
        assert sum(length <= 300 for length in lengths) > 0.9 * len(lengths)
        assert all(report.text[start:end] in original for start, end, _ in report.spans)


def test_litter_makes_no_passage_but_the_address_does(reports) -> None:
    passages = [report.text[start:end] for report in reports for start, end, _ in report.spans]
    assert not [p for p in passages for litter in LITTER if litter in p and "đánh giá" not in litter]
    for wanted in (
        "Email: sotttt@angiang.gov.vn",
        "Địa chỉ: 01 Lê Hồng Phong, P. Mỹ Bình, TP Long Xuyên, tỉnh An Giang",
    ):
        assert wanted in passages


def test_facts_found_agree_with_the_manifest(reports) -> None:
    manifest = json.loads(files("corpus").joinpath("reports/manifest.json").read_text("utf-8"))
    for report in reports:
        found, _ = find_facts(report.file, report.text)
        known = manifest[report.file]
        assert (found.province, found.period, found.issuer) == (known["province"], known["period"], known["issuer"])
        assert found.title == known["title"]


@given(VIETNAMESE)
def test_spans_are_ordered_apart_and_within_limits(text: str) -> None:
    text = clean(text)
    last = 0
    for start, end, _ in cut(text):
        assert last <= start < end <= len(text)
        assert end - start <= LIMIT
        assert text[start:end].strip() == text[start:end]
        last = end


@given(VIETNAMESE)
def test_no_word_of_a_paragraph_is_lost(text: str) -> None:
    text = "Báo cáo " + clean(text).replace("\n", " ").replace("\u2024", "")
    kept = "".join(text[start:end] for start, end, _ in cut(text))
    assert [word for word in re.findall(r"[^\W\d_]{3,}", text) if word not in kept] == []


@given(st.text())
def test_cleaning_is_idempotent_and_folding_keeps_offsets(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert len(strip_marks(clean(text))) == len(clean(text))


@given(VIETNAMESE)
def test_folding_keeps_the_length_of_vietnamese(text: str) -> None:
    assert len(fold(clean(text))) == len(clean(text))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "không có chữ"),
        ("binary.txt", b"\x00\x01PK", "không phải văn bản"),
        ("old.txt", "Báo cáo".encode("cp1258", "ignore") + b"\xff", "UTF-8"),
        ("dots.txt", b"... ---", "không có câu"),
    ],
)
def test_bad_files_get_one_clear_line(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReportError, match=says) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_missing_path_and_folder_without_reports(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="Không tìm thấy"):
        find([tmp_path / "nowhere.txt"])
    with pytest.raises(ReportError, match="không có báo cáo"):
        find([tmp_path])


def test_a_run_of_dots_is_cut_quickly() -> None:
    text = "A." * 8000
    assert "".join(text[start:end] for start, end, _ in cut(text)).count("A") == 8000


@given(st.text(max_size=200) | VIETNAMESE)
def test_marks_are_stripped_as_unicode_says_and_offsets_stay(text: str) -> None:
    """The table's short way against the definition: the first character of each one's decomposition."""
    text = clean(text)
    plain = strip_marks(text)
    assert len(plain) == len(fold(text)) == len(text)
    for char, bare in zip(text, plain, strict=True):
        first = "d" if char in "đĐ" else unicodedata.normalize("NFD", char)[0].lower()
        assert bare == (first if len(first) == 1 else char)


@given(VIETNAMESE)
def test_folding_is_done_once_and_keeps_the_marks(text: str) -> None:
    folded = fold(clean(text))
    assert fold(folded) == folded
    assert _one_spelling(strip_marks(folded)) == _one_spelling(strip_marks(clean(text)))


def _one_spelling(stripped: str) -> str:
    return re.sub(r"\bquy\b", "qui", re.sub(r"\bty\b", "ti", stripped))
