"""The commands at work on the sample: results, exit codes."""

import gzip
import html
import html.parser
import json
import re

import command_testing
from command_testing import CommandTest, files_below


def sample(name):
    return command_testing.samples / name


class WebFile(html.parser.HTMLParser):
    """What --format html shows: texts and titles of pages, links and their ends, elements left open."""

    def __init__(self):
        super().__init__()
        self.open, self.texts, self.titles, self.links, self.names = [], [], [], set(), set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "meta":
            return
        self.open.append((tag, attributes.get("class")))
        if tag == "h2":
            self.titles.append("")
        if ("div", "text") == self.open[-1]:
            self.texts.append("")
        if tag == "a":
            self.links.add(attributes["href"].removeprefix("#"))
            self.names.add(attributes["id"])

    def handle_endtag(self, tag):
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [tag for tag, _ in self.open]
        if ("div", "text") in self.open and "a" not in tags:
            self.texts[-1] += data
        elif "h2" in tags:
            self.titles[-1] += data


class Page(CommandTest):
    def test_json_cuts_the_torn_lead_and_the_blob(self):
        out, said = self.run_command("page", "--format", "json", sample("page.txt"))
        self.assertEqual(said, "")
        (page,) = [json.loads(line) for line in out.splitlines()]
        text = sample("page.txt").read_bytes()
        self.assertEqual(page["bytes"], len(text))
        self.assertTrue(page["cut"])
        end = 0
        for cut_begin, cut_end in page["cut"]:
            self.assertLess(cut_begin, cut_end)
            self.assertGreaterEqual(cut_begin, end, "cuts are sorted and disjoint")
            end = cut_end
            inside = [r for r in page["repeats"] if cut_begin <= r["begin"] and r["end"] <= cut_end]
            self.assertTrue(inside, "every cut has a witness")
            for repeat in inside:
                for other_begin, other_end in page["cut"]:
                    self.assertTrue(repeat["kept_end"] <= other_begin or repeat["kept_begin"] >= other_end)
        # Lines 2 and 3 go, everything else stays (datasets/sample/README.md).
        cut = bytearray(len(text))
        for cut_begin, cut_end in page["cut"]:
            cut[cut_begin:cut_end] = b"\1" * (cut_end - cut_begin)
        kept = [byte for byte, gone in zip(text, cut) if not gone]
        lines = text.splitlines(keepends=True)
        self.assertEqual(bytes(kept), b"".join(lines[:1] + lines[3:]))

    def test_text_is_the_page_without_its_cuts(self):
        spans = json.loads(self.run_command("page", "-f", "json", sample("page.txt"))[0])["cut"]
        text = sample("page.txt").read_bytes()
        for begin, end in reversed(spans):
            text = text[:begin] + text[end:]
        out, _ = self.run_command("page", sample("page.txt"))
        self.assertEqual(out.rstrip(b"\n"), text.rstrip(b"\n"))

    def test_marked_shows_cuts_and_witnesses(self):
        plain, _ = self.run_command("page", "--format", "marked", sample("page.txt"))
        self.assertIn(b"[-", plain)
        self.assertIn(b"{+", plain)
        self.assertNotIn(b"\x1b", plain)
        colored, _ = self.run_command("page", "--format", "marked", "--color", "always", sample("page.txt"))
        self.assertIn(b"\x1b[", colored)

    def test_html_is_one_file_whose_text_is_that_of_the_pages(self):
        out, _ = self.run_command("page", "-f", "html", "--explain", sample("crawl.jsonl"))
        reader = WebFile()
        reader.feed(out.decode("utf-8"))
        reader.close()
        self.assertEqual(reader.open, [], "elements are closed")
        pages = [json.loads(line) for line in whole_lines("crawl.jsonl")]
        self.assertEqual(reader.texts, [page["text"] for page in pages])
        self.assertEqual(reader.titles, [page["id"] for page in pages])
        self.assertEqual(reader.links, reader.names)
        again, _ = self.run_command("page", "-f", "html", "--explain", "-j", "7", sample("crawl.jsonl"))
        self.assertEqual(again, out)
        empty, _ = self.run_command("page", "-f", "html")
        self.assertEqual(out.partition(b"<article")[0] + b"</body>\n</html>\n", empty)

    def test_html_spans_hold_the_words_of_the_spans(self):
        page = sample("page.txt").read_text(encoding="utf-8")
        marked_up = page.replace("&", "&amp;").replace("bell", "<b>bell</b>").replace("é", "&eacute;").replace("\n", "<p>\n")
        html_page = "<meta charset=windows-1252><p class='a b'>" + marked_up.replace("–", "&#8211;")
        utf8_page = "<!doctype html><p>" + marked_up
        # Bodies of another charset, with a byte order mark, in a string of JSON, and in chunks.
        body = html_page.encode("windows-1252", "xmlcharrefreplace")
        chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:700], body[700:])) + b"0\r\n\r\n"
        response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked
        warc = (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n"
                % len(response)) + response + b"\r\n\r\n"
        cases = [("page.html", body, body, "windows-1252"),
                 ("wide.html", utf8_page.encode("utf-16"), utf8_page.encode("utf-16"), "utf-16le"),
                 ("mark.html", utf8_page.encode("utf-8-sig"), utf8_page.encode("utf-8-sig"), "utf-8"),
                 ("line.jsonl", json.dumps({"html": utf8_page}).encode() + b"\n", utf8_page.encode(), "utf-8"),
                 ("crawl.warc", warc, body, "windows-1252")]

        def words(source):
            return html.unescape(re.sub(r"<[^>]*>", lambda tag: "" if "b>" in tag[0] else " ", source)).split()

        for name, file, source, charset in cases:
            with self.subTest(name):
                out, _ = self.run_command("page", "-f", "json", "--html-spans", self.write(name, file))
                (found,) = [json.loads(line) for line in out.splitlines()]
                spans = found["html"]
                self.assertEqual((spans["charset"], spans["bytes"]), (charset, len(source)))
                self.assertEqual(len(spans["repeats"]), len(found["repeats"]))
                self.assertEqual(len(spans["cut"]), len(found["cut"]))
                self.assertGreaterEqual(len(found["cut"]), 2)
                self.assertEqual(spans["cut"], sorted(spans["cut"]))
                lead, blob = [words(source[begin:end].decode(charset)) for begin, end in spans["cut"]]
                self.assertEqual(lead, words(marked_up.splitlines()[1]))
                self.assertEqual(blob, words(marked_up.splitlines()[2]))
                dropped = [words(source[r[0]:r[1]].decode(charset)) for r in spans["repeats"]]
                kept = [words(source[r[2]:r[3]].decode(charset)) for r in spans["repeats"]]
                self.assertEqual(dropped[0], kept[0])
                self.assertEqual(dropped[0], lead[:len(dropped[0])])
        out, _ = self.run_command("page", "-f", "json", "--html-spans", sample("page.txt"))
        self.assertNotIn("html", json.loads(out))
        _, said = self.run_command("page", "--html-spans", sample("page.txt"), code=2)
        self.assert_one_line(said, "--html-spans", "--format json")

    def test_explain_says_why_in_place_of_the_page(self):
        text = sample("page.txt").read_text(encoding="utf-8")
        said, _ = self.run_command("page", "--explain", sample("page.txt"))
        said = said.decode("utf-8")
        self.assertIn("1. Goes: line 2, column 1 (bytes 55 to 200), 26 words\n", said)
        self.assertIn("Why: It is cut off where the copy that stays goes on.\n", said)
        self.assertIn("Why: It has lost spaces between sentences", said)
        self.assertNotIn(text.splitlines()[4], said)
        marked, _ = self.run_command("page", "-f", "marked", sample("page.txt"))
        both, _ = self.run_command("page", "-f", "marked", "--explain", sample("page.txt"))
        self.assertEqual(both.decode("utf-8"), marked.decode("utf-8") + "\n" + said)

    def test_explain_adds_fields_to_json_and_changes_none(self):
        plain, _ = self.run_command("page", "-f", "json", sample("crawl.jsonl"))
        told, _ = self.run_command("page", "-f", "json", "--explain", sample("crawl.jsonl"))
        reasons = set()
        for line, other in zip(plain.splitlines(), told.splitlines(), strict=True):
            page = json.loads(other)
            self.assertGreater(page.pop("words"), 0)
            self.assertEqual(page.pop("left"), [])
            for repeat in page["repeats"]:
                reasons.add(repeat.pop("because"))
                repeat.pop("words")
            self.assertEqual(page, json.loads(line))
        self.assertLessEqual({"cut_off", "glued"}, reasons)

    def test_reads_standard_input(self):
        text = sample("page.txt").read_bytes()
        expected, _ = self.run_command("page", sample("page.txt"))
        self.assertEqual(self.run_command("page", stdin=text)[0], expected)
        self.assertEqual(self.run_command("page", "-", stdin=text)[0], expected)

    def test_empty_input_is_fine(self):
        self.assertEqual(self.run_command("page"), (b"", ""))
        self.assertEqual(self.run_command("page", self.write("empty.jsonl", "")), (b"", ""))
        self.assertEqual(self.run_command("fingerprint"), (b"", ""))

    def test_results_are_the_same_with_any_kernel_and_threads(self):
        expected, _ = self.run_command("page", "-f", "json", sample("crawl.jsonl"))
        for options in [["--kernel", "scalar"], ["--threads", "1"], ["--threads", "7"]]:
            self.assertEqual(self.run_command("page", "-f", "json", sample("crawl.jsonl"), *options)[0], expected)

    def test_damaged_lines_are_reported_with_their_place(self):
        out, said = self.run_command("page", "-f", "json", sample("damaged.jsonl"), code=1)
        self.assertEqual([json.loads(line)["id"] for line in out.splitlines()],
                         [json.loads(line)["id"] for line in whole_lines("damaged.jsonl")])
        offset = sum(len(line) for line in sample("damaged.jsonl").read_bytes().splitlines(keepends=True)[:2])
        self.assertIn(f"damaged.jsonl: byte {offset}: ", said)

    def test_quiet_says_nothing_about_damage(self):
        _, said = self.run_command("page", "-q", sample("damaged.jsonl"), code=1)
        self.assertEqual(said, "")

    def test_fingerprint_prints_one_object_a_page(self):
        out, _ = self.run_command("fingerprint", sample("crawl.jsonl"))
        ids = [json.loads(line)["id"] for line in out.splitlines()]
        self.assertEqual(ids, [json.loads(line)["id"] for line in whole_lines("crawl.jsonl")])


