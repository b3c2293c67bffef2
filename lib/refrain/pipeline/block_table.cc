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

void BlockScanner::Scan(std::string_view text, const Tokens& tokens, const PageRepeats& repeats,
                        std::vector<ScannedBlock>* blocks) {
  Segment(text, tokens, &segments_);
  size_t cut = 0;
  for (const Block& block : segments_) {
    while (cut < repeats.cut.size() && repeats.cut[cut].end <= block.span.begin) ++cut;
    if (cut < repeats.cut.size() && repeats.cut[cut].begin < block.span.end) continue;
    uint64_t quarters = 0;
    for (uint32_t i = block.first; i < block.last; ++i) quarters += tokens.quarter_words(i);
    if (quarters < least_quarters_) continue;
    const std::span hashes = std::span(tokens.hashes).subspan(block.first, block.size());
    ScannedBlock scanned{.exact = ExactKey(hashes), .span = block.span, .tokens = block.size(), .keys = {}};
    MakeShingles(hashes, std::span(tokens.traits).subspan(block.first, block.size()),
                 BlockShingles(block.size()), &shingles_);
    hasher_.Sign(shingles_, signature_);
    AppendBandKeys(signature_, banding_, &scanned.keys);
    blocks->push_back(std::move(scanned));
  }
}

}  // namespace refrain
