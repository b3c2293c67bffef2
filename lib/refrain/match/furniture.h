#pragma once
/// Furniture: what many pages of one source show around what each of them says. The half of finding it that
/// needs one page at a time: keys to count by, and what of a page goes once they are counted.
///
///   FurnitureKeys keys;
///   FurnitureKeyMaker().Make(tokens, blocks, true, &keys);   // of each page; count them
///   (pipeline/furniture.h) FurnitureMarker().Mark(tokens, blocks, found, &furniture);
///
/// Keys are hashes of folded text: a run of tokens that hold digits is one slot, so "12 January 2008" and "3
/// January 2009" are equal, and so are "1,204 comments" and "7 comments". Two texts meet by chance with
/// probability 2^-64 a pair.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "refrain/sketch/shingle.h"
#include "refrain/text/blocks.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// From how many pages on a text is furniture. Pages with the same story count once.
struct FurnitureOptions {
  /// A source with two pages shows its furniture on both: fewer cannot tell anything, more would find nothing
  /// on small sites, and what is said twice there is mostly furniture (docs/parameters.md).
  int min_pages = 2;
  /// Of the source's pages. What two pages of fifty have in common is a teaser and its article.
  double share = 0.1;
  /// Pages that suffice for whole blocks and long runs whatever their share: sections and templates of a
  /// large site have furniture of their own. A few words in a row need the share: they may be a turn of
  /// phrase.
  int enough_pages = 20;
  /// Sources, and stories on them, from which on a text is common: a licence, a saying, a notice.
  int min_sources = 10;

  absl::Status Validate() const;
  /// All that decides a result, as text.
  std::string Id() const;
};

/// What of a text a key stands for.
enum class FurnitureKind : uint8_t {
  kBlock,     ///< all tokens of a block as they stand; only where folding makes a difference
  kFolded,    ///< all tokens of a block, digits folded
  kHead,      ///< the first words of a short block, others follow
  kTail,      ///< the last words of one
  kShortRun,  ///< a few words from a short block on, digits folded, whatever blocks they are in
  kLongRun,   ///< more of them, from anywhere
};

/// Pages that a text of this kind needs to be furniture of a source with so many.
uint32_t NeededPages(const FurnitureOptions& options, FurnitureKind kind, uint32_t pages);
/// Whether it may be common to many sources.
constexpr bool MayBeCommon(FurnitureKind kind) {
  return kind == FurnitureKind::kBlock || kind == FurnitureKind::kFolded || kind == FurnitureKind::kLongRun;
}

struct FurnitureKey {
  uint64_t key = 0;
  uint32_t place = 0;  ///< number of the block; of runs, of the first token as folded
  FurnitureKind kind = FurnitureKind::kBlock;
};

/// What one page gives.
struct FurnitureKeys {
  std::vector<FurnitureKey> keys;
  /// The least shingles of its long paragraphs, ascending, different: pages that share most of these have the
  /// same story.
  std::vector<uint64_t> story;
  /// It has hardly any long paragraphs, and `story` is of all its text.
  bool story_of_all = false;
  uint64_t text = 0;  ///< hash of all tokens: gives pages an order that is theirs
};

/// A key of a page that was found on enough pages.
struct FoundFurniture {
  uint32_t place = 0;
  FurnitureKind kind = FurnitureKind::kBlock;
  bool common = false;      ///< in many sources; else in pages of its own
  uint32_t pages = 0;       ///< different pages of the source that show it; common: sources
  uint32_t first_page = 0;  ///< the first page that shows it, of the source; common: of all
};

/// A stretch of a page that is furniture.
struct FurnitureSpan {
  uint32_t first = 0;  ///< tokens [first, last)
  uint32_t last = 0;
  /// Different pages of the source, or sources, that show it; of one with slots, and of a stretch, those that
  /// the rarest of its parts was found on.
  uint32_t pages = 0;
  /// The first page that shows it; of one with slots, and of a stretch, the first one by which all that does
  /// not vary has been seen.
  uint32_t first_page = 0;
  bool common = false;       ///< found in many sources, and not in pages of its own
  bool whole_block = false;  ///< else a stretch inside a block
  uint32_t slots_begin = 0;  ///< its slots are PageFurniture::slots [slots_begin, slots_end)
  uint32_t slots_end = 0;
};

struct PageFurniture {
  std::vector<FurnitureSpan> spans;  ///< ascending, disjoint
  std::vector<TokenRange> slots;     ///< tokens that vary from page to page
  void clear() { spans.clear(), slots.clear(); }
};

