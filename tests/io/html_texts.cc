// Prints what ExtractHtml makes of the HTML of the tests, for html_html5lib_test.py: one JSON object a page,
// {"kind", "html", "text", "title"}. The number of random pages of each kind is the only argument.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "refrain/base/json.h"
#include "tests/io/html_testing.h"
#include "tests/reference/html_pages.h"
#include "tests/reference/html_soup.h"

namespace refrain {
namespace {

void Print(std::string_view kind, const std::string& html) {
  const HtmlText page = Extract(html);
  std::string line;
  JsonWriter json(&line);
  json.BeginObject().Field("kind", kind).Field("html", html);
  json.Field("text", page.text).Field("title", page.title).EndObject().EndLine();
  std::fwrite(line.data(), 1, line.size(), stdout);
}

void PrintSoup(std::string_view name, reference::Soup kind, uint32_t pages) {
  // Other pages than those that Gumbo reads.
  constexpr uint32_t kFirstSeed = 1'000'000;
  for (uint32_t i = 0; i < pages; ++i)
    Print(name, reference::Join(reference::MakeSoup(kind, kFirstSeed + i, i % 5 == 0 ? 60 : 12)));
}

}  // namespace
}  // namespace refrain

int main(int argc, char** argv) {
  const auto pages = static_cast<uint32_t>(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0);
  for (const std::string& html : refrain::reference::NastyPages()) refrain::Print("hand", html);
  refrain::PrintSoup("plain", refrain::reference::Soup::kPlain, pages);
  refrain::PrintSoup("formatting", refrain::reference::Soup::kFormatting, pages);
  refrain::PrintSoup("tables", refrain::reference::Soup::kTables, pages);
}
