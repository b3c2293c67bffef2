// refrain: finds what repeats in the text of the web.

#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "command.h"
#include "flags.h"
#include "refrain/base/cpu.h"
#include "refrain/base/version.h"
#include "terminal.h"

namespace refrain::cli {
namespace {

std::string VersionText() { return fmt::format("refrain {}, kernel {}\n", kVersionText, KernelName()); }

int UsageError(const std::string& what) {
  fmt::print(stderr, "refrain: {}\n", what);
  return kError;
}

// Registers a command with the parser. Values are taken by the flags themselves; what they say is wrong ends
// in `wrong`.
void Register(const Command& command, CLI::App* app, std::vector<std::string>* inputs, std::string* wrong) {
  std::string description = command.purpose + "\n\nExamples:\n" + command.examples + "\n";
  if (!command.more.empty()) description += "\n" + command.more;
  CLI::App* sub = app->add_subcommand(command.name, description);
  sub->allow_extras();
  sub->set_help_flag("-h,--help", "This text");
  if (!command.inputs.empty()) sub->add_option("INPUT", *inputs, "")->type_name("")->group("");
  for (const Flag& flag : command.flags) {
    const auto take = [&flag, wrong](const std::string& value) {
      if (!wrong->empty()) return;
      const std::string name = flag.long_name();
      if (!flag.choices.empty() &&
          std::find(flag.choices.begin(), flag.choices.end(), value) == flag.choices.end()) {
        const std::string nearest = Nearest(value, flag.choices);
        *wrong = fmt::format("{}: '{}' is not one of {}{}", name, value, fmt::join(flag.choices, ", "),
                             nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest));
        return;
      }
      if (const std::string said = flag.take(value); !said.empty())
        *wrong = fmt::format("{}: {}", name, said);
    };
    std::string help = flag.help;
    if (!flag.choices.empty() && flag.help.find(flag.choices.back()) == std::string::npos) {
      help += fmt::format(" ({})", fmt::join(flag.choices, ", "));
    }
    if (!flag.fallback.empty()) help += fmt::format(" [{}]", flag.fallback);
    CLI::Option* option =
        flag.value.empty()
            ? sub->add_flag_callback(
                  flag.names, [take] { take(""); }, help)
            : sub->add_option_function<std::string>(flag.names, take, help)->type_name(flag.value);
    option->group(flag.group);
  }
}

std::vector<std::string> FlagNames(const Command& command) {
  std::vector<std::string> names = {"--help", "-h"};
  for (const Flag& flag : command.flags) {
    for (const std::string& name : flag.each_name()) names.push_back(name);
  }
  return names;
}

std::string Unknown(const std::string& kind, const std::string& word, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(word, known);
  return fmt::format("unknown {} '{}'{}", kind, word,
                     nearest.empty() ? "; see refrain --help" : fmt::format("; did you mean '{}'?", nearest));
}

int Main(int argc, char** argv) {
  std::vector<Command> commands = {PageCommand(), DedupCommand(), RestoreCommand(), FingerprintCommand()};
  commands.push_back(ManCommand(&commands));
  commands.push_back(CompletionCommand(&commands));

  CLI::App app(
      "Finds what repeats in the text of the web: passages shown twice inside a page, near-duplicates across "
      "a crawl.\n\n"
      "Examples:\n"
      "  refrain page article.txt                 # what the page shows twice\n"
      "  refrain dedup crawl/ --out clean-crawl   # repaired pages, near-duplicates dropped\n"
      "  refrain restore clean-crawl --out again  # the input, byte for byte\n\n"
      "Exit codes: 0 fine, 1 done but some of the input was damaged, 2 error.");
  app.name("refrain");
  app.set_help_flag("-h,--help", "This text; also after a command");
  bool version = false;
  app.add_flag("-V,--version", version, "Version, commit and vector unit in use");
  app.allow_extras();
  app.get_formatter()->column_width(34);
  std::vector<std::string> inputs;
  std::string wrong;
  for (const Command& command : commands) Register(command, &app, &inputs, &wrong);
  // One command: what comes behind it is input, also if it is called like another one.
  app.require_subcommand(0, 1);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    std::ostringstream text;
    app.exit(help, text);
    return PrintText(text.str());
  } catch (const CLI::ParseError& error) {
    return UsageError(error.what());
  }
  if (version) return PrintText(VersionText());
  if (!wrong.empty()) return UsageError(wrong);
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const std::vector<std::string> extras = app.remaining(true);
  if (chosen.empty()) {
    if (extras.empty()) {
      const std::string help = app.help();
      std::fwrite(help.data(), 1, help.size(), stderr);
      return kError;
    }
    std::vector<std::string> names;
    for (const Command& command : commands) names.push_back(command.name);
    if (extras[0].starts_with("-")) names = {"--help", "--version"};
    return UsageError(Unknown(extras[0].starts_with("-") ? "option" : "command", extras[0], names));
  }
  for (const Command& command : commands) {
    if (command.name != chosen[0]->get_name()) continue;
    for (const std::string& extra : extras) {
      if (extra == "-") {
        inputs.push_back(extra);
      } else if (extra.starts_with("-")) {
        return UsageError(Unknown("option", extra.substr(0, extra.find('=')), FlagNames(command)));
      } else if (command.inputs.empty()) {
        return UsageError(fmt::format("refrain {} takes no argument '{}'", command.name, extra));
      }
    }
    if (inputs.empty() && !command.inputs.empty()) {
      if (StandardInputIsTerminal() || !command.inputs.starts_with("[")) {
        if (!command.inputs.starts_with("["))
          return UsageError(fmt::format("refrain {} needs {}; see refrain {} --help", command.name,
                                        command.inputs, command.name));
        const std::string help = chosen[0]->help();
        std::fwrite(help.data(), 1, help.size(), stderr);
        return kError;
      }
      inputs.push_back("-");
    }
    return command.run(inputs);
  }
  return kError;
}

}  // namespace
}  // namespace refrain::cli

int main(int argc, char** argv) { return refrain::cli::Main(argc, argv); }
