// Where furniture is cut, so that what is left reads well.

#include <algorithm>

#include "refrain/match/furniture.h"
#include "refrain/text/blank_lines.h"
#include "refrain/text/line_ends.h"

namespace refrain {
void CutFurniture(std::string_view text, const Tokens& tokens, std::span<const Block> blocks,
                  const PageFurniture& furniture, bool with_common, std::vector<Span>* cuts,
                  std::vector<uint32_t>* spans) {
  cuts->clear();
  spans->clear();
  for (uint32_t i = 0; i < furniture.spans.size(); ++i) {
    if (with_common || !furniture.spans[i].common) spans->push_back(i);
  }
  size_t number = 0;  // of the block
  for (size_t i = 0; i < spans->size();) {
    const auto span = [&](size_t which) -> const FurnitureSpan& { return furniture.spans[(*spans)[which]]; };
    while (blocks[number].last <= span(i).first) ++number;
    const Block& block = blocks[number];
    if (!span(i).whole_block) {
      Span cut{tokens.begins[span(i).first], tokens.ends[span(i).last - 1]};
      if (span(i).last < block.last) {
        cut.end = tokens.begins[span(i).last];
      } else {
        cut.end = block.span.end;
        while (cut.begin > block.span.begin && (text[cut.begin - 1] == ' ' || text[cut.begin - 1] == '\t'))
          --cut.begin;
      }
      if (span(i).first == block.first) cut.begin = block.span.begin;
      if (!cuts->empty()) cut.begin = std::max(cut.begin, cuts->back().end);
      cuts->push_back(cut);
      ++i;
      continue;
    }
    // All blocks that go with nothing but blank lines and ornaments between them.
    size_t count = 1;
    while (i + count < spans->size() && span(i + count).whole_block && number + count < blocks.size() &&
           span(i + count).first == blocks[number + count].first) {
      ++count;
    }
    Span all = WholeLines(text, {block.span.begin, blocks[number + count - 1].span.end});
    const uint32_t before = BlanksBefore(text, all.begin), behind = BlanksBehind(text, all.end);
    const bool at_edge = number == 0 || number + count == blocks.size();
    const uint32_t begin = at_edge ? before : all.begin;
    const uint32_t end = at_edge || before < all.begin ? behind : all.end;
    for (size_t j = 0; j < count; ++j) {
      const auto line = [&](size_t which) { return WholeLines(text, blocks[number + which].span).begin; };
      cuts->push_back({j == 0 ? begin : cuts->back().end, j + 1 < count ? line(j + 1) : end});
    }
    i += count;
    number += count - 1;
  }
}

}  // namespace refrain
