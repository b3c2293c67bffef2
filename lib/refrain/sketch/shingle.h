#pragma once
/// Shingles: what texts are compared by. A shingle is the hash of w tokens in a row.
///
///   std::vector<uint64_t> shingles;
///   MakeShingles(tokens.hashes, tokens.traits, ShingleOptions(), &shingles);   // n - 4 values for n words
///   MakeSet(&shingles);                                                        // ready for ExactOverlap,
///   MinHasher
///
/// The value of a window is w rotate-and-add steps, one multiplication and one shift (shingle_internal.h); w
/// itself is mixed in, so that windows of different widths differ. Values are the same on every CPU and fixed
/// by kSketchVersion.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <absl/status/status.h>

namespace refrain {

/// How many tokens make a shingle. Where scripts mix, the token at which a shingle begins decides. All from 1
/// to 32: at 64 the rotation of the first token would come round again, and one token repeated would lose its
/// identity.
struct ShingleOptions {
  int words = 5;     ///< tokens that are words (page and passage default; 3 for short blocks)
  int half = 8;      ///< Han and kana code points, half a word each
  int quarter = 12;  ///< Thai, Lao, Khmer and Myanmar code points, a quarter of a word each

  /// InvalidArgument, naming the field, if one of them is out of range.
  absl::Status Validate() const;
  /// What decides the values, for run.json and file headers: "shingles:5,8,12".
  std::string Id() const;
};

/// Replaces `shingles` with one 64-bit value for each place where a whole shingle fits, in text order,
/// repeats included. A text with tokens but no whole shingle gives one shingle over all of them; no tokens
/// give none. `hashes` and `traits` are those of Tokens (equal sizes). The low three bits of a trait are the
/// token's length in quarters of a word: 2 means half, 1 means quarter, anything else counts as a word.
/// Linear, about half a nanosecond a token where one kind prevails; thread safe for different `shingles`,
/// whose memory is reused. REQUIRES: options.Validate().ok(), hashes.size() == traits.size() < 2^32.
void MakeShingles(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                  const ShingleOptions& options, std::vector<uint64_t>* shingles);

/// The same for many texts, in memory that is neither cleared nor given back between them.
class ShingleMaker {
 public:
  /// Valid until the next call.
  std::span<const uint64_t> Make(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                                 const ShingleOptions& options);

 private:
  std::vector<uint64_t> room_;
};

/// The same, and where each shingle lies: it covers tokens [starts[i], starts[i] + widths[i]) of the input.
struct PlacedShingles {
  std::vector<uint64_t> values;
  std::vector<uint32_t> starts;
  std::vector<uint32_t> widths;
};
void MakePlacedShingles(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                        const ShingleOptions& options, PlacedShingles* shingles);

/// Tokens [begin, end) of a text.
struct TokenRange {
  size_t begin = 0;
  size_t end = 0;
};

/// The same for the shingles that begin at the tokens of `part`, so that those of a long text need not be in
/// memory at once. Writes to `values` and `starts`, which have room for a shingle a token of the part, and
/// returns how many there are. Parts that follow each other give together what the whole text gives.
/// REQUIRES: the part is the whole text, or the text has 32 tokens or more.
size_t MakeShinglesOfPart(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                          const ShingleOptions& options, TokenRange part, uint64_t* values, uint32_t* starts);

/// Whether all tokens are words. Then there is a shingle for each token but the last few: shingle i begins at
/// token i, in any text of as many words.
bool AreAllWords(std::span<const uint8_t> traits);

/// Sorts `shingles` and drops repeats: the set whose resemblance counts. Linear; uses as much memory again
/// while it runs.
void MakeSet(std::vector<uint64_t>* shingles);

}  // namespace refrain
