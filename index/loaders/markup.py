"""XML from files of others: no entities, no network, no documents that declare their own types."""

from __future__ import annotations

from typing import Any

_MARKERS = (b"<!DOCTYPE", b"<!ENTITY")


def parse_xml(data: bytes) -> Any:
    """The root element. Raises ValueError or lxml's errors; depth and size have lxml's bounds."""
    from lxml import etree

    # Neither Word nor EPUB's package files declare types; entities that grow need to.
    if any(marker in data for marker in _MARKERS):
        raise ValueError("it declares a document type, as an entity bomb does")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:  # in UTF-16 the markers look different
        raise ValueError("it declares a document type, as an entity bomb does")
    return root


def local_name(element: Any) -> str:
    """The name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
