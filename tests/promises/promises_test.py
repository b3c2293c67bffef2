#!/usr/bin/env python3
"""The promises, kept by the command as people run it: evidence, witness, undo, order-free, bounded, survives.

    promises_test.py REFRAIN SAMPLE_DIR
"""
import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest

REFRAIN = sys.argv.pop(1)
SAMPLE = pathlib.Path(sys.argv.pop(1))
SECONDS = 1000 if os.environ.get("REFRAIN_SANITIZED") else 100  # after which a run counts as hanging


def run(*arguments, code=0, **more):
    done = subprocess.run([REFRAIN, *map(str, arguments)], capture_output=True, timeout=SECONDS,
                          stdin=more.pop("stdin", subprocess.DEVNULL) if "input" not in more else None, **more)
    if code is not None and done.returncode != code:
        raise AssertionError(f"{arguments} ended with {done.returncode}, not {code}:\n{done.stderr.decode()}")
    return done


def rows(path):
    text = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
    return [json.loads(line) for line in text.splitlines()]


def digest(folder):
    """Of every file of a run but run.json."""
    sums = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "run.json":
            sums[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return sums


def words(text):
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold())


def shingles(text):
    tokens = words(text)
    return {tuple(tokens[i:i + 5]) for i in range(len(tokens) - 4)} or {tuple(tokens)}


def resemblance(one, other):
    one, other = shingles(one), shingles(other)
    return len(one & other) / len(one | other)


