#include "refrain/pipeline/block_table.h"

#include <algorithm>
#include <span>

#include "refrain/sketch/fingerprint.h"

namespace refrain {

ShingleOptions BlockShingles(uint32_t tokens) {
  return tokens < kShortBlock ? ShingleOptions{.words = 3, .half = 6, .quarter = 12} : ShingleOptions{};
}

BlockScanner::BlockScanner(double least_words, const Banding& banding)
    : least_quarters_(static_cast<uint64_t>(least_words * 4)),
      banding_(banding),
      hasher_({.components = banding.components()}),
      signature_(static_cast<size_t>(banding.components())) {}

bool BlockScanner::IsLongEnough(const Tokens& tokens, bool all_words, const Block& block) const {
  if (all_words) return uint64_t{block.size()} * TokenTraits::kWord >= least_quarters_;
  uint64_t quarters = 0;
  for (uint32_t i = block.first; i < block.last && quarters < least_quarters_; ++i)
    quarters += tokens.quarter_words(i);
  return quarters >= least_quarters_;
}

// Of pages of words alone the shingles of short blocks are made for all at once, a quarter less work: a
// shingle for each token, of which a block has those that lie in it.
void BlockScanner::Scan(std::string_view text, const Tokens& tokens, const PageRepeats& repeats,
                        std::vector<ScannedBlock>* blocks, std::vector<uint64_t>* keys) {
  Segment(text, tokens, &segments_);
  size_t tokens_in_short = 0;
  for (const Block& block : segments_) tokens_in_short += block.size() < kShortBlock ? block.size() : 0;
  const ShingleOptions of_short = BlockShingles(0);
  const uint32_t width = static_cast<uint32_t>(of_short.words);
  const bool all_words = AreAllWords(tokens.traits);
  const bool at_once = all_words && tokens_in_short * 2 >= tokens.size();
  std::span<const uint64_t> page_shingles;
  if (at_once) page_shingles = page_shingle_maker_.Make(tokens.hashes, tokens.traits, of_short);
  size_t cut = 0;
  for (const Block& block : segments_) {
    while (cut < repeats.cut.size() && repeats.cut[cut].end <= block.span.begin) ++cut;
    if (cut < repeats.cut.size() && repeats.cut[cut].begin < block.span.end) continue;
    if (!IsLongEnough(tokens, all_words, block)) continue;
    const uint32_t size = block.size();
    const std::span hashes = std::span(tokens.hashes).subspan(block.first, size);
    blocks->push_back({.exact = ExactKey(hashes), .span = block.span, .tokens = size});
    if (at_once && size < kShortBlock && size >= width) {
      hasher_.Sign(page_shingles.subspan(block.first, size - width + 1), signature_);
    } else {
      const std::span traits = std::span(tokens.traits).subspan(block.first, size);
      hasher_.Sign(shingle_maker_.Make(hashes, traits, BlockShingles(size)), signature_);
    }
    AppendBandKeys(signature_, banding_, keys);
  }
}

}  // namespace refrain