def whole_lines(name):
    for line in sample(name).read_bytes().splitlines():
        try:
            json.loads(line)
        except ValueError:
            continue
        yield line


class Dedup(CommandTest):
    def test_restore_gives_the_sample_back(self):
        out, _ = self.run_command("dedup", sample("crawl.jsonl"), "--out", "run")
        self.assertIn(b"38 pages read", out)
        clean = (self.folder / "run/clean/crawl.jsonl").read_bytes()
        self.assertLess(len(clean), sample("crawl.jsonl").stat().st_size)
        for line in clean.splitlines():
            self.assertIn("made", json.loads(line), "unknown fields go through")
        self.run_command("restore", "run", "--out", "again")
        self.assertEqual(files_below(self.folder / "again"), {"crawl.jsonl": sample("crawl.jsonl").read_bytes()})

    def test_what_the_sample_says_stays_stays(self):
        self.run_command("dedup", sample("crawl.jsonl"), "--out", "run")
        made = {}
        kept = set()
        for line in sample("crawl.jsonl").read_bytes().splitlines():
            page = json.loads(line)
            made[page["id"]] = page["made"]
        for line in (self.folder / "run/clean/crawl.jsonl").read_bytes().splitlines():
            kept.add(json.loads(line)["id"])
        for page, how in made.items():
            if how == "round-up" or how == "notice" or how.startswith("excerpt"):
                self.assertIn(page, kept, how)
            if how.startswith(("mirror of ", "near-duplicate of ")):
                self.assertFalse(page in kept and how.split(" of ")[1] in kept, f"{page}, {how}")

    def test_a_folder_in_use_is_refused_unless_forced(self):
        self.run_command("dedup", sample("crawl.jsonl"), "--out", "run")
        before = files_below(self.folder / "run")
        out, said = self.run_command("dedup", sample("crawl.jsonl"), "--out", "run", code=2)
        self.assertEqual(out, b"")
        self.assert_one_line(said, "run", "--force")
        self.assertEqual(files_below(self.folder / "run"), before)
        self.run_command("dedup", sample("crawl.jsonl"), "--out", "run", "--force")
        after = files_below(self.folder / "run")
        before.pop("run.json"), after.pop("run.json")
        self.assertEqual(after, before)

    def test_an_input_may_be_called_like_a_command(self):
        # What went wrong: it was taken for a second command.
        for name in command_testing.COMMANDS:
            self.write(name, '{"text":"one two three"}\n')
        self.run_command("dedup", *command_testing.COMMANDS, "--out", "o")
        self.assertEqual(len(files_below(self.folder / "o/clean")), len(command_testing.COMMANDS))
        self.run_command("page", "page")

    def test_quiet_is_about_standard_error(self):
        # What went wrong: with -q a dry run printed nothing at all.
        out, said = self.run_command("dedup", "-q", "--dry-run", sample("crawl.jsonl"))
        self.assertEqual(said, "")
        self.assertEqual(out, self.run_command("dedup", "--dry-run", sample("crawl.jsonl"))[0])
        self.assertIn(b"38 pages read", out)

    def test_a_page_has_one_name_everywhere(self):
        # What went wrong: a WARC page without an id was called by its record by one command, by its page by another.
        def record(kind, block):
            return (f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: text/plain\r\n"
                    f"Content-Length: {len(block)}\r\n\r\n{block}\r\n\r\n")
        text = " ".join(f"word{i}" for i in range(40))
        path = self.write("a.warc", record("warcinfo", "x: y") + record("conversion", text)
                          + record("request", "GET /") + record("conversion", text + "!"))
        named = [json.loads(line)["id"] for line in self.run_command("page", "-f", "json", path)[0].splitlines()]
        self.assertEqual(named, ["a.warc:1", "a.warc:3"])
        out, _ = self.run_command("dedup", "--dry-run", "--json", path)
        (example,) = json.loads(out)["examples"]
        self.assertEqual(sorted([example["id"], example["witness"]]), named)

    def test_json_is_json(self):
        out, _ = self.run_command("dedup", sample("crawl.jsonl"), "--out", "run", "--json")
        self.assertEqual(json.loads(out)["counts"]["pages"], 38)
        self.assertEqual(json.loads((self.folder / "run/run.json").read_bytes())["counts"]["pages"], 38)
        out, _ = self.run_command("dedup", sample("crawl.jsonl"), "--dry-run", "--json")
        self.assertTrue(json.loads(out)["examples"])
        out, _ = self.run_command("restore", "run", "--out", "again", "--json")
        self.assertEqual(json.loads(out)["files"], 1)

    def test_a_dry_run_writes_nothing(self):
        out, _ = self.run_command("dedup", sample("crawl.jsonl"), "--dry-run", "--out", "run")
        self.assertIn(b"would", out)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["tmp"])

    def test_dates_that_are_not_read_are_said(self):
        dates = ["2024-05-02", "May 2, 2024", "03.05.2024", "", "20240502101112"]
        pages = [{"id": str(n), "url": f"http://s{n}.example/", "text": f"page {n} " * 30, "date": date} for n, date in enumerate(dates)]
        self.write("in.jsonl", "".join(json.dumps(page) + "\n" for page in pages))
        for command in ["dedup", "copies"]:
            out, said = self.run_command(command, "in.jsonl", "--out", command, "--json")
            self.assertIn('2 dates in no form that is read, the first "May 2, 2024" of 1, count as none', said)
            facts = json.loads(out)
            self.assertEqual(facts.get("unread_dates", facts.get("counts", {}).get("unread_dates")), 2)

    def test_sources_of_a_list_that_no_page_is_of_are_said(self):
        pages = [{"id": str(n), "url": f"http://s{n}.example/", "text": f"page {n} " * 30} for n in range(3)]
        self.write("in.jsonl", "".join(json.dumps(page) + "\n" for page in pages))
        self.write("all.txt", "s1.example\ns0.example\ns1.example\n")
        arguments = ["dedup", "in.jsonl", "--dry-run", "-q", "--keep", "source-list", "--source-list"]
        self.assertEqual(self.run_command(*arguments, "all.txt")[1], "")
        arguments.remove("-q")
        self.assertNotIn("source-list", self.run_command(*arguments, "all.txt")[1])
        self.write("some.txt", "s1.example\nwww.s0.example\nwww.s0.example\n")
        _, said = self.run_command(*arguments, "some.txt")
        self.assertIn("refrain: no page is of www.s0.example, named in --source-list; a source is spelled as in its field", said)
        self.write("many.txt", "s2.example\n" + "".join(f"x{n}.example\n" for n in range(8)))
        _, said = self.run_command(*arguments, "many.txt")
        self.assertIn("no page is of x0.example, x1.example, x2.example, x3.example, x4.example and 3 more, named", said)

    def test_text_that_begins_with_a_brace_is_explained(self):
        self.write("in/notes.txt", '{"not": json\nA line of text.\n')
        self.write("in/torn.jsonl", '{"text": "broken\n')
        _, said = self.run_command("dedup", "in", "--out", "run", code=1)
        self.assertIn("notes.txt: read as JSONL because it begins with a brace; as text with --input-format text", said)
        self.assertNotIn("torn.jsonl: read as", said)
        # What went wrong: a file that is refused was said to have been read as the one before it was.
        self.write("mixed/a.jsonl", '{"text": "a page"}\n')
        self.write("mixed/b.txt", b"\x00\x01\x02 no text" * 9)
        _, said = self.run_command("dedup", "mixed", "--out", "mixed-run", code=1)
        self.assertIn("b.txt", said)
        self.assertNotIn("read as JSONL", said)

    def test_restore_of_a_damaged_run_gives_what_is_left_and_says_what_is_not_whole(self):
        for name in ["a", "b", "c"]:
            self.write(f"in/{name}.jsonl", '{"text":"%s"}\n' % " ".join(f"{name}{i}" for i in range(50)))
        self.run_command("dedup", "in", "--out", "run")
        clean = self.folder / "run/clean/b.jsonl"
        clean.write_bytes(clean.read_bytes().replace(b"b7", b"x7"))
        self.write("run/removed.jsonl.zst", b"torn")
        out, said = self.run_command("restore", "run", "--out", "again", code=1)
        self.assertEqual(out, b"2 of 3 files whole, 3 records restored: 0 records and 0 spans put back\n")
        lines = said.splitlines()
        self.assertIn("refrain: run/removed.jsonl.zst: byte 0: a row that no run of ours wrote", lines)
        size = clean.stat().st_size
        self.assertIn(
            "refrain: again/b.jsonl is not whole: run/clean/b.jsonl was changed since the run wrote it, first between "
            f"byte 0 and byte {size}. Put back what the run wrote, or take the input from elsewhere",
            lines,
        )
        self.assertEqual(lines[-1], "refrain: again is partial: 2 of 3 files whole")
        for name in ["a", "c"]:
            self.assertEqual((self.folder / f"again/{name}.jsonl").read_bytes(), (self.folder / f"in/{name}.jsonl").read_bytes())
        out, said = self.run_command("restore", "run", "--out", "more", "--json", "-q", code=1)
        self.assertEqual(said, "")
        counts = json.loads(out)
        self.assertEqual((counts["not_whole"], counts["damaged_places"], counts["files"]), (["b.jsonl"], 1, 3))
        self.assertEqual(counts["changed"], [{"file": "b.jsonl", "begin": 0, "end": size}])

    def test_restore_says_what_nobody_can_give_back(self):
        torn = bytearray(gzip.compress(sample("crawl.jsonl").read_bytes()))
        torn[len(torn) // 2 :] = bytes(200)
        self.write("in/torn.jsonl.gz", torn)
        self.write("in/whole.jsonl", sample("damaged.jsonl").read_bytes())
        self.run_command("dedup", "in", "--out", "run", "-q", code=1)
        out, said = self.run_command("restore", "run", "--out", "again", "--json", code=1)
        self.assertIn("torn.jsonl.gz", said)
        self.assertIn("run.json", said)
        self.assertNotIn("whole.jsonl", said, "its broken line comes back")
        counts = json.loads(out)
        facts = json.loads((self.folder / "run/run.json").read_bytes())
        self.assertEqual(counts["lost_places"], sum(input.get("lost", 0) for input in facts["inputs"]))
        self.assertGreaterEqual(counts["lost_places"], 1)
        self.assertEqual((self.folder / "again/whole.jsonl").read_bytes(), sample("damaged.jsonl").read_bytes())

    def test_damaged_lines_are_reported_and_come_back(self):
        _, said = self.run_command("dedup", sample("damaged.jsonl"), "--out", "run", code=1)
        self.assertIn("damaged.jsonl: byte ", said)
        clean = (self.folder / "run/clean/damaged.jsonl").read_bytes()
        self.assertEqual(clean.count(b"\n"), 3)
        self.run_command("restore", "run", "--out", "again")
        self.assertEqual((self.folder / "again/damaged.jsonl").read_bytes(), sample("damaged.jsonl").read_bytes())

    def test_reads_standard_input(self):
        self.run_command("dedup", "-", "--out", "run", stdin=sample("crawl.jsonl").read_bytes())
        (clean,) = files_below(self.folder / "run/clean").values()
        self.run_command("dedup", sample("crawl.jsonl"), "--out", "other")
        self.assertEqual(clean, (self.folder / "other/clean/crawl.jsonl").read_bytes())

    def test_empty_input_is_fine(self):
        self.run_command("dedup", self.write("empty.jsonl", ""), "--out", "run")
        self.assertEqual(files_below(self.folder / "run/clean"), {"empty.jsonl": b""})

    def test_too_little_memory_is_said(self):
        _, said = self.run_command("dedup", sample("crawl.jsonl"), "--out", "run", "--memory", "1K", code=2)
        self.assert_one_line(said, "--memory")

    def test_one_unreadable_file_does_not_stop_the_others(self):
        self.write("crawl/a.jsonl", sample("crawl.jsonl").read_bytes())
        self.write("crawl/b.jsonl", b"PK\3\4" + b"\0" * 100)  # a zip archive
        _, said = self.run_command("dedup", "crawl", "--out", "run", code=1)
        self.assertIn("b.jsonl", said)
        self.assertTrue((self.folder / "run/clean/a.jsonl").exists())


class Boilerplate(CommandTest):
    """Two pages of one site, with a menu, a date and an article each."""

    ARTICLES = ["On Monday the mayor painted the old bridge green, and nobody in the town had been asked about it before.",
                "A storm took the roof of the barn, carried it over three fields and dropped it into the pond of the village."]

    def setUp(self):
        super().setUp()
        lines = []
        for number, article in enumerate(self.ARTICLES):
            text = f"Home and the garden\n\nPosted on {number + 3} June 2008\n\n{article}\n"
            lines.append(json.dumps({"id": f"p{number}", "url": f"http://site.example/{number}", "text": text}) + "\n")
        self.write("site.jsonl", "".join(lines))

    def test_lists_what_the_pages_of_a_site_share(self):
        out, said = self.run_command("boilerplate", "site.jsonl")
        self.assertEqual(out.decode("utf-8"), "site.example: 2 different pages\n"
                         "       2   100.0 %  Home and the garden  (p0)\n"
                         "       2   100.0 %  Posted on ‹3› June ‹2008›  (p0)\n")
        self.assertEqual(said, "")

    def test_json_cuts_it(self):
        out, _ = self.run_command("boilerplate", "--format", "json", "site.jsonl", "-j", "2")
        for line, article in zip(out.splitlines(), self.ARTICLES, strict=True):
            page = json.loads(line)
            self.assertEqual(page["source"], "site.example")
            text = page["text"].encode("utf-8")
            for begin, end in reversed(page["cut"]):
                text = text[:begin] + text[end:]
            self.assertEqual(text.decode("utf-8"), article + "\n")

    def test_text_is_the_page_without_it(self):
        out, _ = self.run_command("boilerplate", "-f", "text", "site.jsonl")
        self.assertEqual(out.decode("utf-8"), "\n\f\n".join(self.ARTICLES) + "\n")

    def test_restore_gives_the_pages_back(self):
        out, said = self.run_command("boilerplate", "site.jsonl", "--out", "run", "--memory", "16M")
        self.assertEqual(said, "")
        self.assertIn(b"2 pages read, 2 stripped", out)
        self.assertEqual(sorted(files_below(self.folder / "run")),
                         ["boilerplate.jsonl", "clean/site.jsonl", "removed.jsonl.zst", "run.json"])
        run = json.loads((self.folder / "run/run.json").read_bytes())
        self.assertEqual(run["command"], "boilerplate")
        self.assertEqual(run["counts"]["templates"], 1)
        self.run_command("restore", "run", "--out", "again")
        self.assertEqual(files_below(self.folder / "again"),
                         {"site.jsonl": (self.folder / "site.jsonl").read_bytes()})
        _, said = self.run_command("boilerplate", "site.jsonl", "--out", "run", code=2)
        self.assert_one_line(said, "--force")
        out, _ = self.run_command("boilerplate", "site.jsonl", "--out", "run", "--force", "--json")
        self.assertEqual(json.loads(out)["counts"]["pages_stripped"], 2)

    def test_thresholds_are_asked_for(self):
        out, _ = self.run_command("boilerplate", "site.jsonl", "--min-pages", "3", "--enough-pages", "3")
        self.assertEqual(out, b"")
        _, said = self.run_command("boilerplate", "site.jsonl", "--min-pages", "1", code=2)
        self.assert_one_line(said, "--min-pages")

    def test_a_file_may_be_the_source(self):
        self.write("a.jsonl", "".join(json.dumps({"text": f"Home and the garden\n{article}"}) + "\n"
                                      for article in self.ARTICLES))
        self.assertEqual(self.run_command("boilerplate", "a.jsonl")[0], b"")
        out, _ = self.run_command("boilerplate", "a.jsonl", "--source", "file")
        self.assertTrue(out.startswith(b"a.jsonl: 2 different pages\n"), out)

    def test_damaged_lines_are_reported_and_come_back(self):
        self.write("torn.jsonl", (self.folder / "site.jsonl").read_bytes() + b'{"text": "torn\n')
        _, said = self.run_command("boilerplate", "torn.jsonl", "--out", "run", code=1)
        self.assertIn("torn.jsonl: byte", said)
        self.run_command("restore", "run", "--out", "again")
        self.assertEqual((self.folder / "again/torn.jsonl").read_bytes(), (self.folder / "torn.jsonl").read_bytes())

    def test_one_line_very_often_and_nothing_at_all(self):
        self.write("lines.jsonl", json.dumps({"url": "http://a.example/", "text": "buy now\n" * 100_000}) + "\n" +
                   json.dumps({"url": "http://a.example/2", "text": ""}) + "\n")
        self.assertEqual(self.run_command("boilerplate", "lines.jsonl", "--memory", "256M")[0], b"")
        self.write("none.jsonl", "")
        self.assertEqual(self.run_command("boilerplate", "none.jsonl")[0], b"")


if __name__ == "__main__":
    command_testing.main()
