// Tokenize on any bytes, by every kernel: tokens stand in order inside the text, and all kernels agree.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "refrain/base/cpu.h"
#include "refrain/text/tokens.h"

namespace {

void Require(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace refrain;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Tokens first;
  bool is_first = true;
  for (const std::string& kernel : AvailableKernels()) {
    Require(ForceKernel(kernel).ok());
    Tokens tokens;
    Tokenize(text, &tokens);
    Require(tokens.begins.size() == tokens.size() && tokens.ends.size() == tokens.size() &&
            tokens.traits.size() == tokens.size());
    uint32_t before = 0;
    for (size_t i = 0; i < tokens.size(); ++i) {
      Require(tokens.begins[i] >= before && tokens.begins[i] < tokens.ends[i] && tokens.ends[i] <= size);
      Require(tokens.quarter_words(i) > 0);
      before = tokens.ends[i];
    }
    if (is_first) first = tokens;
    is_first = false;
    Require(tokens.hashes == first.hashes && tokens.begins == first.begins && tokens.ends == first.ends &&
            tokens.traits == first.traits && tokens.invalid_bytes == first.invalid_bytes);
  }
  return 0;
}
