"""Input made to hurt, and signals: runs end, and say what they did."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time

import command_testing
from command_testing import CommandTest

MANY_WORDS = b" ".join(b"w%d" % (i * 7919 % 100003) for i in range(100000))


class Hostile(CommandTest):
    def test_a_page_of_ten_megabytes(self):
        text = (MANY_WORDS + b"\n") * (10_000_000 // len(MANY_WORDS) + 1)
        out, _ = self.run_command("page", "-f", "json", "--input-format", "text", stdin=text)
        page = json.loads(out)
        self.assertEqual(page["bytes"], len(text))
        self.assertTrue(page["cut"], "the same line over and over")

    def test_a_page_of_ten_megabytes_that_repeats_nothing(self):
        text = b" ".join(b"w%d" % i for i in range(1_200_000))
        out, _ = self.run_command("page", stdin=text)
        self.assertEqual(out.rstrip(b"\n"), text)

    def test_one_token_a_million_times(self):
        for token in [b"a ", "文".encode()]:
            out, _ = self.run_command("page", "-f", "json", stdin=token * 1_000_000)
            self.assertEqual(json.loads(out)["bytes"], len(token) * 1_000_000)

    def test_one_byte_ten_million_times(self):
        for byte in [b"a", b"\n", b"<", b"\xff", b"\0", b"{", b'"', b"\\"]:
            out, _ = self.run_command("page", "--input-format", "text", stdin=byte * 10_000_000)
            self.assertEqual(out.strip(b"\n"), (byte * 10_000_000).strip(b"\n"))

    def test_a_line_of_a_hundred_megabytes_goes_through_untouched(self):
        small = b'{"id":"small","text":"a page like any other"}\n'
        big = b'{"id":"big","text":"' + b"word " * 20_000_000 + b'"}\n'
        path = self.write("big.jsonl", small + big + small.replace(b"small", b"after"))
        _, said = self.run_command("dedup", path, "--out", "run", "--json", code=1)
        self.assertIn(f"big.jsonl: byte {len(small)}: ", said)
        self.assertIn("1 record too large", said)
        facts = json.loads((self.folder / "run/run.json").read_bytes())
        self.assertEqual((facts["counts"]["pages"], facts["damage"]["oversized"]), (2, 1))
        self.run_command("restore", "run", "--out", "again")
        clean = (self.folder / "run/clean/big.jsonl").read_bytes()
        self.assertTrue(big in clean)
        self.assertTrue((self.folder / "again/big.jsonl").read_bytes() == path.read_bytes())

    def test_a_hundred_thousand_nested_tags(self):
        for tag in [b"div", b"b", b"table", b"font", b"p"]:
            page = b"<!doctype html><body>" + b"<%s>" % tag * 100_000 + b"deep inside" + b"</%s>" % tag * 100_000
            out, _ = self.run_command("page", self.write("deep.html", page))
            self.assertIn(b"deep inside", out, tag)

    def test_a_hundred_thousand_nested_arrays(self):
        line = b'{"text":"fine","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
        path = self.write("deep.jsonl", line + b'{"id":"good","text":"words"}\n')
        done = subprocess.run([command_testing.command, "page", "-f", "json", path], capture_output=True,
                              env=self.environment, timeout=command_testing.SECONDS)
        self.assertIn(done.returncode, (0, 1))
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["id"], "good")

    def test_a_file_of_random_bytes(self):
        noise = bytes((i * i * 31 + (i >> 7)) & 255 for i in range(200_000))
        for ending in ["jsonl", "txt", "html", "warc", "jsonl.gz", "jsonl.zst"]:
            path = self.write(f"noise.{ending}", noise)
            done = subprocess.run([command_testing.command, "page", path], capture_output=True,
                                  env=self.environment, timeout=command_testing.SECONDS)
            self.assertIn(done.returncode, (0, 1, 2), ending)


class Signals(CommandTest):
    def start(self, piped=False):
        line = json.dumps({"text": MANY_WORDS.decode()}).encode() + b"\n"
        path = self.folder / "big.jsonl"
        with open(path, "wb") as file:
            for _ in range(120):
                file.write(line)
        with open(path, "rb") as file:
            return subprocess.Popen([command_testing.command, "dedup", "-" if piped else path, "--out", "run", "--threads", "1"],
                                    cwd=self.folder, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    env=self.environment)

    def interrupt(self, number, piped=False):
        run = self.start(piped)
        deadline = time.monotonic() + command_testing.SECONDS
        while not (self.folder / "run/run.partial").exists():
            self.assertLess(time.monotonic(), deadline, "the run never began")
            time.sleep(0.002)
        os.kill(run.pid, number)
        out, said = run.communicate(timeout=command_testing.SECONDS)
        self.assertEqual(run.returncode, 128 + number)
        self.assertEqual(out, b"")
        self.assert_one_line(said.decode(), "stopped")
        if piped:  # what went wrong: it was promised of standard input, too, and then refused
            self.assertNotIn("--resume", said.decode())
        self.assertFalse((self.folder / "run/run.json").exists())

    def test_an_interrupted_run_says_so_and_can_be_done_again(self):
        self.interrupt(signal.SIGINT)
        self.write("big.jsonl", '{"text":"small now"}\n')
        _, said = self.run_command("dedup", "big.jsonl", "--out", "run")
        self.assertIn("unfinished", said)

    def test_a_terminated_run_says_so(self):
        self.interrupt(signal.SIGTERM)

    def test_an_interrupted_run_of_standard_input_does_not_promise_to_go_on(self):
        self.interrupt(signal.SIGINT, piped=True)

    def test_a_run_killed_at_any_time_can_be_done_again(self):
        # What went wrong: the test killed before anything was written, and gave other input the second time.
        rng = random.Random(11)
        texts = [" ".join(f"w{rng.randrange(3000)}" for _ in range(400)) for _ in range(60)]
        with open(self.folder / "in.jsonl", "w", encoding="utf-8") as file:
            for number in range(3000):
                words = rng.choice(texts).split()
                words[rng.randrange(len(words))] = f"w{number}"
                text = " ".join(words)
                file.write(json.dumps({"id": f"p{number}", "text": text + "\n" + text if number % 5 == 0 else text}) + "\n")
        arguments = ["dedup", "in.jsonl", "--unit", "both", "-j", "2", "--out"]
        begin = time.monotonic()
        self.run_command(*arguments, "undisturbed")
        whole = time.monotonic() - begin
        wanted = digests(self.folder / "undisturbed")
        self.assertGreater(len(wanted), 3)
        self.assertFalse((self.folder / "undisturbed" / "stages").exists())
        kills = 0
        for number in range(12):
            out = self.folder / f"killed{number}"
            for _ in range(2):  # twice in one folder
                run = subprocess.Popen([command_testing.command, *arguments, out.name], cwd=self.folder,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
                time.sleep(rng.random() * whole)
                run.kill()
                run.wait()
                if (out / "run.json").exists():
                    break
                kills += 1
            if not (out / "run.json").exists():
                begun = (out / "run.partial").exists()
                _, said = self.run_command(*arguments, out.name)
                self.assertEqual("unfinished" in said, begun)
                self.assertFalse((out / "stages").exists())
            self.assertEqual(digests(out), wanted)
            self.assertEqual(list(self.tmpdir.iterdir()), [], "temporary files of a killed run stay behind")
            shutil.rmtree(out)
        self.assertGreater(kills, 8)

    def test_what_waits_for_standard_input_can_be_stopped(self):
        # What went wrong: the signal was taken and the read begun again; and a killed run left what it had spooled.
        for number in [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]:
            for delay in [0.3, 0.5]:
                run = subprocess.Popen([command_testing.command, "page", "-"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment)
                run.stdin.write(MANY_WORDS)
                run.stdin.flush()
                time.sleep(delay)
                self.assertIsNone(run.poll(), "it waits for more")
                os.kill(run.pid, number)
                run.wait(timeout=command_testing.SECONDS)
                said = run.stderr.read().decode()
                for pipe in (run.stdin, run.stdout, run.stderr):
                    pipe.close()
                if number == signal.SIGKILL:
                    self.assertEqual(run.returncode, -number)
                else:
                    self.assertEqual(run.returncode, 128 + number)
                    self.assert_one_line(said, "stopped")
                self.assertEqual(list(self.tmpdir.iterdir()), [])


def digests(folder):
    """Of all files of a run but run.json, and what one that was killed behind that has not removed yet."""
    left = ("run.json", "run.partial", "stages")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.relative_to(folder).parts[0] not in left}


if __name__ == "__main__":
    command_testing.main()
