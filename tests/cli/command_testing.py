"""What the tests of the command share: running it, and a folder for each test."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

COMMANDS = ["page", "dedup", "boilerplate", "copies", "restore", "fingerprint", "explain", "bench", "man", "completion", "help"]
SECONDS = 600 if os.environ.get("REFRAIN_SANITIZED") else 60  # after which a run counts as hanging

command = ""  # the program under test
samples = pathlib.Path()  # datasets/sample


def files_below(folder):
    """Name: bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="refrain-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)
        # Temporary files go to a folder of their own, which must be empty afterwards.
        self.tmpdir = self.folder / "tmp"
        self.tmpdir.mkdir()
        self.environment = {"PATH": os.environ["PATH"], "TMPDIR": str(self.tmpdir)}

    def tearDown(self):
        self.assertEqual(list(self.tmpdir.iterdir()), [], "temporary files stay behind")

    def run_command(self, *arguments, code=0, stdin=b"", stdout=subprocess.PIPE):
        """Runs refrain, checks its exit code, returns (stdout, stderr): bytes and text."""
        done = subprocess.run(
            [command, *map(str, arguments)],
            input=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=self.environment,
            timeout=SECONDS,
        )
        said = done.stderr.decode("utf-8")
        self.assertEqual(done.returncode, code, f"{arguments}: {said}")
        return done.stdout, said

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def assert_one_line(self, said, *parts):
        self.assertEqual(said.count("\n"), 1, said)
        self.assertTrue(said.startswith("refrain: ") and said.endswith("\n"), said)
        for part in parts:
            self.assertIn(part, said)


def main():
    global command, samples
    command, samples = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    unittest.main(module="__main__", argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