def crawl(seed, pages):
    """Fresh pages, copies, edited copies, pages doubled in themselves; spelled with escapes, CR LF and blank lines."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choice("abcdefghijklmnoprstuvw") for _ in range(rng.randrange(3, 10))) for _ in range(2000)]
    vocabulary += ["größe", "naïve", "Ελλάδα", "книга", "\U0001f600", "\"said\"", "a\\b", "tab\there"]
    lines, texts = [], []
    for number in range(pages):
        draw = rng.random()
        if texts and draw < 0.2:
            text = rng.choice(texts).upper() if rng.random() < 0.3 else rng.choice(texts)
        elif texts and draw < 0.4:
            parts = rng.choice(texts).split(" ")
            parts[rng.randrange(len(parts))] = rng.choice(vocabulary)
            text = " ".join(parts)
        else:
            paragraphs = [" ".join(rng.choice(vocabulary) for _ in range(rng.randrange(15, 50))).capitalize() + "." for _ in range(6)]
            text = "\n".join(paragraphs)
            texts.append(text)
            if draw < 0.55:
                text = "".join(paragraphs) + "\n" + text
        row = {"id": f"p{number}", "n": rng.random(), "text": text, "date": f"2024-01-{1 + number % 28:02}"}
        line = json.dumps(row, ensure_ascii=rng.random() < 0.5)
        lines.append(line.replace("/", "\\/") + rng.choice(["\n", "\r\n", "\n\n"]))
    lines[-1] = lines[-1].rstrip()
    return lines


class Promises(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def test_page_cuts_only_what_stands_elsewhere(self):
        page = json.loads(run("page", "--format", "json", SAMPLE / "page.txt").stdout)
        raw = (SAMPLE / "page.txt").read_bytes()
        self.assertEqual(page["bytes"], len(raw))
        self.assertTrue(page["cut"])
        clean, at = b"", 0
        for begin, end in page["cut"]:
            clean += raw[at:begin]
            at = end
        clean += raw[at:]
        self.assertEqual(run("page", "--format", "text", SAMPLE / "page.txt").stdout, clean)
        kept = words(clean.decode())
        for repeat in page["repeats"]:
            dropped = words(raw[repeat["begin"]:repeat["end"]].decode())
            witness = words(raw[repeat["kept_begin"]:repeat["kept_end"]].decode())
            self.assertEqual(dropped, witness)
            self.assertIn(" ".join(witness), " ".join(kept))
        self.assertIn("my grandmother could tell from the bell", clean.decode())

    def test_restore_is_identity_and_decisions_have_evidence(self):
        lines = crawl(7, 300)
        source = self.write("in/crawl.jsonl", "".join(lines))
        note = self.write("in/notes/one.txt", "A short note that stands alone in its file.\r\nSecond line\r\n")
        out, again = self.folder / "run", self.folder / "again"
        run("dedup", self.folder / "in", "--out", out)
        run("restore", out, "--out", again)
        self.assertEqual((again / "crawl.jsonl").read_bytes(), source.read_bytes())
        self.assertEqual((again / "notes/one.txt").read_bytes(), note.read_bytes())

        texts = {row["id"]: row["text"] for row in (json.loads(line) for line in lines if line.strip())}
        kept = {json.loads(line)["id"] for line in (out / "clean/crawl.jsonl").read_text().splitlines() if line.strip()}
        removed = [row for row in rows(out / "removed.jsonl.zst") if row["verdict"] in ("exact", "near")]
        self.assertGreater(len(removed), 50)
        for row in removed:
            self.assertNotIn(row["id"], kept)
            self.assertIn(row["witness"], kept)
            self.assertGreaterEqual(row["resemblance"], 0.8)
            true = resemblance(texts[row["id"]], texts[row["witness"]])
            self.assertAlmostEqual(row["resemblance"], true, delta=0.03)
            dropped = texts[row["id"]].encode()
            for begin, end in row["only_in_dropped"]:
                dropped[begin:end].decode()
        self.assertEqual(len(kept) + len(removed), len(texts))
        ordered = sorted(kept)
        for i, one in enumerate(ordered):
            for other in ordered[i + 1:i + 40]:
                self.assertLess(resemblance(texts[one], texts[other]), 0.9, (one, other))

    def test_threads_kernels_and_order_change_no_byte(self):
        first = self.write("in/a.jsonl", "".join(crawl(1, 120)) + "\n")
        second = self.write("in/b.jsonl", "".join(crawl(2, 120)))
        for pairs in ("witness", "all"):
            wanted = None
            for number, (inputs, flags) in enumerate([([first, second], ["-j", 1]), ([second, first], ["-j", 2]),
                                                      ([first, second], ["-j", 7]), ([first, second], ["--kernel", "scalar"]),
                                                      ([self.folder / "in"], ["-j", 3])]):
                out = self.folder / f"{pairs}{number}"
                run("dedup", *inputs, "--out", out, "--pairs", pairs, "--unit", "both", *flags)
                wanted = wanted or digest(out)
                self.assertEqual(digest(out), wanted, (inputs, flags))

    def test_damaged_records_are_named_counted_and_kept(self):
        good = json.dumps({"id": "g", "text": "one two three four five six"}) + "\n"
        source = self.write("bad.jsonl", good + "{\"id\": \"x\", \"text\": \"no end\n" + good.replace('"g"', '"h"'))
        out = self.folder / "run"
        done = run("dedup", source, "--out", out, code=1)
        self.assertIn(f"bad.jsonl: byte {len(good)}:".encode(), done.stderr)
        self.assertEqual(json.loads((out / "run.json").read_text())["damage"]["places"], 1)
        run("restore", out, "--out", self.folder / "again")
        self.assertEqual((self.folder / "again/bad.jsonl").read_bytes(), source.read_bytes())

    def test_an_earlier_run_is_compared_with(self):
        lines = crawl(3, 80)
        old = self.write("old.jsonl", "".join(lines[:60]) + "\n")
        new = self.write("new.jsonl", "".join(line.replace('"p', '"q') for line in lines))
        run("dedup", old, "--out", self.folder / "first")
        run("dedup", new, "--against", self.folder / "first", "--out", self.folder / "second")
        gone = [row for row in rows(self.folder / "second/removed.jsonl.zst") if row["verdict"] in ("exact", "near")]
        self.assertGreaterEqual(len(gone), 60)
        self.assertTrue(any(row["witness"].startswith("p") for row in gone))

    def test_passages_go_only_where_a_kept_page_shows_them(self):
        shared = " ".join(f"shared{i}" for i in range(40)) + "."
        pages = [f"Alone {n} " + " ".join(f"w{n}x{i}" for i in range(60)) + ".\n" + shared for n in range(3)]
        source = self.write("p.jsonl", "".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(pages)))
        out = self.folder / "run"
        run("dedup", source, "--out", out, "--unit", "passage")
        clean = (out / "clean/p.jsonl").read_text()
        self.assertEqual(clean.count("shared39"), 1)
        self.assertEqual([row["verdict"] for row in rows(out / "removed.jsonl.zst")], ["passage", "passage"])
        run("restore", out, "--out", self.folder / "again")
        self.assertEqual((self.folder / "again/p.jsonl").read_bytes(), source.read_bytes())

    def test_folders_in_use_are_refused(self):
        source = self.write("a.jsonl", json.dumps({"text": "some words"}) + "\n")
        out = self.folder / "run"
        run("dedup", source, "--out", out)
        self.assertIn(b"--force", run("dedup", source, "--out", out, code=2).stderr)
        run("dedup", source, "--out", out, "--force")
        (out / "mine.txt").write_text("not a run's")
        run("dedup", source, "--out", out, "--force", code=2)
        self.assertTrue((out / "mine.txt").exists())
        (out / "mine.txt").unlink()
        (out / "run.json").unlink()
        (out / "run.partial").touch()  # a run that died
        run("dedup", source, "--out", out)
        self.assertFalse((out / "run.partial").exists())

    def test_dry_run_writes_nothing(self):
        source = self.write("a.jsonl", "".join(crawl(5, 60)))
        done = run("dedup", source, "--dry-run", "--json")
        summary = json.loads(done.stdout)
        self.assertGreater(summary["counts"]["dropped_near"] + summary["counts"]["dropped_exact"], 0)
        self.assertEqual(len(summary["examples"]), 10)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["a.jsonl"])

    def near_what_happened(self, plan, out, disk):
        """Each estimate is within a factor of 1.5 of the run in `out`, and so many bytes of temporary disk."""
        facts = json.loads((out / "run.json").read_text())
        happened = {"pages": facts["counts"]["pages"], "pages_kept": facts["counts"]["pages_kept"],
                    "peak_memory": facts["peak_memory"], "temporary_disk": facts["temporary_disk"],
                    "output_bytes": sum(path.stat().st_size for path in out.rglob("*") if path.is_file())}
        for what, value in happened.items():
            slack = disk if what == "temporary_disk" else 0
            self.assertLess(plan[what], 1.5 * value + slack, (what, plan, happened))
            self.assertGreater(plan[what] + slack, value / 1.5, (what, plan, happened))

    @unittest.skipIf(os.environ.get("REFRAIN_SANITIZED"), "sanitizers take memory of their own")
    def test_the_plan_is_near_what_happens(self):
        # Copies of other pages' texts, half of them edited, far from them; one of two files compressed. What is
        # remembered of the sample takes a sixteenth of the memory at the most: so it is a part of this input.
        rng = random.Random(11)
        vocabulary = ["".join(rng.choice("abcdefghijklmnoprstuvw") for _ in range(rng.randrange(3, 10))) for _ in range(5000)]
        texts, lines = [], []
        for number in range(12000):
            if texts and rng.random() < 0.3:
                parts = rng.choice(texts)
                if rng.random() < 0.5:
                    at = rng.randrange(len(parts))
                    parts = parts[:at] + ["edited"] + parts[at + 1:]
            else:
                parts = rng.choices(vocabulary, k=rng.randrange(100, 600))
                texts.append(parts)
            lines.append(json.dumps({"id": f"page-{number}", "text": " ".join(parts)}) + "\n")
        source = self.folder / "crawl"
        source.mkdir()
        (source / "plain.jsonl").write_text("".join(lines[:8000]))
        with gzip.open(source / "packed.jsonl.gz", "wt", compresslevel=6) as out:
            out.write("".join(lines[8000:]))
        for options in (["--memory", "64M"], []):
            plan = json.loads(run("explain", "--plan", "--json", "-j", 2, *options, source).stdout)
            self.assertEqual(plan["sample"]["whole"], not options, plan["sample"])
            out = self.folder / "run"
            run("dedup", source, "--out", out, "-j", 2, "--force", *options)
            # A few megabytes more or less of what a file's buffer is are no matter.
            self.near_what_happened(plan, out, 2e6)

    @unittest.skipIf(os.environ.get("REFRAIN_SANITIZED"), "sanitizers take memory of their own")
    def test_the_plan_counts_the_largest_page(self):
        # What went wrong: of a page of 32 MB it said 23 MB of memory, and the run took 595.
        rng = random.Random(12)
        vocabulary = ["".join(rng.choice("abcdefghijklmnoprstuvw") for _ in range(rng.randrange(3, 10))) for _ in range(5000)]
        words = rng.choices(vocabulary, k=1_200_000)
        prose = ".\n".join(" ".join(words[at:at + 15]) for at in range(0, len(words), 15))
        half = prose[:len(prose) // 2]
        for name, texts in [("prose", [prose]), ("twice", [half + "\n" + half]), ("period", ["words of a text " * 500_000]),
                            ("pair", [prose, prose + " and more"])]:
            source = self.write(f"{name}.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in texts))
            for options in [[], ["--no-repair"]]:
                with self.subTest(name=name, options=options):
                    plan = json.loads(run("explain", "--plan", "--json", "-j", 1, *options, source).stdout)
                    out = self.folder / "run"
                    run("dedup", source, "--out", out, "-j", 1, "--force", *options)
                    # A set of shingles is in memory or on disk as a whole.
                    self.near_what_happened(plan, out, 8e6)

    @unittest.skipIf(os.environ.get("REFRAIN_SANITIZED"), "sanitizers take memory of their own")
    def test_the_plan_of_small_input_is_near_what_happens(self):
        # It said 36 MB of memory for any page, and for --mode mark what a clean run writes.
        for pages, ending in ((3, ""), (40, ""), (400, ""), (3000, ""), (400, ".gz")):
            content = "".join(crawl(21, pages)).encode()
            source = self.write(f"a{pages}.jsonl{ending}", gzip.compress(content) if ending else content)
            for options in ([], ["--mode", "mark"], ["--memory", "64M"]):
                out = self.folder / "run"
                plan = json.loads(run("explain", "--plan", "--json", "-j", 2, "--out", out, "--force", *options, source).stdout)
                self.assertTrue(plan["sample"]["whole"])
                run("dedup", source, "--out", out, "-j", 2, "--force", *options)
                with self.subTest(pages=pages, options=options):
                    self.near_what_happened(plan, out, 5e4)

    def test_a_dry_run_says_its_plan_first(self):
        source = self.write("a.jsonl", "".join(crawl(5, 60)))
        self.assertIn(b"a run takes about", run("dedup", source, "--dry-run").stderr)
        self.assertEqual(json.loads(run("dedup", source, "--dry-run", "--json").stdout)["plan"]["pages"], 60)
        self.assertEqual(run("explain", source, code=2).stderr.count(b"\n"), 1)
        piped = run("explain", "--plan", "--json", "-", input=source.read_bytes())
        self.assertEqual(json.loads(piped.stdout)["pages"], 60)
        self.assertIn("resemblance    0.50", run("explain", "--plan", source).stdout.decode())

    def test_wrong_use_is_one_line_and_exit_code_two(self):
        for arguments, words_wanted in [(["dedupe"], "'dedup'"), (["page", "--formt", "json"], "'--format'"),
                                        (["page", "--format", "jsn", "x"], "'json'"), (["page", "no-such-file"], "no-such-file"),
                                        (["dedup", SAMPLE / "crawl.jsonl"], "--out"),
                                        (["page", "--min-tokens", "many", "x"], "--min-tokens")]:
            done = run(*arguments, code=2)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
            self.assertIn(words_wanted, done.stderr.decode())
            self.assertEqual(done.stdout, b"")

    def test_help_has_examples_and_manual_and_completions_are_sound(self):
        for command in ("page", "dedup", "restore", "fingerprint"):
            self.assertIn(f"refrain {command} ", run(command, "--help").stdout.decode().split("Examples:")[1])
        self.assertIn(b"kernel", run("--version").stdout)
        manual = self.write("refrain.1", run("man").stdout)
        if shutil.which("mandoc"):
            lint = subprocess.run(["mandoc", "-Tlint", "-W", "error", manual], capture_output=True, check=False)
            self.assertEqual(lint.returncode, 0, lint.stdout)
        for shell in ("bash", "zsh", "fish"):
            script = self.write(f"completion.{shell}", run("completion", shell).stdout)
            if shutil.which(shell):
                subprocess.run([shell, "-n", script], check=True)

    def test_standard_input_empty_input_and_closed_pipe(self):
        text = (SAMPLE / "page.txt").read_bytes()
        self.assertEqual(run("page", "--format", "text", input=text).stdout, run("page", "--format", "text", SAMPLE / "page.txt").stdout)
        empty = self.write("empty.jsonl", "")
        self.assertEqual(run("page", empty).stdout, b"")
        run("dedup", empty, "--out", self.folder / "run")
        self.assertEqual((self.folder / "run/clean/empty.jsonl").read_bytes(), b"")
        many = self.write("many.jsonl", "".join(crawl(9, 400)))
        piped = subprocess.run(f"'{REFRAIN}' page --format json '{many}' | head -c 10", shell=True, capture_output=True, check=False)
        self.assertEqual(piped.stderr, b"")

    def test_a_full_disk_is_said(self):
        if not os.path.exists("/dev/full"):
            return
        with open("/dev/full", "wb") as full:
            done = subprocess.run([REFRAIN, "page", "--format", "text", SAMPLE / "page.txt"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"No space left", done.stderr)

    @unittest.skipIf(os.environ.get("REFRAIN_SANITIZED"), "sanitizers hold on to memory that was given back")
    def test_memory_does_not_grow_with_the_texts(self):
        peak, size = {}, {}
        for groups in (200, 600):
            rng = random.Random(5)
            crawled = self.folder / f"{groups}.jsonl.gz"  # compressed, so that it cannot be read in place
            with gzip.open(crawled, "wt", compresslevel=1) as out:
                for group in range(groups):
                    parts = [f"{rng.randrange(16**6):06x}" for _ in range(4000)]
                    for copy in range(4):
                        edit = rng.randrange(len(parts))
                        text = " ".join(parts[:edit] + ["edited"] * (copy > 0) + parts[edit + (copy > 0):])
                        out.write(json.dumps({"id": f"{group}.{copy}", "text": text}) + "\n")
            run("dedup", crawled, "--out", self.folder / str(groups), "-j", 1)
            facts = json.loads((self.folder / str(groups) / "run.json").read_text())
            self.assertEqual(facts["counts"]["dropped_near"], 3 * groups)
            peak[groups], size[groups] = facts["peak_memory"], facts["counts"]["text_bytes"]
        self.assertLess(peak[600] - peak[200], (size[600] - size[200]) / 3, peak)

    def test_peak_memory_is_that_of_the_run(self):
        # What went wrong: the system also counts what a process was before it became this program, so a run said the size
        # of whoever had started it.
        blob = bytearray(os.urandom(1 << 20) * 300)
        summary = json.loads(run("dedup", SAMPLE / "crawl.jsonl", "--dry-run", "--json", preexec_fn=lambda: None).stdout)
        self.assertEqual(len(blob), 300 << 20)
        if not os.environ.get("REFRAIN_SANITIZED"):
            self.assertLess(summary["peak_memory"], 150 << 20)

    def test_hostile_pages_end(self):
        self.assertEqual(json.loads(run("page", "--format", "json", self.write("a.txt", "a " * 1000000)).stdout)["cut"], [])
        run("page", "--format", "json", self.write("n.html", "<div>" * 100000 + "deep" + "</div>" * 100000))
        big = self.write("big.jsonl", '{"id":"x","text":"' + "lorem ipsum dolor " * 5600000 + '"}\n')
        done = run("dedup", big, "--out", self.folder / "run", code=1)
        self.assertIn(b"--max-record", done.stderr)
        self.assertEqual((self.folder / "run/clean/big.jsonl").read_bytes(), big.read_bytes())


if __name__ == "__main__":
    unittest.main(verbosity=2)
