#!/usr/bin/env python3
"""Writes datasets/sample from datasets/stories.txt: a page that repeats itself, a small crawl, a damaged file.

    datasets/make_sample.py           write the files
    datasets/make_sample.py --check   say whether they are as this script writes them (exit 1 if not)

Everything is invented. Each line of the crawl says in its field "made" how it came about, so that what
refrain finds can be compared with what is there.
"""

import json
import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent

# Site: its own line on every page, above and below the story. The last one has none.
SITES = {
    "ostermouth-courier.example": ("Ostermouth Courier | Town | Valley | Sport | Letters", "© Ostermouth Courier"),
    "hask-herald.example": ("Hask Herald: home, news, notices, weather", "The Hask Herald is printed on Fridays"),
    "valley-radio.example": ("Valley Radio 94.2 – listen live", "More from Valley Radio"),
    "newsshelf.example": ("NewsShelf. Stories from around the valley", "Found on NewsShelf"),
    "quayside-notes.example": (None, None),
}
STAMP = "Saturday, 14 June 2025, 10:42"


def read_stories():
    stories = {}
    for part in re.split(r"^# ", (HERE / "stories.txt").read_text("utf-8"), flags=re.M)[1:]:
        key, rest = part.split("\n", 1)
        stories[key] = [paragraph.strip() for paragraph in rest.strip().split("\n\n")]
    return stories


def straight(text):
    """Typewriter spelling: straight quotes, hyphens for dashes, plain spaces, decomposed letters."""
    for curly, plain in ("“\"", "”\"", "’'", "–-", "—-", "\u00a0 "):
        text = text.replace(curly, plain)
    return unicodedata.normalize("NFD", text)


def blob(paragraphs):
    """Paragraphs as one line, the spaces between sentences lost."""
    return re.sub(r'([.!?]["”]?) (?=["“A-Z])', r"\1", "".join(paragraphs))


def cut_off(paragraph, words):
    return " ".join(paragraph.split(" ")[:words]) + " …"


