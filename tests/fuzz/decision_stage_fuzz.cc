// A block of the stage file of decisions may be anything: it is refused, or it says of pages that there are
// what goes because of others, in spans that lie in their texts. The same for the facts in front.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/pipeline/decision_stage.h"

namespace {

constexpr uint32_t kPages = 9;
uint32_t TextBytesOf(uint32_t page) { return 40 * page; }

void Require(bool promise) {
  if (!promise) std::abort();
}

void RequireInside(const refrain::Span& span, uint32_t page) {
  Require(span.begin < span.end && span.end <= TextBytesOf(page));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  refrain::ComparedFacts facts;
  if (refrain::TakeFacts(bytes, &facts)) {
    std::string again;
    refrain::AppendFacts(facts, &again);
    Require(again == bytes);
  }
  std::vector<refrain::DecidedPage> decided;
  if (!refrain::TakeDecided(bytes, kPages, TextBytesOf, &decided)) return 0;
  std::string again;
  for (const refrain::DecidedPage& one : decided) {
    Require(one.page < kPages && (one.drops || !one.cuts.empty()));
    if (one.drops) Require(one.dropped.witness < kPages && one.dropped.witness != one.page);
    for (const refrain::Span& span : one.dropped.only_in_dropped) RequireInside(span, one.page);
    for (const refrain::CutPassage& cut : one.cuts) {
      Require(cut.witness < kPages && cut.witness != one.page);
      RequireInside(cut.span, one.page);
      RequireInside(cut.kept, cut.witness);
    }
    refrain::AppendDecided(one, &again);
  }
  Require(again == bytes);
  return 0;
}
