"""XML of one shape: what is read, what is mended, what is cut, what is refused."""

from __future__ import annotations

import codecs

import pytest

from adapters.reading import markup
from importer.errors import ExportError

FIELDS = ("name", "score")


def read(data: bytes | str, encoding: str | None = None) -> markup.Reading:
    raw = data.encode() if isinstance(data, str) else data
    return markup.entries(raw, ("row",), FIELDS, "list.xml", encoding)


def values(data: bytes | str, encoding: str | None = None) -> list[tuple[str, ...]]:
    return [entry.values for entry in read(data, encoding).entries]


def test_fields_come_in_the_order_asked_for():
    """Order in the file, other elements, attributes and white space between them do not matter."""
    found = read(
        '<l v="1"><row a="b"> <score>8</score><other>x</other>\n<name>A</name></row><row/><foo><name>B</name></foo></l>'
    )
    assert [entry.values for entry in found.entries] == [("A", "8"), ("", "")]
    assert (found.repaired, found.cut) == (0, 0)


def test_cdata_references_and_nested_marks_are_text():
    """A field's text is all that stands within it."""
    assert values("<l><row><name><![CDATA[A & <b>]]> &amp; &#233;<i>t</i></name></row></l>") == [("A & <b> & ét", "")]


def test_a_nested_field_is_none():
    """A field counts as a child of its entry only, so that markup in a comment cannot set a score."""
    assert values("<l><row><score>3</score><note><score>9</score></note></row></l>") == [("", "3")]


def test_prefixes_do_not_matter():
    """A namespace prefix on elements changes nothing."""
    assert values('<x:l xmlns:x="urn:x"><x:row><x:name>A</x:name></x:row></x:l>') == [("A", "")]


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("iso-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("shift_jis", "shift_jis"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-8"),
    ],
)
def test_declared_encodings_are_read(declared: str, codec: str):
    """Also those that expat does not know, and a declaration that a re-save left behind."""
    title = "日本" if codec == "shift_jis" else "é½"
    text = f'<?xml version="1.0" encoding="{declared}"?><l><row><name>{title}</name></row></l>'
    data = text.encode(codec)
    if codec == "utf-16-le":
        data = codecs.BOM_UTF16_LE + data
    assert markup.root(data) == "l"
    assert values(data) == [(title, "")]


def test_an_encoding_asked_for_wins():
    """What the person says overrules the declaration."""
    assert values(
        '<?xml version="1.0" encoding="utf-8"?><l><row><name>é</name></row></l>'.encode("cp1252"), "cp1252"
    ) == [("é", "")]


@pytest.mark.parametrize("name", ["base64", "x-user-defined", "punycode", "utf-7"])
def test_an_unknown_encoding_is_refused(name: str):
    """An encoding that is none of text's is one clear line."""
    with pytest.raises(ExportError, match=r"list\.xml: is in an encoding that is not read"):
        read(f'<?xml version="1.0" encoding="{name}"?><l><row/></l>')


def test_what_sites_get_wrong_is_mended_and_told():
    """Bad bytes, control characters, HTML's entities and stray marks cost no row; the line of the first is told."""
    name = b"caf\xe9 \x02&nbsp;&eacute; A & B <3 &bogus; &#0; ]]>"
    data = b"<l>\n<row><name>" + name + b"</name><score>8</score></row>\n<row><name>&amp;</name></row></l>"
    found = read(data)
    assert found.repaired == 2
    assert found.complaint
    assert found.cut == 0
    assert [entry.values for entry in found.entries] == [
        ("caf\ufffd \u00a0é A & B <3 &bogus; \ufffd ]]>", "8"),
        ("&", ""),
    ]


def test_cdata_is_left_alone_by_the_repair():
    """An ampersand within CDATA is right as it is."""
    assert values("<l><row><name><![CDATA[A & B &eacute;]]></name><score>&</score></row></l>") == [
        ("A & B &eacute;", "&")
    ]


