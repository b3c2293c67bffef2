"""ExtractHtml against a walk over html5lib's tree, in the manner of a browser's innerText: the same lines and
titles.

html5lib and Gumbo were written apart from each other and from ours, so what all three read alike is what the
standard says. html_gumbo_test.cc tells where a reader without a tree must differ and what keeps that out of
these pages. Where html5lib 1.1 itself departs from the standard:
- It knows no template: pages with one are passed over.
- It does not count summary and figcaption among the special elements, through which the end tag of an inline
  element does not reach: mended here.

Usage: html_html5lib_test.py HTML_TEXTS, the program that prints pages and our texts of them.
"""

import json
import re
import subprocess
import sys

import html5lib

PAGES = 6000  # random ones of each kind
HTML, MATH = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/1998/Math/MathML}"

html5lib.html5parser.specialElements |= {(HTML[1:-1], "summary"), (HTML[1:-1], "figcaption")}

BLOCKS = set("address article aside blockquote br caption center dd details dialog dir div dl dt fieldset figcaption "
             "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol p "
             "plaintext pre search section summary table tbody textarea tfoot thead tr ul xmp".split())
NEVER_SHOWN = set("applet audio canvas datalist head iframe meter noembed noframes noscript object optgroup option "
                  "progress rp script select style svg template title video".split())
PREFORMATTED = {"listing", "plaintext", "pre", "textarea", "xmp"}
WHITE = " \t\n\r\f"


def declared(element, name):
    """The value of the last declaration of a property in the element's own style."""
    value = ""
    for declaration in element.get("style", "").split(";"):
        key, colon, said = declaration.partition(":")
        if colon and key.strip(WHITE).lower() == name:
            value = said.partition("!")[0].strip(WHITE).lower()
    return value


class Text:
    """Lines of cells, with white space collapsed."""

    def __init__(self):
        self.text, self.cells, self.cell = "", [], ""

    def add(self, text, pre):
        for c in text:
            if c not in WHITE:
                self.cell += c
            elif pre and c in "\n\r":
                self.end_line()
            elif pre:
                self.cell += " " if c == "\f" else c
            elif self.cell and self.cell[-1] not in " \t":
                self.cell += " "

    def end_cell(self):
        cell = self.cell.rstrip(" \t\u00a0\u3000")
        if cell:
            self.cells.append(cell)
        self.cell = ""

    def end_line(self):
        self.end_cell()
        if self.cells:
            self.text += "\t".join(self.cells) + "\n"
        self.cells = []


def walk(element, out, pre=False, invisible=False):
    """Shows what is in `element`; what stands behind it is its parent's."""
    if not isinstance(element.tag, str):  # a comment or doctype
        return
    html, math = element.tag.startswith(HTML), element.tag.startswith(MATH)
    name = element.tag.rpartition("}")[2]
    block = cell = False
    if name not in ("html", "body"):
        hidden = (element.get("hidden", "until-found").lower() != "until-found"
                  or (name == "dialog" and element.get("open") is None) or declared(element, "display") == "none")
        if name == "select" and not hidden:
            out.add(" ", False)
        if hidden or (html and name in NEVER_SHOWN) or name == "svg":
            return
        if math and name in ("annotation", "annotation-xml"):
            return
        visibility = declared(element, "visibility")
        invisible = visibility in ("hidden", "collapse") or (invisible and visibility != "visible")
        pre = pre or (html and name in PREFORMATTED)
        block, cell = html and name in BLOCKS, html and name in ("td", "th")
    if block:
        out.end_line()
    if cell:
        out.end_cell()
    if element.text and not invisible:
        out.add(element.text, pre)
    for child in element:
        walk(child, out, pre, invisible)
        if child.tail and not invisible:
            out.add(child.tail, pre)
    if block:
        out.end_line()
    if cell:
        out.end_cell()


def extract(html):
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"))
    tree = parser.parse(html, scripting=True)
    out = Text()
    walk(tree, out)
    out.end_line()
    titles = [re.sub(f"[{WHITE}]+", " ", title.text or "").strip(" ") for title in tree.iter(HTML + "title")]
    return out.text, next(filter(None, titles), "")


def main():
    printed = subprocess.run([sys.argv[1], str(PAGES)], stdout=subprocess.PIPE, check=True).stdout
    compared = dict.fromkeys(("hand", "plain", "formatting", "tables"), 0)
    failures = 0
    for line in printed.splitlines():
        page = json.loads(line)
        if "<template" in page["html"]:
            continue
        compared[page["kind"]] += 1
        theirs = extract(page["html"])
        ours = page["text"], page["title"]
        if theirs == ours:
            continue
        failures += 1
        if failures <= 5:
            print(f"html: {page['html']!r}\nours:     {ours!r}\nhtml5lib: {theirs!r}\n", file=sys.stderr)
    print(f"compared {compared}, {failures} differ")
    if failures or min(compared.values()) < 20:
        sys.exit(1)


if __name__ == "__main__":
    main()
