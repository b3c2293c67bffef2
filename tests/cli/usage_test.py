"""Help, errors, man page, completions: what people meet first."""

import re
import shutil
import subprocess

import command_testing
from command_testing import COMMANDS, CommandTest


class Help(CommandTest):
    def test_every_command_shows_examples(self):
        for arguments in [["--help"], *([name, "--help"] for name in COMMANDS), ["page", "-h"]]:
            out, said = self.run_command(*arguments)
            self.assertIn(b"Examples:\n  refrain ", out, arguments)
            self.assertEqual(said, "")

    def test_help_names_every_command_and_the_exit_codes(self):
        out, _ = self.run_command("--help")
        for name in COMMANDS:
            self.assertIn(f"\n  {name} ".encode(), out)
        self.assertIn(b"Exit codes:", out)

    def test_version_is_one_line_with_the_kernel(self):
        out, _ = self.run_command("--version")
        self.assertRegex(out, rb"^refrain \d+\.\d+\.\d+\S*.*, kernel \w+\n$")

    def test_help_is_a_command_too(self):
        self.assertEqual(self.run_command("help"), self.run_command("--help"))
        for name in COMMANDS:
            self.assertEqual(self.run_command("help", name), self.run_command(name, "--help"))
        _, said = self.run_command("help", "dedupe", code=2)
        self.assert_one_line(said, "did you mean 'dedup'?")
        self.run_command("help", "page", "dedup", code=2)

    def test_help_wins_over_what_is_wrong(self):
        for arguments in [["page", "--mintokens", "-h"], ["--help", "page"], ["-h"], ["dedup", "--keep=x", "--help"]]:
            out, said = self.run_command(*arguments)
            self.assertIn(b"Examples:", out)
            self.assertEqual(said, "")

    def test_help_shows_what_a_command_takes(self):
        for name, usage in [("page", "page [OPTIONS] [INPUT...]"), ("dedup", "dedup [OPTIONS] INPUT..."),
                            ("restore", "restore [OPTIONS] DIR"), ("man", "man [OPTIONS]")]:
            self.assertIn(f"\nUsage: refrain {usage}\n".encode(), self.run_command(name, "--help")[0])

    def test_no_command_shows_help_as_an_error(self):
        out, said = self.run_command(code=2)
        self.assertEqual(out, b"")
        self.assertIn("Examples:", said)


