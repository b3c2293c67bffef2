#pragma once
/// From the words of a command line to a command, its options and its inputs.

#include <string>
#include <vector>

#include "command.h"

namespace refrain::cli {

/// What a command line says.
struct Arguments {
  const Command* command = nullptr;  ///< the one that was named, if any; one of those given to ReadArguments
  bool help = false;                 ///< asked for, with or without a command: nothing else counts then
  bool version = false;
  std::vector<std::string> inputs;  ///< positional arguments behind the command
  std::string wrong;                ///< what is wrong and what to do, on one line; empty if nothing is
};

/// Reads `words`, those behind the program's name. Values go to the flags' `take`, in the order given. Behind
/// the command options and inputs may stand in any order: "--name VALUE", "--name=VALUE", "-n VALUE",
/// "-nVALUE", switches also together ("-qn"); behind "--" everything is input. An option with a value is
/// given once. A value that is a word of its own may begin with a dash, but not look like an option:
/// "--name=--value" says it is none.
Arguments ReadArguments(const std::vector<Command>& commands, const std::vector<std::string>& words);

}  // namespace refrain::cli
