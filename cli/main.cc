// refrain: finds what repeats in the text of the web.

#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "arguments.h"
#include "command.h"
#include "refrain/base/cpu.h"
#include "refrain/base/version.h"
#include "terminal.h"

namespace refrain::cli {
namespace {

std::string VersionText() { return fmt::format("refrain {}, kernel {}\n", kVersionText, KernelName()); }

int UsageError(const std::string& what) {
  WriteStandardError(fmt::format("refrain: {}\n", what));
  return kError;
}

// Help of one command, with its positional arguments as we write them.
class CommandFormatter : public CLI::Formatter {
 public:
  explicit CommandFormatter(std::string inputs) : inputs_(std::move(inputs)) { column_width(kColumn); }
  std::string make_usage(const CLI::App*, std::string name) const override {
    return fmt::format("Usage: {} [OPTIONS]{}{}\n", name, inputs_.empty() ? "" : " ", inputs_);
  }

  static constexpr size_t kColumn = 34;  // where what is said about an option begins

 private:
  const std::string inputs_;
};

// Adds a command to what help is written from.
CLI::App* Register(const Command& command, CLI::App* app) {
  std::string description = command.purpose + "\n\nExamples:\n" + command.examples + "\n";
  if (!command.more.empty()) description += "\n" + command.more;
  CLI::App* sub = app->add_subcommand(command.name, description);
  sub->set_help_flag("-h,--help", "This text");
  sub->formatter(std::make_shared<CommandFormatter>(command.inputs));
  for (const Flag& flag : command.flags) {
    std::string help = flag.help;
    if (!flag.choices.empty() && flag.help.find(flag.choices.back()) == std::string::npos) {
      help += fmt::format(" ({})", fmt::join(flag.choices, ", "));
    }
    if (!flag.fallback.empty()) help += fmt::format(" [{}]", flag.fallback);
    CLI::Option* option = flag.value.empty() ? sub->add_flag_callback(
                                                   flag.names, [] {}, help)
                                             : sub->add_option_function<std::string>(
                                                      flag.names, [](const std::string&) {}, help)
                                                   ->type_name(flag.value);
    option->group(flag.group);
  }
  return sub;
}

// In whatever thread: nothing can be made that a message is written with, nor anything be left half, since
// files have their names when they are whole.
void SayOutOfMemory() {
  WriteStandardError(
      "refrain: there is not enough memory; give less of it with --memory, or fewer threads with -j 1\n");
  std::_Exit(kError);
}

int Main(int argc, char** argv) {
  HoldStandardStreams();
  std::set_new_handler(SayOutOfMemory);
  std::vector<Command> commands = {PageCommand(),    DedupCommand(),   BoilerplateCommand(), CopiesCommand(),
                                   RestoreCommand(), ExplainCommand(), FingerprintCommand(), BenchCommand()};
  commands.push_back(ManCommand(&commands));
  commands.push_back(CompletionCommand(&commands));

  // Only help comes from this parser: what is said about a wrong command line is ours (arguments.h).
  CLI::App app(
      "Finds what repeats in the text of the web: passages shown twice inside a page, near-duplicates across "
      "a crawl, furniture of sites, copied stories.\n\n"
      "Examples:\n"
      "  refrain page article.txt                 # what the page shows twice\n"
      "  refrain dedup crawl/ --out clean-crawl   # repaired pages, near-duplicates dropped\n"
      "  refrain restore clean-crawl --out again  # the input, byte for byte\n"
      "  refrain boilerplate crawl/               # what the pages of each site share\n"
      "  refrain copies crawl/ --out stories      # who shows whose text\n\n"
      "Options come after the command. Exit codes: 0 fine, 1 done but some of the input was damaged, 2 "
      "error.");
  app.name("refrain");
  app.set_help_flag("-h,--help", "This text; also after a command");
  app.add_flag_callback("-V,--version", [] {}, "Version, commit and vector unit in use");
  app.get_formatter()->column_width(CommandFormatter::kColumn);
  std::map<std::string, CLI::App*> registered;
  const auto help_of = [&](const Command* command) {
    return command == nullptr ? app.help() : registered[command->name]->help("refrain");
  };
  commands.push_back({.name = "help",
                      .purpose = "Print what --help prints, of refrain or of a command",
                      .examples = "  refrain help dedup",
                      .more = "",
                      .inputs = "[COMMAND]",
                      .flags = {},
                      .run = [&](const std::vector<std::string>& names) {
                        if (names.size() > 1) return UsageError("refrain help takes one command; name one");
                        const Arguments asked = ReadArguments(commands, names);
                        return asked.wrong.empty() ? PrintText(help_of(asked.command))
                                                   : UsageError(asked.wrong);
                      }});
  for (const Command& command : commands) registered[command.name] = Register(command, &app);

  Arguments arguments = ReadArguments(commands, std::vector<std::string>(argv + 1, argv + argc));
  if (arguments.help) return PrintText(help_of(arguments.command));
  if (arguments.version) return PrintText(VersionText());
  if (!arguments.wrong.empty()) return UsageError(arguments.wrong);
  const auto help_as_error = [&] {
    WriteStandardError(help_of(arguments.command));
    return kError;
  };
  if (arguments.command == nullptr) return help_as_error();
  const Command& command = *arguments.command;
  if (arguments.inputs.empty() && command.inputs.starts_with("[INPUT")) {
    if (StandardInputIsTerminal()) return help_as_error();
    arguments.inputs.push_back("-");
  }
  if (arguments.inputs.empty() && !command.inputs.empty() && !command.inputs.starts_with("[")) {
    return UsageError(fmt::format("refrain {} needs {}; see refrain {} --help", command.name, command.inputs,
                                  command.name));
  }
  return command.run(arguments.inputs);
}

}  // namespace
}  // namespace refrain::cli

int main(int argc, char** argv) { return refrain::cli::Main(argc, argv); }
