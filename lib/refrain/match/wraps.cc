#include "refrain/match/wraps_internal.h"

#include <algorithm>
#include <bitset>
#include <cstddef>

#include "refrain/match/columns_internal.h"
#include "refrain/text/line_ends.h"

namespace refrain {
namespace {

// Goes through blocks of lines without a blank one, or one wider than a screen, between them.
class Wraps {
 public:
  Wraps(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* edges)
      : text_(text), tokens_(tokens), edges_(*edges) {}

  void Mark() {
    FindBlocks();
    // What blocks show holds for others that are nearly as wide; one line may be torn by accident.
    uint32_t width = 0, shown = 0;
    for (Block& block : blocks_) {
      const uint32_t lines = WrappedLines(block);
      block.wrapped = lines > 0;
      shown += lines;
      if (block.wrapped) width = std::max(width, block.width);
    }
    if (width == 0) shown = WrapTogether(&width);
    if (width == 0) return;
    for (const Block& block : blocks_) {
      if (block.width > width + kNearly || !(block.wrapped || shown > 1)) continue;
      if (together_ && !block.blank) continue;
      const uint32_t here = block.wrapped ? block.width : std::max(block.width, width);
      for (uint32_t i = block.begin; i < block.end; ++i) {
        EdgeBits& edge = edges_[lines_[i].edge];
        // A sentence that ends with a full line may end a paragraph, if blank lines do not.
        if (!IsFull(lines_[i], here) && !IsFullOfPhrases(lines_[i], here)) continue;
        if (!block.blank && EndsSentence(edge)) continue;
        edge = static_cast<EdgeBits>((edge & ~(Edge::kLine | Edge::kLower)) | Edge::kWrap);
      }
    }
  }

 private:
  struct Line {
    uint32_t edge = 0;   // behind its last word
    uint32_t width = 0;  // columns
  };
  struct Block {
    uint32_t begin = 0, end = 0;  // of lines_
    uint32_t width = 0;           // of the widest line
    bool blank = false;           // blank lines stand before and behind it
    bool wrapped = false;
  };
  static constexpr uint32_t kWidest = kWidestColumns, kNarrowest = 30, kNearly = 10;
  // So many full lines show that a text was broken to a width, where small letters do not: of phrases more.
  static constexpr uint32_t kFullLines = 3, kFullLinesOfPhrases = 6;
  // In a short block where small letters do: three in four, or so many.
  static constexpr uint32_t kFullLinesAShortOne = 3, kMoreThanVerse = 6;
  // Of paragraphs together: no narrower than this; a line that lacks so little is as good as full; one in so
  // many is full for the next word, and one other line stands beside so many.
  static constexpr uint32_t kNarrowestTogether = 50, kExact = 2, kFullLinesOfWords = 3, kFullLinesAnOther = 6;

  void FindBlocks() {
    const uint32_t size = static_cast<uint32_t>(tokens_.size());
    uint32_t line = 0;  // byte where the current line begins
    for (uint32_t edge = NextLine(edges_, 1); edge < size; edge = NextLine(edges_, edge + 1)) {
      const uint32_t next = tokens_.begins[edge], end = LineEndBehind(tokens_.ends[edge - 1]);
      const uint32_t begin = end + LineEndAt(text_, end);
      AddLine(edge, Columns({line, end}));
      line = begin;
      for (uint32_t at = begin; at < next;) {
        const uint32_t more = MayEndLine(text_[at]) ? LineEndAt(text_, at) : 0;
        at += more > 0 ? more : 1;
        if (more == 0) continue;
        EndBlock(0, true);  // a blank line, or one without words
        line = at;
      }
    }
    if (size > 0) {
      const uint32_t width = Columns({line, LineEndBehind(tokens_.ends[size - 1])});
      EndBlock(width > kWidest ? 0 : width, width <= kWidest);
    }
  }

