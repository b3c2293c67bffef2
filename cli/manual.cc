// refrain man, refrain completion: written from the flag tables, so they cannot drift.

#include <algorithm>

#include <fmt/format.h>

#include "command.h"
#include "refrain/base/version.h"
#include "terminal.h"

namespace refrain::cli {
namespace {

// Text as roff wants it: no line begins with a control character, backslashes and dashes are themselves.
std::string Roff(const std::string& text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string ManPage(const std::vector<Command>& commands) {
  std::string out = fmt::format(".TH REFRAIN 1 \"\" \"refrain {}\" \"User Commands\"\n", kVersion);
  out += ".SH NAME\nrefrain \\- finds what repeats in the text of the web\n.SH SYNOPSIS\n";
  for (const Command& command : commands) {
    out += fmt::format(".B refrain {}\n[OPTIONS] {}\n.br\n", command.name, Roff(command.inputs));
  }
  out +=
      ".SH DESCRIPTION\nrefrain finds passages that a page shows twice and pages that a crawl holds more "
      "than once, cuts or drops the worse "
      "copy, and writes down everything that goes, so that it can be undone.\n.PP\n"
      "Options come after the command, in front of inputs or behind them; after \\-\\- everything is input. "
      "An "
      "option with a value is given once.\n";
  for (const Command& command : commands) {
    std::string title = "refrain " + command.name;
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    out += fmt::format(".SH {}\n{}.\n", title, Roff(command.purpose));
    if (!command.more.empty()) out += ".PP\n" + Roff(command.more) + "\n";
    std::string group;
    for (const Flag& flag : command.flags) {
      if (flag.group != group) {
        group = flag.group;
        out += fmt::format(".SS {}\n", Roff(group));
      }
      const std::vector<std::string> names = flag.each_name();
      out += ".TP\n";
      for (size_t i = 0; i < names.size(); ++i)
        out += fmt::format("{}\\fB{}\\fR", i == 0 ? "" : ", ", Roff(names[i]));
      if (!flag.value.empty()) out += fmt::format(" \\fI{}\\fR", Roff(flag.value));
      out += "\n" + Roff(flag.help);
      if (!flag.choices.empty()) out += Roff(fmt::format(" ({})", fmt::join(flag.choices, ", ")));
      if (!flag.fallback.empty()) out += Roff(fmt::format(". Default: {}", flag.fallback));
      out += ".\n";
    }
    out += ".SS Examples\n.nf\n" + Roff(command.examples) + "\n.fi\n";
  }
  out +=
      ".SH EXIT STATUS\n0 fine; 1 done, but some of the input was damaged; 2 error; 130 or 143 after SIGINT "
      "or SIGTERM.\n";
  out +=
      ".SH ENVIRONMENT\n.TP\nTMPDIR\nFolder for temporary files.\n.TP\nNO_COLOR\nIf set and not empty, no "
      "colours.\n";
  return out;
}

std::string Bash(const std::vector<Command>& commands) {
  std::string out =
      "# bash completion for refrain\n_refrain() {\n  local word=${COMP_WORDS[COMP_CWORD]} "
      "before=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  COMPREPLY=()\n  if ((COMP_CWORD == 1)); then\n    mapfile -t COMPREPLY < <(compgen -W \"";
  for (const Command& command : commands) out += command.name + " ";
  out += "--help --version\" -- \"$word\")\n    return\n  fi\n  case ${COMP_WORDS[1]}:$before in\n";
  for (const Command& command : commands) {
    for (const Flag& flag : command.flags) {
      if (flag.choices.empty()) continue;
      std::string patterns;
      for (const std::string& name : flag.each_name())
        patterns += fmt::format("{}{}:{}", patterns.empty() ? "" : "|", command.name, name);
      out += fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -W \"{}\" -- \"$word\"); return ;;\n",
                         patterns, fmt::join(flag.choices, " "));
    }
  }
  out += "  esac\n  if [[ $word == -* ]]; then\n    case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands) {
    std::string names = "--help";
    for (const Flag& flag : command.flags) names += " " + flag.long_name();
    out += fmt::format("      {}) mapfile -t COMPREPLY < <(compgen -W \"{}\" -- \"$word\") ;;\n",
                       command.name, names);
  }
  out +=
      "    esac\n    return\n  fi\n"
      "  if [[ ${COMP_WORDS[1]} == completion ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"bash zsh fish\" -- \"$word\")\n    return\n  fi\n"
      "  mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n}\ncomplete -o "
      "filenames -F _refrain refrain\n";
  return out;
}

// Text inside a zsh or fish word in single quotes.
std::string Quoted(std::string text, bool zsh) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += zsh ? "'\\''" : "\\'";
    } else if (zsh && (c == '[' || c == ']' || c == ':')) {
      out += '\\';
      out += c;
    } else if (!zsh && c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Zsh(const std::vector<Command>& commands) {
  std::string out = "#compdef refrain\n_refrain() {\n  local -a commands\n  commands=(\n";
  for (const Command& command : commands)
    out += fmt::format("    '{}:{}'\n", command.name, Quoted(command.purpose, true));
  out +=
      "  )\n  if ((CURRENT == 2)); then\n    _describe command commands\n    return\n  fi\n  local "
      "command=$words[2]\n  shift words\n  ((CURRENT--))\n  case $command in\n";
  for (const Command& command : commands) {
    out += fmt::format("    {})\n      _arguments \\\n", command.name);
    for (const Flag& flag : command.flags) {
      std::string action;
      if (!flag.value.empty()) {
        action = ":" + flag.value + ":";
        if (!flag.choices.empty()) action += fmt::format("({})", fmt::join(flag.choices, " "));
        if (flag.value == "DIR") action += "_files -/";
        if (flag.value == "FILE") action += "_files";
      }
      out += fmt::format("        '{}[{}]{}' \\\n", flag.long_name(), Quoted(flag.help, true), action);
    }
    out += "        '--help[this text]' '*:input:_files'\n      ;;\n";
  }
  out += "  esac\n}\n_refrain \"$@\"\n";
  return out;
}

std::string Fish(const std::vector<Command>& commands) {
  std::string out = "# fish completion for refrain\n";
  for (const Command& command : commands) {
    out += fmt::format("complete -c refrain -n __fish_use_subcommand -f -a {} -d '{}'\n", command.name,
                       Quoted(command.purpose, false));
    for (const Flag& flag : command.flags) {
      out += fmt::format("complete -c refrain -n '__fish_seen_subcommand_from {}' -l {}", command.name,
                         flag.long_name().substr(2));
      for (const std::string& name : flag.each_name()) {
        if (!name.starts_with("--")) out += fmt::format(" -s {}", name.substr(1));
      }
      if (!flag.choices.empty()) {
        out += fmt::format(" -x -a '{}'", fmt::join(flag.choices, " "));
      } else if (!flag.value.empty()) {
        out += " -r";
      }
      out += fmt::format(" -d '{}'\n", Quoted(flag.help, false));
    }
  }
  return out;
}

}  // namespace

Command ManCommand(const std::vector<Command>* commands) {
  return {.name = "man",
          .purpose = "Print the man page",
          .examples = "  refrain man | man -l -",
          .more = "",
          .inputs = "",
          .flags = {},
          .run = [commands](const std::vector<std::string>&) { return PrintText(ManPage(*commands)); }};
}

Command CompletionCommand(const std::vector<Command>* commands) {
  return {.name = "completion",
          .purpose = "Print completions for a shell: bash, zsh or fish",
          .examples = "  refrain completion bash > /usr/share/bash-completion/completions/refrain",
          .more = "",
          .inputs = "SHELL",
          .flags = {},
          .run = [commands](const std::vector<std::string>& shells) {
            const std::string shell = shells.size() == 1 ? shells[0] : "";
            if (shell == "bash") return PrintText(Bash(*commands));
            if (shell == "zsh") return PrintText(Zsh(*commands));
            if (shell == "fish") return PrintText(Fish(*commands));
            WriteStandardError("refrain: name one shell: bash, zsh or fish\n");
            return kError;
          }};
}

}  // namespace refrain::cli
