// refrain boilerplate: what many pages of a site show.

#include <fmt/format.h>

#include "command.h"
#include "flags.h"
#include "refrain/base/json.h"
#include "refrain/pipeline/boilerplate_job.h"
#include "refrain/pipeline/summary_json.h"
#include "terminal.h"

namespace refrain::cli {
namespace {

struct State {
  BoilerplateOptions options;
  Talk talk;
  std::string format;  // empty: the list
  bool json = false;
};

std::string ForPeople(const BoilerplateSummary& s, const BoilerplateOptions& options) {
  const bool marks = options.mode == OutputMode::kMark;
  const double share =
      s.text_bytes == 0 ? 0 : 100.0 * static_cast<double>(s.cut_bytes) / static_cast<double>(s.text_bytes);
  return fmt::format(
      "{} read, {} {}: {} of {}, {:.1f} % of the text\n"
      "  {} of sources, {} of them with slots; {} of many sources {}\n"
      "written to {}: {}, boilerplate, run.json\n",
      Counted(s.pages, "page"), s.pages_stripped, marks ? "marked" : "stripped", Counted(s.spans, "span"),
      Bytes(static_cast<double>(s.cut_bytes)), share, Counted(s.texts, "text"), s.templates, s.common,
      options.cut_common ? (marks ? "marked too" : "stripped too") : "listed only", options.out,
      FoldersOf(options.mode));
}

// Why there is no list, and what to try.
std::string NothingFound(const BoilerplateSummary& s) {
  return fmt::format("{} read, nothing is on enough pages of one source; {}", Counted(s.pages, "page"),
                     s.with_source == 0 ? "none of them says its source: --source-field, --url-field or "
                                          "--source file may help"
                                        : "--min-pages and --share say how many are enough");
}

Flag NumberFlag(const std::string& name, int least, const std::string& help, int* to) {
  return {.names = name,
          .value = "N",
          .group = "What is boilerplate",
          .help = help,
          .fallback = fmt::format("{}", *to),
          .choices = {},
          .take = [to, least](const std::string& value) { return TakeInt(value, least, 1'000'000'000, to); }};
}

void AddFurnitureFlags(FurnitureOptions* options, std::vector<Flag>* flags) {
  flags->push_back(NumberFlag("--min-pages", 2,
                              "Different pages of a source that show a text before it is boilerplate; pages "
                              "with the same story count once",
                              &options->min_pages));
  flags->push_back(
      {.names = "--share",
       .value = "P",
       .group = "What is boilerplate",
       .help = "And share of the source's pages",
       .fallback = fmt::format("{}", options->share),
       .choices = {},
       .take = [options](const std::string& value) { return TakeDouble(value, 0, 1, &options->share); }});
  flags->push_back(NumberFlag(
      "--enough-pages", 2, "Pages that suffice whatever their share, for whole lines and long runs of words",
      &options->enough_pages));
  flags->push_back(NumberFlag("--min-sources", 2,
                              "Sources that show a text, in different stories, before it is common",
                              &options->min_sources));
}

}  // namespace

Command BoilerplateCommand() {
  auto state = std::make_shared<State>();
  BoilerplateOptions& options = state->options;
  Command command{
      .name = "boilerplate",
      .purpose = "Find what many pages of a site show: list it, mark it, strip it",
      .examples =
          "  refrain boilerplate crawl/                            # texts of each site, with their pages\n"
          "  refrain boilerplate crawl/ --out stripped             # pages without them, undone by restore\n"
          "  refrain boilerplate --format json 'dump/*.warc.gz'    # spans of every page, one object a line\n"
          "  refrain boilerplate --format marked crawl.jsonl.gz    # what would go",
      .more =
          "A site is a page's source: its field, else the host of its address; a page without either is a "
          "site of its own (--source file makes it the file). Numbers may differ from page to page: dates, "
          "counters, prices. Text of many sources is listed apart, and stays unless --common cut is given.",
      .inputs = "INPUT...",
      .flags = {},
      .run = {}};
  std::vector<Flag>& flags = command.flags;
  flags.push_back(
      {.names = "-f,--format",
       .value = "FORMAT",
       .group = "Output",
       .help = "list: texts by site. text: pages without them. marked: pages as read, what goes "
               "struck. json: the spans of each page",
       .fallback = "list",
       .choices = {"list", "text", "marked", "json"},
       .take =
           [state](const std::string& value) {
             state->format = value;
             return std::string();
           },
       .idle =
           [state] { return state->options.out.empty() ? "" : "does nothing with --out; leave one out"; }});
  flags.push_back(TextFlag("-o,--out", "DIR", "Output",
                           "Folder for results: clean/, removed, boilerplate, run.json", &options.out));
  flags.push_back(ModeFlag(&options.mode));
  flags.back().idle = [state] {
    return state->options.out.empty() ? "does nothing without --out; add that" : "";
  };
  flags.push_back(
      {.names = "--force",
       .value = "",
       .group = "Output",
       .help = "Start again in a folder that holds a run: what is there goes",
       .fallback = "",
       .choices = {},
       .take =
           [&options, state](const std::string&) {
             options.force = true;
             return std::string();
           },
       .idle = [state] { return state->options.out.empty() ? "does nothing without --out; add that" : ""; }});
  flags.push_back({.names = "--json",
                   .value = "",
                   .group = "Output",
                   .help = "Print the summary as JSON",
                   .fallback = "",
                   .choices = {},
                   .take =
                       [state](const std::string&) {
                         state->json = true;
                         return std::string();
                       },
                   .idle =
                       [state] {
                         return state->options.out.empty()
                                    ? "does nothing without --out; add that, or --format json for pages"
                                    : "";
                       }});
  flags.push_back(ColorFlag(&state->talk, "[-cut-]", [state] { return state->format == "marked"; }));
  AddFurnitureFlags(&options.furniture, &flags);
  flags.push_back({.names = "--common",
                   .value = "WHAT",
                   .group = "What is boilerplate",
                   .help = "keep: text of many sources stays in its pages. cut: it goes too (licences and "
                           "quotations with it)",
                   .fallback = "keep",
                   .choices = {"keep", "cut"},
                   .take = [&options, state](const std::string& value) {
                     options.cut_common = value == "cut";
                     return std::string();
                   }});
  AddInputFlags(&options.corpus, &flags);
  AddSourceFlag(&options.corpus, &flags);
  AddMemoryFlag(
      "Memory to use, half of it for pages (about 110 bytes each; the rest of what is known about "
      "them goes to --tmpdir), half for records",
      &options.memory, &flags);
  AddTalkFlags(&state->talk, &flags);
  command.run = [state](const std::vector<std::string>& inputs) {
    BoilerplateOptions& its = state->options;
    its.corpus.inputs = inputs;
    its.format = state->format == "json"     ? BoilerplateFormat::kJson
                 : state->format == "text"   ? BoilerplateFormat::kText
                 : state->format == "marked" ? BoilerplateFormat::kMarked
                                             : BoilerplateFormat::kList;
    its.color = WantsColor(state->talk.color);
    state->talk.output_is_shown = its.out.empty();
    Console console(state->talk);
    const auto summary = RunBoilerplate(its, console.hooks(), WriteStandardOutput);
    if (!summary.ok()) return console.Fail(summary.status());
    const int code = console.Finish(summary->damage);
    if (its.out.empty()) {
      if (its.format == BoilerplateFormat::kList && summary->texts + summary->common == 0) {
        console.Say(NothingFound(*summary));
      } else if (summary->with_source * 2 < summary->pages) {
        console.Say(
            fmt::format("{} of {} do not say their source, and each is a site of its own: --source-field, "
                        "--url-field or --source file may help",
                        summary->pages - summary->with_source, Counted(summary->pages, "page")));
      }
      return code;
    }
    std::string out;
    if (state->json) {
      JsonWriter json(&out);
      json.BeginObject();
      AppendSummaryFields(*summary, &json);
      json.EndObject().EndLine();
    } else {
      out = ForPeople(*summary, its);
    }
    if (const absl::Status status = WriteStandardOutput(out); !status.ok()) return console.Fail(status);
    return code;
  };
  return command;
}

}  // namespace refrain::cli
