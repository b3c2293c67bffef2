"""Marks beside documents: whoever leaves out what they name has what a clean run writes."""

import gzip
import json
import re
import shlex

import command_testing
from command_testing import CommandTest


def pages_of(lines):
    """The objects of JSONL, None where a line is no page."""
    pages = []
    for line in lines.decode("utf-8", "surrogateescape").splitlines():
        try:
            page = json.loads(line)
        except ValueError:
            page = None
        pages.append(page if isinstance(page, dict) and isinstance(page.get("text"), str) else None)
    return pages


def without(text, mark):
    """What is left; None where the page goes."""
    attributes = mark["attributes"]
    for verdict in ("exact", "near"):
        if [span[:2] for span in attributes.get("refrain__" + verdict, [])] == [[0, len(text)]]:
            return None
    out, at = "", 0
    for begin, end, _ in sorted(span for spans in attributes.values() for span in spans):
        assert at <= begin < end <= len(text), (at, begin, end, len(text))
        out += text[at:begin]
        at = end
    return out + text[at:]


class Marks(CommandTest):
    def setUp(self):
        super().setUp()
        crawl = (command_testing.samples / "crawl.jsonl").read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in crawl]
        broad = "Für 𝔘nicode 😀 стоит 一言: " + texts[0]
        lines = [*crawl, "", "{broken", json.dumps({"id": "wide", "text": broad}), json.dumps({"text": broad + " Ende."})]
        lines += ["  ", json.dumps({"id": "wide", "text": "Ελλάδα\n" + texts[2] + "\n\n" + texts[2]}, ensure_ascii=False)]
        lines.append(json.dumps({"id": "large", "text": "too large to be looked at " * 4000}))
        lines.append(json.dumps({"id": "last", "text": "𝔉\n" + texts[1]}))
        self.documents = "\n".join(lines).encode("utf-8")  # without an end of the last line
        self.write("in/a.jsonl", self.documents)
        self.write("in/deep/b.jsonl.gz", gzip.compress((command_testing.samples / "damaged.jsonl").read_bytes()))
        self.write("in/c.txt", (command_testing.samples / "page.txt").read_bytes())
        self.write("in/c.jsonl", json.dumps({"id": "c", "text": "A name that marks of the text file must not take."}))
        self.write("in/d.html", "<h1>Ä heading</h1><p>" + texts[3] + "<p>" + texts[3])

    def run_both(self, *arguments, code=1):
        """A clean run and one that marks; the documents by name as the clean run has them, and the marks."""
        self.run_command(*arguments, "in", "--out", "clean-run", "-q", code=code)
        self.run_command(*arguments, "in", "--out", "marked", "--mode", "mark", "-q", code=code)
        return self.folder / "clean-run/clean", self.folder / "marked/marks"

    def assert_marks_make(self, documents, marks, clean):
        self.assertEqual(len(documents), len(marks), "a row for each line")
        left = []
        for page, mark in zip(documents, marks):
            if page is None or len(page["text"]) > 50_000:
                self.assertEqual(mark["attributes"], {})
                continue
            if "id" in page:
                self.assertEqual(mark["id"], page["id"])
            text = without(page["text"], mark)
            if text is not None:
                left.append(text)
        self.assertEqual(left, [page["text"] for page in clean if page is not None and len(page["text"]) <= 50_000])

    def assert_all(self, clean, marks):
        rows = lambda name: [json.loads(line) for line in (marks / name).read_text(encoding="utf-8").splitlines()]
        self.assertEqual(
            sorted(str(path.relative_to(marks)) for path in marks.rglob("*") if path.is_file()),
            ["a.jsonl", "c.jsonl", "c.txt.jsonl", "d.html.jsonl", "deep/b.jsonl.gz"],
        )
        self.assert_marks_make(pages_of(self.documents), rows("a.jsonl"), pages_of((clean / "a.jsonl").read_bytes()))
        damaged = (command_testing.samples / "damaged.jsonl").read_bytes()
        packed = [json.loads(line) for line in gzip.decompress((marks / "deep/b.jsonl.gz").read_bytes()).splitlines()]
        kept = pages_of(gzip.decompress((clean / "deep/b.jsonl.gz").read_bytes()))
        self.assert_marks_make(pages_of(damaged), packed, kept)
        page = (self.folder / "in/c.txt").read_text(encoding="utf-8")
        text = without(page, rows("c.txt.jsonl")[0])
        file = clean / "c.txt"
        self.assertEqual(text, file.read_text(encoding="utf-8") if file.exists() else None)
        # Pages that had to be extracted stand beside their marks.
        (extracted,) = pages_of((self.folder / "marked/documents/d.html.jsonl").read_bytes())
        kept = pages_of((clean / "d.html.jsonl").read_bytes())
        self.assert_marks_make([extracted], rows("d.html.jsonl"), kept)
        self.assertFalse((self.folder / "marked/removed.jsonl.zst").exists())
        self.assertFalse((self.folder / "marked/clean").exists())

    def test_marks_of_dedup_say_what_a_clean_run_takes_out(self):
        clean, marks = self.run_both("dedup", "--unit", "both", "--max-record", "64K")
        self.assert_all(clean, marks)
        names = set(re.findall(r"refrain__\w+", (marks / "a.jsonl").read_text(encoding="utf-8")))
        self.assertGreaterEqual(names, {"refrain__exact", "refrain__near", "refrain__repeat"})

    def test_paragraphs_of_their_own_are_not_marked(self):
        clean, marks = self.run_both("dedup", "--keep-unique", "--max-record", "64K")
        self.assert_all(clean, marks)

    def test_marks_of_boilerplate_say_what_a_clean_run_takes_out(self):
        lines = [
            {"id": str(n), "url": f"http://a.example/{n}", "text": f"Ünsere Seite – Startseite\n\nNumber {n} {'x' * n} {n * n} words of its own here."}
            for n in range(1, 9)
        ]
        self.documents = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode("utf-8")
        self.write("in/a.jsonl", self.documents)
        clean, marks = self.run_both("boilerplate")
        self.assert_all(clean, marks)
        self.assertIn("refrain__boilerplate", (marks / "a.jsonl").read_text(encoding="utf-8"))
        self.assertTrue((self.folder / "marked/boilerplate.jsonl").exists())

    def test_threads_change_no_mark(self):
        for threads in (1, 3):
            self.run_command("dedup", "in", "--out", f"m{threads}", "--mode", "mark", "-j", threads, "-q", code=1)
        for path in (self.folder / "m1").rglob("*"):
            if path.is_file() and path.name != "run.json":
                other = self.folder / "m3" / path.relative_to(self.folder / "m1")
                self.assertEqual(path.read_bytes(), other.read_bytes())

    def test_a_run_that_only_marked_gives_nothing_back(self):
        self.run_command("dedup", "in", "--out", "marked", "--mode", "mark", "-q", code=1)
        _, said = self.run_command("restore", "marked", "--out", "back", code=2)
        self.assert_one_line(said, "marks", "name the documents themselves")
        _, said = self.run_command("dedup", "in", "--against", "marked", "--out", "next", code=2)
        self.assert_one_line(said, "marks")
        _, said = self.run_command("dedup", "in", "--out", "marked", code=2)
        self.assertIn("--force", said)
        self.run_command("dedup", "in", "--out", "marked", "--force", "-q", code=1)
        self.assertFalse((self.folder / "marked/marks").exists(), "marks of the run before")

    def test_marks_come_out_as_shown(self):
        document = (command_testing.samples.parent.parent / "docs/formats/marks.md").read_text(encoding="utf-8")
        page, shown = re.findall(r"^```\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
        self.write("pages.jsonl", page)
        line, _, expected = shown.partition("\n")
        first, _, second = line.removeprefix("$ ").partition(" > summary && ")
        self.run_command(*shlex.split(first)[1:])
        name = shlex.split(second)[1]
        self.assertEqual((self.folder / name).read_text(encoding="utf-8"), expected)


if __name__ == "__main__":
    command_testing.main()
