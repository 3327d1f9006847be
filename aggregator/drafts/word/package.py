"""A .docx is a zip archive of XML: opened within bounds, before anything in it is parsed."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from aggregator.drafts.word.failures import DAMAGED, SAVE_AGAIN, SAVE_AS, TOO_DEEP, TOO_LARGE, WordError, make_error
from aggregator.drafts.word.kinds import find_disguise

MAX_MEMBERS = 4000
MAX_UNPACKED = 400 * 1024 * 1024
"""Bytes that all members say they unpack to."""

MAX_XML = 8 * 1024 * 1024
"""Bytes of all parts that are parsed, together: several times what the longest laws have, and no more than a worker can
read within its time."""

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", RELATIONS.rstrip("/").encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
"""Names of ISO's strict form -> those of the usual one (ISO/IEC 29500-1 and -4)."""

_DAMAGED = (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, KeyError, ValueError, RuntimeError)
"""What zipfile raises for a broken archive or member: a wrong header or sum, a version or method that it does not know
(NotImplementedError), a broken or short stream, a place outside the file (OSError, ValueError), no such member; for one
that is encrypted RuntimeError."""


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    """The last part of its type: "header", "image", "hyperlink", …"""
    target: str
    """Name of a member, or an address where `external`."""
    external: bool


class Package:
    """An opened document."""

    def __init__(self, data: bytes) -> None:
        """Raises WordError for whatever is no document that can be read."""
        if failure := find_disguise(data):
            raise WordError(failure.message, failure.remedy)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _DAMAGED as error:
            raise make_error(DAMAGED) from error
        if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
            raise make_error(TOO_LARGE)
        if any(one.flag_bits & 1 for one in members):
            raise WordError("这个文件加了密码，读不了，没有发布。", "请去掉密码，再保存一次。")
        self.names = frozenset(one.filename for one in members)
        self.parts: dict[str, etree._Element] = {}
        """Name -> XML of the members that were read, as it now is."""
        self._left = MAX_XML
        self.main = self._find_main()
        self.relations = self.read_relations(self.main)

    def _find_main(self) -> str:
        found = self.read_relations("")
        mains = [one.target for one in found.values() if one.kind == "officeDocument" and one.target in self.names]
        main = next(iter(mains), "word/document.xml")
        if main in self.names and main.startswith("word/"):
            return main
        if "mimetype" in self.names or "content.xml" in self.names:
            raise WordError("这其实是 OpenDocument（.odt）文件，只是改了扩展名，没有发布。", SAVE_AS)
        raise WordError("这个文件里没有 Word 正文（可能是表格、演示文稿或压缩包），没有发布。", SAVE_AS)

    def read(self, name: str) -> etree._Element | None:
        """The XML of a member; None where there is no such. Raises WordError."""
        if name in self.names and name not in self.parts:
            data = read_member(self._zip, name, self._left)
            self._left -= len(data)
            self.parts[name] = parse_xml(data)
        return self.parts.get(name)

    def read_relations(self, part: str) -> dict[str, Relation]:
        """Id -> relation of a part; "" is the package."""
        folder, name = posixpath.split(part)
        root = self.read(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for one in () if root is None else root.iter(_PACKAGE_RELATION):
            target, external = one.get("Target", ""), one.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[one.get("Id", "")] = Relation(posixpath.basename(one.get("Type", "")), target, external)
        return found

    def list_whole(self, relations: Mapping[str, Relation]) -> frozenset[str]:
        """The ids of those whose targets are there."""
        return frozenset(name for name, one in relations.items() if one.external or one.target in self.names)

    def find_part(self, kind: str) -> str:
        """The member that the main part is related to so; "" without one."""
        targets = (one.target for one in self.relations.values() if one.kind == kind and not one.external)
        return next((target for target in targets if target in self.names), "")


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """The bytes of a member. What is really unpacked counts, not what the archive says. Raises WordError."""
    try:
        info = archive.getinfo(name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise make_error(DAMAGED)
        with archive.open(info) as member:
            data = member.read(max(limit, 0) + 1)
    except _DAMAGED as error:
        raise make_error(DAMAGED) from error
    if len(data) > limit:
        raise make_error(TOO_LARGE)
    return data


def parse_xml(data: bytes) -> etree._Element:
    """Nothing is loaded from anywhere, no entity is resolved, and a document type is refused. Raises WordError."""
    if b"purl.oclc.org/ooxml" in data:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    # Word writes no document type; with one come entities that expand to millions of characters or read foreign files.
    if b"<!DOCTYPE" in data.replace(b"\0", b""):
        raise WordError("这个 Word 文件里有不该有的实体定义，为了安全没有读取。", SAVE_AGAIN)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise make_error(TOO_DEEP if "depth" in str(error).lower() else DAMAGED) from error
