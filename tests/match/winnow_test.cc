#include "refrain/match/winnow_internal.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::ForEachKernel;
using reference::Random;

// Each window is looked at by itself.
std::vector<uint32_t> SlowWinnow(const std::vector<uint64_t>& values, size_t window) {
  std::vector<uint32_t> chosen;
  window = std::min(window, values.size());
  for (size_t first = 0; window > 0 && first + window <= values.size(); ++first) {
    size_t least = first;
    for (size_t i = first; i < first + window; ++i) {
      if (values[i] <= values[least]) least = i;
    }
    if (chosen.empty() || chosen.back() != least) chosen.push_back(static_cast<uint32_t>(least));
  }
  return chosen;
}

void ExpectAsSlow(const std::vector<uint64_t>& values, size_t window, std::vector<uint64_t>* scratch) {
  std::vector<uint32_t> chosen(3);  // left over from another page
  Winnow(values, window, scratch, &chosen);
  ASSERT_EQ(chosen, SlowWinnow(values, window)) << values.size() << " values, window " << window;
}

TEST(Winnow, ChoosesTheRightmostLeastOfEachWindowOnEveryKernel) {
  Random random(1);
  ForEachKernel([&] {
    std::vector<uint64_t> scratch;
    for (size_t window = 1; window <= 16; ++window) {
      for (size_t size = 0; size < 200; size += size < 80 ? 1 : 7) {
        ExpectAsSlow(random.Hashes(size), window, &scratch);
        if (testing::Test::HasFatalFailure()) return;
      }
      ExpectAsSlow(random.Hashes(5000), window, &scratch);
    }
  });
}

TEST(Winnow, EqualValuesNearEachOtherCountAsTheRightmost) {
  Random random(2);
  ForEachKernel([&] {
    std::vector<uint64_t> scratch;
    for (size_t window = 1; window <= 16; ++window) {
      for (const size_t alphabet : {1, 2, 5, 30, 200}) {
        std::vector<uint64_t> values(64 + random.Below(300));
        for (uint64_t& value : values) value = random.Below(alphabet) - 1;  // the greatest value too
        ExpectAsSlow(values, window, &scratch);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  });
}

TEST(Winnow, RisingAndFallingValuesAreChosenAtTheEnds) {
  std::vector<uint64_t> scratch;
  std::vector<uint64_t> values(100);
  for (size_t i = 0; i < values.size(); ++i) values[i] = i;
  ExpectAsSlow(values, 6, &scratch);
  std::reverse(values.begin(), values.end());
  ExpectAsSlow(values, 6, &scratch);
}

}  // namespace
}  // namespace refrain
