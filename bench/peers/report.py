#!/usr/bin/env python3
"""Makes the tables and the plot of what bench/peers/compare measured.

    bench/peers/report.py RESULT.json      writes docs/benchmarks.md, docs/benchmarks.svg and the README's line anew
"""

import html
import json
import math
import pathlib
import statistics
import sys

COMPONENTS = 128
BANDINGS = ("12x4", "16x8")
BAND_SIZES = (10, 30)  # shingles of the sets for which bands are looked at
README_ROW = "| text sketched beside other libraries"
SKIPS = 0.1  # an estimate that is off by more on average, after an insertion, says that text was left out


def root_mean_square(values):
    values = list(values)
    return math.sqrt(sum(value * value for value in values) / len(values))


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def rounded(value):
    """Three figures."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def ideal_error(resemblance):
    """Standard error of an estimate by 128 independent hash functions."""
    return math.sqrt(resemblance * (1 - resemblance) / COMPONENTS)


def meeting(resemblance, banding):
    """Ideal share of pairs that meet in at least one band."""
    bands, rows = map(int, banding.split("x"))
    return 1 - (1 - resemblance**rows) ** bands


class Cell:
    """Pairs of one size and one resemblance, as one peer sees them."""

    def __init__(self, cell):
        self.exact = cell["exact"]
        self.estimates = cell["estimates"]
        self.meets = cell["meets"]
        self.count = len(self.estimates)
        self.mean = statistics.fmean(self.estimates)
        self.error = root_mean_square(estimate - self.exact for estimate in self.estimates)

    def misfit(self, banding):
        """Share of pairs that meet, less the ideal share."""
        return statistics.fmean(self.meets[banding]) - meeting(self.exact, banding)

    def misfit_noise(self, banding):
        """Standard error of that."""
        ideal = meeting(self.exact, banding)
        return math.sqrt(ideal * (1 - ideal) / self.count)


class Row:
    """What is told of one peer, or of one sketch of refrain's."""

    def __init__(self, name, measured):
        self.name = name
        self.version = measured["version"]
        self.does = measured.get("does")
        self.times = measured["times"]
        self.cells = {tuple(map(int, key.split("/"))): Cell(cell) for key, cell in measured["cells"].items()}
        self.insertions = {int(size): Cell(cell) for size, cell in measured["insertions"].items()}
        self.seconds = [time["seconds"] for time in self.times]
        self.speeds = [time["bytes"] / time["seconds"] / 1e6 for time in self.times]
        self.speed = statistics.median(self.speeds)
        # In units of what 128 independent hash functions have.
        self.error = root_mean_square(cell.error / ideal_error(cell.exact) for cell in self.cells.values())
        self.misfit = root_mean_square(cell.misfit(banding) for banding, cell in self.banded())
        last = self.insertions[max(self.insertions)]
        self.skips = abs(last.mean - last.exact) > SKIPS

    def banded(self):
        """(banding, cell) for which bands are looked at."""
        return [(banding, cell) for banding in BANDINGS for key, cell in self.cells.items() if key[0] in BAND_SIZES]

    def sketch_nanoseconds(self):
        """For a shingle, without making it. None where that cannot be told apart."""
        if self.times[0]["shingle_seconds"] is None:
            return None
        seconds = statistics.median(time["seconds"] - time["shingle_seconds"] for time in self.times)
        return 1e9 * seconds / self.times[0]["shingles"]