def break_in_two(paragraph):
    """The same paragraph over two lines, broken at the space nearest its middle."""
    ends = [match.end() for match in re.finditer(" ", paragraph)]
    middle = min(ends, key=lambda end: abs(end - len(paragraph) // 2))
    return paragraph[:middle].rstrip() + "\n" + paragraph[middle:]


def doubled(story, quotation=None, stamp=None):
    """A page that shows its story twice: the lead cut off, everything as one line, then the story proper."""
    title, lead, *body = story
    lines = [title, cut_off(lead, 26) + " Read more", blob([straight(p) for p in [lead, *body]])]
    if stamp:
        lines.append(stamp)
    lines += [lead, *body[:-1]]
    if quotation:
        lines.append(quotation)
    lines.append(break_in_two(body[-1]))
    return "\n".join(lines) + "\n"


class Crawl:
    def __init__(self):
        self.lines = []
        self.counts = {}

    def add(self, site, date, paragraphs, made, bare=False):
        """One page, dressed in its site's own lines; `bare` leaves them out. Returns its id."""
        count = self.counts[site] = self.counts.get(site, 0) + 1
        page_id = "".join(word[0] for word in re.split(r"[-.]", site)[:-1]) + f"-{count:02d}"
        top, bottom = SITES[site]
        if not bare and top:
            paragraphs = [top, *paragraphs, bottom]
        fields = {
            "id": page_id,
            "url": f"https://{site}/{date[:4]}/{date[5:7]}/{page_id}.html",
            "date": date,
            "text": "\n".join(paragraphs),
        }
        # Fields that refrain does not know must come out as they went in, whatever their spelling, place and order.
        known = json.dumps(fields, ensure_ascii=site == "newsshelf.example", separators=(",", ":"))[1:-1]
        more = f'"made":{json.dumps(made)}'
        if site == "valley-radio.example":
            self.lines.append(f'{{"crawl": {{"depth": 2, "status": 200}}, {known}, "weight": 1.50, {more}}}')
        elif site == "hask-herald.example":
            self.lines.append(f'{{"lang":"en",{known},{more},"tags":["local","valley"],"note":null}}')
        else:
            self.lines.append(f"{{{known},{more}}}")
        return page_id


def make_crawl(stories):
    courier, herald, radio, shelf, notes = SITES
    crawl = Crawl()
    first = {}

    # Fresh pages: each story once.
    home = {
        "bell": courier, "seeds": courier, "clock": herald, "orchard": courier, "bridge": herald,
        "dialect": notes, "bakery": courier, "observatory": radio, "choir": herald, "repair": radio,
        "muehle": notes, "lantern": notes, "walk": herald, "radio": radio,
    }
    for number, (key, site) in enumerate(home.items()):
        date = f"2025-06-{number + 2:02d}"
        if key != "bell":
            first[key] = crawl.add(site, date, stories[key], "fresh")
        else:
            text = doubled(stories["bell"], stories["quotation"][0], STAMP)
            first[key] = crawl.add(site, "2025-06-14", text.rstrip("\n").split("\n"), "fresh, shows its story twice")

    # Mirrors: the same story on another site.
    for key, site, date in (
        ("seeds", shelf, "2025-06-04"), ("clock", shelf, "2025-06-05"), ("muehle", shelf, "2025-06-14"),
        ("lantern", shelf, "2025-06-14"), ("bakery", radio, "2025-06-10"), ("walk", shelf, "2025-06-15"),
    ):
        crawl.add(site, date, stories[key], f"mirror of {first[key]}")
    crawl.add(notes, "2025-06-16", [straight(p) for p in stories["dialect"]],
              f"mirror of {first['dialect']} in typewriter spelling")
    crawl.add(shelf, "2025-06-16", [blob(stories["repair"])], f"mirror of {first['repair']}, its paragraphs joined")

    # Near-duplicates: the same story with small edits.
    def edited(key, *edits):
        text = "\n".join(stories[key])
        for old, new in edits:
            assert text.count(old) == 1, (key, old)
            text = text.replace(old, new)
        return text.split("\n")

    for key, site, date, edits, made in (
        ("orchard", herald, "2025-06-09", [("Last week", "On Wednesday")], "a date reworded"),
        ("bridge", courier, "2025-06-08", [("thirty-one swallow nests", "thirty-four swallow nests")],
         "a number changed"),
        ("observatory", herald, "2025-06-11",
         [(" They dropped it once, on to a heap of towels.", "")], "a sentence left out"),
        ("choir", radio, "2025-06-12",
         [("four basses", "at least four basses"), ("explains Ottoline", "says Ottoline")], "two words changed"),
        ("repair", courier, "2025-06-13",
         [("It was a toaster, it belonged", "(vr) It was a toaster, it belonged"), ("Sixty-three", "Sixty-five")],
         "a by-line, a number changed"),
        ("radio", courier, "2025-06-17", [("Every weekday at 12.40 the", "At 12.40 each weekday, the")],
         "a sentence reworded"),
        ("walk", radio, "2025-06-18", [("a good five hours", "about six hours")], "a phrase changed"),
    ):
        crawl.add(site, date, edited(key, *edits), f"near-duplicate of {first[key]}: {made}")

    # Pages inside longer pages.
    crawl.add(shelf, "2025-06-20", stories["bridge"][:3],
              f"excerpt of {first['bridge']}: headline and two paragraphs")
    crawl.add(radio, "2025-06-20", stories["seeds"][:2], f"excerpt of {first['seeds']}: headline and lead", bare=True)
    week = ["The Week in the Valley", *stories["choir"], *stories["clock"], *stories["orchard"]]
    crawl.add(shelf, "2025-06-21", week, f"round-up: holds {first['choir']}, {first['clock']}, {first['orchard']}")

    # Pages that show their story twice.
    crawl.add(courier, "2025-06-22", doubled(stories["radio"]).rstrip("\n").split("\n"),
              f"mirror of {first['radio']}, shows its story twice")
    crawl.add(notes, "2025-06-22", [*stories["bell"][:3], stories["bell"][1]],
              f"excerpt of {first['bell']}, repeats its lead at the end")

    # Pages that look alike and are not: notices from one mould.
    for day, low, high, wind, remark in (
        (16, "04:12 and 16:40", "10:25 and 22:51", "light, from the west",
         "A seal has been resting on the slipway; please give it room."),
        (17, "05:01 and 17:26", "11:13 and 23:38", "fresh, from the north-west",
         "The crane is in use until noon, so mind the yellow line."),
        (18, "05:49 and 18:11", "12:00", "calm", "Mist is likely before nine. The horn will sound every two minutes."),
        (19, "06:36 and 18:57", "00:24 and 12:47", "light, from the south",
         "Sailing school begins today with twenty small boats and one instructor."),
    ):
        crawl.add(herald, f"2025-06-{day}",
                  [f"Tides for {day} June", f"Low water {low}. High water {high}. Wind {wind}.", remark],
                  "notice: from the same mould as others, not a copy")
    return crawl.lines


def main():
    stories = read_stories()
    page = doubled(stories["bell"], stories["quotation"][0], STAMP)
    crawl = make_crawl(stories)
    damaged = crawl[1:5]
    damaged[2] = damaged[2][: len(damaged[2]) * 2 // 3]
    files = {
        "page.txt": page,
        "crawl.jsonl": "".join(line + "\n" for line in crawl),
        "damaged.jsonl": "".join(line + "\n" for line in damaged),
    }
    stale = []
    for name, text in files.items():
        path = HERE / "sample" / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, "utf-8", newline="\n")
        elif not path.exists() or path.read_bytes() != text.encode("utf-8"):
            stale.append(name)
    if stale:
        sys.exit("not as datasets/make_sample.py writes them: " + ", ".join(stale))


if __name__ == "__main__":
    main()
