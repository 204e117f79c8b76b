"""Office files are zip archives of XML: checked before a parser sees them, lest a small file grow without end."""

import io
import zipfile
import zlib
from typing import IO
from xml.sax.handler import ContentHandler  # a handler; defusedxml parses  # nosec B406

from corpus.errors import ReportError

MOST_BYTES = 50 * 2**20  # unpacked
MOST_MEMBERS = 500
_DECLARED = "khai báo DTD hoặc thực thể XML, tệp văn phòng thường không có; không nạp vì không an toàn"


def check(data: bytes) -> frozenset[str]:
    """The names of the archive's members. Raises ReportError for what is damaged, too large, locked or unsafe."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
                raise ReportError(
                    f"Tệp giải nén quá lớn (hơn {MOST_BYTES // 2**20} MB hoặc {MOST_MEMBERS} phần); hãy chia nhỏ."
                )
            for member in members:
                if member.flag_bits & 1:
                    raise ReportError("Tệp có mật khẩu; hãy bỏ mật khẩu rồi nạp.")
                if member.filename.endswith((".xml", ".rels")):
                    _check_xml(archive.open(member))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, zlib.error) as error:
        raise ReportError("Tệp bị hỏng hoặc bị cắt; hãy lấy lại bản gốc.") from error
    return frozenset(member.filename for member in members)


def _check_xml(member: IO[bytes]) -> None:
    from xml.sax import SAXException  # an error; defusedxml parses  # nosec B406

    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parse

    with member:
        try:
            parse(member, ContentHandler(), forbid_dtd=True)
        except DefusedXmlException as error:
            raise ReportError(f"Tệp có {_DECLARED}.") from error
        except (SAXException, LookupError) as error:
            raise ReportError("Tệp bị hỏng (XML không đọc được); hãy lấy lại bản gốc.") from error