  uint32_t LineEndBehind(uint32_t at) const {
    while (at < text_.size() && LineEndAt(text_, at) == 0) ++at;
    return at;
  }

  void AddLine(uint32_t edge, uint32_t width) {
    if (width > kWidest) return EndBlock(0, false);
    lines_.push_back({edge, width});
    widest_ = std::max(widest_, width);
  }

  // `last_width`: of its last line; 0 if that is among lines_ already: what stands behind it is apart.
  // `blank`: a blank line is.
  void EndBlock(uint32_t last_width, bool blank) {
    if (last_width == 0 && lines_.size() > block_begin_) lines_.pop_back();
    const uint32_t end = static_cast<uint32_t>(lines_.size());
    const bool apart = blank_before_ && blank;
    if (end > block_begin_) blocks_.push_back({block_begin_, end, std::max(widest_, last_width), apart});
    blank_before_ = blank;
    block_begin_ = end;
    widest_ = 0;
  }

  uint32_t Columns(Span bytes) const { return refrain::Columns(Slice(text_, bytes)); }

  // The word behind may follow on the same line, or begin a new one: it begins with neither a small letter
  // nor a capital.
  bool HasNoCase(uint32_t token) const { return HasNoCaseAt(text_, tokens_.begins[token]); }

  // Too full for the next word. Where that ends is unknown in Thai and its like.
  bool IsFull(const Line& line, uint32_t width) const { return IsFull(line, width, WordColumns(line)); }
  static bool IsFull(const Line& line, uint32_t width, uint32_t word) { return UpTo(line, word) > width; }
  static uint32_t UpTo(const Line& line, uint32_t word) {
    return line.width >= kNarrowest ? line.width + 1 + word : 0;
  }
  uint32_t WordColumns(const Line& line) const {
    constexpr uint32_t kThaiWord = 8;
    return IsThai(line) ? kThaiWord : Columns(tokens_.span(line.edge));
  }
  bool IsThai(const Line& line) const { return tokens_.quarter_words(line.edge) == TokenTraits::kQuarter; }

  // Lines of Thai may be broken between phrases only. Lines of one phrase each may be headings.
  bool IsFullOfPhrases(const Line& line, uint32_t width) const {
    if (together_) return GoesOnToSpace(line) && IsFull(line, width, PhraseColumns(line.edge));
    return IsThai(line) && HasPhrases(line.edge) && IsFull(line, width, PhraseColumns(line.edge));
  }
  // What follows goes on up to a space: a phrase of Thai, or a word with what is glued to it.
  bool GoesOnToSpace(const Line& line) const {
    return tokens_.quarter_words(line.edge) != TokenTraits::kHalf;
  }

  // A space stands in the line that ends at `edge`, or in front of it.
  bool HasPhrases(uint32_t edge) const {
    constexpr EdgeBits kEnd = Edge::kLine | Edge::kWrap | Edge::kSpace;
    uint32_t at = edge - 1;
    while (at > 0 && edge - at <= kWidest && !(edges_[at] & kEnd)) --at;
    return at > 0 && (edges_[at] & (Edge::kLine | Edge::kWrap)) == 0;
  }

  uint32_t PhraseColumns(uint32_t token) const {
    uint32_t end = token + 1;
    while (end < tokens_.size() && end - token <= kWidest && !(edges_[end] & Edge::kSpace)) ++end;
    return Columns({tokens_.begins[token], tokens_.ends[end - 1]});
  }

  static bool EndsSentence(EdgeBits edge) {
    return (edge & (Edge::kSentence | Edge::kPhrase)) == Edge::kSentence;
  }

