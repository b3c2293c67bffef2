// A block of a scan's stage file may be anything: it is refused, or it is a result that can be written and
// read again, whose repairs lie in their pages.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "refrain/pipeline/scan_stage.h"

namespace {

constexpr refrain::Banding kBanding{.bands = 2, .rows = 2};
constexpr uint32_t kFiles = 3;

void Require(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  refrain::ScanResult result;
  if (!refrain::TakeScan(bytes, kBanding, kFiles, &result)) return 0;
  size_t keys = 0, blocks = 0;
  for (const auto& page : result.pages) {
    Require(page.entry.file < kFiles);
    keys += page.banded ? 2 : 0;
    blocks += page.blocks;
    if (!page.entry.has_cut) continue;
    refrain::PageRepeats repeats;
    refrain::UnpackRepeats(page.repeats, &repeats);
    for (const refrain::Span& cut : repeats.cut)
      Require(cut.begin < cut.end && cut.end <= page.entry.text_bytes);
  }
  Require(keys == result.band_keys.size() && blocks == result.blocks.size());
  std::string first, again;
  refrain::AppendScan(result, &first);
  Require(refrain::TakeScan(first, kBanding, kFiles, &result));
  refrain::AppendScan(result, &again);
  Require(first == again);
  return 0;
}
