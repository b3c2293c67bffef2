// refrain copies: who shows whose text.

#include <fmt/format.h>

#include "command.h"
#include "flags.h"
#include "refrain/base/json.h"
#include "refrain/pipeline/copies.h"
#include "refrain/pipeline/summary_json.h"
#include "terminal.h"

namespace refrain::cli {
namespace {

struct State {
  CopiesOptions options;
  Talk talk;
  bool json = false;
};

std::string ForPeople(const CopiesSummary& s, const CopiesOptions& options) {
  std::string out = Counted(s.pages, "page") + " read";
  if (s.sources > 0) out += ", " + Counted(s.sources, "source");
  if (s.sources == 0 && s.pages > 0) {
    out +=
        ", none of them says its source, so each is one of its own: give --source-field, --url-field or "
        "--source file";
  }
  out += "\n";
  const auto row = [&](const char* verdict, const char* what) {
    const auto at = s.pairs.find(verdict);
    if (at != s.pairs.end()) out += fmt::format("  {:<10}{:>12}   {}\n", verdict, at->second, what);
  };
  if (!options.of.empty() && s.asked == 0) out += fmt::format("{} holds no page to look for\n", options.of);
  if (s.asked > 0) {
    out += fmt::format("{} of {} asked about found elsewhere, {} more in part\n", s.found,
                       Counted(s.asked, "page"), s.found_part);
  }
  row("mirror", "pairs of pages with one text");
  row("copy", "one text stands in the other as a whole");
  row("version", "an edited text");
  row("excerpt", "a large part of a text");
  row("quote", "a passage");
  if (s.stories > 0) {
    out += fmt::format("{} of {}\n", fmt::format("{} {}", s.stories, s.stories == 1 ? "story" : "stories"),
                       Counted(s.story_pages, "page"));
  }
  out +=
      fmt::format("written to {}: matches, stories.jsonl, stories.csv, sources.csv, run.json\n", options.out);
  return out;
}

Flag Share(const std::string& name, const std::string& help, double* to) {
  return {.names = name,
          .value = "SHARE",
          .group = "What counts as what",
          .help = help,
          .fallback = fmt::format("{}", *to),
          .choices = {},
          .take = [to](const std::string& value) { return TakeDouble(value, 0.01, 1, to); }};
}

}  // namespace

Command CopiesCommand() {
  auto state = std::make_shared<State>();
  CopiesOptions& options = state->options;
  Command command{
      .name = "copies",
      .purpose =
          "Find copied text: who shows whose pages, how much of them, which passages, what was changed",
      .examples =
          "  refrain copies crawl/ --out stories\n"
          "  refrain copies crawl/ --of mine.jsonl --out found   # where are my articles?\n"
          "  refrain copies scans.jsonl --noise ocr --out reprints\n"
          "  zstdcat stories/matches.jsonl.zst | grep '\"verdict\":\"copy\"'",
      .more =
          "Pages are compared by their main text: without the furniture of their source, and with what they "
          "show twice counted once. A pair is a mirror (one text at two places), a copy (one text stands in "
          "the other as a whole), a version (edited), an excerpt (a large part) or a quote (a passage). "
          "Mirrors, copies and versions are stories, told around the page that was there first; excerpts and "
          "quotes are in matches only. docs/formats/copies.md explains every field. Input order, "
          "threads, memory and kernel change no byte of the result.",
      .inputs = "INPUT...",
      .flags = {},
      .run = {}};
  std::vector<Flag>& flags = command.flags;
  flags.push_back(TextFlag("-o,--out", "DIR", "Output",
                           "Folder for results: matches, stories.jsonl, stories.csv, sources.csv, run.json",
                           &options.out));
  flags.push_back(SwitchFlag("--force", "Output",
                             "Start again in a folder that holds a run: what is there goes", &options.force));
  flags.push_back(SwitchFlag("--json", "Output", "Print the summary as JSON", &state->json));
  flags.push_back({.names = "--pairs",
                   .value = "WHICH",
                   .group = "Output",
                   .help = "Pairs listed in matches. witness: of pages with equal words, each with the first "
                           "only. all: each with each",
                   .fallback = "witness",
                   .choices = {"witness", "all"},
                   .take = [&options, state](const std::string& value) {
                     options.all_pairs = value == "all";
                     return std::string();
                   }});
  flags.push_back({.names = "-f,--format",
                   .value = "FORMAT",
                   .group = "Output",
                   .help = "Of matches. passim: one passage a line, under the names that passim gives to "
                           "aligned extents, in code points",
                   .fallback = "refrain",
                   .choices = {"refrain", "passim"},
                   .take = [&options, state](const std::string& value) {
                     options.format = value == "passim" ? PairFormat::kPassim : PairFormat::kRefrain;
                     return std::string();
                   }});
  flags.push_back(TextFlag("--of", "PAGES", "What is compared",
                           "Look for copies of these pages only: a file, a folder or a glob", &options.of));
  flags.push_back({.names = "--furniture",
                   .value = "WHAT",
                   .group = "What is compared",
                   .help = "discount: what many pages of one source show is not main text. keep: it is",
                   .fallback = "discount",
                   .choices = {"discount", "keep"},
                   .take = [&options, state](const std::string& value) {
                     options.discount_furniture = value == "discount";
                     return std::string();
                   }});
  flags.push_back({.names = "--noise",
                   .value = "KIND",
                   .group = "What is compared",
                   .help = "What the texts suffered. rewritten: words replaced, sentences moved, translated "
                           "and back: about four times the temporary disk. ocr: misread letters; letters are "
                           "compared, not words, and half of what --mirror, --containment, --both, --local "
                           "and --resemblance say is enough: about ten times the time and the temporary disk",
                   .fallback = "none",
                   .choices = {"none", "rewritten", "ocr"},
                   .take = [&options, state](const std::string& value) {
                     const auto noise = ParseNoise(value);
                     if (noise.ok()) options.noise = *noise;
                     return noise.ok() ? std::string() : std::string(noise.status().message());
                   }});
  flags.push_back({.names = "--min-tokens",
                   .value = "N",
                   .group = "What is compared",
                   .help =
                       "Shortest passage, in words (a Han or kana character counts half a word, a Thai one "
                       "a quarter)",
                   .fallback = fmt::format("{}", options.passages.min_words),
                   .choices = {},
                   .take = [&options, state](const std::string& value) {
                     return TakeDouble(value, 5, 10000, &options.passages.min_words);
                   }});
  flags.push_back(Share("--mirror", "Resemblance from which a pair is a mirror", &options.thresholds.mirror));
  flags.push_back(Share("--containment", "Of the smaller text in the larger, from which a pair is a copy",
                        &options.thresholds.containment));
  flags.push_back(Share(
      "-r,--resemblance",
      "From which pages of two known sources are versions, of their main texts, as a whole or of the "
      "smaller with the stretch of the larger one that it shares most with, if they share 80 words; 0.1 "
      "less for twice as many and so on, down to two thirds of it, if passages hold half of the smaller "
      "text. Not what it is in dedup: there pages match from it on, and one of them goes",
      &options.thresholds.resemblance));
  flags.push_back(
      Share("--both",
            "Of either text in the other, from which any other pair is a version (of texts of 300 "
            "words; 0.1 more of texts ten times as long)",
            &options.thresholds.both));
  flags.push_back(Share("--excerpt",
                        "Of the smaller text in shared passages, from which a pair is an excerpt",
                        &options.thresholds.excerpt));
  flags.push_back(Share("--local",
                        "Resemblance of the smaller text with the stretch of the larger one that it shares "
                        "most with, from which any other pair is a version among other text (as --both)",
                        &options.thresholds.local));
  flags.push_back({.names = "--excerpt-words",
                   .value = "N",
                   .group = "What counts as what",
                   .help = "Shared words from which a pair is an excerpt, however long both texts are",
                   .fallback = fmt::format("{}", options.thresholds.excerpt_words),
                   .choices = {},
                   .take = [&options, state](const std::string& value) {
                     return TakeDouble(value, 1, 1e6, &options.thresholds.excerpt_words);
                   }});
  AddInputFlags(&options.corpus, &flags);
  AddSourceFlag(&options.corpus, &flags);
  AddMemoryFlag(
      "Memory to use, half of it for pages (about 100 bytes each; the rest of what is known about "
      "them goes to --tmpdir), half for records (larger ones than it allows are left out)",
      &options.memory, &flags);
  AddTalkFlags(&state->talk, &flags);
  command.run = [state](const std::vector<std::string>& inputs) {
    Console console(state->talk);
    state->options.corpus.inputs = inputs;
    const auto summary = FindCopies(state->options, console.hooks());
    if (!summary.ok()) return console.Fail(summary.status());
    std::string out;
    if (state->json) {
      JsonWriter json(&out);
      json.BeginObject();
      AppendSummaryFields(*summary, &json);
      json.EndObject().EndLine();
    } else {
      out = ForPeople(*summary, state->options);
    }
    const int code = console.Finish(summary->damage);
    if (const absl::Status status = WriteStandardOutput(out); !status.ok()) return console.Fail(status);
    return code;
  };
  return command;
}

}  // namespace refrain::cli
