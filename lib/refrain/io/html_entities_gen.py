#!/usr/bin/env python3
"""Writes html_entities.inc: the named character references of HTML, from Python's own table.

Usage: python3 html_entities_gen.py > html_entities.inc

One row for each name that ends in a semicolon (left out): name, text in UTF-8, and whether pages may also write it
without the semicolon. Rows are sorted bytewise, as the look-up needs them.
"""
from html.entities import html5


def quoted(text):
    """A C string literal of the UTF-8 bytes; octal, since hexadecimal escapes would swallow a following digit."""
    return '"' + "".join("\\%03o" % byte for byte in text.encode("utf-8")) + '"'


print("// Written by html_entities_gen.py; do not edit. {name, text, may stand without semicolon}")
names = sorted(name[:-1] for name in html5 if name.endswith(";"))
for name in names:
    legacy = name in html5
    assert not legacy or html5[name] == html5[name + ";"]
    print('{"%s", %s, %s},' % (name, quoted(html5[name + ";"]), "true" if legacy else "false"))
