"""The JSON of an answer has exactly the keys that the command line promises."""

from corpus.records import Document, Facts, Passage
from index.records import Answer, Cited

TEXT = "Tăng cao về hạ tầng trạm BTS (tăng 35 trạm)."


def test_answer_as_json_keeps_offsets_and_source() -> None:
    document = Document("hg", "hg.txt", "00", TEXT, Facts("Báo cáo", "Hậu Giang", "2016"))
    passage = Passage("hg", 0, 0, len(TEXT), 0, TEXT)
    start = TEXT.index("35 trạm")
    cited = Cited(1, 2.5, passage, document, (start, start + 7))
    reply = Answer("Bao nhiêu trạm?", "35 trạm", 0.9, None, (cited,)).as_json()
    assert list(reply) == ["question", "abstained", "reason", "answer", "confidence", "passages"]
    first = reply["passages"][0]
    low, high = first["highlight"]
    assert first["text"][low:high] == reply["answer"]
    assert not reply["abstained"]
    assert first["document"]["province"] == "Hậu Giang"
    assert first["document"]["period"] == "2016"


def test_a_reason_makes_an_answer_abstain() -> None:
    assert Answer("?", None, 0.0, "Không có báo cáo nào.").abstained
