// refrain dedup: clean corpus, removal log, clusters, summary.

#include <optional>

#include <fmt/format.h>

#include "command.h"
#include "dedup_flags.h"
#include "flags.h"
#include "plan_text.h"
#include "refrain/base/json.h"
#include "refrain/pipeline/dedup.h"
#include "refrain/pipeline/plan.h"
#include "refrain/pipeline/summary_json.h"
#include "terminal.h"

namespace refrain::cli {
namespace {

std::string Percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? "0 %"
                    : fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string ForPeople(const DedupSummary& s, const DedupOptions& options) {
  std::string out = fmt::format("{} read, {} {}\n", Counted(s.pages, "page"), s.kept(),
                                options.dry_run || options.mode == OutputMode::kMark ? "would stay"
                                : s.kept() == 1                                      ? "stays"
                                                                                     : "stay");
  const auto row = [&](const char* what, uint64_t count, uint64_t bytes) {
    if (count > 0)
      out += fmt::format("  {:<28}{:>12}   {:>7} of the text\n", what, count, Percent(bytes, s.text_bytes));
  };
  if (s.dropped_exact + s.dropped_near > 0) {
    out += fmt::format("  {:<28}{:>12}\n", "equal to a page that stays", s.dropped_exact);
    out +=
        fmt::format("  {:<28}{:>12}\n",
                    s.dropped_near == 1 ? "near-duplicate of one" : "near-duplicates of one", s.dropped_near);
    row("dropped in all", s.dropped_exact + s.dropped_near, s.dropped_bytes);
  }
  if (s.kept_in_part > 0) out += fmt::format("  {:<28}{:>12}\n", "kept in part", s.kept_in_part);
  row(s.pages_repaired == 1 ? "page repaired" : "pages repaired", s.pages_repaired, s.repeat_bytes);
  row(s.passages_cut == 1 ? "passage cut" : "passages cut", s.passages_cut, s.passage_bytes);
  if (options.pages) {
    constexpr double kMostPairs = 0.95;
    out += fmt::format("pairs at a resemblance of {} were compared with probability {:.4f} or more{}\n",
                       options.resemblance, s.expected_recall,
                       s.expected_recall < kMostPairs ? "; --recall 0.99 compares nearly all of them" : "");
  }
  if (options.dry_run && !s.examples.empty()) {
    out += "what would go, for example:\n";
    for (const DedupExample& example : s.examples) {
      out += fmt::format("  {:<8} {}", example.verdict, example.id);
      if (!example.witness.empty())
        out += fmt::format("  because of {} ({:.4f})", example.witness, example.resemblance);
      if (!example.text.empty()) out += fmt::format("  \"{}\"", example.text);
      out += "\n";
    }
  }
  if (!options.dry_run)
    out +=
        fmt::format("written to {}: {}, matches, clusters, run.json\n", options.out, FoldersOf(options.mode));
  return out;
}

}  // namespace

Command DedupCommand() {
  auto state = std::make_shared<DedupState>();
  Command command{
      .name = "dedup",
      .purpose = "Clean a crawl: repair pages, drop near-duplicates, write down everything that goes",
      .examples =
          "  refrain dedup crawl/ --out clean-crawl\n"
          "  refrain dedup 'dump/*.warc.gz' --dry-run            # counts and ten examples of what would go\n"
          "  refrain dedup new/ --against clean-crawl --out clean-new\n"
          "  refrain dedup pages.jsonl --pairs all --resemblance 0.7 --recall 0.99 --out run",
      .more =
          "INPUT are files, folders, globs (*, ?, [a-z], **; braces are for the shell to expand) or - for "
          "standard input: JSONL, plain text, HTML, WARC, WET; plain, gzip or zstd. A page goes only "
          "because of a page that stays and that it matches on its full shingle sets; the log names it. "
          "`refrain restore` "
          "undoes a run. Input order, threads and kernel change no byte of the result.",
      .inputs = "INPUT...",
      .flags = {},
      .run = {}};
  command.flags = DedupFlags(state);
  command.run = [state](const std::vector<std::string>& inputs) {
    Console console(state->talk);
    state->options.corpus.inputs = inputs;
    std::optional<DedupPlan> plan;
    RunHooks hooks = console.hooks();
    hooks.plan = [&](const DedupPlan& made) {
      plan = made;
      if (!state->json && !state->talk.quiet) console.Say(PlanInALine(made));
    };
    if (const absl::Status status = Settle(state.get()); !status.ok()) return console.Fail(status);
    const auto summary = Dedup(state->options, hooks);
    if (!summary.ok()) return console.Fail(summary.status());
    std::string out;
    if (state->json) {
      JsonWriter json(&out);
      json.BeginObject();
      if (plan.has_value()) {
        json.Key("plan").BeginObject();
        AppendPlanFields(*plan, &json);
        json.EndObject();
      }
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
