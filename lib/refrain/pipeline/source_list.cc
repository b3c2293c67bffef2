#include "refrain/pipeline/source_list.h"

#include <algorithm>

namespace refrain {

std::vector<std::string> ParseSourceList(std::string_view bytes) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  std::vector<std::string> sources;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
    const size_t last = line.find_last_not_of(" \t\r");
    if (last != std::string_view::npos) sources.emplace_back(line.substr(0, last + 1));
  }
  return sources;
}

}  // namespace refrain
