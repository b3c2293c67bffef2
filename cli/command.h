#pragma once
/// What every command of `refrain` is made of: a table of flags, a purpose, examples, and a function that
/// runs it.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace refrain::cli {

/// Exit codes of the whole program.
inline constexpr int kFine = 0;
inline constexpr int kDamagedInput = 1;  ///< done, but some of the input could not be used
inline constexpr int kError = 2;

/// One flag, once: help, man page and completions are generated from it, and `take` writes into the options
/// struct.
struct Flag {
  std::string names;                 ///< "-n,--dry-run"
  std::string value;                 ///< what its value is called in help, "FILE"; empty for a switch
  std::string group;                 ///< heading it stands under
  std::string help;                  ///< one or two lines
  std::string fallback;              ///< the default, as shown in help; empty to show none
  std::vector<std::string> choices;  ///< all values it takes, if they are few
  /// Takes the value ("" for a switch). Returns what is wrong with it, or "".
  std::function<std::string(const std::string&)> take;
  /// Asked when all flags are taken: why this one, which was given, does nothing beside the others, and what
  /// to do ("does nothing without --keep source-list; add that"). "" if it does something.
  std::function<std::string()> idle = {};

  /// {"-n", "--dry-run"} and "--dry-run".
  std::vector<std::string> each_name() const;
  std::string long_name() const { return names.substr(names.rfind("--")); }
};

/// A command: registered in main.cc.
struct Command {
  std::string name;
  std::string purpose;   ///< one line
  std::string examples;  ///< lines that stand in help, two spaces in front
  std::string more;      ///< a paragraph for help and man page; may be empty
  std::string inputs;    ///< what positional arguments are, "INPUT..."; empty if there are none
  std::vector<Flag> flags;
  /// Runs with the positional arguments; returns the exit code.
  std::function<int(const std::vector<std::string>&)> run;
};

/// The commands. Each lives in a file of its own.
Command PageCommand();
Command DedupCommand();
Command CopiesCommand();
Command BoilerplateCommand();
Command RestoreCommand();
Command FingerprintCommand();
Command BenchCommand();
Command ExplainCommand();
/// Man page and completions, written from `commands`.
Command ManCommand(const std::vector<Command>* commands);
Command CompletionCommand(const std::vector<Command>* commands);

}  // namespace refrain::cli
