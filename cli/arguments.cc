#include "arguments.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "flags.h"

namespace refrain::cli {
namespace {

bool LooksLikeOption(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

const Flag* FindFlag(const Command& command, std::string_view name) {
  for (const Flag& flag : command.flags) {
    for (const std::string& each : flag.each_name()) {
      if (each == name) return &flag;
    }
  }
  return nullptr;
}

const Command* FindCommand(const std::vector<Command>& commands, std::string_view name) {
  for (const Command& command : commands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string Unknown(const std::string& kind, std::string_view word, const std::vector<std::string>& known,
                    const std::string& help) {
  const std::string nearest = Nearest(std::string(word), known);
  return fmt::format(
      "unknown {} '{}'; {}", kind, word,
      nearest.empty() ? fmt::format("see {}", help) : fmt::format("did you mean '{}'?", nearest));
}

std::string UnknownOption(const Command& command, std::string_view word) {
  std::vector<std::string> names = {"--help", "-h"};
  for (const Flag& flag : command.flags) {
    for (const std::string& name : flag.each_name()) names.push_back(name);
  }
  return Unknown("option", word, names, fmt::format("refrain {} --help", command.name));
}

// What is wrong about words[at], an option in front of the command.
std::string TooEarly(const std::vector<Command>& commands, const std::vector<std::string>& words, size_t at) {
  const std::string name = words[at].substr(0, words[at].find('='));
  const Command* with = nullptr;  // the first command that has it
  for (const Command& command : commands) {
    if (with == nullptr && FindFlag(command, name) != nullptr) with = &command;
  }
  if (with == nullptr) return Unknown("option", name, {"--help", "--version"}, "refrain --help");
  const auto order = [](const std::string& command, const std::string& options) {
    return fmt::format("options come after the command: refrain {} {} ...", command, options);
  };
  for (size_t i = at + 1; i < words.size(); ++i) {
    const Command* meant = FindCommand(commands, words[i]);
    if (meant == nullptr) continue;
    if (FindFlag(*meant, name) == nullptr) return UnknownOption(*meant, name);
    const auto begin = words.begin();
    return order(meant->name, fmt::format("{}", fmt::join(begin + static_cast<std::ptrdiff_t>(at),
                                                          begin + static_cast<std::ptrdiff_t>(i), " ")));
  }
  return order(with->name, words[at]);
}

// What stands behind a command.
class Reader {
 public:
  Reader(const Command& command, Arguments* arguments) : command_(command), out_(arguments) {}

  // All words behind the command.
  void Read(const std::vector<std::string>& words, size_t at) {
    words_ = &words;
    for (at_ = at; at_ < words.size();) {
      const std::string& word = words[at_++];
      if (word == "--") {
        while (at_ < words.size()) Input(words[at_++]);
      } else if (word.starts_with("--")) {
        Long(word);
      } else if (LooksLikeOption(word)) {
        Short(word);
      } else {
        Input(word);
      }
    }
    for (const auto& [flag, name] : given_) {
      if (!out_->wrong.empty() || !flag->idle) continue;
      if (const std::string why = flag->idle(); !why.empty()) Wrong(fmt::format("{} {}", name, why));
    }
  }

 private:
  // The first thing that is wrong is said.
  void Wrong(std::string what) {
    if (out_->wrong.empty()) out_->wrong = std::move(what);
  }

  void Input(const std::string& word) {
    if (command_.inputs.empty())
      Wrong(fmt::format("refrain {} takes no argument '{}'; leave it out", command_.name, word));
    out_->inputs.push_back(word);
  }

  void Long(const std::string& word) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (name == "--help") {
      out_->help = true;
      return;
    }
    const Flag* flag = FindFlag(command_, name);
    if (flag == nullptr) {
      Wrong(UnknownOption(command_, name));
    } else if (equals == std::string::npos) {
      Give(*flag, name, flag->value.empty() ? "" : Next(*flag, name));
    } else if (flag->value.empty()) {
      Wrong(fmt::format("{} takes no value; leave out '{}'", name, word.substr(equals)));
    } else {
      Give(*flag, name, word.substr(equals + 1));
    }
  }

  // "-n", "-n5", "-n=5", or several switches, of which the last may have a value.
  void Short(const std::string& word) {
    for (size_t i = 1; i < word.size(); ++i) {
      const std::string name = {'-', word[i]};
      if (name == "-h") {
        out_->help = true;
        continue;
      }
      const Flag* flag = FindFlag(command_, name);
      if (flag == nullptr) {
        Wrong(UnknownOption(command_, i == 1 ? word.substr(0, word.find('=')) : name));
        return;
      }
      if (flag->value.empty()) {
        Give(*flag, name, "");
        continue;
      }
      const std::string rest = word.substr(i + 1);
      Give(*flag, name, rest.empty() ? Next(*flag, name) : rest.substr(rest.front() == '=' ? 1 : 0));
      return;
    }
  }

  // The next word, as the value of an option.
  std::string Next(const Flag& flag, const std::string& name) {
    const std::string see = fmt::format("see refrain {} --help", command_.name);
    if (at_ == words_->size()) {
      Wrong(fmt::format("{} needs a value: {} {}; {}", name, name, flag.value, see));
      return "";
    }
    const std::string& word = (*words_)[at_];
    if (word.starts_with("--") || word == "-h" || FindFlag(command_, word) != nullptr) {
      Wrong(fmt::format("{} needs a value, but '{}' follows: give {} {}, or {}={} if that is the value", name,
                        word, name, flag.value, flag.long_name(), word));
      return "";
    }
    ++at_;
    return word;
  }

  void Give(const Flag& flag, const std::string& name, const std::string& value) {
    if (!out_->wrong.empty()) return;
    const auto same = [&](const auto& one) { return one.first == &flag; };
    if (std::any_of(given_.begin(), given_.end(), same) && !flag.value.empty()) {
      Wrong(fmt::format("{} is given twice; give it once", flag.long_name()));
      return;
    }
    given_.emplace_back(&flag, name);
    if (!flag.choices.empty() &&
        std::find(flag.choices.begin(), flag.choices.end(), value) == flag.choices.end()) {
      const std::string nearest = Nearest(value, flag.choices);
      Wrong(fmt::format("{}: '{}' is not one of {}{}", flag.long_name(), value, fmt::join(flag.choices, ", "),
                        nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
      return;
    }
    if (const std::string said = flag.take(value); !said.empty())
      Wrong(fmt::format("{}: {}", flag.long_name(), said));
  }

  const Command& command_;
  Arguments* out_;
  const std::vector<std::string>* words_ = nullptr;
  size_t at_ = 0;
  std::vector<std::pair<const Flag*, std::string>> given_;  // with the name it was given by
};

}  // namespace

Arguments ReadArguments(const std::vector<Command>& commands, const std::vector<std::string>& words) {
  Arguments out;
  for (size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--help" || word == "-h") {
      out.help = true;
    } else if (word == "--version" || word == "-V") {
      out.version = true;
    } else if (word == "--") {
      out.wrong = "-- comes after the command: refrain page -- FILE";
      return out;
    } else if (LooksLikeOption(word)) {
      out.wrong = TooEarly(commands, words, at);
      return out;
    } else {
      out.command = FindCommand(commands, word);
      if (out.command == nullptr) {
        std::vector<std::string> names;
        for (const Command& command : commands) names.push_back(command.name);
        out.wrong = Unknown("command", word, names, "refrain --help");
        return out;
      }
      Reader(*out.command, &out).Read(words, at + 1);
      return out;
    }
  }
  return out;
}

}  // namespace refrain::cli
