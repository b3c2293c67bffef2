#pragma once
// Random text to be nasty with: many scripts, joined and torn, with marks and invisible code points and
// broken UTF-8.

#include <cstdint>
#include <random>
#include <string>

namespace refrain::reference {

struct SampleOptions {
  int pieces = 40;         // words, separators and odd ends
  bool invalid = true;     // may hold bytes that are not UTF-8
  bool unassigned = true;  // may hold any code point at all
};

std::string SampleText(std::mt19937_64* random, const SampleOptions& options);

// English as far as bytes go: lower and upper case, digits, punctuation, line ends.
std::string SampleAscii(std::mt19937_64* random, size_t bytes);

}  // namespace refrain::reference
