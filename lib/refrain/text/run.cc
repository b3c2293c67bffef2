#include "refrain/text/run_internal.h"

#include <algorithm>

namespace refrain::text_internal {
namespace {

using unicode::CodePoint;

// One code point, split the way the tables want it: six bits for the index, the rest for the block.
struct Decoded {
  uint32_t length;  // in bytes; 0 if no valid code point begins here
  uint32_t block;
  uint32_t index;
  uint32_t raw;  // its bytes, the first of them lowest
};

inline bool IsContinuation(uint32_t byte) { return (byte & 0xC0) == 0x80; }
inline bool IsLeadOfTwo(uint32_t byte) { return byte >= 0xC2 && byte < 0xE0; }

// REQUIRES: left > 0. Surrogates, overlong forms and what is beyond U+10FFFF are told by their block.
inline Decoded Decode(const unsigned char* p, size_t left) {
  const uint32_t lead = p[0];
  if (lead < 0x80) return {1, lead >> 6, lead & 0x3F, lead};
  if (lead < 0xE0) {
    if (lead < 0xC2 || left < 2 || !IsContinuation(p[1])) return {};
    return {2, lead & 0x1F, p[1] & 0x3Fu, lead | uint32_t{p[1]} << 8};
  }
  if (lead < 0xF0) {
    if (left < 3 || !IsContinuation(p[1]) || !IsContinuation(p[2])) return {};
    const uint32_t block = (lead & 0x0F) << 6 | (p[1] & 0x3F);
    if (block < 0x800 >> 6 || (block & ~0x1Fu) == 0xD800 >> 6) return {};
    return {3, block, p[2] & 0x3Fu, lead | uint32_t{p[1]} << 8 | uint32_t{p[2]} << 16};
  }
  if (left < 4 || !IsContinuation(p[1]) || !IsContinuation(p[2]) || !IsContinuation(p[3])) return {};
  const uint32_t block = (lead & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
  if (block < 0x10000 >> 6 || block >= 0x110000 >> 6) return {};
  return {4, block, p[3] & 0x3Fu, lead | uint32_t{p[1]} << 8 | uint32_t{p[2]} << 16 | uint32_t{p[3]} << 24};
}

inline bool TakesMarks(const CodePoint& separator) {
  return (separator.kind_and_flags & CodePoint::kTakesMarks) != 0;
}

static_assert(CodePoint::kDigit == TokenTraits::kDigit);

// The word being read: the folded forms of its code points in a row. They are the folded form of the word,
// unless marks are out of canonical order or a code point says that its neighbours matter (kSlow), or there
// are too many of them.
struct Word {
  static constexpr size_t kCapacity = 64;

  // For what kPlainLetters has; false if it does not have `c`.
  bool AddPlain(uint32_t c) {
    const uint64_t letter = unicode::kPlainLetters[c];
    if (letter == 0) return false;
    const uint32_t lead_class = letter >> unicode::kPlainLeadShift & 0xFF;
    slow |= lead_class != 0 && lead_class < trail_class;
    trail_class = static_cast<uint32_t>(letter >> unicode::kPlainTrailShift);
    // Eight bytes are stored whatever the length; the next code point writes over what is too much.
    Store64(folded + size, letter);
    size += letter >> unicode::kPlainLengthShift & 7;
    digit |= letter >> unicode::kPlainDigitShift & 1;
    return true;
  }

  void Add(const CodePoint& entry, const Decoded& c) {
    slow |= entry.lead_class != 0 && entry.lead_class < trail_class;
    slow |= (entry.kind_and_flags & CodePoint::kSlow) != 0;
    trail_class = entry.trail_class;
    const uint32_t length = entry.length != 0 ? entry.length : c.length;
    Store64(folded + size, entry.length != 0 ? entry.low : c.raw);
    if (length > 8) Store64(folded + size + 8, entry.high);
    size += length;
    digit |= (entry.kind_and_flags & CodePoint::kDigit) != 0;
    if (size > kCapacity) {
      slow = true;
      size = 0;
    }
  }

  // Whether there is room for a plain letter without a look at it.
  bool HasRoom() const { return size <= kCapacity - 8; }

  char folded[kCapacity + 16];
  size_t size = 0;
  uint64_t digit = 0;  // bit 0: holds one
  uint32_t trail_class = 0;
  bool slow = false;
};

// Reads a run token by token. Each Read...() is given a place where its kind of token begins and returns the
// place of the first code point that is not part of it.
class Run {
 public:
  Run(std::string_view text, size_t end, Sink* sink)
      : text_(text),
        bytes_(reinterpret_cast<const unsigned char*>(text.data())),
        end_(end),
        sink_(*sink),
        end_of_two_(std::min(end, text.size() - std::min<size_t>(text.size(), 1))),
        end_of_four_(std::min(end, text.size() - std::min<size_t>(text.size(), 3))) {}

  void Read(size_t begin) {
    // Nothing but marks since a separator that takes marks.
    bool after_symbol = begin > 0 && bytes_[begin - 1] < 0x80 && TakesMarks(unicode::Find(bytes_[begin - 1]));
    for (size_t at = begin; at < end_;) {
      const Decoded c = DecodeAt(at);
      if (c.length == 0) {
        ++sink_.invalid_bytes;
        ++at;
        after_symbol = false;
        continue;
      }
      const CodePoint& entry = unicode::Find(c.block, c.index);
      switch (entry.kind()) {
        case unicode::kSeparator:
          after_symbol = TakesMarks(entry);
          at += c.length;
          break;
        case unicode::kIgnorable:
          at += c.length;
          break;
        case unicode::kMark:
          at = after_symbol ? at + c.length : ReadWord(at);
          break;
        case unicode::kWord:
          at = ReadWord(at);
          break;
        case unicode::kHalf:
          at = ReadSingles(at, unicode::kHalf, TokenTraits::kHalf);
          break;
        case unicode::kQuarter:
          at = after_symbol && entry.lead_class != 0
                   ? at + c.length
                   : ReadSingles(at, unicode::kQuarter, TokenTraits::kQuarter);
          break;
      }
    }
  }

 private:
  Decoded DecodeAt(size_t at) const { return Decode(bytes_ + at, end_ - at); }

  // Joins the token before it. Normalisation sorts the marks of Thai and its like among all others, so behind
  // anything but their own kind they are marks like others.
  static bool IsMark(const CodePoint& entry, unicode::Kind base) {
    return entry.kind() == unicode::kMark ||
           (entry.kind() == unicode::kQuarter && entry.lead_class != 0 && base != unicode::kQuarter);
  }

  size_t ReadWord(size_t begin) {
    Word word;
    size_t token_end = begin;
    size_t at = begin;
    while (at < end_) {
      const size_t plain_end = ReadPlainLetters(at, &word);
      if (plain_end != at) token_end = at = plain_end;
      if (at == end_) break;
      const Decoded c = DecodeAt(at);
      if (c.length == 0) break;
      const CodePoint& entry = unicode::Find(c.block, c.index);
      if (entry.kind() == unicode::kIgnorable) {
        at += c.length;
        continue;
      }
      if (entry.kind() != unicode::kWord && !IsMark(entry, unicode::kWord)) break;
      word.Add(entry, c);
      at += c.length;
      token_end = at;
    }
    const uint64_t hash = word.slow                  ? SlowHash(begin, token_end)
                          : word.size <= kShortToken ? HashShort(word.folded, word.size)
                                                     : HashToken(word.folded, word.size);
    sink_.Reserve(1);
    sink_.Add(static_cast<uint32_t>(begin), static_cast<uint32_t>(token_end), hash,
              static_cast<uint8_t>(TokenTraits::kWord | (word.digit & 1) * TokenTraits::kDigit));
    return at;
  }

  // Most of what words are made of, with less ado. Returns where something else begins.
  //
  // First letters of two bytes in a row, as in Cyrillic: where the next one begins is known before this one
  // is read. Second those of three bytes that fold to themselves, as in Hangul and Devanagari. Last those of
  // one and two bytes without a branch between them, since words in Latin script mix them in ways that no
  // branch predictor foresees; each waits for the one before it.
  __attribute__((always_inline)) size_t ReadPlainLetters(size_t at, Word* word) {
    while (at < end_of_two_ && word->HasRoom() && IsLeadOfTwo(bytes_[at]) && IsContinuation(bytes_[at + 1])) {
      if (!word->AddPlain((bytes_[at] & 0x1F) << 6 | (bytes_[at + 1] & 0x3F))) return at;
      at += 2;
    }
    while (at < end_of_four_ && word->HasRoom()) {
      const uint32_t raw = Load32(bytes_ + at) & 0xFFFFFF;
      const uint32_t block = (raw & 0x0F) << 6 | (raw >> 8 & 0x3F);
      // Surrogates have no entry of this kind, but overlong forms have those of other letters.
      if ((raw & 0xC0C0F0) != 0x8080E0 || block < 0x800 >> 6) break;
      const CodePoint& entry = unicode::Find(block, raw >> 16 & 0x3F);
      if (entry.kind_and_flags != unicode::kWord || entry.length != 0) return at;
      Store64(word->folded + word->size, raw);
      word->size += 3;
      word->trail_class = 0;
      at += 3;
    }
    while (at < end_of_two_ && word->HasRoom()) {
      const uint32_t lead = bytes_[at], second = bytes_[at + 1];
      const uint32_t two = lead >> 7;
      if (two != 0 && !(IsLeadOfTwo(lead) && IsContinuation(second))) break;
      if (!word->AddPlain(two != 0 ? (lead & 0x1F) << 6 | (second & 0x3F) : lead)) break;
      at += 1 + two;
    }
    return at;
  }

  // Code points of `kind`, each a token, with the marks behind them.
  size_t ReadSingles(size_t begin, unicode::Kind kind, uint8_t traits) {
    size_t at = begin;
    while (at < end_) {
      at = ReadPlainSingles(at, kind, traits);
      if (at == end_) break;
      const Decoded c = DecodeAt(at);
      if (c.length == 0) break;
      const CodePoint& entry = unicode::Find(c.block, c.index);
      if (entry.kind() == kind && !IsSecondHalf(entry, begin, at)) {
        const uint64_t word = entry.length != 0 ? entry.low : c.raw;
        const uint32_t length = entry.length != 0 ? entry.length : c.length;
        sink_.Reserve(1);
        sink_.Add(static_cast<uint32_t>(at), static_cast<uint32_t>(at + c.length), HashWords(word, 0, length),
                  static_cast<uint8_t>(traits | (entry.kind_and_flags & CodePoint::kDigit)));
        at += c.length;
      } else if (entry.kind() == kind || entry.kind() == unicode::kIgnorable || IsMark(entry, kind)) {
        at = LengthenLast(at, kind);
      } else {
        break;
      }
    }
    return at;
  }

  // The bulk of such a text: code points of three bytes that fold to themselves, one straight line each. No
  // overlong form and no surrogate has an entry of these kinds, so they need no check.
  size_t ReadPlainSingles(size_t at, unicode::Kind kind, uint8_t traits) {
    while (at < end_of_four_) {
      sink_.Reserve(1);
      const size_t room = sink_.capacity - sink_.count;
      uint64_t* const hashes = sink_.hashes + sink_.count;
      uint32_t* const begins = sink_.begins + sink_.count;
      uint32_t* const ends = sink_.ends + sink_.count;
      uint8_t* const all_traits = sink_.traits + sink_.count;
      size_t added = 0;
      for (; added < room && at < end_of_four_; ++added, at += 3) {
        const uint32_t raw = Load32(bytes_ + at) & 0xFFFFFF;
        if ((raw & 0xC0C0F0) != 0x8080E0) break;
        const CodePoint& entry = unicode::Find((raw & 0x0F) << 6 | (raw >> 8 & 0x3F), raw >> 16 & 0x3F);
        if ((entry.kind_and_flags & ~CodePoint::kDigit) != kind || entry.length != 0) break;
        hashes[added] = HashWords(raw, 0, 3);
        begins[added] = static_cast<uint32_t>(at);
        ends[added] = static_cast<uint32_t>(at + 3);
        all_traits[added] = static_cast<uint8_t>(traits | (entry.kind_and_flags & CodePoint::kDigit));
      }
      sink_.count += added;
      if (added < room) break;
    }
    return at;
  }

  // U+102E directly behind U+1025 is the second half of U+1026, the only letter of these scripts that
  // decomposes.
  bool IsSecondHalf(const CodePoint& entry, size_t begin, size_t at) const {
    return (entry.kind_and_flags & CodePoint::kSlow) != 0 && at >= begin + 3 &&
           text_.substr(at - 3, 3) == "\xE1\x80\xA5";
  }

  // Joins the marks from `at` on, where a mark, a second half or something ignorable is, to the last token.
  size_t LengthenLast(size_t at, unicode::Kind kind) {
    size_t token_end = at;
    for (bool first = true; at < end_; first = false) {
      const Decoded c = DecodeAt(at);
      if (c.length == 0) break;
      const CodePoint& entry = unicode::Find(c.block, c.index);
      const bool ignorable = entry.kind() == unicode::kIgnorable;
      if (!ignorable && !IsMark(entry, kind) && !(first && entry.kind() == kind)) break;
      at += c.length;
      if (!ignorable) token_end = at;
    }
    const size_t last = sink_.count - 1;
    if (token_end > sink_.ends[last]) {
      // Nothing but what is ignorable may lie between, so the span stays one.
      sink_.ends[last] = static_cast<uint32_t>(token_end);
      sink_.hashes[last] = SlowHash(sink_.begins[last], token_end);
    }
    return at;
  }

  uint64_t SlowHash(size_t begin, size_t end) {
    return sink_.canonicalizer.Hash(text_.substr(begin, end - begin));
  }

  const std::string_view text_;
  const unsigned char* const bytes_;
  const size_t end_;
  Sink& sink_;
  // In front of these, two and four bytes may be loaded. What is loaded from behind the run is ASCII and
  // continues nothing.
  const size_t end_of_two_;
  const size_t end_of_four_;
};

}  // namespace

Sink::Sink(Tokens* tokens) : tokens_(tokens) {
  capacity = tokens->hashes.size();
  tokens->begins.resize(capacity);
  tokens->ends.resize(capacity);
  tokens->traits.resize(capacity);
  SetPointers();
}

void Sink::Grow(size_t more) {
  // Room for a few hundred at once, but not much more than will be used: resize() writes zeros. New memory
  // only if what there is does not suffice.
  const size_t held = tokens_->hashes.capacity();
  capacity = count + std::max<size_t>(more, 512);
  if (count + more <= held) capacity = std::min(capacity, held);
  tokens_->hashes.resize(capacity);
  tokens_->begins.resize(capacity);
  tokens_->ends.resize(capacity);
  tokens_->traits.resize(capacity);
  SetPointers();
}

void Sink::SetPointers() {
  hashes = tokens_->hashes.data();
  begins = tokens_->begins.data();
  ends = tokens_->ends.data();
  traits = tokens_->traits.data();
}

void Sink::Finish() {
  tokens_->hashes.resize(count);
  tokens_->begins.resize(count);
  tokens_->ends.resize(count);
  tokens_->traits.resize(count);
  tokens_->invalid_bytes = invalid_bytes;
}

void TokenizeRun(std::string_view text, size_t begin, size_t end, Sink* sink) {
  Run(text, end, sink).Read(begin);
}

bool PlainSingles::Has(std::string_view text, size_t at) const {
  const Decoded c = Decode(reinterpret_cast<const unsigned char*>(text.data()) + at, text.size() - at);
  if (c.length != 3 || c.block < kFirstBlock) return false;
  const Block& block = blocks[c.block - kFirstBlock];
  return ((block.singles | block.separators) >> c.index & 1) != 0;
}

const PlainSingles& PlainSingles::Get() {
  static const PlainSingles singles = [] {
    PlainSingles all{};
    for (uint32_t block = 0; block < kBlocks; ++block) {
      if (kFirstBlock + block >= 0xD800 >> 6 && kFirstBlock + block <= 0xDFFF >> 6) continue;  // not valid
      for (uint32_t index = 0; index < 64; ++index) {
        const CodePoint& entry = unicode::Find(kFirstBlock + block, index);
        const uint64_t bit = uint64_t{1} << index;
        if (entry.kind_and_flags == unicode::kHalf && entry.length == 0) all.blocks[block].singles |= bit;
        if (entry.kind() == unicode::kSeparator && !TakesMarks(entry)) all.blocks[block].separators |= bit;
      }
    }
    return all;
  }();
  return singles;
}

size_t SeparatorLength(std::string_view text, size_t at) {
  const Decoded c = Decode(reinterpret_cast<const unsigned char*>(text.data()) + at, text.size() - at);
  if (c.length == 0) return 0;
  const CodePoint& entry = unicode::Find(c.block, c.index);
  return entry.kind() == unicode::kSeparator && !TakesMarks(entry) ? c.length : 0;
}

}  // namespace refrain::text_internal
