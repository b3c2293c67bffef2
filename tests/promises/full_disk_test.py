#!/usr/bin/env python3
"""Each file that a job writes is once the one that meets a full disk, whenever it can: what is said, what is left, and
that the job can be done again.

    full_disk_test.py REFRAIN FULL_DISK_LIBRARY [CLASS]
"""
import gzip
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

REFRAIN = sys.argv.pop(1)
LIBRARY = sys.argv.pop(1)
SECONDS = 100
# When a file of some bytes can fail.
MOMENTS = ("open", "0", "half", "sync", "rename")


def files_of(folder):
    """Name: bytes, of all files but those of a run that goes on."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.endswith(".partial") and "stages" not in path.relative_to(folder).parts}


def without_run_json(files):
    return {name: content for name, content in files.items() if name != "run.json"}


def pages(count=400, length=200):
    """Pages of two sites with a menu each, a third of them an earlier page with a word changed, some with a passage twice."""
    rng = random.Random(8)
    vocabulary = ["".join(rng.choice("abcdefghijklmnoprstuvw") for _ in range(rng.randrange(3, 10))) for _ in range(3000)]
    texts = []
    for number in range(count):
        if texts and rng.random() < 0.33:
            words = list(rng.choice(texts))
            words[rng.randrange(len(words))] = "edited"
        else:
            words = rng.choices(vocabulary, k=length)
            texts.append(words)
        body = " ".join(words)
        if number % 20 == 7:
            body += "\n" + body
        menu = f"Home News Sport Weather of site {number % 2} and more of it for everyone who likes to read menus"
        yield {"id": f"p{number}", "url": f"http://site{number % 2}.example/{number}", "date": f"2024-01-{1 + number % 28:02}",
               "text": f"{menu}\n{body}\n{menu} again, at the end of the page"}


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="refrain-full-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.tmpdir = self.folder / "spill"
        self.tmpdir.mkdir()
        self.input = self.folder / "in"
        self.input.mkdir()
        lines = [json.dumps(page) + "\n" for page in pages()]
        (self.input / "plain.jsonl").write_text("".join(lines[:200]))
        with gzip.open(self.input / "packed.jsonl.gz", "wt") as file:
            file.write("".join(lines[200:300]))
        subprocess.run(["zstd", "-q", "-o", self.input / "other.jsonl.zst"], input="".join(lines[300:]).encode(), check=True)
        (self.input / "page.html").write_text("<p>" + json.loads(lines[0])["text"])
        # More than fits in what 6 MB of memory leave for each thing that is remembered.
        self.many = self.folder / "many.jsonl"
        self.many.write_text("".join(json.dumps(page) + "\n" for page in pages(2500, 60)))

    def refrain(self, *arguments, full=None, when=None, nth=0, stdin=None):
        environment = {"PATH": os.environ["PATH"], "TMPDIR": str(self.tmpdir), "LD_PRELOAD": LIBRARY}
        if full is not None:
            environment |= {"REFRAIN_FULL": str(full), "REFRAIN_FULL_WHEN": str(when), "REFRAIN_FULL_NTH": str(nth)}
        done = subprocess.run([REFRAIN, *map(str, arguments)], capture_output=True, env=environment, timeout=SECONDS, check=False,
                              input=stdin, **({} if stdin is not None else {"stdin": subprocess.DEVNULL}))
        return done.returncode, done.stderr.decode()

    def fails(self, code, said, *named):
        self.assertEqual(code, 2, said)
        line = said.splitlines()[-1]
        self.assertIn("No space left on device", line)
        for part in named:
            self.assertIn(str(part), line)

    def outputs(self, job, more_files=(), again=(), of_run=True):
        """Runs `job` once for each of its files and moments; then again, with the options `again`."""
        whole = self.folder / "whole"
        code, said = self.refrain(*job, "--out", whole)
        self.assertEqual(code, 0, said)
        wanted = files_of(whole)
        for name in [*wanted, *more_files]:
            for moment in MOMENTS:
                out = self.folder / "out"
                when = max(1, len(wanted.get(name, b"x" * 300)) // 2) if moment == "half" else moment
                if moment in ("0", "half") and not wanted.get(name, b"x"):
                    continue  # nothing is ever written to it
                with self.subTest(file=name, moment=moment):
                    code, said = self.refrain(*job, "--out", out, full=f"/out/{name}.partial", when=when)
                    self.fails(code, said, out / name)
                    left = files_of(out)
                    self.assertNotIn(name, left)
                    if of_run:
                        self.assertNotIn("run.json", left)
                    # What has its name is what it would be.
                    for other, content in left.items():
                        self.assertEqual(content, wanted[other], other)
                    if of_run:
                        code, said = self.refrain(*job, "--out", out, *again)
                    else:
                        # Files that are there are not overwritten; that is said, too.
                        code, said = self.refrain(*job, "--out", self.folder / "out2")
                        shutil.move(self.folder / "out2", self.folder / "done")
                        shutil.rmtree(out)
                        shutil.move(self.folder / "done", out)
                    self.assertEqual(code, 0, said)
                    self.assertEqual(without_run_json(files_of(out)), without_run_json(wanted))
                    self.assertFalse((out / "stages").exists())
                    self.assertEqual(list(out.rglob("*.partial")), [])
                shutil.rmtree(out, ignore_errors=True)
                self.assertEqual(list(self.tmpdir.iterdir()), [])
        return len(wanted)

    def spills(self, job, out=True, again=(), least=1, stdin=None):
        """Runs `job` once for each file without a name that it makes: that one cannot be made, or not grow."""
        target = lambda name: ["--out", self.folder / name] if out else []
        if out:
            code, said = self.refrain(*job, *target("whole"), stdin=stdin)
            self.assertEqual(code, 0, said)
            wanted = without_run_json(files_of(self.folder / "whole"))
        failed = 0
        for moment in ("open", "1"):
            fine = 0
            # Each of the first ones; of what they are divided into, some.
            for nth in [*range(1, 10), *range(10, 200, 9)]:
                with self.subTest(nth=nth, moment=moment):
                    code, said = self.refrain(*job, *target("out"), full=self.tmpdir, when=moment, nth=nth, stdin=stdin)
                    if code == 0:
                        # Nothing is written to the first, which says that some can be made; and then there are no more.
                        fine += 1
                        if fine == 3:
                            break
                        shutil.rmtree(self.folder / "out", ignore_errors=True)
                        continue
                    self.fails(code, said, self.tmpdir, "--tmpdir")
                    failed += 1
                    if out:
                        self.assertFalse((self.folder / "out/run.json").exists())
                    if out and (moment == "open" or nth % 3 == 0):
                        code, said = self.refrain(*job, *target("out"), *again, stdin=stdin)
                        self.assertEqual(code, 0, said)
                        self.assertEqual(without_run_json(files_of(self.folder / "out")), wanted)
                shutil.rmtree(self.folder / "out", ignore_errors=True)
            shutil.rmtree(self.folder / "out", ignore_errors=True)
            self.assertEqual(fine, 3)
        self.assertGreaterEqual(failed, least)
        if os.environ.get("REFRAIN_FAULTS") == "full":
            print(f"{job[0]}: {failed} temporary files failed", flush=True)


class Dedup(FullDisk):
    STAGES = ("stages/scan-000000", "stages/decisions")

    def test_each_file_of_a_clean_run(self):
        job = ["dedup", self.input, "--unit", "both", "--pairs", "all", "-j", 2]
        self.assertEqual(self.outputs(job, self.STAGES, again=["--resume"]), 8)

    def test_each_file_of_marks(self):
        self.assertEqual(self.outputs(["dedup", self.input, "--mode", "mark", "-j", 2], self.STAGES, again=["--resume"]), 8)

    def test_each_file_begun_again(self):
        self.outputs(["dedup", self.input / "plain.jsonl", "-j", 2], self.STAGES)

    def test_each_temporary_file(self):
        job = ["dedup", self.many, "--unit", "both", "--pairs", "all", "-j", 2, "--memory", "6M"]
        self.spills(job, again=["--resume"], least=10)
        self.spills(["dedup", self.many, "--dry-run", "-j", 2, "--memory", "6M"], out=False, least=4)

    def test_standard_input(self):
        content = (self.input / "plain.jsonl").read_bytes()
        self.spills(["dedup", "-", "-j", 2], stdin=content, least=2)
        self.spills(["page", "-f", "json"], out=False, stdin=content, least=2)


class Boilerplate(FullDisk):
    def test_each_file_of_a_clean_run(self):
        self.assertEqual(self.outputs(["boilerplate", self.input, "-j", 2]), 7)

    def test_each_file_of_marks(self):
        self.assertEqual(self.outputs(["boilerplate", self.input, "--mode", "mark", "-j", 2]), 7)

    def test_each_temporary_file(self):
        self.spills(["boilerplate", self.many, "-j", 2, "--memory", "8M"], least=3)
        self.spills(["boilerplate", self.many, "-j", 2, "--memory", "8M"], out=False, least=3)


class Copies(FullDisk):
    def test_each_file(self):
        self.assertEqual(self.outputs(["copies", self.input, "-j", 2]), 5)

    def test_each_temporary_file(self):
        self.spills(["copies", self.many, "-j", 2, "--memory", "8M"], least=5)


class Restore(FullDisk):
    def test_each_file(self):
        run = self.folder / "run"
        code, said = self.refrain("dedup", self.input, "--out", run)
        self.assertEqual(code, 0, said)
        self.assertEqual(self.outputs(["restore", run], of_run=False), 4)

    def test_a_folder_that_holds_a_part_is_said(self):
        run, out = self.folder / "run", self.folder / "out"
        code, said = self.refrain("dedup", self.input, "--out", run)
        self.assertEqual(code, 0, said)
        code, said = self.refrain("restore", run, "--out", out, full="/out/plain.jsonl.partial", when="0")
        self.fails(code, said, out / "plain.jsonl")
        code, said = self.refrain("restore", run, "--out", out)
        self.assertEqual(code, 2)
        self.assertIn("is there already; name an empty folder with --out", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
