// What dedup can be told, for it and for what explains it.

#include "dedup_flags.h"

#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "refrain/pipeline/source_list.h"

namespace refrain::cli {
namespace {

std::string ReadSources(const std::string& path, std::vector<std::string>* sources) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  for (char block[4096]; file.read(block, sizeof(block)) || file.gcount() > 0;)
    bytes.append(block, static_cast<size_t>(file.gcount()));
  if (!file.eof()) return fmt::format("cannot read the list of sources {}", path);
  *sources = ParseSourceList(bytes);
  if (sources->empty())
    return fmt::format("{} names no source: one a line, the one to keep first on top", path);
  return "";
}

// The flags that do something only beside others.
void SayWhenIdle(const std::shared_ptr<DedupState>& state, std::vector<Flag>* flags) {
  const auto idle = [&](const std::string& name, std::function<std::string()> why) {
    for (Flag& flag : *flags) {
      if (flag.long_name() == name) flag.idle = why;
    }
  };
  idle("--source-list", [state] {
    return state->options.keep == Keep::kSourceList ? ""
                                                    : "does nothing without --keep source-list; add that";
  });
  idle("--mode",
       [state] { return state->options.dry_run ? "does nothing with --dry-run; leave one out" : ""; });
  idle("--passage-tokens", [state] {
    return state->options.passages ? ""
                                   : "does nothing without --unit passage or --unit both; add one of them";
  });
  idle("--keep-unique", [state] {
    return state->options.pages ? "" : "does nothing with --unit passage, which drops no page; leave one out";
  });
  for (const char* name : {"--min-tokens", "--max-edits"}) {
    idle(name,
         [state] { return state->options.repair ? "" : "does nothing with --no-repair; leave one out"; });
  }
}

}  // namespace

absl::Status Settle(DedupState* state) {
  DedupOptions& options = state->options;
  if (!state->source_list.empty()) {
    const std::string wrong = ReadSources(state->source_list, &options.sources);
    if (!wrong.empty()) return absl::NotFoundError(wrong);
  }
  if (!state->bands.empty() && state->recall > 0)
    return absl::InvalidArgumentError("--bands and --recall say the same thing; give one");
  if (!state->bands.empty()) {
    const size_t x = state->bands.find('x');
    std::string wrong =
        x == std::string::npos ? "no x" : TakeInt(state->bands.substr(0, x), 1, 128, &options.banding.bands);
    if (wrong.empty()) wrong = TakeInt(state->bands.substr(x + 1), 1, 128, &options.banding.rows);
    if (!wrong.empty()) {
      return absl::InvalidArgumentError(
          fmt::format("--bands: '{}' is not BANDSxROWS, for instance 12x4", state->bands));
    }
  }
  if (state->recall > 0) {
    const auto banding = ChooseBanding(options.resemblance, state->recall, 128);
    if (!banding.ok()) return banding.status();
    options.banding = *banding;
  }
  return absl::OkStatus();
}