@pytest.mark.parametrize(
    "end", ["<row><name>B</na", "<row><name>B", "<row><name><![CDATA[B", "", "<!-- ", "<row><name>é"]
)
def test_a_file_cut_short_keeps_its_whole_entries(end: str):
    """What is whole is read; the cut is one more entry that is not whole, and a line."""
    data = ("<l>\n<row><name>A</name></row>\n" + end).encode()
    found = read(data[:-1] if end.endswith("é") else data)
    assert [(entry.values, entry.whole) for entry in found.entries] == [(("A", ""), True), (("", ""), False)]
    assert found.cut == 3


def test_a_cut_within_an_entry_keeps_its_whole_fields():
    """The entry that was cut says as much as could be read of it."""
    assert read("<l><row><name>A</name><score>8").entries == [markup.Entry("row", ("A", ""), whole=False)]


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE l [<!ENTITY a "b">]><l><row><name>&a;</name></row></l>',
        '<!DOCTYPE l SYSTEM "http://localhost/x.dtd"><l/>',
        '<!DOCTYPE l [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><l/>',
    ],
)
def test_a_document_type_is_refused(data: str):
    """No entity is ever declared, so none can grow or fetch anything."""
    with pytest.raises(ExportError, match="document type"):
        read(data)


def test_what_cannot_be_mended_is_refused_with_its_line():
    """Tags that do not match say where."""
    with pytest.raises(ExportError, match=r"list\.xml: is not well-formed at line 2: mismatched tag"):
        read("<l>\n<row><name>A</row></l>")
    with pytest.raises(ExportError, match="junk after document element"):
        read("<l></l>\n<l></l>")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<l>" + b"<a>" * 100_000, "levels deep"),
        (b"<l><row><name>" + b"<a>" * 100_000, "levels deep"),
        (b"<l>" + b"<a/>" * markup.TAGS, "more elements"),
        (b"<l><row>" + b"".join(b"<a%x/>" % i for i in range(markup.NAMES + 1)), "different elements"),
        (b"<l>" + b"".join(b"<a%x/>" % i for i in range(markup.NAMES + 1)), "different elements"),
        (b"<l " + b'a="" ' * (markup.EQUALS + 1), "attributes"),
        (b"<l><row><name>" + b"&" * 600_000 + b"</name></row></l>", "not well-formed XML in more than"),
    ],
)
def test_every_limit_is_one_clear_line(data: bytes, message: str):
    """Nesting, tags, names, attributes, entries and stray marks each have a bound."""
    with pytest.raises(ExportError, match=message):
        read(data)


def test_more_entries_than_the_limit_are_one_clear_line(monkeypatch: pytest.MonkeyPatch):
    """As many as the limit are read; the limit itself is 300,000."""
    assert markup.ENTRIES == 300_000
    monkeypatch.setattr(markup, "ENTRIES", 300)
    assert len(values(b"<l>" + b"<row/>" * 300 + b"</l>")) == 300
    with pytest.raises(ExportError, match="has more than 300 entries"):
        read(b"<l>" + b"<row/>" * 301 + b"</l>")


def test_a_huge_attribute_and_a_huge_text_are_read_in_passing():
    """Size alone is no fault."""
    assert values(b'<l><row x="' + b"a" * 4_000_000 + b'"><score>8</score></row></l>') == [("", "8")]
    assert values(b"<l><row><name>" + b"a" * 4_000_000 + b"</name></row></l>") == [("a" * 4_000_000, "")]


def test_a_root_is_told_from_the_head():
    """Comments and declarations may come first; other documents are not taken for one."""
    assert markup.root(b'<?xml version="1.0"?>\n<!-- <other> -->\n<!DOCTYPE x>\n<n:list a="1">') == "list"
    assert markup.root(b"<html><list></list></html>") == "html"
    assert markup.root(b'{"a": "<list>"}') == ""
    assert markup.root(b"<?xml" + b"?" * 60_000) == ""
    assert markup.root(b"") == ""
