#pragma once
// Furniture counted the obvious way: all pages in memory, sets of pages for each text, stories compared by
// looking at all pages that share something.

#include <string>
#include <vector>

#include "refrain/match/furniture.h"

namespace refrain::reference {

struct SlowPage {
  std::string source;  // empty: unknown
  std::string text;
};

struct SlowFurniture {
  std::vector<std::vector<FoundFurniture>> found;  // by page; as FurnitureFinder::Read
  std::vector<uint32_t> source_pages;              // by page
  std::vector<uint32_t> story;                     // by page
};

SlowFurniture FindFurnitureSlowly(const std::vector<SlowPage>& pages, const FurnitureOptions& options);

}  // namespace refrain::reference
