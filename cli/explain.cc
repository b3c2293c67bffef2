// refrain explain --plan: what a run of dedup will take, before it begins.

#include "command.h"
#include "dedup_flags.h"
#include "plan_text.h"
#include "refrain/base/json.h"
#include "refrain/base/version.h"
#include "refrain/pipeline/plan.h"
#include "refrain/pipeline/summary_json.h"
#include "terminal.h"

namespace refrain::cli {

Command ExplainCommand() {
  auto state = std::make_shared<DedupState>();
  auto plan = std::make_shared<bool>(false);
  Command command{
      .name = "explain",
      .purpose = "Say what a run of dedup will take, before it begins: memory, disk, time, recall",
      .examples =
          "  refrain explain --plan crawl/\n"
          "  refrain explain --plan --memory 2G --recall 0.9999 'dump/*.warc.gz' --json",
      .more =
          "Takes the options of dedup. Reads a sample from all over the input and writes nothing. Estimates "
          "are meant to be "
          "within a factor of 1.5; that of time is for this machine as busy as it is. Says what of the "
          "sample "
          "cannot be read, as dedup does, and refuses what dedup refuses before it reads: of the input, of "
          "--against, and of --out where that is given.",
      .inputs = "INPUT...",
      .flags = DedupFlags(state),
      .run = {}};
  command.flags.insert(command.flags.begin(), {.names = "--plan",
                                               .value = "",
                                               .group = "Output",
                                               .help = "Estimate a run from a sample of its input",
                                               .fallback = "",
                                               .choices = {},
                                               .take = [plan](const std::string&) {
                                                 *plan = true;
                                                 return std::string();
                                               }});
  command.run = [state, plan](const std::vector<std::string>& inputs) {
    Console console(state->talk);
    if (!*plan)
      return console.Fail(
          absl::InvalidArgumentError("explain needs to be told what; add --plan for a run of dedup"));
    state->options.corpus.inputs = inputs;
    if (const absl::Status status = Settle(state.get()); !status.ok()) return console.Fail(status);
    const auto made = PlanDedup(state->options, console.hooks());
    if (!made.ok()) return console.Fail(made.status());
    for (const std::string& warning : DiskWarnings(*made, state->options)) console.Say(warning);
    std::string out;
    if (state->json) {
      JsonWriter json(&out);
      json.BeginObject().Field("refrain", kVersionText);
      AppendPlanFields(*made, &json);
      AppendDamage(made->damage, &json);
      json.EndObject().EndLine();
    } else {
      out = PlanText(*made, state->options);
    }
    const int code = console.Finish(made->damage);
    if (const absl::Status status = WriteStandardOutput(out); !status.ok()) return console.Fail(status);
    return code;
  };
  return command;
}

}  // namespace refrain::cli
