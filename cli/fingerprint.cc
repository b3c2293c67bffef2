// refrain fingerprint: blocks with spans, exact keys and signatures, as JSONL.

#include <fmt/format.h>

#include "command.h"
#include "flags.h"
#include "refrain/pipeline/fingerprint_job.h"
#include "terminal.h"

namespace refrain::cli {

Command FingerprintCommand() {
  struct State {
    FingerprintJobOptions options;
    Talk talk;
  };
  auto state = std::make_shared<State>();
  Command command{.name = "fingerprint",
                  .purpose = "Print blocks with spans, exact keys and signatures, as JSONL",
                  .examples =
                      "  refrain fingerprint page.html\n"
                      "  refrain fingerprint --components 48 crawl.warc.gz | zstd > fingerprints.jsonl.zst\n"
                      "  cat pages.jsonl | refrain fingerprint -",
                  .more =
                      "Values are the same on every machine and fixed by a version "
                      "(docs/formats/fingerprint.md). Two pages with equal exact "
                      "keys have the same words; the share of equal components of two signatures estimates "
                      "their resemblance.",
                  .inputs = "[INPUT...]",
                  .flags = {},
                  .run = {}};
  command.flags.push_back(
      {.names = "--components",
       .value = "N",
       .group = "Output",
       .help =
           "Components of each block's signature; the standard error of an estimate is at most 1/(2*sqrt(N))",
       .fallback = fmt::format("{}", state->options.components),
       .choices = {},
       .take = [state](const std::string& value) {
         return TakeInt(value, 1, 4096, &state->options.components);
       }});
  AddInputFlags(&state->options.corpus, &command.flags);
  AddTalkFlags(&state->talk, &command.flags);
  command.run = [state](const std::vector<std::string>& inputs) {
    state->options.corpus.inputs = inputs;
    state->talk.output_is_shown = true;
    Console console(state->talk);
    const auto damage = RunFingerprintJob(state->options, console.hooks(), WriteStandardOutput);
    if (!damage.ok()) return console.Fail(damage.status());
    return console.Finish(*damage);
  };
  return command;
}

}  // namespace refrain::cli
