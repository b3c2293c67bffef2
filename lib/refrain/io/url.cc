#include "refrain/io/url.h"

#include "refrain/io/sniff_internal.h"

namespace refrain {

std::string HostOf(std::string_view url) {
  const size_t slashes = url.find("//");
  if (slashes == std::string_view::npos) return "";
  if (slashes > 0) {
    // A scheme and nothing else stands in front.
    if (url[slashes - 1] != ':') return "";
    if (url.substr(0, slashes - 1).find_first_of("/?# ") != std::string_view::npos) return "";
  }
  std::string_view host = url.substr(slashes + 2);
  host = host.substr(0, host.find_first_of("/?#\\"));
  const size_t at = host.find_last_of('@');
  if (at != std::string_view::npos) host.remove_prefix(at + 1);
  const size_t bracket = host.find(']');
  const size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  host = host.substr(0, colon);
  if (host.ends_with('.')) host.remove_suffix(1);
  return LowerCase(host);
}

}  // namespace refrain
