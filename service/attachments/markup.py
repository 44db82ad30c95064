"""XML inside documents: read once from end to end, without declarations of types, without endless depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from service.attachments.archives import BROKEN, TOO_MUCH, Budget
from service.attachments.kinds import Refused

DEEPEST = 256
Element = Callable[[str, Mapping[str, str]], None]


class _Walker(ContentHandler):
    def __init__(self, budget: Budget, see: Element | None) -> None:
        super().__init__()
        self._budget, self._see, self._depth = budget, see, 0
        self._in_field = False
        self.fields: list[str] = []

    def startElement(self, name: str, attrs: Mapping[str, str]) -> None:  # type: ignore[override]  # noqa: N802 - SAX's own name
        self._depth += 1
        self._budget.elements -= 1
        if self._depth > DEEPEST or self._budget.elements < 0:
            raise Refused("bomb", TOO_MUCH)
        local = name.rpartition(":")[2]
        self._in_field = local == "instrText"
        if local == "fldSimple":
            self.fields += [f"{value} " for key, value in attrs.items() if key.endswith("instr")]
        if self._see is not None:
            self._see(name, attrs)

    def endElement(self, _name: str) -> None:  # noqa: N802 - SAX's own name
        self._depth -= 1
        self._in_field = False

    def characters(self, content: str) -> None:
        if self._in_field:
            self.fields.append(content)


def walk(source: Iterable[bytes], budget: Budget, see: Element | None = None) -> str:
    """The instructions of a document's fields, run together as Word reads them over the pieces they are cut into.

    ``see`` is told each element and its attributes. Raises Refused for what breaks the rules.

    It stops at the first declaration of a type: no entity that doubles itself, nothing fetched from elsewhere.
    """
    reader = DefusedExpatParser(forbid_dtd=True)
    walker = _Walker(budget, see)
    reader.setContentHandler(walker)
    try:
        for piece in source:
            reader.feed(piece)
        reader.close()
    except DefusedXmlException as error:
        raise Refused("bomb", "文件里的 XML 带有类型声明（DTD），不能上传；请用 Office 打开后另存一份") from error
    except (SAXParseException, UnicodeError, ValueError) as error:
        raise Refused("broken", BROKEN) from error
    return "".join(walker.fields)