class Report:
    def __init__(self, result):
        self.result = result
        rows = [Row(name, measured) for name, measured in result["measured"].items()]
        self.own = [row for row in rows if row.name in result["refrain"]]
        self.peers = [row for row in rows if row.name not in result["refrain"]]
        self.rows = self.own + self.peers
        self.by_speed = sorted(self.rows, key=lambda row: -row.speed)
        self.first = self.own[0]  # the one that does what the peers do
        # One relative standard error of Row.error: that of a mean square of N normal values is sqrt(2 / N) of it, and half of
        # that for its root.
        cells = self.first.cells.values()
        self.error_noise = math.sqrt(sum(2 / cell.count for cell in cells)) / len(cells) / 2
        # What Row.misfit is for ideal signatures.
        self.misfit_noise = root_mean_square(cell.misfit_noise(banding) for banding, cell in self.first.banded())

    @staticmethod
    def times_faster(own, peer):
        """Median over rounds, each round by itself."""
        return statistics.median(theirs / ours for ours, theirs in zip(own.seconds, peer.seconds))

    def no_worse(self, peer):
        """refrain's fastest sketch that is as accurate as this peer, but for two standard errors of a difference."""
        good = [
            own
            for own in self.own
            if own.error <= peer.error * (1 + 2 * math.sqrt(2) * self.error_noise)
            and own.misfit <= max(peer.misfit, 2 * self.misfit_noise)
        ]
        return max(good, key=lambda own: own.speed, default=None)

    def machine(self):
        result = self.result
        return (
            f"Run on {result['date']}: {result['processor']}, {result['cores']} cores seen, {result['system']}; refrain "
            f"{self.first.version}, g++ {result['compiler']}, Release, kernel {result['kernel']}; Python {result['python']}. "
            f"Text: {result['text']}, {result['bytes'] / 1e6:.1f} MB. {result['rounds']} rounds."
        )

    def speed_table(self):
        head = [
            "",
            "version",
            "MB/s, median",
            "best",
            "sketch alone, ns a shingle",
            f"{self.first.name.replace(',', ' with')}: times faster",
            "error",
            "bands off, points",
            "at equal or better error and bands: times faster",
        ]
        rows = []
        for row in self.by_speed:
            nanoseconds = row.sketch_nanoseconds()
            cells = [
                row.name + (" (leaves text out)" if row.skips else ""),
                row.version,
                rounded(row.speed),
                rounded(max(row.speeds)),
                "" if nanoseconds is None else rounded(nanoseconds),
                "",
                f"{row.error:.2f}",
                f"{100 * row.misfit:.1f}",
                "",
            ]
            if row in self.peers:
                equal = self.no_worse(row)
                cells[5] = rounded(self.times_faster(self.first, row))
                cells[8] = "none"
                if equal:
                    cells[8] = f"{rounded(self.times_faster(equal, row))} ({equal.name.removeprefix('refrain, ')})"
            rows.append(cells)
        return table(head, rows)

    def error_table(self):
        cells = self.first.cells
        head = ["shingles / resemblance", *(f"{size} / {cell.exact:.2f}" for (size, _), cell in cells.items())]
        rows = [["128 independent hash functions", *(f"{ideal_error(cell.exact):.3f}" for cell in cells.values())]]
        rows += [[row.name, *(f"{cell.error:.3f}" for cell in row.cells.values())] for row in self.rows]
        return table(head, rows)

    def band_table(self):
        banded = self.first.banded()
        sizes = [size for _ in BANDINGS for size, _ in self.first.cells if size in BAND_SIZES]
        head = ["bands, shingles / resemblance"]
        for size, (banding, cell) in zip(sizes, banded):
            head.append(f"{banding.replace('x', ' x ')}, {size} / {cell.exact:.2f}")
        rows = [
            ["ideal share that meets", *(f"{meeting(cell.exact, banding):.3f}" for banding, cell in banded)],
            ["noise (one standard error)", *(f"{cell.misfit_noise(banding):.3f}" for banding, cell in banded)],
        ]
        rows += [[row.name, *(f"{cell.misfit(banding):+.3f}" for banding, cell in row.banded())] for row in self.rows]
        return table(head, rows)

    def insertion_table(self):
        insertions = self.first.insertions
        head = ["shingles of the page", *(f"{size}: {what}" for size in insertions for what in ("mean", "least"))]
        rows = [["exact", *(f"{cell.exact:.3f}" for cell in insertions.values() for _ in range(2))]]
        for row in self.rows:
            pairs = ((cell.mean, min(cell.estimates)) for cell in row.insertions.values())
            rows.append([row.name, *(f"{value:.3f}" for pair in pairs for value in pair)])
        return table(head, rows)

    def doing(self):
        lines = [f"- **{row.name}**, {row.version}: {row.does}." for row in self.peers]
        lines += [f"- **{name}** could not be run: `{error}`" for name, error in self.result["failed"].items()]
        return "\n".join(lines)

    def tables(self):
        counts = {cell.count for cell in self.first.cells.values()}
        parts = [
            self.machine(),
            "**Speed**, text to sketch, one core. *Error* is the root mean square of the errors below, each in units of what "
            f"128 independent hash functions have (noise {self.error_noise:.3f}); *bands off* that of the differences below "
            f"(noise {100 * self.misfit_noise:.1f}). The last column takes refrain's fastest sketch that is no worse in both "
            "than the noise allows.",
            self.speed_table(),
            "**Error of the estimate** of resemblance (root mean square; "
            f"{max(counts)} pairs each, of 1000 shingles {min(counts)}):",
            self.error_table(),
            "**Bands**: share of pairs that meet in at least one band, less the ideal 1 - (1 - J^rows)^bands:",
            self.band_table(),
            "**Insertion**: one line of ten words added on top of a page; estimates of the resemblance to the page without it:",
            self.insertion_table(),
            "What each peer was asked to do:",
            self.doing(),
        ]
        return "\n\n".join(parts)

    def plot(self):
        """Bars of speed, one a row, on a scale of tens."""
        left, width, height, top = 190, 520, 26, 46
        low = math.floor(math.log10(self.by_speed[-1].speed))
        high = math.ceil(math.log10(self.by_speed[0].speed))
        bottom = top + height * len(self.by_speed)

        def x(speed):
            return round(left + width * (math.log10(speed) - low) / (high - low), 1)

        def text(at, y, words, attributes=""):
            return f'<text x="{at}" y="{y}" {attributes}>{html.escape(words)}</text>'

        grey = 'fill="#666666"'
        out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 80} {bottom + 64}" '
            'font-family="sans-serif" font-size="13" fill="#222222">',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            text(12, 24, "Text sketched in a second of one core (MB/s, each step is ten times)", 'font-size="15"'),
        ]
        for power in range(low, high + 1):
            at = x(10**power)
            out.append(f'<line x1="{at}" y1="{top - 6}" x2="{at}" y2="{bottom}" stroke="#dddddd"/>')
            out.append(text(at, bottom + 16, f"{10**power:g}", f'text-anchor="middle" {grey}'))
        for number, row in enumerate(self.by_speed):
            y = top + height * number
            fill = "#1f5fa8" if row in self.own else "#f0c9a8" if row.skips else "#9aa5b1"
            long = round(max(1, x(row.speed) - left), 1)
            out.append(text(left - 8, y + 15, row.name, 'text-anchor="end"'))
            out.append(f'<rect x="{left}" y="{y + 2}" width="{long}" height="{height - 8}" fill="{fill}"/>')
            out.append(text(x(row.speed) + 6, y + 15, rounded(row.speed)))
        told = f"Shingles of five words, tokenising included. Median of {self.result['rounds']} rounds."
        out.append(text(12, bottom + 38, told, grey))
        if any(row.skips for row in self.rows):
            out.append(text(12, bottom + 56, "Pale: fails the insertion test, since it does not look at all of the text.", grey))
        return "\n".join([*out, "</svg>", ""])

    def readme_row(self):
        names = ("datasketch", "rensa R-MinHash", "gaoya", "datatrove", "datatrove, split", "text-dedup")
        ratios = [
            f"{row.name}: {rounded(self.times_faster(equal, row))}"
            for row in self.peers
            if row.name in names and (equal := self.no_worse(row))
        ]
        what = f"one core, kernel {self.result['kernel']}, tokenising included ([docs/benchmarks.md](docs/benchmarks.md))"
        figure = (
            f"{rounded(self.first.speed)} MB/s with 128 components; times faster at equal or better accuracy than "
            f"{'; '.join(ratios)}"
        )
        return f"{README_ROW}, {what} | {figure} | `./dev peers` |"


def tables(result):
    return Report(result).tables()


def between_marks(text, name, new):
    begin, end = f"<!-- {name}: written by the command, not by hand -->\n", f"<!-- {name}: end -->\n"
    head, found, rest = text.partition(begin)
    _, ended, tail = rest.partition(end)
    if not found or not ended:
        raise SystemExit(f"docs/benchmarks.md has lost its marks for {name}")
    return head + begin + "\n" + new + "\n\n" + end + tail


def write(result, root):
    made = Report(result)
    docs = root / "docs/benchmarks.md"
    docs.write_text(between_marks(docs.read_text(encoding="utf-8"), "peers", made.tables()), encoding="utf-8")
    (root / "docs/benchmarks.svg").write_text(made.plot(), encoding="utf-8")
    readme = root / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [number for number, line in enumerate(lines) if line.startswith(README_ROW)]
    if len(rows) != 1:
        raise SystemExit(f"README.md has {len(rows)} lines that begin with {README_ROW!r}, not one")
    lines[rows[0]] = made.readme_row() + "\n"
    readme.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")), pathlib.Path(__file__).resolve().parents[2])
