// refrain restore: the input again, from clean output and removal log.

#include <fmt/format.h>

#include "command.h"
#include "flags.h"
#include "refrain/base/json.h"
#include "refrain/pipeline/restore.h"
#include "terminal.h"

namespace refrain::cli {

Command RestoreCommand() {
  struct State {
    RestoreOptions options;
    Talk talk;
    bool json = false;
  };
  auto state = std::make_shared<State>();
  Command command{
      .name = "restore",
      .purpose = "Undo a run of dedup or boilerplate: the input texts again, byte for byte",
      .examples =
          "  refrain restore clean-crawl --out crawl-again\n"
          "  refrain restore clean-crawl --out crawl-again --json",
      .more =
          "DIR is the folder of a finished run. JSONL and plain text come back as they were "
          "read; WARC and HTML come back as JSONL of the "
          "extracted texts. The content of each file is checked against the digest in run.json. What the run "
          "could not read of a damaged file is said, with exit code 1. So is what of the run itself is "
          "damaged: "
          "what can be restored is restored, and each file that is not whole is named, with what is to "
          "blame: "
          "its clean file, with the bytes where a change begins, or the removal log or run.json.",
      .inputs = "DIR",
      .flags = {},
      .run = {}};
  command.flags.push_back({.names = "-o,--out",
                           .value = "DIR",
                           .group = "Output",
                           .help = "Folder for the restored files; files in it are not overwritten, and one "
                                   "that holds a run is refused",
                           .fallback = "",
                           .choices = {},
                           .take = [state](const std::string& value) {
                             state->options.out = value;
                             return std::string();
                           }});
  command.flags.push_back({.names = "--json",
                           .value = "",
                           .group = "Output",
                           .help = "Print counts as JSON",
                           .fallback = "",
                           .choices = {},
                           .take = [state](const std::string&) {
                             state->json = true;
                             return std::string();
                           }});
  AddTalkFlags(&state->talk, &command.flags);
  command.run = [state](const std::vector<std::string>& inputs) {
    Console console(state->talk);
    if (inputs.size() != 1) {
      return console.Fail(absl::InvalidArgumentError(
          fmt::format("restore takes the folder of one run, not {}; name one", inputs.size())));
    }
    if (state->options.out.empty() || state->options.out == "-")
      return console.Fail(
          absl::InvalidArgumentError("restore writes to a new folder; name it with --out DIR"));
    state->options.run = inputs[0];
    const auto summary = Restore(state->options, console.hooks());
    if (!summary.ok()) return console.Fail(summary.status());
    const uint64_t whole = summary->files - summary->not_whole.size();
    std::string out;
    if (state->json) {
      JsonWriter json(&out);
      json.BeginObject().Field("files", summary->files).Field("records", summary->records);
      json.Field("records_put_back", summary->records_put_back)
          .Field("spans_put_back", summary->spans_put_back)
          .Field("lost_places", summary->lost.places)
          .Field("damaged_places", summary->damage.places);
      json.Key("not_whole").BeginArray();
      for (const std::string& name : summary->not_whole) json.Value(name);
      json.EndArray().Key("changed").BeginArray();
      for (const ChangedFile& file : summary->changed) {
        json.BeginObject().Field("file", file.name);
        json.Field("begin", file.bytes.begin).Field("end", file.bytes.end).EndObject();
      }
      json.EndArray().EndObject().EndLine();
    } else {
      out = fmt::format("{}, {} restored: {} and {} put back\n",
                        whole == summary->files
                            ? Counted(summary->files, "file")
                            : fmt::format("{} of {} whole", whole, Counted(summary->files, "file")),
                        Counted(summary->records, "record"), Counted(summary->records_put_back, "record"),
                        Counted(summary->spans_put_back, "span"));
    }
    if (const absl::Status status = WriteStandardOutput(out); !status.ok()) return console.Fail(status);
    DamageCount damage = summary->lost;
    damage.Add(summary->damage);
    const int code = console.Finish(damage);
    if (whole == summary->files) return code;
    console.hooks().warn(fmt::format("{} is partial: {} of {} whole", state->options.out, whole,
                                     Counted(summary->files, "file")));
    return kDamagedInput;
  };
  return command;
}

}  // namespace refrain::cli
