#pragma once
/// What memory holds of each block that may be compared across pages.

#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/base/hash.h"
#include "refrain/match/page_repeats.h"
#include "refrain/sketch/banding.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"
#include "refrain/text/blocks.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Blocks of fewer tokens are compared by shingles of three words: one changed word in twenty leaves a
/// resemblance of 0.74 on those, of 0.62 on shingles of five (docs/parameters.md).
inline constexpr uint32_t kShortBlock = 80;
ShingleOptions BlockShingles(uint32_t tokens);

/// A block as the first pass leaves it, but for its band keys.
struct ScannedBlock {
  Key128 exact;  ///< of its tokens
  Span span;     ///< in the page's text
  uint32_t tokens = 0;
};

/// Finds the blocks of a page that are long enough to be compared and that page repair leaves whole. One for
/// each thread.
class BlockScanner {
 public:
  BlockScanner(double least_words, const Banding& banding);
  /// Appends them to `blocks`, and to `keys` banding.bands band keys for each. Linear.
  void Scan(std::string_view text, const Tokens& tokens, const PageRepeats& repeats,
            std::vector<ScannedBlock>* blocks, std::vector<uint64_t>* keys);

 private:
  bool IsLongEnough(const Tokens& tokens, bool all_words, const Block& block) const;

  uint64_t least_quarters_;
  Banding banding_;
  MinHasher hasher_;
  std::vector<Block> segments_;
  ShingleMaker page_shingle_maker_;
  ShingleMaker shingle_maker_;
  std::vector<uint32_t> signature_;
};

}  // namespace refrain