class Errors(CommandTest):
    def error(self, arguments, *parts):
        out, said = self.run_command(*arguments, code=2)
        self.assertEqual(out, b"")
        self.assert_one_line(said, *parts)

    def test_unknown_command_has_a_suggestion(self):
        self.error(["dedupe"], "unknown command 'dedupe'", "did you mean 'dedup'?")
        self.error(["pgae"], "did you mean 'page'?")
        self.error(["xylophone"], "unknown command 'xylophone'", "refrain --help")

    def test_unknown_option_has_a_suggestion(self):
        self.error(["page", "--mintokens", "3"], "'--mintokens'", "did you mean '--min-tokens'?")
        self.error(["page", "--formt=json"], "'--formt'", "did you mean '--format'?")
        self.error(["dedup", "x", "--resemblence", "0.8"], "did you mean '--resemblance'?")
        self.error(["--versio"], "did you mean '--version'?")

    def test_unknown_value_has_a_suggestion(self):
        self.error(["page", "--format", "jsn"], "--format", "'jsn'", "did you mean 'json'?")
        self.error(["dedup", "x", "--keep", "newst"], "--keep", "did you mean 'newest'?")

    def test_values_out_of_range_are_named(self):
        for option, value in [("--resemblance", "1.5"), ("--resemblance", "nan"), ("--memory", "lots"),
                              ("--threads", "-1"), ("--threads", "2x"), ("--max-record", "1"),
                              ("--bands", "12"), ("--recall", "1"), ("--passage-tokens", "1")]:
            self.error(["dedup", "x", "--out", "o", f"{option}={value}"], option)
        self.error(["page", "--kernel", "abacus"], "--kernel", "abacus")

    def test_an_option_without_its_value_is_named(self):
        self.error(["page", "--min-tokens"], "--min-tokens needs a value: --min-tokens N; see refrain page --help")
        self.error(["dedup", "x", "-o"], "-o needs a value: -o DIR")
        self.error(["dedup", "x", "--out", "--force"], "--out needs a value, but '--force' follows", "--out=--force")
        self.error(["dedup", "x", "--out", "-n"], "'-n' follows")
        self.assertFalse((self.folder / "--force").exists())

    def test_a_value_too_many_is_named(self):
        # What went wrong: of --dry-run=no nothing was said, and it was no dry run; words of the parser's own elsewhere.
        self.error(["dedup", "x", "--dry-run=no"], "--dry-run takes no value; leave out '=no'")
        self.error(["page", "--min-tokens", "5", "--min-tokens", "6", "x"], "--min-tokens is given twice; give it once")
        self.error(["dedup", "x", "-o", "a", "--out", "b"], "--out is given twice")
        self.error(["restore", "run", "run", "--out", "o"], "one run, not 2")
        self.run_command("page", "-q", "-q", "--quiet")

    def test_options_are_understood_in_every_form(self):
        text = (command_testing.samples / "page.txt").read_bytes()
        self.write("a.txt", text)
        expected, _ = self.run_command("page", "--format", "json", "--threads", "2", "a.txt")
        for options in [["-f", "json"], ["-fjson"], ["-f=json"], ["--format=json"], ["-qfjson"], ["-qf", "json"],
                        ["-j", "2", "-fjson"]]:
            self.assertEqual(self.run_command("page", *options, "a.txt")[0], expected, options)
            self.assertEqual(self.run_command("page", "a.txt", *options)[0], expected, options)
        self.error(["page", "-qz", "a.txt"], "unknown option '-z'")

    def test_options_in_front_of_the_command_are_sent_behind_it(self):
        # What went wrong: "unknown option '--quiet'; did you mean '--quiet'?"
        self.error(["--quiet", "dedup", "x"], "options come after the command: refrain dedup --quiet ...")
        self.error(["--min-tokens", "5", "page", "x"], "refrain page --min-tokens 5 ...")
        self.error(["--min-tokens=5"], "refrain page --min-tokens=5 ...")
        self.error(["--out", "o", "page"], "unknown option '--out'")
        self.error(["--", "page"], "-- comes after the command")

    def test_behind_two_dashes_everything_is_input(self):
        self.write("-file.txt", "words")
        self.write("--help", "more words")
        self.assertEqual(self.run_command("page", "--", "-file.txt"), (b"words", ""))
        self.assertEqual(self.run_command("page", "-q", "--", "--help"), (b"more words", ""))
        self.assertEqual(self.run_command("page", "--", "-", stdin=b"read"), (b"read", ""))
        self.assertEqual(self.run_command("page", "--", stdin=b"read"), (b"read", ""))
        self.error(["page", "--", "--"], "--")
        self.error(["man", "--", "x"], "takes no argument 'x'")

    def test_options_that_do_nothing_are_refused(self):
        # What went wrong: --source-list without --keep source-list was passed over, and best was kept.
        self.write("list", "a.example\n")
        dedup = ["dedup", "x", "--dry-run"]
        self.error([*dedup, "--source-list", "list"], "--source-list does nothing without --keep source-list; add that")
        self.error([*dedup, "--keep", "source-list"], "--source-list")
        self.error([*dedup, "--passage-tokens", "30"], "--passage-tokens does nothing without --unit passage")
        self.error([*dedup, "--unit", "passage", "--keep-unique"], "--keep-unique does nothing with --unit passage")
        self.error([*dedup, "--no-repair", "--min-tokens", "9"], "--min-tokens does nothing with --no-repair")
        self.error([*dedup, "--max-edits", "1", "--no-repair"], "--max-edits does nothing with --no-repair")
        self.error(["page", "--html-spans", "x"], "--html-spans does nothing without --format json")
        self.error(["page", "--color", "always", "-f", "json", "x"], "--color does nothing without --format marked")
        self.write("nobody", "\n")
        self.error([*dedup, "--keep", "source-list", "--source-list", "nobody"], "nobody names no source")
        self.error([*dedup, "--keep", "source-list", "--source-list", "."], "cannot read the list of sources .")
        self.error([*dedup, "--tmpdir", "nowhere"], "--tmpdir")
        self.write("a.txt", "words")
        self.run_command("dedup", "a.txt", "--dry-run", "--source-list", "list", "--keep", "source-list",
                         "--unit", "both", "--passage-tokens", "30", "--keep-unique", "--min-tokens", "9")
        self.run_command("page", "--color", "never", "-f", "json", "a.txt")

    def test_missing_input_is_named(self):
        for name in ["page", "fingerprint"]:
            self.error([name, "no-such-file.txt"], "no-such-file.txt")
        self.error(["dedup", "no-such-file.txt", "--out", "o"], "no-such-file.txt")
        self.assertFalse((self.folder / "o").exists())

    def test_missing_arguments_are_asked_for(self):
        self.error(["dedup"], "INPUT")
        self.error(["restore"], "DIR")
        self.write("a.txt", "words")
        self.error(["dedup", "a.txt"], "--out", "--dry-run")
        self.error(["restore", "run"], "--out")
        self.error(["man", "extra"], "extra")
        self.error(["completion", "tcsh"], "bash, zsh or fish")

    def test_a_folder_that_is_no_run_is_named(self):
        (self.folder / "empty").mkdir()
        self.error(["restore", "empty", "--out", "o"], "empty/run.json")

    def test_missing_list_of_sources_is_named(self):
        self.write("a.txt", "words")
        self.error(["dedup", "a.txt", "--out", "o", "--keep", "source-list", "--source-list", "none"], "none")

    def test_a_folder_where_a_file_should_be_written_is_refused(self):
        self.write("a.txt", "words")
        self.write("o", "a file")
        self.error(["dedup", "a.txt", "--out", "o"], "o")

    def test_an_input_that_cannot_be_read_is_named(self):
        (self.folder / "folder.jsonl" / "below").mkdir(parents=True)
        _, said = self.run_command("page", "folder.jsonl", code=2)
        self.assertIn("folder.jsonl", said)


