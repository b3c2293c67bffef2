#!/usr/bin/env python3
"""Writes charset_single_byte.inc: what bytes 0x80 to 0xFF mean in the single-byte encodings of the Encoding Standard.

Usage: python3 charset_tables_gen.py > charset_single_byte.inc

Python's codecs agree with the standard but for two rules: bytes 0x80 to 0x9F (and 0xCA of windows-1255) that a Windows code
page leaves open keep a value, and koi8-u has the two letters of Belarusian. 0 marks a byte that means nothing.
"""
CODECS = {
    "ibm866": "cp866", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "windows-874": "cp874",
}
NAMES = """ibm866 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-10 iso-8859-13
iso-8859-14 iso-8859-15 iso-8859-16 koi8-r koi8-u macintosh windows-874 windows-1250 windows-1251 windows-1252
windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 x-mac-cyrillic""".split()
PATCHES = {("koi8-u", 0xAE): 0x45E, ("koi8-u", 0xBE): 0x40E, ("windows-1255", 0xCA): 0x5BA}


def meaning(name, byte):
    if (name, byte) in PATCHES:
        return PATCHES[name, byte]
    codec = CODECS.get(name, name.replace("windows-", "cp"))
    try:
        return ord(bytes([byte]).decode(codec))
    except UnicodeDecodeError:
        return byte if byte < 0xA0 and name.startswith("windows-") else 0


print("// Written by charset_tables_gen.py; do not edit. One row of 128 code points for each encoding, 0 for none.")
for name in NAMES:
    print("// " + name)
    print("{")
    for begin in range(0x80, 0x100, 16):
        print("    " + ", ".join("0x%04X" % meaning(name, byte) for byte in range(begin, begin + 16)) + ",")
    print("},")
