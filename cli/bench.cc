// refrain bench: how fast each stage is on one's own input.

#include <cmath>

#include <fmt/format.h>

#include "command.h"
#include "flags.h"
#include "refrain/base/json.h"
#include "refrain/base/version.h"
#include "refrain/pipeline/bench.h"
#include "refrain/pipeline/bench_json.h"
#include "terminal.h"

namespace refrain::cli {
namespace {

struct State {
  BenchOptions options;
  Talk talk;
  bool json = false;
};

// Threads take turns by the megabyte: with less than a few each, most of the time some of them have none.
constexpr uint64_t kEnoughForAThread = 8'000'000;

std::string Size(uint64_t bytes) { return Bytes(static_cast<double>(bytes)); }

std::string Speed(double bytes_per_second) {
  return std::isfinite(bytes_per_second) ? Bytes(bytes_per_second) + "/s" : "-";
}

// What was measured.
std::string Sample(const BenchSummary& s) {
  std::string out = fmt::format("Measured: {} {} with {} of text ({} of records, {} as stored), ",
                                s.whole ? "all" : "the first", Counted(s.pages, "page"), Size(s.text_bytes),
                                Size(s.record_bytes), Size(s.stored_bytes));
  out += s.files == s.files_all ? fmt::format("in {}", Counted(s.files, "file"))
                                : fmt::format("in {} of {} files", s.files, s.files_all);
  if (s.rounds > 1) out += fmt::format(", {} times", s.rounds);
  return out + fmt::format("; kernel {}.\n", s.kernel);
}

std::string ForPeople(const BenchSummary& s) {
  const bool two = s.all.threads > 1;
  std::string out = Sample(s);
  out += fmt::format("\n  {:<12}{:>22}", "", "one thread");
  if (two) out += fmt::format("{:>22}", fmt::format("{} threads", s.all.threads));
  out += '\n';
  for (size_t i = 0; i < kStages; ++i) {
    const Stage stage = static_cast<Stage>(i);
    out += fmt::format("  {:<12}", Name(stage));
    for (const BenchRun* run : {&s.one, &s.all}) {
      if (run == &s.one || two) {
        out +=
            fmt::format("{:>14} {:>5.1f} %", Speed(run->TextBytesPerSecond(stage)), 100 * run->Share(stage));
      }
    }
    out += '\n';
  }
  out += fmt::format("  {:<12}{:>14}        ", "all of it", Speed(s.one.TextBytesPerSecond()));
  if (two) {
    out += fmt::format("{:>14}, {:.2f} times one thread", Speed(s.all.TextBytesPerSecond()),
                       s.one.wall / s.all.wall);
    if (s.record_bytes < kEnoughForAThread * static_cast<uint64_t>(s.all.threads))
      out += " (too little input to keep them busy)";
  }
  while (out.back() == ' ') out.pop_back();
  out += fmt::format("\n\n{}\n\n", Bottleneck(s));
  out +=
      "Bytes are those of uncompressed text. Stages are measured in CPU time, reading in the time it takes "
      "from the\npage cache, all of it by the clock. ";
  if (s.first_read > 0) {
    out += fmt::format("The first time the files were read at {}, as stored.\n",
                       Speed(static_cast<double>(s.stored_bytes) / s.first_read));
  }
  return out;
}

}  // namespace

Command BenchCommand() {
  auto state = std::make_shared<State>();
  BenchOptions& options = state->options;
  Command command{
      .name = "bench",
      .purpose = "Measure how fast each stage is on this input and machine, and say what the bottleneck is",
      .examples =
          "  refrain bench crawl.warc.gz                # the first 256 MB of it\n"
          "  refrain bench --sample 2G -j 8 dump/       # more of it, one thread against eight\n"
          "  refrain bench --json pages.jsonl.zst       # for machines: docs/formats/bench.md",
      .more =
          "What is measured is what `page` and `dedup` do with every page, from the file to sorted keys: "
          "read, "
          "inflate, parse, tokenise, look for repeats within the page, sketch, sort band keys. Comparing and "
          "writing depend on how much is alike: their seconds are in the run.json of `dedup`. Nothing is "
          "written.",
      .inputs = "INPUT...",
      .flags = {},
      .run = {}};
  std::vector<Flag>& flags = command.flags;
  flags.push_back({.names = "--json",
                   .group = "Output",
                   .help = "Print what was measured as JSON",
                   .take = [state](const std::string&) {
                     state->json = true;
                     return std::string();
                   }});
  flags.push_back(
      {.names = "--sample",
       .value = "SIZE",
       .group = "What is measured",
       .help = "So much of the input, inflated, from its beginning, in the order of file names; 0 for all",
       .fallback = "256M",
       .take = [&options, state](const std::string& value) {
         return TakeSize(value, &options.corpus.sample);
       }});
  flags.push_back({.names = "-u,--unit",
                   .value = "UNIT",
                   .group = "What is measured",
                   .help = "page: what dedup makes of pages. both: signatures and keys of paragraphs besides",
                   .fallback = "page",
                   .choices = {"page", "both"},
                   .take = [&options, state](const std::string& value) {
                     options.passages = value == "both";
                     return std::string();
                   }});
  flags.push_back({.names = "--seconds",
                   .value = "N",
                   .group = "What is measured",
                   .help = "Go through small input again until one thread has worked so long",
                   .fallback = fmt::format("{}", options.least_seconds),
                   .take = [&options, state](const std::string& value) {
                     return TakeDouble(value, 0, 3600, &options.least_seconds);
                   }});
  AddRepeatFlags(&options.repeats, &flags);
  AddInputFlags(&options.corpus, &flags);
  AddTalkFlags(&state->talk, &flags);
  command.run = [state](const std::vector<std::string>& inputs) {
    state->options.corpus.inputs = inputs;
    Console console(state->talk);
    const auto summary = Bench(state->options, console.hooks());
    if (!summary.ok()) return console.Fail(summary.status());
    std::string out;
    if (state->json) {
      JsonWriter json(&out);
      json.BeginObject().Field("refrain", kVersion);
      AppendBenchFields(*summary, &json);
      json.EndObject().EndLine();
    } else {
      out = ForPeople(*summary);
    }
    const int code = console.Finish(summary->damage);
    if (const absl::Status status = WriteStandardOutput(out); !status.ok()) return console.Fail(status);
    return code;
  };
  return command;
}

}  // namespace refrain::cli