class Manual(CommandTest):
    def test_man_page_is_clean(self):
        page, _ = self.run_command("man")
        for name in COMMANDS:
            self.assertIn(f".SH REFRAIN {name.upper()}\n".encode(), page)
        if shutil.which("mandoc"):
            lint = subprocess.run(["mandoc", "-T", "lint", "-W", "error"], input=page, stdout=subprocess.PIPE,
                                  timeout=command_testing.SECONDS)
            self.assertEqual((lint.returncode, lint.stdout), (0, b""))

    def test_every_option_of_help_is_in_man_page_and_completions(self):
        page, _ = self.run_command("man")
        texts = [self.run_command("completion", shell)[0] for shell in ("bash", "zsh", "fish")]
        for name in COMMANDS:
            out, _ = self.run_command(name, "--help")
            for option in re.findall(r"^  (?:-\w,)?\s*(--[a-z-]+)", out.decode(), re.MULTILINE):
                if option == "--help":
                    continue
                self.assertIn(option.replace("-", "\\-").encode(), page)
                self.assertIn(option.encode(), texts[0])
                self.assertIn(option.encode(), texts[1])
                self.assertIn(f"-l {option[2:]}".encode(), texts[2])

    def test_completions_are_valid_scripts(self):
        for shell in ["bash", "zsh", "fish"]:
            script, _ = self.run_command("completion", shell)
            self.assertTrue(script)
            if shutil.which(shell):
                path = self.write("completion", script)
                check = subprocess.run([shell, "-n", path], stderr=subprocess.PIPE, timeout=command_testing.SECONDS)
                self.assertEqual((check.returncode, check.stderr), (0, b""), shell)

    def test_bash_completes_commands_options_and_values(self):
        path = self.write("completion", self.run_command("completion", "bash")[0])
        for words, expected in [("refrain de", "dedup"), ("refrain page --min", "--min-tokens"),
                                ("refrain page --format j", "json"), ("refrain dedup --keep new", "newest")]:
            script = (f"source {path}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); _refrain; "
                      'echo "${COMPREPLY[@]}"')
            out = subprocess.run(["bash", "--norc", "-c", script], stdout=subprocess.PIPE,
                                 timeout=command_testing.SECONDS).stdout.decode().split()
            self.assertEqual(out, [expected], words)


if __name__ == "__main__":
    command_testing.main()