std::vector<Flag> DedupFlags(const std::shared_ptr<DedupState>& state) {
  DedupOptions& options = state->options;
  std::vector<Flag> flags;
  flags.push_back(TextFlag("-o,--out", "DIR", "Output",
                           "Folder for results: clean/, removed, matches, clusters, run.json", &options.out));
  flags.push_back(ModeFlag(&options.mode));
  flags.push_back(SwitchFlag("--force", "Output",
                             "Start again in a folder that holds a run: what is there goes", &options.force));
  flags.push_back(SwitchFlag("--resume", "Output",
                             "Go on with a run that was stopped or died in --out: what it read is not looked "
                             "at again, and if it had compared all, that is not done again",
                             &options.resume));
  flags.push_back(
      SwitchFlag("-n,--dry-run", "Output",
                 "Write nothing; print counts and ten examples of what would go. Refuses what the run "
                 "would refuse of --out, if that is given",
                 &options.dry_run));
  flags.push_back(SwitchFlag("--json", "Output", "Print the summary as JSON", &state->json));
  flags.push_back(
      {.names = "--pairs",
       .value = "WHICH",
       .group = "Output",
       .help = "Pairs listed in matches: each dropped page with its witness, or all that were verified",
       .fallback = "witness",
       .choices = {"witness", "all"},
       .take = [&options, state](const std::string& value) {
         options.all_pairs = value == "all";
         return std::string();
       }});
  flags.push_back({.names = "-u,--unit",
                   .value = "UNIT",
                   .group = "What is compared",
                   .help = "page: whole pages. passage: paragraphs, cut from pages that stay (licences and "
                           "quotations go too). both",
                   .fallback = "page",
                   .choices = {"page", "passage", "both"},
                   .take = [&options, state](const std::string& value) {
                     options.pages = value != "passage";
                     options.passages = value != "page";
                     return std::string();
                   }});
  flags.push_back(
      {.names = "-r,--resemblance",
       .value = "J",
       .group = "What is compared",
       .help =
           "Pages and passages match from this share of common shingles on: |A and B| / |A or B|, exact. Not "
           "what it is in copies, which asks it of main texts, for one of its verdicts",
       .fallback = fmt::format("{}", options.resemblance),
       .choices = {},
       .take = [&options, state](const std::string& value) {
         return TakeDouble(value, 0.1, 1, &options.resemblance);
       }});
  flags.push_back(
      {.names = "--recall",
       .value = "P",
       .group = "What is compared",
       .help =
           "Choose the cheapest banding that compares a pair right at --resemblance with this probability",
       .fallback = "",
       .choices = {},
       .take = [state](const std::string& value) {
         return TakeDouble(value, 0.01, 0.999999, &state->recall);
       }});
  flags.push_back(TextFlag("--bands", "BxR", "What is compared",
                           "The banding itself: bands x rows; 12x4 unless --recall or this says otherwise",
                           &state->bands));
  flags.push_back({.names = "--passage-tokens",
                   .value = "N",
                   .group = "What is compared",
                   .help = "Shortest paragraph compared across pages, in words",
                   .fallback = fmt::format("{}", options.passage_tokens),
                   .choices = {},
                   .take = [&options, state](const std::string& value) {
                     return TakeDouble(value, 5, 10000, &options.passage_tokens);
                   }});
  flags.push_back(
      TextFlag("--against", "DIR", "What is compared",
               "An earlier run's folder, or clean pages: they stay, and what matches them goes. The "
               "pages of a run are compared as they stand in its clean/; restore it first to "
               "have pages that it read known again for certain",
               &options.against));
  flags.push_back({.names = "-k,--keep",
                   .value = "ORDER",
                   .group = "What stays",
                   .help = "best: longest clean text, then oldest. longest: longest text as read. newest, "
                           "oldest: by date. source-list: by "
                           "--source-list, then best",
                   .fallback = "best",
                   .choices = {"best", "longest", "newest", "oldest", "source-list"},
                   .take = [&options, state](const std::string& value) {
                     const auto keep = ParseKeep(value);
                     if (keep.ok()) options.keep = *keep;
                     return keep.ok() ? std::string() : std::string(keep.status().message());
                   }});
  flags.push_back(TextFlag("--source-list", "FILE", "What stays",
                           "Sources, one a line, the one to keep first on top; with --keep source-list",
                           &state->source_list));
  flags.push_back(SwitchFlag("--keep-unique", "What stays",
                             "Of a near-duplicate, keep the paragraphs with words that its witness lacks",
                             &options.keep_unique));
  flags.push_back(SwitchFlag("--no-repair", "Repeats within a page", "Leave passages that a page shows twice",
                             &options.repair, false));
  AddRepeatFlags(&options.repeats, &flags);
  AddInputFlags(&options.corpus, &flags);
  AddSourceFlag(&options.corpus, &flags);
  AddMemoryFlag(
      "Memory to use, half of it for pages (about 130 bytes each; the rest of what is known about "
      "them goes to --tmpdir), half for records (larger ones than it allows go through untouched, or are "
      "left out as HTML and WARC)",
      &options.memory, &flags);
  AddTalkFlags(&state->talk, &flags);
  SayWhenIdle(state, &flags);
  return flags;
}

}  // namespace refrain::cli
