"""What the README shows is what the command does."""

import gzip
import re
import shlex

import command_testing
from command_testing import CommandTest


def blocks():
    text = (command_testing.samples.parent.parent / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


class Docs(CommandTest):
    def test_the_page_comes_out_as_shown(self):
        (shown,) = [block for block in blocks() if block.startswith("$ refrain")]
        line, _, expected = shown.partition("\n")
        arguments = shlex.split(line)[2:]
        self.assertEqual(arguments[-1], "datasets/sample/page.txt")
        out, _ = self.run_command(*arguments[:-1], command_testing.samples / "page.txt")
        # An ellipsis stands for what was left out, be it an ellipsis; hard spaces are shown as spaces.
        pattern = re.escape(expected.rstrip("\n")).replace("…", ".*?")
        self.assertRegex(out.decode("utf-8").replace("\xa0", " ").rstrip("\n"), re.compile(rf"\A{pattern}.*\Z", re.DOTALL))

    def test_every_command_shown_works(self):
        page = (command_testing.samples / "page.txt").read_text(encoding="utf-8")
        crawl = (command_testing.samples / "crawl.jsonl").read_bytes()
        self.write("article.txt", page)
        self.write("page.html", "<p>" + page.replace("\n", "<p>"))
        self.write("crawl.jsonl.gz", gzip.compress(crawl))
        self.write("crawl/one.jsonl", crawl)
        self.write("new/two.jsonl", crawl)
        commands = [line for block in blocks() for line in block.splitlines() if line.startswith("refrain ")]
        self.assertGreaterEqual(len(commands), 7)
        for line in commands:
            with self.subTest(line):
                self.run_command(*shlex.split(line, comments=True)[1:])
        again = (self.folder / "crawl-again/one.jsonl").read_bytes()
        self.assertEqual(again, crawl, "restore gives the input back")

    def test_boilerplate_comes_out_as_shown(self):
        document = command_testing.samples.parent.parent / "docs/formats/boilerplate.md"
        site, *shown = re.findall(r"^```\n(.*?)^```$", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        self.write("site.jsonl", site)
        self.assertEqual(len(shown), 2)
        for block in shown:
            line, _, expected = block.partition("\n")
            out, _ = self.run_command(*shlex.split(line)[2:])
            self.assertEqual(out.decode("utf-8"), expected)


if __name__ == "__main__":
    command_testing.main()
