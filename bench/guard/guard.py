"""What the guard's scripts share: the program that runs hot loops, and files of baselines."""

import collections
import os
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BASELINES = HERE / "baselines"
LEAST_INSTRUCTIONS = 0.05  # an element; fewer mean that nothing was counted

Loop = collections.namedtuple("Loop", "name element shorter longer dispatched")


class Program:
    """One guard_loops, and what it has."""

    def __init__(self, path):
        self.path = path
        self.compiler, self.kernels, self.loops = "", [], {}
        listed = subprocess.run([path, "list"], capture_output=True, text=True, check=True).stdout
        for line in listed.splitlines():
            kind, *words = line.split()
            if kind == "compiler":
                self.compiler = words[0]
            elif kind == "kernel":
                self.kernels.append(words[0])
            elif kind == "loop":
                name, element, shorter, longer, dispatched = words
                self.loops[name] = Loop(name, element, int(shorter), int(longer), dispatched == "dispatched")

    def loops_of(self, kernel):
        """The loops that are the kernel's own; of "plain" those that are the same for every kernel. Not what they are timed against."""
        return [loop for loop in self.loops.values()
                if loop.dispatched == (kernel != "plain") and not loop.name.startswith("reference:")]

    def best_kernel(self):
        return self.kernels[0]


def option(kernel):
    """What guard_loops is told: loops that no kernel changes run with any."""
    return "scalar" if kernel == "plain" else kernel


class Running:
    """A guard_loops that waits for orders."""

    def __init__(self, program, kernel):
        self.kernel = option(kernel)
        self.process = subprocess.Popen([program.path, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def time(self, loop, length, repeats):
        """Nanoseconds for `repeats` runs over `length` elements."""
        self.process.stdin.write(f"{loop} {self.kernel} {length} {repeats}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def repeats_for(self, loop, length, nanoseconds):
        """How often to run a loop so that it takes about so long."""
        once = min(self.time(loop, length, 1) for _ in range(3))
        return max(1, round(nanoseconds / max(once, 1)))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def count_instructions(program, kernel, loops):
    """{loop: instructions per element}, exact but for what depends on the values themselves. One callgrind for all of them: it
    writes down what was counted each time that the counted function ends."""
    runs = [(loop.name, length) for loop in loops for length in (loop.shorter, loop.longer)]
    orders = "".join(f"{name} {option(kernel)} {length} 1\n" for name, length in runs)
    with tempfile.TemporaryDirectory() as scratch:
        command = ["valgrind", "--tool=callgrind", "--toggle-collect=refrain_guard_counted", "--dump-after=refrain_guard_counted",
                   f"--callgrind-out-file={scratch}/out", str(program.path), "serve"]
        done = subprocess.run(command, input=orders, capture_output=True, text=True)
        counted = {}
        for number, run in enumerate(runs, start=1):
            dump = pathlib.Path(f"{scratch}/out.{number}")
            total = re.search(r"^totals: (\d+)$", dump.read_text() if dump.exists() else "", re.MULTILINE)
            if done.returncode != 0 or not total:
                raise RuntimeError(f"{' '.join(command)}\nends with {done.returncode} and says nothing of {run}:\n{done.stderr}")
            counted[run] = int(total.group(1))
    per_element = {}
    for loop in loops:
        value = (counted[loop.name, loop.longer] - counted[loop.name, loop.shorter]) / (loop.longer - loop.shorter)
        if value < LEAST_INSTRUCTIONS:
            raise RuntimeError(f"{loop.name} ({kernel}): counted {value} instructions an element; was the counted function found?")
        per_element[loop.name] = value
    return per_element


def read_baseline(path):
    """Facts ("key value" in comments of the form "key: value") and {loop: [numbers]} of a baseline file."""
    facts, values = {}, {}
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("#"):
            continue
        if ": " in line:
            key, value = line.split(": ", 1)
            facts[key] = value
        elif line:
            loop, *numbers = line.split()
            values[loop] = [float(number) for number in numbers]
    return facts, values


def write_baseline(path, about, facts, values):
    lines = [f"# {line}" for line in about] + [f"{key}: {value}" for key, value in facts.items()]
    lines += [" ".join([loop, *(f"{number:.3f}" for number in numbers)]) for loop, numbers in sorted(values.items())]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def warn_if_busy():
    load = os.getloadavg()[0]
    if load > 0.7 * os.cpu_count():
        print(f"this machine has other work to do (load {load:.1f} on {os.cpu_count()} cores): times may be off")
