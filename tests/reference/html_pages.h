#pragma once
/// HTML pages written by hand, each nasty in its own way, for comparing ExtractHtml with other parsers.

#include <string>
#include <vector>

namespace refrain::reference {

const std::vector<std::string>& NastyPages();

}  // namespace refrain::reference
