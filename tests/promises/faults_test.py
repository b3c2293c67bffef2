#!/usr/bin/env python3
"""Accidents and input made to hurt, as a run of dedup meets them: what it says, how it ends, that nothing is lost.

    faults_test.py REFRAIN SAMPLE_DIR

Small by default. With REFRAIN_FAULTS=full (./dev soak) the sizes are those of a bad day: lines of 3 GB, a million pages.
"""
import gzip
import hashlib
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

REFRAIN = sys.argv.pop(1)
SAMPLE = pathlib.Path(sys.argv.pop(1))
FULL = os.environ.get("REFRAIN_FAULTS") == "full"
SANITIZED = bool(os.environ.get("REFRAIN_SANITIZED"))
SECONDS = 3000 if FULL or SANITIZED else 100
MEGABYTE = 1 << 20


def scale(small, full):
    return full if FULL else small


def rows(path):
    """Lines of JSON, one by one."""
    with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != 0:
        raise AssertionError(f"{path} is not whole")


def digest(folder):
    """Of every file of a run but run.json."""
    sums = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "run.json":
            sums[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return sums


def vocabulary(rng, words):
    return ["".join(rng.choice("abcdefghijklmnoprstuvw") for _ in range(rng.randrange(3, 10))) for _ in range(words)]


def crawl(pages, length=300):
    """Lines of pages, a third of them an earlier one with a word changed."""
    rng = random.Random(4)
    words, texts = vocabulary(rng, 3000), []
    for number in range(pages):
        if texts and rng.random() < 0.33:
            parts = list(rng.choice(texts))
            parts[rng.randrange(len(parts))] = "edited"
        else:
            parts = rng.choices(words, k=length)
            texts.append(parts)
        yield json.dumps({"id": f"p{number}", "text": " ".join(parts)}) + "\n"


class Faults(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="refrain-faults-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_command(self, *arguments, code=0, **more):
        done = subprocess.run([REFRAIN, *map(str, arguments)], capture_output=True, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, check=False, **more)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stderr.decode()}")
        return done

    def facts(self, out):
        return json.loads((out / "run.json").read_text())

    def within(self, facts, memory):
        # What the program itself takes besides, before it has read anything.
        if not SANITIZED:
            self.assertLess(facts["peak_memory"], memory * 10**6 + 88 * 10**6)

    # Disks

    def test_a_limit_on_files_ends_a_run_at_any_stage_and_it_goes_on(self):
        source = self.folder / "crawl.jsonl"
        source.write_text("".join(crawl(1500)))
        arguments = ["dedup", source, "--unit", "both", "-j", 2, "--memory", "24M", "--pairs", "all"]
        self.run_command(*arguments, "--out", self.folder / "whole")
        wanted = digest(self.folder / "whole")
        largest = max(path.stat().st_size for path in (self.folder / "whole").rglob("*") if path.is_file())
        places, failed = set(), 0
        limit = 100
        while limit < 2 * largest:
            out, tmpdir = self.folder / f"out{limit}", self.folder / "tmp"
            tmpdir.mkdir(exist_ok=True)
            done = subprocess.run([REFRAIN, *map(str, arguments), "--out", str(out), "--tmpdir", str(tmpdir)], capture_output=True,
                                  timeout=SECONDS, check=False,
                                  preexec_fn=lambda most=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
            said = done.stderr.decode()
            if done.returncode != 0:
                failed += 1
                self.assertEqual(done.returncode, 2, said)
                self.assertIn("File too large", said)
                self.assertFalse((out / "run.json").exists())
                places.add("tmpdir" if str(tmpdir) in said else said.split(str(out) + "/")[1].split(":")[0].split("/")[0])
                self.run_command(*arguments, "--out", out, "--resume")
            self.assertEqual(digest(out), wanted, said)
            self.assertEqual(list(tmpdir.iterdir()), [])
            shutil.rmtree(out)
            limit = int(limit * 1.4)
        self.assertGreater(failed, 10)
        self.assertLessEqual({"tmpdir", "stages", "clean"}, places)
        if FULL:
            print(f"limits on files: {failed} runs failed, in {sorted(places)}; all went on to the same bytes", flush=True)

    def test_a_full_disk_ends_a_run_at_any_stage_and_it_goes_on(self):
        probe = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", self.folder], capture_output=True, check=False)
        if probe.returncode != 0:
            self.skipTest("no small disk can be made here: " + probe.stderr.decode().strip())
        source = self.folder / "crawl.jsonl"
        source.write_text("".join(crawl(1500)))
        arguments = f"'{REFRAIN}' dedup '{source}' --unit both -j 2 --memory 24M"
        self.run_command("dedup", source, "--unit", "both", "-j", 2, "--memory", "24M", "--out", self.folder / "whole")
        disk = self.folder / "disk"
        disk.mkdir()
        (self.folder / "tmp").mkdir()
        said_by, failed = set(), 0
        for what in ("--out", "--tmpdir"):
            for kilobytes in (16, 100, 400, 900, 1500, 2000, 2600, 3200, 4000):
                out = "$D/run" if what == "--out" else f"{self.folder}/run"
                tmpdir = f"{self.folder}/tmp" if what == "--out" else "$D"
                script = (f"D='{disk}'; mount -t tmpfs -o size={kilobytes}k tmpfs \"$D\" || exit 77; "
                          f"{arguments} --out \"{out}\" --tmpdir \"{tmpdir}\" 2>&1; first=$?; mount -o remount,size=200M \"$D\"; "
                          f"[ $first = 0 ] || {arguments} --out \"{out}\" --tmpdir \"{tmpdir}\" --resume -q >/dev/null || exit 78; "
                          f"diff -r -x run.json \"{out}\" '{self.folder}/whole' || exit 79; exit $first")
                done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, timeout=SECONDS, check=False)
                said = done.stdout.decode() + done.stderr.decode()
                self.assertIn(done.returncode, (0, 2), said)
                if done.returncode == 2:
                    failed += 1
                    self.assertIn("No space left", said)
                    self.assertIn(str(disk), said)
                    said_by.add(what)
                shutil.rmtree(self.folder / "run", ignore_errors=True)
        self.assertEqual(said_by, {"--out", "--tmpdir"})
        if FULL:
            print(f"full disks: {failed} of 18 runs failed; all went on to the same bytes", flush=True)

    def test_a_closed_pipe_hurts_no_run(self):
        for arguments in (["--json"], []):
            out = self.folder / ("json" if arguments else "text")
            read, write = os.pipe()
            os.close(read)
            done = subprocess.run([REFRAIN, "dedup", SAMPLE / "crawl.jsonl", "--out", out, *arguments], stdout=write,
                                  stderr=subprocess.PIPE, timeout=SECONDS, check=False)
            os.close(write)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertTrue((out / "run.json").exists())

    # Files

    def test_what_cannot_be_read_in_a_folder_is_said_and_the_rest_goes_through(self):
        source = self.folder / "crawl"
        source.mkdir()
        lines = list(crawl(50))
        (source / "good.jsonl").write_text("".join(lines))
        (source / "nowhere.jsonl").symlink_to(self.folder / "not-there")
        (source / "error.jsonl").symlink_to("/proc/self/mem")  # opens, and gives EIO when it is read
        os.mkfifo(source / "pipe.jsonl")
        refused = {"nowhere.jsonl", "pipe.jsonl"}
        (source / "locked.jsonl").write_text(lines[0])
        (source / "locked.jsonl").chmod(0)
        try:
            with open(source / "locked.jsonl", "rb"):
                pass
        except PermissionError:
            refused.add("locked.jsonl")  # not for root
        done = self.run_command("dedup", source, "--out", self.folder / "run", code=1)
        facts = self.facts(self.folder / "run")
        self.assertEqual(facts["counts"]["pages"], 50 + ("locked.jsonl" not in refused))
        for name in sorted(refused | {"error.jsonl"}):
            self.assertIn(name, done.stderr.decode())
        self.assertGreaterEqual(facts["damage"]["refused_files"] + facts["damage"]["places"], len(refused) + 1)
        self.assertEqual(digest(self.folder / "run/clean").keys() - {"error.jsonl"},
                         {"good.jsonl"} | ({"locked.jsonl"} - refused))

    @unittest.skipIf(SANITIZED, "sanitizers take addresses of their own")
    def test_too_little_memory_is_an_error_that_says_so(self):
        # It ended with an exception of the standard library.
        source = self.folder / "one.jsonl"
        source.write_text(json.dumps({"id": "a", "text": "words of a text " * 2_000_000}) + "\n")
        little = lambda: resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
        for command in ("dedup", "copies"):
            done = subprocess.run([REFRAIN, command, source, "--out", self.folder / command, "-q", "-j", "1"],
                                  capture_output=True, text=True, check=False, preexec_fn=little)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("not enough memory; give less of it with --memory", done.stderr)
            self.assertFalse((self.folder / command / "run.json").exists())

    def test_many_small_files(self):
        files = scale(2000, 10000)
        source = self.folder / "crawl"
        for number, line in enumerate(crawl(files, 60)):
            path = source / str(number % 50) / f"{number}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(line)
        few = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))  # open files
        out = self.folder / "run"
        self.run_command("dedup", source, "--out", out, "--memory", "64M", preexec_fn=few)
        facts = self.facts(out)
        self.assertEqual(facts["counts"]["pages"], files)
        self.within(facts, 64)
        self.run_command("restore", out, "--out", self.folder / "again", preexec_fn=few)
        self.assertEqual(digest(self.folder / "again"), digest(source))

    # Sizes

    def test_a_line_larger_than_memory_goes_through_untouched(self):
        size = scale(200, 3000) * MEGABYTE
        source = self.folder / "big.jsonl"
        small = b'{"id":"small","text":"a page like any other"}\n'
        with open(source, "wb") as file:
            file.write(small + b'{"id":"big","text":"')
            file.seek(size, os.SEEK_CUR)  # zeros that take no disk
            file.write(b'"}\n' + small.replace(b"small", b"after"))
        out = self.folder / "run"
        done = self.run_command("dedup", source, "--out", out, "--memory", "64M", code=1)
        self.assertIn(f"big.jsonl: byte {len(small)}: record larger than", done.stderr.decode())
        facts = self.facts(out)
        self.assertEqual((facts["counts"]["pages"], facts["damage"]["oversized"]), (2, 1))
        self.within(facts, 64)
        # The page in front of the line is a copy of the one behind it, and goes.
        same = subprocess.run(["cmp", "--ignore-initial", f"{len(small)}:0", source, out / "clean/big.jsonl"], check=False)
        self.assertEqual(same.returncode, 0)
        self.run_command("restore", out, "--out", self.folder / "again")
        self.assertEqual(subprocess.run(["cmp", source, self.folder / "again/big.jsonl"], check=False).returncode, 0)

    def test_a_gzip_bomb_takes_no_memory(self):
        size = scale(200, 4000)  # megabytes, from a thousandth of that
        for name, begin in (("line.jsonl.gz", b'{"text":"'), ("page.txt.gz", b"a page"), ("record.warc.gz", (
                b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % (size * MEGABYTE)))):
            source, out = self.folder / name, self.folder / ("run-" + name)
            with gzip.open(source, "wb", compresslevel=6) as file:
                file.write(begin)
                for _ in range(size):
                    file.write(b" " * MEGABYTE)
            self.assertLess(source.stat().st_size * 500, size * MEGABYTE)
            done = self.run_command("dedup", source, "--out", out, "--memory", "64M", code=1)
            kind = "page" if name == "record.warc.gz" else "record"
            self.assertIn(f"{name}: byte 0: {kind} larger than", done.stderr.decode())
            self.within(self.facts(out), 64)
            if name != "record.warc.gz":
                self.assertLess((out / "clean" / name).stat().st_size, 20 * source.stat().st_size)

    def test_one_page_over_and_over(self):
        text = " ".join(random.Random(2).choices(vocabulary(random.Random(1), 3000), k=400))
        copies = scale(20, 1000) * MEGABYTE // len(text)
        source, out = self.folder / "same.jsonl", self.folder / "run"
        with open(source, "w", encoding="utf-8") as file:
            for number in range(copies):
                file.write(f'{{"id":"{number:08}","text":"{text}"}}\n')
        self.run_command("dedup", source, "--out", out, "--memory", "512M")
        facts = self.facts(out)
        self.assertEqual((facts["counts"]["pages_kept"], facts["counts"]["dropped_exact"]), (1, copies - 1))
        self.within(facts, 512)
        self.assertEqual((out / "clean/same.jsonl").read_text().count("\n"), 1)

    def many(self, pages, text_of):
        source, out = self.folder / "many.jsonl", self.folder / "run"
        with open(source, "w", encoding="utf-8") as file:
            for number in range(pages):
                file.write(f'{{"id":"{number}","text":"{text_of(number)}"}}\n')
        self.run_command("dedup", source, "--out", out, "--memory", "512M")
        facts = self.facts(out)
        self.assertEqual(facts["counts"]["pages"], pages)
        self.within(facts, 512)
        with open(out / "clean/many.jsonl", encoding="utf-8") as clean:
            kept = {json.loads(line)["id"] for line in clean}
        return facts, kept, out

    def test_a_bucket_of_near_equals(self):
        pages = scale(20_000, 1_000_000)
        words = vocabulary(random.Random(3), 40)
        facts, kept, out = self.many(pages, lambda number: " ".join(words) + f" {number}")
        self.assertEqual(len(kept), 1)
        self.assertEqual(facts["counts"]["dropped_near"], pages - 1)
        # Over-long buckets are not all-pairs.
        self.assertLess(facts["counts"]["compared"], 257 * pages)
        for row in rows(out / "removed.jsonl.zst"):
            self.assertIn(row["witness"], kept)
            self.assertGreaterEqual(row["resemblance"], 0.8)

    def test_a_chain_of_pages_each_like_the_next(self):
        pages = scale(20_000, 1_000_000)
        # Windows of sixty words, three words apart: neighbours share 53 of 59 shingles, those three steps apart less than 0.8.
        facts, kept, out = self.many(pages, lambda number: " ".join(f"w{number * 3 + i}" for i in range(60)))
        self.assertEqual(len(kept) + facts["counts"]["dropped_near"], pages)
        self.assertGreater(len(kept), pages // 6)
        self.assertLess(len(kept), pages // 2)
        for row in rows(out / "removed.jsonl.zst"):
            self.assertIn(row["witness"], kept)
            self.assertLessEqual(abs(int(row["id"]) - int(row["witness"])), 2)
        missed = sum(1 for page in kept if str(int(page) + 1) in kept or str(int(page) + 2) in kept)
        self.assertLess(missed, 0.02 * pages)  # what banding does not bring together, right at 0.8


if __name__ == "__main__":
    unittest.main(verbosity=2)
