#pragma once
/// What of a URL names its site.

#include <string>
#include <string_view>

namespace refrain {

/// The host: lower case, without user, port and a dot at the end; "www." stays, and so do the brackets of an
/// IPv6 address. Empty without "scheme://" or "//" in front.
std::string HostOf(std::string_view url);

}  // namespace refrain
