// Reads two lines of text as somebody else's program would, and prints how much of each is in the other.

#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "refrain/base/version.h"
#include "refrain/sketch/resemblance.h"
#include "refrain/sketch/shingle.h"
#include "refrain/text/tokens.h"

namespace {

std::vector<uint64_t> Shingles(std::string_view text) {
  refrain::Tokens tokens;
  refrain::Tokenize(text, &tokens);
  std::vector<uint64_t> shingles;
  refrain::MakeShingles(tokens.hashes, tokens.traits, {}, &shingles);
  refrain::MakeSet(&shingles);
  return shingles;
}

}  // namespace

int main() {
  const std::vector<uint64_t> a = Shingles("One two three four five six.Seven eight.");
  const std::vector<uint64_t> b = Shingles(
      "one, two, three: FOUR \xE2\x80\x9C"
      "five\xE2\x80\x9D six seven eight nine ten");
  const refrain::Overlap overlap = refrain::ExactOverlap(a, b);
  std::printf("refrain %s: %zu of %zu in %zu\n", refrain::kVersion, overlap.shared, overlap.a, overlap.b);
  return 0;
}
