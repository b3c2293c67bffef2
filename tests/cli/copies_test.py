"""refrain copies: a story on three sources, from the crawl to its files."""

import csv
import json
import random
import re
import subprocess

import command_testing
from command_testing import CommandTest

FILES = ["matches.jsonl.zst", "run.json", "sources.csv", "stories.csv", "stories.jsonl"]


class Author:
    """Sentences of twelve words that nobody else has written; some words are longer in bytes than in letters."""

    def __init__(self, name):
        self.random = random.Random(name)
        self.name = name

    def sentence(self):
        words = ["".join(self.random.choice(["ka", "lo", "mé", "nu", "pi", "ro", "sœ", "ta", "vi", "zo"]) for _ in range(3))
                 + self.name for _ in range(12)]
        return " ".join(words).capitalize() + "."

    def sentences(self, count):
        return [self.sentence() for _ in range(count)]


def paragraphs(sentences):
    return [" ".join(sentences[i:i + 2]) for i in range(0, len(sentences), 2)]


STORY = Author("q").sentences(20)
ADDED = Author("b").sentence() + " " + Author("bb").sentence()
# In its version three sentences are told anew and one word is another.
RETOLD = {5: Author("c").sentence(), 9: Author("cc").sentence(), 13: Author("ccc").sentence()}
VERSION = [RETOLD.get(i, sentence) for i, sentence in enumerate(STORY)]
VERSION[16] = VERSION[16].replace(VERSION[16].split()[6], "autrement", 1)
QUOTED = STORY[6] + " " + STORY[7]  # the paragraph that the copy has not: what a small source shows twice is furniture


