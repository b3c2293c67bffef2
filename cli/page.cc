// refrain page: passages repeated inside each page.

#include <fmt/format.h>

#include "command.h"
#include "flags.h"
#include "refrain/pipeline/page_job.h"
#include "terminal.h"

namespace refrain::cli {

Command PageCommand() {
  struct State {
    PageJobOptions options;
    Talk talk;
    std::string format;  // empty: marked on a terminal if nothing is to be explained, else text
  };
  auto state = std::make_shared<State>();
  Command command{
      .name = "page",
      .purpose = "Repair pages: cut passages that a page shows twice, keep the better copy",
      .examples =
          "  refrain page article.txt                    # on a terminal: what goes and what stands for it\n"
          "  refrain page article.txt > clean.txt        # the repaired page\n"
          "  refrain page --format json crawl.jsonl.gz   # spans of every page, one object a line\n"
          "  refrain page -f json --html-spans a.warc.gz # and where they stand in the HTML\n"
          "  refrain page -f html crawl/ > repeats.html  # to look at in a browser\n"
          "  refrain page --explain article.txt          # why each repeat goes or is left, in sentences",
      .more =
          "Every cut names its witness: the same words, kept elsewhere in the page. Text that stands once is "
          "never cut, but for a call to read on (\"Read more\") behind a lead that goes. Without INPUT, "
          "standard input is read.",
      .inputs = "[INPUT...]",
      .flags = {},
      .run = {}};
  command.flags.push_back(
      {.names = "-f,--format",
       .value = "FORMAT",
       .group = "Output",
       .help = "text: the clean page. marked: the page as read, cut text struck, its witness underlined. "
               "json: the spans. html: as marked, one file for a browser",
       .fallback = "marked on a terminal, else text",
       .choices = {"text", "marked", "json", "html"},
       .take = [state](const std::string& value) {
         state->format = value;
         return std::string();
       }});
  command.flags.push_back(
      {.names = "--explain",
       .group = "Output",
       .help = "Print no page, but why each repeat goes or is left, and which option would decide "
               "otherwise. json: fields of the page's object; marked, html: behind the page",
       .take = [state](const std::string&) {
         state->options.explain = true;
         return std::string();
       }});
  command.flags.push_back(
      {.names = "--html-spans",
       .group = "Output",
       .help = "json: also the bytes of the HTML where each span stands, for pages that are read from HTML",
       .take =
           [state](const std::string&) {
             state->options.html_spans = true;
             return std::string();
           },
       .idle =
           [state] {
             return state->format == "json" ? "" : "does nothing without --format json; add that";
           }});
  command.flags.push_back(ColorFlag(&state->talk, "[-cut-] and {+witness+}",
                                    [state] { return state->format.empty() || state->format == "marked"; }));
  AddRepeatFlags(&state->options.repeats, &command.flags);
  AddInputFlags(&state->options.corpus, &command.flags);
  AddTalkFlags(&state->talk, &command.flags);
  command.run = [state](const std::vector<std::string>& inputs) {
    state->options.corpus.inputs = inputs;
    if (state->format.empty())
      state->format = StandardOutputIsTerminal() && !state->options.explain ? "marked" : "text";
    state->options.format = state->format == "json"     ? PageFormat::kJson
                            : state->format == "html"   ? PageFormat::kHtml
                            : state->format == "marked" ? PageFormat::kMarked
                                                        : PageFormat::kText;
    state->options.color = WantsColor(state->talk.color);
    state->talk.output_is_shown = true;
    Console console(state->talk);
    const auto summary = RunPageJob(state->options, console.hooks(), WriteStandardOutput);
    if (!summary.ok()) return console.Fail(summary.status());
    return console.Finish(summary->damage);
  };
  return command;
}

}  // namespace refrain::cli