  // Lines as wide as a screen at most, each too full for the next word, were one paragraph. That they were
  // broken to a width shows where one goes on with a small letter; in scripts without any, where all lines
  // are full that end no sentence. Returns how many lines show it.
  uint32_t WrappedLines(const Block& block) const {
    bool all_full = true, all_of_phrases = true;
    uint32_t lower = 0, without_case = 0, phrases = 0, all = 0, others = 0;
    for (uint32_t i = block.begin; i < block.end; ++i) {
      const Line& line = lines_[i];
      const bool sentence = EndsSentence(edges_[line.edge]), full = !sentence && IsFull(line, block.width);
      const bool of_phrases = full || (!sentence && IsFullOfPhrases(line, block.width));
      all += full;
      others += !full && !sentence;
      lower += full && IsLowerAt(text_, tokens_.begins[line.edge]);
      without_case += full && HasNoCase(line.edge);
      phrases += of_phrases && HasNoCase(line.edge);
      all_full &= full || sentence;
      all_of_phrases &= of_phrases || sentence;
    }
    // Verse begins its lines small in many languages, and has lines as long as they come, in short blocks.
    if (lower > 0 && (lower >= kMoreThanVerse || others * kFullLinesAShortOne <= all)) return lower;
    if (all_full && without_case >= kFullLines) return without_case;
    return all_of_phrases && phrases >= kFullLinesOfPhrases ? phrases : 0;
  }

  // Up to which width a line is too full for what follows it.
  struct Fullness {
    uint32_t block_width = 0;
    uint32_t word_width = 0;    // for the next word
    uint32_t width = 0;         // the same; of Thai with a space in the line, for the next phrase
    uint32_t phrase_width = 0;  // for the next phrase
    bool no_case = false;
  };

  // Paragraphs of two or three lines, with blank lines between them, show together what none shows by itself,
  // in scripts without small letters: nearly all lines of those no wider than one of them are full. Returns
  // how many show it, and sets `width` to that of the widest.
  uint32_t WrapTogether(uint32_t* width) {
    std::bitset<kWidest + 1> widths;
    std::vector<Fullness> lines;
    uint32_t without_case = 0;
    for (const Block& block : blocks_) {
      for (uint32_t i = block.begin; block.blank && i < block.end; ++i) {
        const Line& line = lines_[i];
        if (EndsSentence(edges_[line.edge])) continue;
        const bool no_case = HasNoCase(line.edge);
        without_case += no_case;
        const uint32_t word_width = UpTo(line, WordColumns(line));
        lines.push_back({block.width, word_width, word_width, 0, no_case});
        if (GoesOnToSpace(line)) {
          Fullness& full = lines.back();
          full.phrase_width = UpTo(line, PhraseColumns(line.edge));
          if (!IsThai(line) || HasPhrases(line.edge)) full.width = std::max(full.width, full.phrase_width);
        }
        widths.set(block.width);
      }
    }
    if (without_case < kFullLinesOfPhrases) return 0;
    for (uint32_t widest = kWidest; widest >= kNarrowestTogether; --widest) {
      if (!widths[widest]) continue;
      uint32_t full = 0, of_words = 0, others = 0;
      for (const Fullness& line : lines) {
        if (line.block_width > widest) continue;
        full += line.width > widest && line.no_case;
        of_words += line.word_width > widest && line.no_case;
        others += std::max(line.width, line.phrase_width) + kExact <= widest;
      }
      // Phrases are long: lines that are full for nothing less may as well be entries of a list.
      if (full < kFullLinesOfPhrases || of_words * kFullLinesOfWords < full ||
          others * kFullLinesAnOther > full)
        continue;
      together_ = true;
      *width = widest;
      return full;
    }
    return 0;
  }

  std::string_view text_;
  const Tokens& tokens_;
  std::vector<EdgeBits>& edges_;
  std::vector<Line> lines_;  // but for the last of each block
  std::vector<Block> blocks_;
  uint32_t block_begin_ = 0, widest_ = 0;  // of the block at hand
  bool together_ = false;                  // WrapTogether has seen lines broken to a width
  bool blank_before_ = true;
};

}  // namespace

void MarkWraps(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* edges) {
  Wraps(text, tokens, edges).Mark();
}

}  // namespace refrain
