#pragma once
/// Random HTML for comparing ExtractHtml with a tree builder: badly nested on purpose, within what a reader
/// without a tree can know.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace refrain::reference {

/// What may meet in one page. Some elements are kept apart, because a tree builder goes back and changes what
/// stood before, which a streaming reader cannot; html_gumbo_test.cc says which and why.
enum class Soup {
  kPlain,       ///< every element but the formatting ones (b, i, a...); hidden attributes anywhere
  kFormatting,  ///< formatting elements too; hidden attributes on blocks only, no headings, forms, ruby text
  kTables,      ///< kPlain inside table cells, with rows and cells hidden too
};

/// The pieces of one page, to be joined: tags, text, comments. Depends on the arguments only.
std::vector<std::string> MakeSoup(Soup kind, uint32_t seed, size_t longest);

/// Leaves out pieces, but the first one, as long as `fails` holds for what remains.
std::vector<std::string> Shrink(std::vector<std::string> pieces,
                                const std::function<bool(const std::vector<std::string>&)>& fails);

std::string Join(const std::vector<std::string>& pieces);

}  // namespace refrain::reference
