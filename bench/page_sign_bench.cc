// Shingles to page signatures: of a whole text, and of pages of forty shingles, most of whose components have
// to be filled from others; compared with signatures made bin by bin.

#include <algorithm>
#include <array>

#include "bench/kernel_bench.h"
#include "refrain/sketch/signature.h"
#include "tests/reference/sketch_slow.h"

namespace refrain::bench {
namespace {

void Run(benchmark::State& state, const KernelAndText& on, size_t length) {
  const std::vector<uint64_t>& all = Prepared(on.kind).shingles;
  const size_t step = std::min(length, all.size());
  const size_t count = all.size() / step * step;
  const PageSigner signer;
  std::array<uint32_t, PageSigner::kComponents> signature{};
  const std::vector<uint64_t> last(all.begin() + static_cast<std::ptrdiff_t>(count - step),
                                   all.begin() + static_cast<std::ptrdiff_t>(count));
  const std::vector<uint32_t> expected = reference::SlowPageSignature(last, 42);
  TimeIfRight(
      state, on.kernel, {.shingles = count},
      [&] { return std::equal(signature.begin(), signature.end(), expected.begin(), expected.end()); },
      [&] {
        for (size_t i = 0; i < count; i += step) signer.Sign(std::span(all).subspan(i, step), signature);
      });
}

bool RegisterAll() {
  ForTexts("BM_PageSign/of:text",
           [](benchmark::State& state, const KernelAndText& on) { Run(state, on, SIZE_MAX); });
  ForTexts("BM_PageSign/of:short_pages",
           [](benchmark::State& state, const KernelAndText& on) { Run(state, on, 40); });
  return true;
}

[[maybe_unused]] const bool registered = RegisterAll();

}  // namespace
}  // namespace refrain::bench