class Copies(CommandTest):
    def setUp(self):
        super().setUp()
        self.pages = {}
        self.lines = []
        story = paragraphs(STORY)
        self.add("a.example", "a/story", "2020-03-01T10:00:00Z", story)
        # Without the fourth paragraph, and with one of its own between the eighth and the ninth.
        self.add("b.example", 'b, the "copy"', "2020-03-02", story[:3] + story[4:8] + [ADDED] + story[8:])
        self.add("c.example", "c/version", "2020-03-03", paragraphs(VERSION))
        other = paragraphs(Author("o").sentences(20))
        self.add("b.example", "b/quotes", "2020-03-04", other[:6] + [f"They said: « {QUOTED} »"] + other[6:])
        self.add("a.example", "a/again", "2020-03-05", story)
        for source in "abc":
            for number in range(3):
                self.add(f"{source}.example", f"{source}/{number}", "2020-02-01", paragraphs(Author(source + "xyz"[number] + "w").sentences(14)))
        self.write("crawl.jsonl", "".join(self.lines))

    def add(self, source, name, date, text):
        head = Author("h" + source[0]).sentences(3)
        foot = Author("f" + source[0]).sentences(3)
        page = "\n\n".join([*head, *text, *foot]) + "\n"
        self.pages[name] = page.encode("utf-8")
        self.lines.append(json.dumps({"id": name, "source": source, "date": date, "text": page}, ensure_ascii=False) + "\n")

    def results(self, folder):
        found = {path.name: path.read_bytes() for path in (self.folder / folder).iterdir()}
        self.assertEqual(sorted(found), FILES)
        unpacked = subprocess.run(["zstd", "-dc", self.folder / folder / "matches.jsonl.zst"], stdout=subprocess.PIPE, check=True)
        found["matches"] = [json.loads(line) for line in unpacked.stdout.splitlines()]
        found["stories"] = [json.loads(line) for line in found["stories.jsonl"].splitlines()]
        return found

    def run_copies(self, *arguments, folder="out", **more):
        self.run_command("copies", "--out", folder, *arguments, **more)
        return self.results(folder)

    def words(self, page, span):
        return re.findall(r"\w+", self.pages[page][span[0]:span[1]].decode("utf-8").casefold())

    def test_says_what_pages_are_to_each_other(self):
        found = self.run_copies("crawl.jsonl")
        pairs = {(row["a"], row["b"]): row for row in found["matches"]}
        self.assertEqual({pair: row["verdict"] for pair, row in pairs.items()}, {
            ("a/story", 'b, the "copy"'): "copy",
            ("a/story", "c/version"): "version",
            ("a/story", "a/again"): "mirror",
            ("a/story", "b/quotes"): "quote",
            ('b, the "copy"', "c/version"): "version",
            ("c/version", "b/quotes"): "quote",
        })
        for (a, b), row in pairs.items():
            self.assertEqual(row["earlier"], "a", "by their dates")
            self.assertEqual(row["same_source"], a[0] == b[0])
            self.assertGreater(len(row["spans"]), 0)
            for span in row["spans"]:
                for page, begin, end in [(a, *span[:2]), (b, *span[2:])]:
                    self.assertTrue(0 <= begin < end <= len(self.pages[page]))
        mirror = pairs["a/story", "a/again"]
        self.assertEqual((mirror["resemblance"], mirror["a_in_b"], mirror["b_in_a"], mirror["local"]), (1, 1, 1, 1))
        self.assertEqual(mirror["words"], 240)
        self.assertEqual(self.words("a/again", mirror["spans"][0][2:]), re.findall(r"\w+", " ".join(STORY).casefold()))
        quote = pairs["a/story", "b/quotes"]
        quoted = re.findall(r"\w+", QUOTED.casefold())
        self.assertEqual(quote["words"], 24)
        self.assertEqual([self.words("a/story", span[:2]) for span in quote["spans"]], [quoted])
        self.assertEqual([self.words("b/quotes", span[2:]) for span in quote["spans"]], [quoted])
        copy = pairs["a/story", 'b, the "copy"']
        self.assertTrue(18 * 12 <= copy["words"] <= 20 * 12, "a passage may reach over short gaps")

    def test_tells_the_story_around_the_page_that_was_first(self):
        story, = self.run_copies("crawl.jsonl")["stories"]
        self.assertEqual((story["origin"], story["because"], story["confidence"]), ("a/story", "date", 0.9))
        self.assertEqual((story["publishers"], story["pages"]), (3, 4))
        self.assertEqual([(member["id"], member["source"], member["date"], member["role"], member["same_source"], member["agency"])
                          for member in story["members"]],
                         [("a/story", "a.example", "2020-03-01T10:00:00Z", "origin", False, None),
                          ('b, the "copy"', "b.example", "2020-03-02", "copy", False, None),
                          ("c/version", "c.example", "2020-03-03", "version", False, None),
                          ("a/again", "a.example", "2020-03-05", "mirror", True, None)])
        origin, copy, version, again = story["members"]
        for member in [origin, again]:
            self.assertEqual((member["in_origin"], member["of_origin"]), (1, 1))
            self.assertEqual((member["added"], member["cut"], member["changed"]), ([], [], []))
        # Whole paragraphs, to the byte, but for the full stop, which is no word.
        self.assertEqual([self.pages[copy["id"]][begin:end].decode("utf-8") for begin, end in copy["added"]], [ADDED[:-1]])
        self.assertEqual([self.pages["a/story"][begin:end].decode("utf-8") for begin, end in copy["cut"]], [paragraphs(STORY)[3][:-1]])
        self.assertEqual(copy["changed"], [])
        self.assertEqual((version["added"], version["cut"]), ([], []))
        self.assertEqual([(self.pages["a/story"][a:b].decode("utf-8"), self.pages[version["id"]][c:d].decode("utf-8"))
                          for a, b, c, d in version["changed"]],
                         [*((STORY[i][:-1], RETOLD[i][:-1]) for i in RETOLD), (STORY[16].split()[6], "autrement")])

    def test_tables_are_read_by_other_programs(self):
        self.run_copies("crawl.jsonl")
        tables = {}
        for name in ["stories.csv", "sources.csv"]:
            with open(self.folder / "out" / name, encoding="utf-8", newline="") as file:
                tables[name] = list(csv.DictReader(file, strict=True))
        self.assertEqual([(row["story"], row["id"], row["source"], row["date"], row["role"], row["same_source"], row["agency"])
                          for row in tables["stories.csv"]],
                         [("a/story", "a/story", "a.example", "2020-03-01T10:00:00Z", "origin", "false", ""),
                          ("a/story", 'b, the "copy"', "b.example", "2020-03-02", "copy", "false", ""),
                          ("a/story", "c/version", "c.example", "2020-03-03", "version", "false", ""),
                          ("a/story", "a/again", "a.example", "2020-03-05", "mirror", "true", "")])
        story = self.run_copies("crawl.jsonl", "--force")["stories"][0]
        for row in tables["stories.csv"]:
            self.assertEqual((row["because"], float(row["confidence"])), (story["because"], story["confidence"]))
        self.assertEqual(tables["sources.csv"], [{"origin": "a.example", "source": "b.example", "stories": "1"},
                                                 {"origin": "a.example", "source": "c.example", "stories": "1"}])

    def test_furniture_is_no_text_unless_it_is_asked_for(self):
        kept = self.run_copies("crawl.jsonl", "--furniture", "keep")
        pairs = {frozenset([row["a"], row["b"]]) for row in kept["matches"]}
        for source in "abc":
            self.assertIn({f"{source}/0", f"{source}/1"}, pairs)

    def test_of_looks_for_copies_of_these_pages_only(self):
        self.write("mine.jsonl", self.lines[0])
        self.write("rest.jsonl", "".join(self.lines[1:]))
        found = self.run_copies("rest.jsonl", "--of", "mine.jsonl")
        self.assertEqual({(row["a"], row["b"]): row["verdict"] for row in found["matches"]},
                         {("a/story", 'b, the "copy"'): "copy", ("a/story", "c/version"): "version",
                          ("a/story", "a/again"): "mirror", ("a/story", "b/quotes"): "quote"})
        story, = found["stories"]
        self.assertEqual([member["id"] for member in story["members"]], ["a/story", 'b, the "copy"', "c/version", "a/again"])
        out, _ = self.run_command("copies", "rest.jsonl", "--of", "mine.jsonl", "--out", "people")
        self.assertIn("\n1 of 1 page asked about found elsewhere, 0 more in part\n", out.decode())
        run = json.loads((self.folder / "people/run.json").read_bytes())
        self.assertEqual(run["counts"]["of"], {"pages": 1, "found": 1, "found_part": 0})
        _, said = self.run_command("copies", "rest.jsonl", "--of", "none.jsonl", "--out", "else", code=2)
        self.assert_one_line(said, "none.jsonl")

    def test_what_is_quoted_is_found_in_part(self):
        self.write("mine.jsonl", self.lines[0])
        quotes = [line for line in self.lines if json.loads(line)["id"] == "b/quotes"]
        self.write("rest.jsonl", "".join(quotes))
        out, _ = self.run_command("copies", "rest.jsonl", "--of", "mine.jsonl", "--out", "people")
        self.assertIn("\n0 of 1 page asked about found elsewhere, 1 more in part\n", out.decode())

    def test_an_agencys_own_page_comes_first_whether_it_says_so_or_not(self):
        story = paragraphs(STORY)
        for source, name, first in [("www.reuters.com", "own", ""), ("x.example", "reprint", "WELLBROOK (Reuters) - ")]:
            self.add(source, name, None, [first + story[0], *story[1:]])
        self.write("agency.jsonl", "".join(self.lines[-2:]))
        found = self.run_copies("agency.jsonl", "--furniture", "keep", folder="agency")
        row, = found["stories"]
        self.assertEqual((row["origin"], row["because"]), ("own", "agency"))
        self.assertEqual([member["agency"] for member in row["members"]], ["Reuters", "Reuters"])

    def test_a_mark_may_be_the_first_word(self):
        story = " ".join(STORY)
        self.write("first.jsonl", "".join(json.dumps({"id": source, "source": source, "text": text + "\n"}) + "\n" for source, text in
                                          [("x.example", "(AP) - " + story), ("y.example", story)]))
        row, = self.run_copies("first.jsonl", folder="first")["stories"]
        self.assertEqual({member["id"]: member["agency"] for member in row["members"]}, {"x.example": "AP", "y.example": None})

    def test_pages_of_one_word_take_no_disk(self):
        # What went wrong: a page of one word left a key for each time it says it.
        self.write("words.jsonl", "".join(json.dumps({"id": str(n), "source": f"s{n}", "text": f"w{n} " * 60000 + "\n"}) + "\n" for n in range(20)))
        self.run_copies("words.jsonl", "-j", "1", "-m", "64M", "--furniture", "keep", folder="words")
        run = json.loads((self.folder / "words/run.json").read_bytes())
        self.assertEqual(run["temporary_disk"], 0)

    def test_pages_without_a_source_are_told_of(self):
        self.write("none.jsonl", '{"id": "a", "text": "one text that says nothing"}\n')
        out, _ = self.run_command("copies", "none.jsonl", "--out", "people")
        self.assertRegex(out.decode(), r"\A1 page read, none of them says its source, so each is one of its own: give --source-field, ")
        out, _ = self.run_command("copies", "none.jsonl", "--source", "file", "--out", "people2")
        self.assertRegex(out.decode(), r"\A1 page read, 1 source\n")
        # Nothing is said of the sources of nothing.
        self.write("empty.jsonl", "")
        out, _ = self.run_command("copies", "empty.jsonl", "--out", "nobody")
        self.assertTrue(out.decode().startswith("0 pages read\n"), out.decode())
        out, _ = self.run_command("copies", "none.jsonl", "--of", "empty.jsonl", "--out", "asked-nothing")
        self.assertIn("empty.jsonl holds no page to look for", out.decode())

    def test_people_get_counts_and_so_do_programs(self):
        out, said = self.run_command("copies", "crawl.jsonl", "--out", "out")
        self.assertEqual(said, "")
        self.assertRegex(out.decode(), r"\A14 pages read, 3 sources\n  mirror +1 .*\n  copy +1 .*\n  version +2 .*\n  quote +2 .*\n1 story of 4 pages\nwritten to out: ")
        out, said = self.run_command("copies", "crawl.jsonl", "--out", "json", "--json")
        self.assertEqual((out.count(b"\n"), said), (1, ""))
        summary, run = json.loads(out), json.loads((self.folder / "json/run.json").read_bytes())
        self.assertEqual(run["command"], "copies")
        self.assertEqual(run["inputs"], [{"name": "crawl.jsonl", "bytes": (self.folder / "crawl.jsonl").stat().st_size}])
        self.assertEqual(run["counts"], summary["counts"])
        counts = summary["counts"]
        self.assertEqual((counts["records"], counts["pages"], counts["sources"], counts["stories"], counts["story_pages"]), (14, 14, 3, 1, 4))
        self.assertEqual(counts["text_bytes"], sum(map(len, self.pages.values())))
        self.assertEqual(sum(counts["pairs"].values()), 6)
        self.assertEqual(summary["damage"]["places"], 0)

    def test_passim_gets_passages_in_code_points(self):
        pairs = self.run_copies("crawl.jsonl")["matches"]
        rows = self.run_copies("crawl.jsonl", "--format", "passim", folder="passim")["matches"]
        self.assertEqual([(row["uid"], row["uid2"]) for row in rows],
                         [(pair["a"], pair["b"]) for pair in pairs for _ in pair["spans"]])
        for row in rows:
            for end in ["", "2"]:
                page = self.pages[row["uid" + end]].decode("utf-8")
                self.assertEqual(row["series" + end], row["uid" + end][0] + ".example")
                self.assertEqual(page[row["begin" + end]:row["end" + end]], row["text" + end])
        self.assertEqual([row["text2"] for row in rows if row["uid"] == "a/story" and row["uid2"] == "b/quotes"], [QUOTED[:-1]])

    def test_passim_counts_a_byte_that_is_no_utf8_as_one_code_point(self):
        # Stray continuation bytes were not counted: quotation marks of windows-1252, say.
        story = "\n\n".join(paragraphs(STORY)).encode("utf-8")
        texts = {"in/a.txt": b"\x93 caf\xe9 \x94 first\n\n" + story, "in/b.txt": b"\x80\x80 other, and more of it\n\n" + story}
        for name, text in texts.items():
            self.write(name, text)
        found = self.run_copies("in", "--format", "passim")
        self.assertEqual(found["stories"][0]["publishers"], 2, "each page of unknown source is one")
        row, = found["matches"]
        for end in ["", "2"]:
            page = texts["in/" + row["uid" + end]].decode("utf-8", errors="replace")
            self.assertEqual(page[row["begin" + end]:row["end" + end]], row["text" + end])

    def test_equal_pages_are_listed_each_with_each_on_request(self):
        pairs = {(row["a"], row["b"]): row["verdict"] for row in self.run_copies("crawl.jsonl", "--pairs", "all")["matches"]}
        self.assertEqual(pairs["b/quotes", "a/again"], "quote")
        self.assertEqual(pairs['b, the "copy"', "a/again"], "copy")
        self.assertEqual(len(pairs), 6 + 3)

    def test_thresholds_decide(self):
        def verdict(*arguments):
            row, = [row for row in self.run_copies("crawl.jsonl", "--force", *arguments)["matches"]
                    if (row["a"], row["b"]) == ("a/story", 'b, the "copy"')]
            return row["verdict"]
        self.assertEqual(verdict(), "copy")
        self.assertEqual(verdict("--mirror", "0.7"), "mirror")
        self.assertEqual(verdict("--containment", "0.95"), "version")
        found = self.run_copies("crawl.jsonl", "--force", "--min-tokens", "30")
        self.assertNotIn("quote", {row["verdict"] for row in found["matches"]}, "of 24 words")

    def test_damage_is_said_and_the_rest_is_compared(self):
        self.write("crawl.jsonl", "".join([*self.lines[:3], '{"text": broken\n', *self.lines[3:]]))
        out, said = self.run_command("copies", "crawl.jsonl", "--out", "out", "--json", code=1)
        self.assertEqual(json.loads(out)["damage"]["places"], 1)
        self.assertEqual(said.count("crawl.jsonl: byte"), 1)
        self.assertEqual(len(self.results("out")["matches"]), 6)

    def test_what_cannot_be_done_is_refused(self):
        _, said = self.run_command("copies", "crawl.jsonl", code=2)
        self.assert_one_line(said, "--out")
        _, said = self.run_command("copies", "--out", "out", code=2)
        self.assert_one_line(said, "refrain copies needs INPUT...")
        for flag in ["--mirror", "--containment", "--both", "--local", "--resemblance", "--excerpt"]:
            for value in ["1.5", "0", "half", "nan"]:
                _, said = self.run_command("copies", "crawl.jsonl", "--out", "out", flag, value, code=2)
                self.assert_one_line(said, flag, value)
        for flag, value in [("--noise", "loud"), ("--format", "xml"), ("--pairs", "some"), ("--furniture", "sell"), ("--min-tokens", "4")]:
            _, said = self.run_command("copies", "crawl.jsonl", "--out", "out", flag, value, code=2)
            self.assert_one_line(said, flag, value)
        _, said = self.run_command("copies", "none.jsonl", "--out", "out", code=2)
        self.assert_one_line(said, "none.jsonl")
        self.assertFalse((self.folder / "out").exists(), "nothing is made before all is checked")

    def test_a_folder_in_use_is_left_alone_unless_forced(self):
        self.write("full/letter.txt", "keep me")
        for arguments in [[], ["--force"]]:
            _, said = self.run_command("copies", "crawl.jsonl", "--out", "full", *arguments, code=2)
            self.assert_one_line(said, "full")
        self.assertEqual([path.name for path in (self.folder / "full").iterdir()], ["letter.txt"])
        first = self.run_copies("crawl.jsonl")
        _, said = self.run_command("copies", "crawl.jsonl", "--out", "out", "--min-tokens", "30", code=2)
        self.assert_one_line(said, "--force")
        self.assertEqual(self.results("out"), first, "a refusal touches nothing")
        again = self.run_copies("crawl.jsonl", "--force", "--min-tokens", "30")
        self.assertLess(len(again["matches"]), len(first["matches"]))

    def test_threads_memory_and_files_change_no_byte(self):
        def same(folder, *arguments):
            found = self.run_copies(*arguments, folder=folder)
            return [found[name] for name in FILES if name != "run.json"]
        half = len(self.lines) // 2
        self.write("two/1.jsonl", "".join(self.lines[half:]))
        self.write("two/2.jsonl", "".join(self.lines[:half]))
        for more in [[], ["--pairs", "all"], ["--noise", "ocr"], ["--noise", "rewritten"]]:
            with self.subTest(more):
                name = "".join(more)
                first = same("one" + name, "crawl.jsonl", "-j", "1", *more)
                self.assertGreater(len(first[0]), 100)
                self.assertEqual(same("threads" + name, "crawl.jsonl", "-j", "2", *more), first)
                self.assertEqual(same("files" + name, "two", "-j", "2", "--memory", "64M", *more), first)


if __name__ == "__main__":
    command_testing.main()
