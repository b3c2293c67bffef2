"""What goes in and out: files that cannot be read, folders, patterns, standard streams."""

import fcntl
import gzip
import json
import os
import resource
import shutil
import socket
import subprocess
import unittest

import command_testing
from command_testing import CommandTest, files_below


def sample(name):
    return command_testing.samples / name


class Inputs(CommandTest):
    def crawl(self):
        """A folder with one file that can be read and, by name, those that cannot."""
        self.write("crawl/a.jsonl", sample("crawl.jsonl").read_bytes())
        os.mkfifo(self.folder / "crawl/pipe.jsonl")
        (self.folder / "crawl/gone.txt").symlink_to("nowhere")
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(self.folder / "crawl/socket.txt"))
        return {"pipe.jsonl": "a pipe, socket or device", "gone.txt": "a link to a file that is not there",
                "socket.txt": "a pipe, socket or device"}

    def test_what_cannot_be_read_in_a_folder_does_not_stop_the_others(self):
        # What went wrong: one of these among thousands of files ended the run with an error.
        bad = self.crawl()
        for arguments in [["page", "-f", "json"], ["fingerprint"]]:
            expected, _ = self.run_command(*arguments, "crawl/a.jsonl")
            for given in ["crawl", "crawl/*"]:
                out, said = self.run_command(*arguments, given, code=1)
                self.assertEqual(out, expected)
                for name, reason in bad.items():
                    self.assertIn(f"refrain: crawl/{name}: {reason}", said)
                self.assertIn("refrain: 3 files not read\n", said)
        _, said = self.run_command("dedup", "crawl", "--out", "run", code=1)
        run = json.loads((self.folder / "run/run.json").read_bytes())
        self.assertEqual(run["damage"]["refused_files"], 3)
        self.assertEqual([line.split(":")[0] for line in run["damage"]["first"]], [f"crawl/{name}" for name in sorted(bad)])
        self.assertEqual([one["name"] for one in run["inputs"] if "clean" not in one], sorted(bad))
        self.assertEqual(list(files_below(self.folder / "run/clean")), ["a.jsonl"])
        self.run_command("restore", "run", "--out", "again")
        self.assertEqual(files_below(self.folder / "again"), {"a.jsonl": sample("crawl.jsonl").read_bytes()})

    def test_a_plan_says_what_it_cannot_read_as_the_run_does(self):
        line = b'{"text":"words of a page that is whole"}\n'
        # A file in which the plan enters in the middle.
        self.write("crawl/a.jsonl", line * 10_000 + b"{broken\n" + line)
        self.write("crawl/b.jsonl.gz", gzip.compress(line * 10)[:-9])
        self.write("crawl/c.jsonl.gz", gzip.compress(gzip.compress(line)))
        self.write("crawl/d.jsonl", b'{"content":"words"}\n' * 8)
        (self.folder / "crawl/e.jsonl").symlink_to("nowhere")
        self.write("shut.png", b"\0\1\2\3")
        out, said = self.run_command("explain", "--plan", "crawl", "--json", code=1)
        run, said_by_run = self.run_command("dedup", "--dry-run", "crawl", "--json", code=1)
        self.assertEqual(said, said_by_run)
        self.assertIn(f"refrain: crawl/a.jsonl: byte {len(line) * 10_000}: ", said)
        self.assertIn("2 files not read", said)
        self.assertEqual(json.loads(out)["damage"], json.loads(run)["damage"])
        _, said = self.run_command("explain", "--plan", "shut.png", "--json", code=2)
        self.assertEqual(said, self.run_command("dedup", "--dry-run", "shut.png", "--json", code=2)[1])

    def test_a_plan_refuses_what_the_run_refuses(self):
        # What went wrong: hours after a plan that said nothing the run did not begin.
        self.write("in/a.jsonl", '{"text":"words of a page"}\n')
        for run in ["whole", "before"]:
            self.run_command("dedup", "in", "--out", run)
        self.run_command("boilerplate", "in", "--out", "other")
        self.write("mine/notes.txt", "mine")
        self.write("unfinished/run.partial", "")
        self.write("unfinished/clean/a.jsonl", "")
        self.write("file", "no folder")
        self.write("busy/run.partial", "")
        self.write("results/clean/in/a.jsonl", '{"text":"words of a page"}\n')
        self.write("results/run.partial", "")
        before = files_below(self.folder)
        with open(self.folder / "busy/run.partial") as running:
            fcntl.flock(running, fcntl.LOCK_EX)
            for arguments, what in [
                    (["in", "--out", "whole"], "whole holds a run already; "),
                    (["in", "--out", "mine"], "mine holds notes.txt, which is not from a run of refrain"),
                    (["in", "--out", "mine", "--force"], "mine holds notes.txt, which is not from a run of refrain"),
                    (["in", "--out", "other", "--force"], "other holds a run of boilerplate, "),
                    (["in", "--out", "file"], "cannot make folder file: a file stands there"),
                    (["in", "--out", "file/below/it"], "cannot make folder file/below/it: Not a directory"),
                    (["in", "--out", "busy"], "another run is writing to busy; "),
                    (["results/clean/in", "--out", "results"], "results/clean/in lies in results, where the results go"),
                    (["in", "--out", "new", "--against", "missing"], "missing: "),
                    (["in", "--out", "new", "--against", "unfinished"], "unfinished holds a run that did not end; "),
                    (["in", "--out", "before", "--force", "--against", "before/clean"], "--against and --out are one folder, before; "),
                    (["in", "--out", "new", "--against", "other/clean/none"], "other/clean/none: ")]:
                with self.subTest(arguments=arguments):
                    said = [self.run_command(*job, *arguments, code=2) for job in [["explain", "--plan"], ["dedup", "--dry-run"]]]
                    self.assertEqual(files_below(self.folder), before)
                    said.append(self.run_command("dedup", *arguments, code=2))
                    self.assertEqual(said, [(b"", said[0][1])] * 3)
                    self.assert_one_line(said[0][1], what)
        # What the run does not refuse, the plan does not.
        for arguments in [["in", "--out", "new/folder"], ["in", "--out", "whole", "--force"], ["in", "--out", "unfinished"],
                          ["in", "--out", "fresh", "--against", "before"]]:
            for job in [["explain", "--plan"], ["dedup", "--dry-run"]]:
                self.run_command(*job, *arguments)
                self.assertEqual(files_below(self.folder), before)
            self.run_command("dedup", *arguments)
            before = files_below(self.folder)

    @unittest.skipIf(os.environ.get("REFRAIN_SANITIZED"), "sanitizers open a pipe to see whether memory can be read")
    def test_too_few_file_handles_are_said_as_that(self):
        for number in range(8):
            self.write(f"crawl/{number}.jsonl", '{"text":"words of page number %d"}\n' % number)
        for job in [["dedup", "--out", "out"], ["dedup", "--dry-run"], ["explain", "--plan"], ["boilerplate", "--out", "out"],
                    ["copies", "--out", "out"]]:
            codes = []
            for handles in range(5, 24, 3):
                with self.subTest(job=job, handles=handles):
                    shutil.rmtree(self.folder / "out", ignore_errors=True)
                    few = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (handles, handles))
                    done = subprocess.run([command_testing.command, *job, "crawl", "-j", "2", "-q"], cwd=self.folder, env=self.environment,
                                          capture_output=True, timeout=command_testing.SECONDS, check=False, preexec_fn=few)
                    said = done.stderr.decode()
                    codes.append(done.returncode)
                    if done.returncode == 0:
                        self.assertEqual(said, "")
                    else:  # no file is passed by, and none was changed
                        self.assertEqual(done.returncode, 2, said)
                        self.assert_one_line(said, "Too many open files; allow more of them with ulimit -n")
            self.assertEqual((codes[0], codes[-1]), (2, 0))

    def test_a_name_is_no_lack_of_file_handles(self):
        # What went wrong: the advice followed wherever these words stood in a message.
        _, said = self.run_command("page", "Too many open files", code=2)
        self.assert_one_line(said, "Too many open files: ")
        self.assertNotIn("ulimit", said)

    def test_what_is_named_and_cannot_be_read_is_an_error(self):
        for name in [*self.crawl(), "missing.txt"]:
            for arguments in [["page"], ["fingerprint"], ["dedup", "--dry-run"]]:
                out, said = self.run_command(*arguments, "crawl/a.jsonl", f"crawl/{name}", code=2)
                self.assertEqual(out, b"")
                self.assert_one_line(said, f"crawl/{name}: ")
        (self.folder / "crawl/a.jsonl").unlink()
        _, said = self.run_command("page", "crawl", code=2)
        self.assertIn("none of the inputs can be read", said)

    def test_what_one_may_not_read_is_passed_by(self):
        self.write("crawl/a.txt", "words")
        self.write("crawl/shut.txt", "secret").chmod(0)
        self.write("crawl/folder/b.txt", "secret")
        (self.folder / "crawl/folder").chmod(0)
        self.addCleanup((self.folder / "crawl/folder").chmod, 0o700)
        somebody, command = {}, command_testing.command
        if os.geteuid() == 0:  # who may read everything
            self.folder.chmod(0o755)
            # The program may lie where only root may go, as in a clone below /root.
            command = shutil.copy(command, self.folder / "refrain")
            somebody = {"user": 65534, "group": 65534, "extra_groups": []}
        for given in ["crawl", "crawl/**"]:
            done = subprocess.run([command, "page", given], cwd=self.folder, env=self.environment,
                                  capture_output=True, timeout=command_testing.SECONDS, **somebody)
            said = done.stderr.decode()
            self.assertEqual((done.returncode, done.stdout), (1, b"words"), said)
            self.assertIn("refrain: crawl/shut.txt: no permission to read it; chmod +r", said)
            self.assertIn("refrain: crawl/folder: no permission to list this folder; chmod +rx", said)
            self.assertIn("refrain: 2 files not read", said)
        done = subprocess.run([command, "page", "crawl/shut.txt"], cwd=self.folder,
                              env=self.environment, capture_output=True, timeout=command_testing.SECONDS, **somebody)
        self.assertEqual(done.returncode, 2)

    def test_a_temporary_folder_that_is_none_is_said_before_anything_is_read(self):
        self.write("file", "no folder")
        shut = self.folder / "shut"
        shut.mkdir()
        shut.chmod(0o555)
        somebody, command = {}, command_testing.command
        if os.geteuid() == 0:  # who may write everywhere
            self.folder.chmod(0o777)
            command = shutil.copy(command, self.folder / "refrain")
            somebody = {"user": 65534, "group": 65534, "extra_groups": []}
        text = sample("crawl.jsonl").read_bytes()
        for job in [["dedup", "--out", "out"], ["dedup", "--dry-run"], ["boilerplate", "--out", "out"], ["boilerplate"], ["copies", "--out", "out"]]:
            for tmpdir, why in [("missing", "No such file or directory"), ("file", "Not a directory"), ("shut", "Permission denied"),
                                ("/proc", "")]:
                # A folder of --tmpdir that is none is seen with the options.
                for given in ["variable", "option"] if tmpdir in ("shut", "/proc") else ["variable"]:
                    with self.subTest(job=job, tmpdir=tmpdir, given=given):
                        more = ["--tmpdir", tmpdir] if given == "option" else []
                        environment = self.environment | ({"TMPDIR": tmpdir} if given == "variable" else {})
                        # Nothing is there to be read: whoever reads says so.
                        done = subprocess.run([command, *job, "in.jsonl", *more], cwd=self.folder, env=environment, capture_output=True,
                                              timeout=command_testing.SECONDS, check=False, **somebody)
                        said = done.stderr.decode()
                        self.assertEqual((done.returncode, done.stdout), (2, b""), said)
                        self.assert_one_line(said, f"cannot write temporary files to {tmpdir}: {why}", "--tmpdir")
                        self.assertFalse((self.folder / "out").exists())
        for job in [["page"], ["fingerprint"]]:
            done = subprocess.run([command, *job], cwd=self.folder, env=self.environment | {"TMPDIR": "missing"}, input=text,
                                  capture_output=True, timeout=command_testing.SECONDS, check=False, **somebody)
            self.assertEqual(done.returncode, 2)
            self.assert_one_line(done.stderr.decode(), "cannot spool standard input to missing: No such file or directory", "--tmpdir")
        # What makes no temporary files needs no folder for them.
        self.environment["TMPDIR"] = "missing"
        self.run_command("page", sample("page.txt"))
        self.run_command("explain", "--plan", sample("crawl.jsonl"))

    def test_patterns_in_quotes(self):
        for name in "abc":
            self.write(f"in/{name}.txt", name)
        self.assertEqual(self.run_command("page", "in/[ab].txt")[0], b"a\n\f\nb")
        self.assertEqual(self.run_command("page", "in/[!b-z]*")[0], b"a")
        _, said = self.run_command("page", "in/{a,b}.txt", code=2)
        self.assert_one_line(said, "in/{a,b}.txt: ", "braces are expanded by the shell")

    def test_a_file_compressed_twice_is_named(self):
        self.write("crawl/a.jsonl.gz", gzip.compress(gzip.compress(b'{"text":"words"}\n')))
        self.write("crawl/b.jsonl", '{"text":"more words"}\n')
        out, said = self.run_command("page", "crawl", code=1)
        self.assertEqual(out, b"more words")
        self.assertIn("refrain: crawl/a.jsonl.gz: compressed twice: undo one layer first, gzip -dc FILE |", said)
        stdin = gzip.decompress((self.folder / "crawl/a.jsonl.gz").read_bytes())
        self.assertEqual(self.run_command("page", "-", stdin=stdin)[0], b"words")

    def test_the_field_of_the_text_is_asked_for_once(self):
        path = self.write("a.jsonl", '{"content":"words","url":"u"}\n{"content":"more"}\n')
        for arguments in [["page"], ["fingerprint"], ["dedup", "--dry-run"]]:
            _, said = self.run_command(*arguments, path, code=1)
            self.assertEqual(said.count("--text-field"), 1)
            self.assertIn("--html-field (the first line has 'content', 'url')\n", said)
        self.assertEqual(self.run_command("page", "--text-field", "content", path), (b"words\n\f\nmore", ""))

    def test_a_named_field_that_no_page_has_is_said_once(self):
        self.write("in/a.jsonl", '{"id":"1","day":"2024-01-31","text":"words of a page"}\n' * 3)
        self.write("in/b.jsonl", '{"text":"words of another page that has no date"}\n' * 3)
        whole = "no page of in has a string or number in a field "
        for job in [["page"], ["fingerprint"], ["dedup", "--out", "one"], ["copies", "--out", "one"], ["boilerplate"], ["explain", "--plan"]]:
            with self.subTest(job=job):
                wrong = ["--id-field", "name", "--date-field", "when", "--url-field", "href", "--source-field", "outlet"]
                _, said = self.run_command(*job, "in", *wrong)
                self.assertEqual([line.removeprefix("refrain: ") for line in said.splitlines() if "no page of" in line], [
                    f"{whole}'name', which --id-field names: pages are called by file and line (the first line has 'id', 'day', 'text')",
                    f"{whole}'href', which --url-field names: they have no address (the first line has 'id', 'day', 'text')",
                    f"{whole}'outlet', which --source-field names: the source is the host of the address (the first line has 'id', 'day', 'text')",
                    f"{whole}'when', which --date-field names: they have no date (the first line has 'id', 'day', 'text')"])
                shutil.rmtree(self.folder / "one", ignore_errors=True)
                # One page that has it is enough, a value that is not read is none, and nobody named the usual ones.
                for right in [["--date-field", "day"], []]:
                    _, said = self.run_command(*job, "in", *right)
                    self.assertNotIn(whole, said)
                    shutil.rmtree(self.folder / "one", ignore_errors=True)
                _, said = self.run_command(*job, "-", "--date-field", "day", stdin=b'{"day":{"$date":1},"text":"words"}\n')
                self.assertIn(f"no page of standard input has a string or number in a field 'day', which --date-field names", said)
                shutil.rmtree(self.folder / "one", ignore_errors=True)

    def test_a_charset_that_was_guessed_is_said_once_a_file(self):
        german = "Die Bürger dieser Stadt hören schöne Lieder über die Brücke, während draußen Schnee fällt. " * 20
        record = lambda kind, body, head="": (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.example/\r\n"
                                              f"{head}Content-Length: {len(body)}\r\n\r\n").encode() + body + b"\r\n\r\n"
        http = lambda more="": b"HTTP/1.1 200 OK\r\nContent-Type: text/html" + more.encode() + b"\r\n\r\n<p>" + german.encode("latin-1")
        response = lambda more="": record("response", http(more), "Content-Type: application/http; msgtype=response\r\n")
        files = {
            "a.txt": (german.encode("latin-1"), "not all of it is UTF-8; bytes that are not part words. It looks like windows-1252: "
                      "iconv -f windows-1252 -t utf-8 makes it UTF-8"),
            "b.txt": (german.encode() + b"\xff", "not all of it is UTF-8; bytes that are not part words"),
            "c.html": (b"<p>" + german.encode("latin-1"), "nothing says the charset of a page; guessed windows-1252"),
            "d.warc": (response() + response("; charset=latin1") + response(),
                       "nothing says the charset of 2 pages; guessed of each, of the first windows-1252"),
            "e.wet": (record("conversion", german.encode("latin-1"), "Content-Type: text/plain\r\n"),
                      "not all of a page is UTF-8, as WET should be; what is not became U+FFFD"),
            # What is known, or is UTF-8, needs no guess.
            "f.html": (b"<meta charset=latin1><p>" + german.encode("latin-1"), None),
            "g.txt": (german.encode(), None),
            "h.jsonl": (json.dumps({"text": german}).encode() + b"\n", None),
        }
        for name, (content, _) in files.items():
            self.write(f"in/{name}", content)
        expected = [f"refrain: in/{name}: {said}" for name, (_, said) in files.items() if said]
        for job in [["page"], ["fingerprint"], ["dedup", "--out", "one"], ["copies", "--out", "one"], ["boilerplate", "-f", "json"],
                    ["explain", "--plan"]]:
            with self.subTest(job=job):
                _, said = self.run_command(*job, "in")
                self.assertEqual([line for line in said.splitlines() if "charset" in line or "UTF-8" in line], expected)
                self.assertNotRegex(self.run_command(*job, "in", "-q", *(["--force"] if "one" in job else []))[1], "charset|UTF-8")
                shutil.rmtree(self.folder / "one", ignore_errors=True)
        # Nobody reads a thousand lines that say the same.
        for number in range(30):
            self.write(f"many/{number}.txt", german.encode("latin-1"))
        _, said = self.run_command("page", "many")
        self.assertEqual(said.count("looks like windows-1252"), 20)
        self.assertEqual(said.splitlines()[-1], "refrain: 10 more files whose charset was guessed")

    def test_one_is_said_as_one(self):
        self.write("one.jsonl", '{"text":"words"}\n{torn\n')
        out, said = self.run_command("dedup", "one.jsonl", "--out", "run", code=1)
        self.assertIn(b"1 page read, 1 stays\n", out)
        self.assertIn("refrain: 1 damaged place\n", said)
        self.assertIn("refrain: one.jsonl: byte 17: ", said)
        out, _ = self.run_command("restore", "run", "--out", "again")
        self.assertEqual(out, b"1 file, 2 records restored: 1 record and 0 spans put back\n")


