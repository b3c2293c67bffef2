"""refrain's side of bench/peers, and what the tables are made of. No peer is needed.

    python3 peers_test.py REFRAIN_PEER BENCH_PEERS_FOLDER
"""

import json
import math
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

program, folder = sys.argv[1:3]
sys.path.insert(0, folder)
import pairs  # noqa: E402
import peers  # noqa: E402
import report  # noqa: E402

PAIRS = 400


class PeersTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="refrain-peers-")
        self.addCleanup(scratch.cleanup)
        self.file = pathlib.Path(scratch.name) / "pairs.jsonl"

    def ask(self, sketch, *commands):
        done = subprocess.run(
            [program, sketch], input="".join(f"{command}\n" for command in commands), capture_output=True, text=True, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def compare(self, sketch, made):
        pairs.write(self.file, made)
        return self.ask(sketch, f"compare {self.file}")[0]

    def test_estimates_are_as_good_as_independent_hashes(self):
        draw = random.Random(7)
        for size, common in ((10, 7), (30, 20), (100, 89)):
            made = [pairs.pair(draw, size, common) for _ in range(PAIRS)]
            exact = pairs.exact(size, common)
            for sketch in ("minhash:128", "page"):
                with self.subTest(sketch=sketch, size=size):
                    answer = self.compare(sketch, made)
                    self.assertEqual(len(answer["exact"]), PAIRS)
                    for seen in answer["exact"]:
                        self.assertAlmostEqual(seen, exact, 5)
                    # Four standard errors each: of the mean, and of the root of a mean of squares.
                    deviation = report.ideal_error(exact)
                    errors = [estimate - exact for estimate in answer["estimates"]]
                    self.assertLess(abs(sum(errors) / PAIRS), 4 * deviation / math.sqrt(PAIRS))
                    self.assertLess(report.root_mean_square(errors), deviation * (1 + 4 / math.sqrt(2 * PAIRS)))
                    self.assertGreater(report.root_mean_square(errors), deviation * (1 - 4 / math.sqrt(2 * PAIRS)))

    def test_pairs_meet_in_bands_as_often_as_they_should(self):
        count = 5000  # enough to miss one band of twelve or sixteen
        draw = random.Random(12)
        for banding, common in (("12x4", 20), ("16x8", 27)):
            made = [pairs.pair(draw, 30, common) for _ in range(count)]
            ideal = report.meeting(pairs.exact(30, common), banding)
            noise = math.sqrt(ideal * (1 - ideal) / count)
            for sketch in ("minhash:128", "page"):
                with self.subTest(banding=banding, sketch=sketch):
                    meets = self.compare(sketch, made)["meets"][banding]
                    self.assertEqual(len(meets), count)
                    self.assertLess(abs(sum(meets) / count - ideal), 3 * noise)

    def test_more_components_make_smaller_errors(self):
        draw = random.Random(8)
        made = [pairs.pair(draw, 30, 20) for _ in range(PAIRS)]
        errors = {}
        for components in (32, 512):
            answer = self.compare(f"minhash:{components}", made)
            errors[components] = report.root_mean_square(estimate - 0.5 for estimate in answer["estimates"])
        self.assertAlmostEqual(errors[32] / errors[512], 4, delta=0.8)

    def test_equal_texts_agree_in_everything_and_strangers_in_nothing(self):
        a, b = pairs.pair(random.Random(9), 100, 0)
        answer = self.compare("minhash:128", [(a, a), (a, b), (a, a.upper())])
        self.assertEqual(answer["exact"], [1, 0, 1])
        self.assertEqual([answer["estimates"][0], answer["estimates"][2]], [1, 1])
        self.assertLess(answer["estimates"][1], 0.03)
        self.assertEqual(answer["meets"], {"12x4": [1, 0, 1], "16x8": [1, 0, 1]})

    def test_a_line_on_top_leaves_resemblance_high(self):
        draw = random.Random(10)
        answer = self.compare("page", [pairs.insertion(draw, 300) for _ in range(20)])
        for seen, estimate in zip(answer["exact"], answer["estimates"], strict=True):
            self.assertAlmostEqual(seen, 300 / 310, 5)
            self.assertGreater(estimate, 300 / 310 - 5 * report.ideal_error(300 / 310))

    def test_time_counts_bytes_and_shingles(self):
        text = "Ärger über 5 Wörter, one two"
        pairs.write(self.file, [(text, "")])
        about, timed = self.ask("minhash:128", "about", f"time {self.file}")
        self.assertIn("kernel", about)
        self.assertEqual((timed["bytes"], timed["shingles"]), (len(text.encode()), 2))
        self.assertGreater(timed["seconds"], 0)
        self.assertGreater(timed["shingle_seconds"], 0)

    def test_a_command_it_does_not_know_ends_it(self):
        for arguments, stdin in ((["minhash:128"], "dance\n"), (["minhash:0"], ""), (["page"], "time no-such-file\n")):
            done = subprocess.run([program, *arguments], input=stdin, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn("refrain_peer: ", done.stderr)

    def test_generated_pages_hold_all_of_the_text(self):
        done = subprocess.run([program, "text", "english", "50000"], capture_output=True, text=True, check=True)
        texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
        self.assertEqual(sum(len(text.encode()) for text in texts), 50000)
        self.assertGreater(len(texts), 10)


class CompareTest(unittest.TestCase):
    def test_peers_that_do_not_run_are_named_and_the_others_measured(self):
        with tempfile.TemporaryDirectory(prefix="refrain-peers-") as scratch:
            text = pathlib.Path(scratch) / "pages.jsonl"
            text.write_text('{"text": "one two three four five six"}\n{"id": "no text"}\n', encoding="utf-8")
            command = [sys.executable, "-B", f"{folder}/compare", "--refrain", program, "--python", shutil.which("false")]
            command += ["--scratch", scratch, "--text", text, "--rounds", "1", "--pairs", "10"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        self.assertIn("Text: the first pages of pages.jsonl", done.stdout)
        self.assertIn("- **gaoya** could not be run: `ended with 1`", done.stdout)
        rows = [line for line in done.stdout.splitlines() if line.startswith("| refrain, 128 components |")]
        self.assertEqual(len(rows), 4, "speed, error, bands, insertion")


class Front(peers.Peer):
    """A peer whose components are the first shingles of the text, and then some that are like no others."""

    def sketch(self, shingled):
        return [shingles + [object() for _ in range(peers.COMPONENTS - len(shingles))] for shingles in shingled]


class ReportTest(unittest.TestCase):
    """The tables, from two peers: one good, one that looks at places only."""

    def result(self):
        draw = random.Random(11)

        def measured(skips, seconds):
            def cell(size, exact):
                estimates = [
                    0.1 if skips and size == 0 else exact + draw.gauss(0, report.ideal_error(exact)) for _ in range(100)
                ]
                meets = {}
                for banding in report.BANDINGS:
                    meets[banding] = [int(draw.random() < report.meeting(exact, banding)) for _ in range(100)]
                return {"exact": exact, "estimates": estimates, "meets": meets}

            time = {"bytes": 1e6, "shingles": 1000, "seconds": seconds, "shingle_seconds": seconds / 2}
            return {
                "version": "1.2.3",
                "does": "something",
                "times": [time, time],
                "cells": {f"{size}/{common}": cell(size, pairs.exact(size, common)) for size, common in pairs.cells()},
                "insertions": {"300": cell(0, 300 / 310)},
            }

        return {
            "date": "2026-01-01", "processor": "P", "cores": 2, "system": "S", "compiler": "12", "kernel": "avx2",
            "python": "3.11", "text": "words", "bytes": 1e6, "rounds": 2, "refrain": ["refrain, 128 components"],
            "failed": {"gone": "no wheel"},
            "measured": {
                "refrain, 128 components": measured(False, 0.01),
                "slow": measured(False, 1.0),
                "places": measured(True, 0.1),
            },
        }  # fmt: skip

    def test_ratios_and_marks(self):
        result = self.result()
        made = report.Report(result)
        slow = next(row for row in made.peers if row.name == "slow")
        self.assertAlmostEqual(made.times_faster(made.first, slow), 100)
        self.assertAlmostEqual(made.first.error, 1, delta=0.2)
        tables = made.tables()
        self.assertIn("places (leaves text out)", tables)
        self.assertNotIn("slow (leaves text out)", tables)
        self.assertIn("**gone** could not be run: `no wheel`", tables)
        lines = tables.splitlines()
        for before, line in zip(lines, lines[1:]):
            if before.startswith("|") and line.startswith("|"):
                self.assertEqual(line.count("|"), before.count("|"), line)
        self.assertIn("</svg>", made.plot())
        self.assertTrue(made.readme_row().startswith(report.README_ROW))

    def test_a_worse_sketch_is_not_called_equal(self):
        result = self.result()
        for cell in result["measured"]["refrain, 128 components"]["cells"].values():
            cell["estimates"] = [cell["exact"] + 2 * (seen - cell["exact"]) for seen in cell["estimates"]]
        made = report.Report(result)
        self.assertIsNone(made.no_worse(made.peers[0]))

    def test_only_what_is_between_the_marks_changes(self):
        docs = (pathlib.Path(folder).parent.parent / "docs/benchmarks.md").read_text(encoding="utf-8")
        new = report.between_marks(docs, "peers", "new")
        self.assertEqual(report.between_marks(new, "peers", "new"), new)
        self.assertTrue(new.startswith(docs.partition("<!-- peers")[0]))
        with self.assertRaises(SystemExit):
            report.between_marks("nothing", "peers", "new")

    def test_agreement_and_bands_of_a_peer_are_counted_from_the_front(self):
        a = " ".join("abcdefgh")
        answer = Front().compare([a, a + " x", a, "x " + a])
        self.assertEqual(answer["exact"], [4 / 5, 4 / 5])
        self.assertEqual(answer["estimates"], [4 / peers.COMPONENTS, 0])
        self.assertEqual(answer["meets"], {"12x4": [1, 0], "16x8": [0, 0]})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
