// A date and an address of a page may be anything.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "refrain/io/url.h"
#include "refrain/pipeline/dates.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const int64_t date = refrain::ParseDate(text);
  if (date != refrain::kNoDate && refrain::IsEarlier(date, date)) std::abort();
  const std::string host = refrain::HostOf(text);
  // Taken from the address, and its own host.
  if (host.size() > size || host.find_first_of("/ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
    std::abort();
  if (!host.empty() && !host.ends_with('.') && refrain::HostOf("//" + host) != host) std::abort();
  return 0;
}
