#pragma once
// The ways in which pages show articles more than once.

#include <string_view>
#include <vector>

#include "tests/reference/shown_pages.h"

namespace refrain::reference {

// A way to show an article, or two. `random` chooses what varies.
struct Scenario {
  std::string_view name;
  // Neither is changed; both outlive the page.
  void (*build)(const InventedArticle& article, const InventedArticle& other, Random* random,
                ShownPage* page);
  bool (*suits)(Script script);  // makes a difference in this script
};
const std::vector<Scenario>& Scenarios();

}  // namespace refrain::reference