namespace match_internal {
/// Tokens with runs of digits as one slot.
struct FoldedText {
  std::vector<uint64_t> hashes;
  std::vector<uint8_t> traits;
  std::vector<uint32_t> firsts;  ///< of each, its first token; and one behind the last
  std::vector<uint32_t> blocks;  ///< of each block, its first; and one behind the last
  void Fold(const Tokens& tokens, std::span<const Block> of);
};
}  // namespace match_internal

/// Makes keys. Linear: about a third of a key a word in running text, four to ten for a line of a menu. Keeps
/// its memory; not thread safe, one a thread.
class FurnitureKeyMaker {
 public:
  /// Replaces `keys`. `blocks` are those of Segment. `of_source`: whether other pages of its source can be
  /// known; else only keys that are counted over all sources.
  void Make(const Tokens& tokens, std::span<const Block> blocks, bool of_source, FurnitureKeys* keys);

  /// Keys have places below this; what stands behind in a page is no furniture.
  static constexpr uint32_t kPlaces = uint32_t{1} << 29;
  /// Of FurnitureKeys::story, at most.
  static constexpr size_t kStory = 32;

 private:
  void AddBlocks(const Tokens& tokens, std::span<const Block> blocks, bool of_source, FurnitureKeys* keys);
  void AddRuns(bool of_source, FurnitureKeys* keys);
  void AddStory(FurnitureKeys* keys);

  match_internal::FoldedText folded_;
  std::vector<uint8_t> is_long_;  // by folded token: its block is
  uint32_t long_quarters_ = 0;    // of all such blocks
  PlacedShingles shingles_;
  std::vector<uint64_t> scratch_;
  std::vector<uint32_t> chosen_;
};

/// Says what of a page is furniture. Linear. Keeps its memory; not thread safe, one a thread.
class FurnitureMarker {
 public:
  /// Replaces `furniture`. `found` are those keys of the page, which has number `page`, that were found on
  /// enough pages, by kind, then place.
  ///
  /// A block goes if all of it was found, or more than half of it is in runs that were found; if it is one of
  /// three in a row that begin or end alike; and, beside such a block, if it is shorter than four words or
  /// found in part and the rest is short: a slot. Of other blocks go stretches of twenty words. The headline
  /// of the page's own text stays, though other pages link to it.
  void Mark(uint32_t page, const Tokens& tokens, std::span<const Block> blocks,
            std::span<const FoundFurniture> found, PageFurniture* furniture);

 private:
  static constexpr uint32_t kNoPage = UINT32_MAX;
  // What shows some words: of several keys that hold them, what is known best.
  struct Cover {
    uint32_t pages = 0;             // the most; 0: none
    uint32_t first_page = kNoPage;  // the least
    void Add(uint32_t more_pages, uint32_t another_first);
  };
  struct BlockState {
    Cover all;             // of all of it
    uint32_t exactly = 0;  // pages that show it to the digit
    Cover head, tail;      // of blocks that begin, or end, like it
    Cover common;          // sources that show all of it
    bool gone = false;
    bool beside = false;  // goes beside furniture
    bool stays = false;   // is the page's own text or its headline
  };
  // What shows several stretches together, as far as that is known: as many pages as the rarest of them, not
  // before the last one was seen.
  static void Join(const Cover& cover, Cover* together);
  void Take(std::span<const FoundFurniture> found);
  void Judge(const Tokens& tokens, std::span<const Block> blocks);
  void JudgeLists();
  void Spread();
  void KeepText();
  bool IsLong(size_t number) const;
  void KeepHeadline();
  void SetCover(const Cover& cover, FurnitureSpan* span) const;
  void AddWhole(const Block& block, size_t number, PageFurniture* furniture) const;
  bool AddRuns(const std::vector<Cover>& covered, size_t number, uint32_t least, bool common,
               PageFurniture* furniture) const;

  match_internal::FoldedText folded_;
  std::vector<BlockState> states_;
  std::vector<Cover> covered_, common_;
  uint32_t page_ = 0;
};

/// Where each of `furniture`'s spans is cut from the page, common ones left out unless `with_common`:
/// `cuts[i]` is for `furniture.spans[spans[i]]`. Sorted, disjoint. A block takes its line with it, and the
/// blank lines that would stand twice or at an edge of the page; a stretch of one the white space and
/// punctuation before the next word.
void CutFurniture(std::string_view text, const Tokens& tokens, std::span<const Block> blocks,
                  const PageFurniture& furniture, bool with_common, std::vector<Span>* cuts,
                  std::vector<uint32_t>* spans);

}  // namespace refrain
