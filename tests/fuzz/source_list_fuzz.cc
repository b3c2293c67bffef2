// A list of sources may be anything: what comes out are lines of it, in order, and a list of them gives them
// again.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/pipeline/source_list.h"

namespace {

void Require(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> sources = refrain::ParseSourceList(bytes);
  std::string_view rest = bytes;
  std::string again = "\xEF\xBB\xBF";
  for (const std::string& source : sources) {
    Require(!source.empty() && source.find('\n') == std::string::npos);
    Require(std::string_view(" \t\r").find(source.back()) == std::string_view::npos);
    const size_t at = rest.find(source);
    Require(at != std::string_view::npos);
    rest.remove_prefix(at + source.size());
    again += source + "\r\n";
  }
  Require(refrain::ParseSourceList(again) == sources);
  return 0;
}
