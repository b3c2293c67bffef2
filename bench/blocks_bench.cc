// Lines of a tokenised text to blocks, for each kernel; they are compared with the plain kernel's.

#include <algorithm>

#include "bench/kernel_bench.h"
#include "refrain/text/blocks.h"

namespace refrain::bench {
namespace {

bool SameBlock(const Block& a, const Block& b) {
  return a.span == b.span && a.first == b.first && a.last == b.last;
}

void Run(benchmark::State& state, const KernelAndText& on) {
  const PreparedText& prepared = Prepared(on.kind);
  std::vector<Block> expected, blocks;
  WithScalar([&] { Segment(prepared.text, prepared.tokens, &expected); });
  TimeIfRight(
      state, on.kernel, {.bytes = prepared.text.size(), .tokens = prepared.tokens.size()},
      [&] { return std::equal(blocks.begin(), blocks.end(), expected.begin(), expected.end(), SameBlock); },
      [&] { Segment(prepared.text, prepared.tokens, &blocks); });
}

[[maybe_unused]] const bool registered = (ForKernelsAndAllTexts("BM_Segment", Run), true);

}  // namespace
}  // namespace refrain::bench
