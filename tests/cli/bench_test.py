"""refrain bench: what it measures, says and refuses."""

import gzip
import json
import re
import subprocess

import command_testing
from command_testing import CommandTest

STAGES = ["read", "inflate", "parse", "tokenise", "page scope", "sketch", "keys"]


def keys_of(value):
    """All names in a JSON value, at any depth."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from keys_of(below)
    if isinstance(value, list):
        for below in value:
            yield from keys_of(below)


class Bench(CommandTest):
    def measure(self, *arguments, code=0, **more):
        out, said = self.run_command("bench", "--json", "--seconds", "0", *arguments, code=code, **more)
        self.assertEqual(out.count(b"\n"), 1)
        return json.loads(out), said

    def test_people_get_a_table_and_the_bottleneck(self):
        self.write("pages.jsonl.gz", gzip.compress((command_testing.samples / "crawl.jsonl").read_bytes()))
        out, said = self.run_command("bench", "--seconds=0.3", "-j", "2", "pages.jsonl.gz")
        text = out.decode()
        self.assertEqual(said, "")
        self.assertRegex(text, r"\AMeasured: all \d+ pages with [\d.]+ kB of text \([\d.]+ kB of records, [\d.]+ kB as stored\), "
                               r"in 1 file, \d+ times; kernel \w+\.\n")
        for stage in STAGES:
            self.assertRegex(text, rf"(?m)^  {stage} +[\d.]+ [kMGT]?B/s +[\d.]+ % +[\d.]+ [kMGT]?B/s +[\d.]+ %$")
        self.assertRegex(text, r"(?m)^  all of it +[\d.]+ [kMG]B/s +[\d.]+ [kMG]B/s, [\d.]+ times one thread "
                               r"\(too little input to keep them busy\)$")
        self.assertRegex(text, r"(?m)^[A-Z][a-z ]+ takes \d+ % of the time")
        self.assertIn("CPU time", text)

    def test_one_thread_is_not_compared_with_itself(self):
        out, _ = self.run_command("bench", "--seconds=0.01", "-j", "1", command_testing.samples / "page.txt")
        self.assertRegex(out.decode(), r"(?m)^ +one thread$")
        self.assertRegex(out.decode(), r"(?m)^  inflate +- +0\.0 %$")
        self.assertRegex(out.decode(), r"(?m)^  all of it +[\d.]+ [kMG]B/s$")

    def test_every_field_is_documented_and_there(self):
        found, _ = self.measure("-j", "2", command_testing.samples / "crawl.jsonl")
        text = (command_testing.samples.parent.parent / "docs/formats/bench.md").read_text(encoding="utf-8")
        documented = set(re.findall(r"`([a-z_]+)`", text)) - {"page", "dedup", "tokenise", "inflate"}
        self.assertEqual(documented - set(STAGES), set(keys_of(found)) - set(STAGES))
        for run, threads in [("one_thread", 1), ("all_threads", 2)]:
            self.assertEqual([row["stage"] for row in found[run]["stages"]], STAGES)
            self.assertEqual(found[run]["threads"], threads)
            self.assertAlmostEqual(sum(row["share"] for row in found[run]["stages"]), 1, delta=0.001)
            for row in found[run]["stages"]:
                seconds = row["serial_seconds"] + row["shared_seconds"] / threads
                if seconds < 1e-4:  # printed with too few digits to be compared
                    continue
                self.assertAlmostEqual(row["text_bytes_per_second"] / (found["sample"]["text_bytes"] / seconds), 1, delta=0.02)
        self.assertIsNone(found["one_thread"]["stages"][1]["text_bytes_per_second"], "nothing was inflated")
        self.assertIn(found["bottleneck"]["stage"], STAGES)

    def test_every_kind_of_input_is_measured(self):
        page = "<p>" + "</p><p>".join(f"Sentence number {i} of a page that has some." for i in range(30)) + "</p>"
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}"
        warc = (f"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
                f"Content-Length: {len(block)}\r\n\r\n{block}\r\n\r\n")
        wet = (f"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
               f"Content-Length: {len(page)}\r\n\r\n{page}\r\n\r\n")
        line = json.dumps({"text": page}) + "\n"
        for name, content in {"a.txt": page, "a.html": page, "a.jsonl": line, "a.warc": warc, "a.warc.wet": wet}.items():
            for ending, packed in [("", content.encode()), (".gz", gzip.compress(content.encode()))]:
                self.write(name + ending, packed)
                with self.subTest(name + ending):
                    found, said = self.measure(name + ending)
                    self.assertEqual((found["sample"]["pages"], found["sample"]["whole"], said), (1, True, ""))
                    self.assertEqual(found["one_thread"]["stages"][1]["serial_seconds"] > 0, ending == ".gz")
        found, _ = self.measure("a.txt", "a.html", "a.warc.gz")
        self.assertEqual((found["sample"]["pages"], found["sample"]["files"]), (3, 3))

    def test_a_sample_is_taken_and_said(self):
        line = json.dumps({"text": "words that come again in every line of it " * 20}) + "\n"
        self.write("a.jsonl", line * 6000)
        self.write("b.jsonl", line * 6000)
        out, _ = self.run_command("bench", "--seconds=0", "--sample", "2M", "a.jsonl", "b.jsonl")
        self.assertRegex(out.decode(), r"\AMeasured: the first \d+ pages .* in 1 of 2 files; kernel")
        found, _ = self.measure("--sample=2M", "a.jsonl", "b.jsonl")
        self.assertFalse(found["sample"]["whole"])
        self.assertLess(found["sample"]["record_bytes"], 4_000_000)
        found, _ = self.measure("--sample", "0", "a.jsonl", "b.jsonl")
        self.assertTrue(found["sample"]["whole"])
        self.assertEqual(found["sample"]["record_bytes"], 12000 * len(line))

    def test_of_standard_input_no_more_is_read_than_the_sample(self):
        endless = subprocess.Popen(["yes", json.dumps({"text": "a line without end of lines " * 30})], stdout=subprocess.PIPE)
        try:
            done = subprocess.run([command_testing.command, "bench", "--json", "--seconds=0", "--sample", "1M", "--max-record", "100K", "-"],
                                  stdin=endless.stdout, stdout=subprocess.PIPE, env=self.environment,
                                  timeout=command_testing.SECONDS)
        finally:
            endless.kill()
            endless.stdout.close()
            endless.wait()
        self.assertEqual(done.returncode, 0)
        sample = json.loads(done.stdout)["sample"]
        self.assertEqual((sample["whole"], sample["files"]), (False, 1))
        self.assertGreaterEqual(sample["record_bytes"], 1_000_000)

    def test_the_same_is_measured_with_any_threads_and_kernel(self):
        crawl = command_testing.samples / "crawl.jsonl"
        digests = {self.measure(*options, crawl)[0]["sample"]["digest"]
                   for options in [["-j", "1"], ["-j", "3"], ["--kernel", "scalar"]]}
        self.assertEqual(len(digests), 1)
        self.assertEqual(self.measure("--kernel", "scalar", crawl)[0]["kernel"], "scalar")
        self.assertNotIn(self.measure("--unit", "both", crawl)[0]["sample"]["digest"], digests)

    def test_damage_is_said_once_and_in_the_exit_code(self):
        self.write("a.jsonl", '{"text": "some words that are whole"}\n{"text": broken\n')
        found, said = self.measure("a.jsonl", code=1)
        self.assertEqual(found["damage"]["places"], 1)
        self.assertEqual(said.count("a.jsonl: byte"), 1)
        self.assertIn("1 damaged place", said)

    def test_what_cannot_be_measured_is_refused(self):
        self.write("empty.txt", "")
        self.write("blank.jsonl", "\n\n")
        for name in ["empty.txt", "blank.jsonl"]:
            out, said = self.run_command("bench", name, code=2)
            self.assertEqual(out, b"")
            self.assert_one_line(said, "nothing to measure", "no page with text")
        _, said = self.run_command("bench", "none.txt", code=2)
        self.assert_one_line(said, "none.txt")
        _, said = self.run_command("bench", code=2)
        self.assert_one_line(said, "refrain bench needs INPUT...")
        _, said = self.run_command("bench", "--sample", "much", "empty.txt", code=2)
        self.assert_one_line(said, "--sample", "'much' is not a size")

    def test_progress_has_a_line_for_each_way(self):
        _, said = self.run_command("bench", "--seconds=0.01", "--progress", "always", "-j", "2", command_testing.samples / "crawl.jsonl")
        for stage in ["reading", "with one thread: ", "with 2 threads: "]:
            self.assertIn(stage, said)
        self.assertEqual(said.count("\n"), 0)


if __name__ == "__main__":
    command_testing.main()