class Pipes(CommandTest):
    def test_a_closed_pipe_is_silent(self):
        for arguments in [["page", "-f", "json"], ["fingerprint"]]:
            big = self.write("big.jsonl", sample("crawl.jsonl").read_bytes() * 50)
            run = subprocess.Popen([command_testing.command, *arguments, big], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment)
            self.assertEqual(len(run.stdout.read(10)), 10)
            run.stdout.close()
            said = run.stderr.read()
            run.stderr.close()
            self.assertEqual((run.wait(command_testing.SECONDS), said), (0, b""), arguments)

    def test_a_full_disk_is_an_error(self):
        if not os.path.exists("/dev/full"):
            return  # a system without it has nothing to write to
        for arguments in [["page", sample("page.txt")], ["fingerprint", sample("page.txt")], ["man"], ["--version"],
                          ["--help"], ["page", "--help"], ["completion", "bash"], ["dedup", "-q", sample("page.txt"), "--dry-run"]]:
            with open("/dev/full", "wb") as full, self.subTest(arguments=arguments):
                _, said = self.run_command(*arguments, code=2, stdout=full)
                self.assert_one_line(said, "standard output")

    def closing(self, what, *arguments):
        """Runs refrain from a shell that closes or redirects streams for it: exit code, standard output, standard error."""
        done = subprocess.run(["sh", "-c", f'exec "$0" "$@" {what}', command_testing.command, *map(str, arguments)], cwd=self.folder,
                              env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=command_testing.SECONDS, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    def test_streams_that_are_closed_are_said_and_no_file_takes_their_place(self):
        # A file that was opened as descriptor 1 or 2 had the summary and the warnings written into it.
        self.write("in.jsonl", "not json\n" + sample("crawl.jsonl").read_text())
        self.run_command("dedup", "in.jsonl", "--out", "whole", code=1)
        whole = {path.relative_to(self.folder / "whole"): path.read_bytes() for path in (self.folder / "whole").rglob("*")
                 if path.is_file() and path.name != "run.json"}
        for number, (what, code) in enumerate([("<&-", 1), (">&-", 2), ("2>&-", 1), (">&- 2>&-", 2), ("<&- >&- 2>&-", 2), ("0>&- 2>&-", 1),
                                               ("2>/dev/full", 1), (">/dev/full 2>/dev/full", 2)]):
            out = self.folder / f"out{number}"
            with self.subTest(what=what):
                got, printed, said = self.closing(what, "dedup", "in.jsonl", "--out", out, "--progress", "always")
                self.assertEqual(got, code, said)
                for path, content in whole.items():
                    self.assertEqual((out / path).read_bytes(), content, path)
                self.assertTrue((out / "run.json").read_bytes().endswith(b"}\n"))
                self.assertEqual(printed == b"", ">&-" in what.split() or ">/dev/full" in what.split())
                if what == ">&-":
                    self.assertIn("cannot write to standard output: it is closed", said)

    def test_a_stream_that_is_closed_is_an_error_where_it_is_needed(self):
        for arguments in [["page", sample("page.txt")], ["fingerprint", sample("page.txt")], ["man"], ["--version"], ["--help"]]:
            with self.subTest(arguments=arguments):
                code, _, said = self.closing(">&-", *arguments)
                self.assertEqual(code, 2)
                self.assert_one_line(said, "cannot write to standard output: it is closed")
        for arguments in [["page"], ["page", "-"], ["dedup", "-", "--out", "out"], ["copies", "-", "--out", "out"]]:
            with self.subTest(arguments=arguments):
                code, printed, said = self.closing("<&-", *arguments)
                self.assertEqual((code, printed), (2, b""))
                self.assert_one_line(said, "standard input is closed")
        self.assertEqual(self.closing("2>&-", "page", "no-such-file"), (2, b"", ""))
        self.assertEqual(self.closing("2>/dev/full", "page", "no-such-file"), (2, b"", ""))
        self.assertEqual(self.closing("2>/dev/full", "no-such-command"), (2, b"", ""))


if __name__ == "__main__":
    command_testing.main()
