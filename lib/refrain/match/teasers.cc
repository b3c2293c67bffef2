#include "refrain/match/teasers_internal.h"

#include <algorithm>
#include <bit>
#include <utility>

#include <hwy/cache_control.h>

#include "refrain/match/edges_internal.h"
#include "refrain/match/slip_internal.h"
#include "refrain/match/words_internal.h"
#include "refrain/text/first_token.h"

namespace refrain {
namespace {

constexpr uint32_t kEdgeWords = 6;
// Shortest leads, in quarters of a word: with a tail, with a continuation that cannot begin a sentence,
// without.
constexpr uint32_t kTailedQuarters = 3 * 4, kLowerQuarters = 5 * 4, kPlainQuarters = 8 * 4;
// What a lead is cut from: a whole sentence of twelve words, or twenty-five words.
constexpr uint32_t kSentenceQuarters = 12 * 4, kParagraphQuarters = 25 * 4;

// Links to the rest of a text, as sites write them.
constexpr std::string_view kCalls[] = {
    "read more",
    "read on",
    "continue reading",
    "keep reading",
    "full story",
    "read full story",
    "more",
    "continue",
    "full article",
    "learn more",
    "read article",
    "read full article",
    "see more",
    "view more",
    "show more",
    "read the full article",
    "read the full story",
    "read the full story here",
    "read more here",
    "click here to read more",
    "weiterlesen",
    "mehr lesen",
    "mehr",
    "lesen sie mehr",
    "lire la suite",
    "lire plus",
    "en savoir plus",
    "leer más",
    "seguir leyendo",
    "ver más",
    "leia mais",
    "ler mais",
    "continue lendo",
    "leggi tutto",
    "leggi di più",
    "continua a leggere",
    "lees meer",
    "lees verder",
    "läs mer",
    "les mer",
    "læs mere",
    "lue lisää",
    "czytaj więcej",
    "czytaj dalej",
    "číst dále",
    "číst více",
    "čítať viac",
    "tovább",
    "citește mai mult",
    "прочети още",
    "читать далее",
    "подробнее",
    "читати далі",
    "devamını oku",
    "devamı",
    "διαβάστε περισσότερα",
    "اقرأ المزيد",
    "المزيد",
    "ادامه مطلب",
    "קרא עוד",
    "और पढ़ें",
    "baca selengkapnya",
    "selengkapnya",
    "xem thêm",
    "soma zaidi",
    "อ่านต่อ",
    "続きを読む",
    "阅读全文",
    "查看更多",
    "閱讀全文",
    "더보기",
    "더 보기",
};

constexpr uint32_t kLongestCall = 8;  // tokens

// Whether a line ends with anything but LF or CR LF.
bool HasRareLineEnd(std::string_view text) {
  for (const std::string_view line_end : {"\v", "\f", "\u0085", "\u2028", "\u2029"}) {
    if (text.find(line_end) != std::string_view::npos) return true;
  }
  for (size_t at = 0; (at = text.find('\r', at)) != std::string_view::npos; ++at) {
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  }
  return false;
}

// Where the first so many quarters of words of the line end that begins at `begin`; 0 if it has fewer.
uint32_t KeyEnd(const Tokens& tokens, uint32_t begin, uint32_t end, uint32_t least = kTailedQuarters) {
  uint32_t quarters = 0;
  for (uint32_t i = begin; i < end; ++i) {
    quarters += tokens.quarter_words(i);
    if (quarters >= least) return i + 1;
  }
  return 0;
}

uint32_t Quarters(const Tokens& tokens, uint32_t begin, uint32_t end, uint32_t most) {
  uint32_t quarters = 0;
  for (uint32_t i = begin; i < end && quarters < most; ++i) quarters += tokens.quarter_words(i);
  return quarters;
}

// Word `half` is the last of what it stands in, and `whole` begins with it.
bool IsHalfWord(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                uint32_t half, uint32_t whole) {
  if (half >= tokens.size() || whole >= tokens.size() || tokens.hashes[half] == tokens.hashes[whole])
    return false;
  if (edges[half] & Edge::kLine) return false;  // no lead stands in front of it on its line
  const EdgeBits behind = edges[half + 1];
  // Not an ellipsis that text follows on its line: that text would go as part of the tail.
  const bool torn = behind & Edge::kTail;
  if (!torn && (!(behind & Edge::kLine) || (behind & Edge::kSentence))) return false;
  return Slice(text, tokens.span(whole)).starts_with(Slice(text, tokens.span(half)));
}

// Marks word `half` as part of a tail, which goes on if one began behind it.
void MarkHalfWord(uint32_t half, std::vector<EdgeBits>* edges) {
  (*edges)[half] |= Edge::kTail | Edge::kInTail;
}

// Whether the gap in front of `token` opens a bracket: "[more]".
bool IsBracketed(std::string_view text, const Tokens& tokens, uint32_t token) {
  const uint32_t before = token == 0 ? 0 : tokens.ends[token - 1];
  const std::string_view gap = text.substr(before, tokens.begins[token] - before);
  return gap.ends_with('[') || gap.ends_with('(');
}

}  // namespace

TailMarker::TailMarker() {
  Tokens tokens;
  for (const std::string_view call : kCalls) {
    Tokenize(call, &tokens);
    calls_.push_back(SequenceOf(tokens, 0, static_cast<uint32_t>(tokens.size())));
    may_end_[tokens.hashes.back() / 64 % may_end_.size()] |= uint64_t{1} << tokens.hashes.back() % 64;
  }
  std::sort(calls_.begin(), calls_.end());
}

bool TailMarker::IsCall(const Tokens& tokens, uint32_t begin, uint32_t end) const {
  return std::binary_search(calls_.begin(), calls_.end(), SequenceOf(tokens, begin, end));
}

// One word is none without an ellipsis or a bracket.
bool TailMarker::IsSign(std::string_view text, const Tokens& tokens, uint32_t begin, uint32_t end) const {
  return Quarters(tokens, begin, end, 5) >= 5 || IsBracketed(text, tokens, begin);
}

bool TailMarker::EndsInCall(std::string_view text, const Tokens& tokens, uint32_t begin, uint32_t end) const {
  if (!MayEndCall(tokens.hashes[end - 1])) return false;
  for (uint32_t call = end; call-- > begin && end - call <= kLongestCall;) {
    if (IsCall(tokens, call, end) && IsSign(text, tokens, call, end)) return true;
  }
  return false;
}

void TailMarker::Mark(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* edges) const {
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  for (uint32_t begin = 0, end; begin < size; begin = end) {
    end = std::min(NextLine(*edges, begin + 1), size);
    if ((*edges)[end] & Edge::kEllipsis) (*edges)[end] |= Edge::kTail;
    if (!MayEndCall(tokens.hashes[end - 1])) continue;
    const uint32_t call = FindCall(text, tokens, *edges, begin, end);
    if (call == end) continue;
    const EdgeBits front = (*edges)[call];
    if (call > begin) {
      (*edges)[call] |= Edge::kTail;
    } else if (begin == 0 || ((front & Edge::kSentence) && !(front & Edge::kTail))) {
      continue;  // a title in front of it is not cut off by that
    }
    for (uint32_t i = call; i < end; ++i) (*edges)[i] |= Edge::kInTail;
  }
}

// Where the longest call that ends the line [begin, end) begins; `end` if there is none.
uint32_t TailMarker::FindCall(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                              uint32_t begin, uint32_t end) const {
  uint32_t longest = end;
  for (uint32_t call = end; call-- > begin && end - call <= kLongestCall;) {
    if (!IsCall(tokens, call, end)) continue;
    // Without an ellipsis one word is no sign, nor is what ends with a full stop: "… and often more." On a
    // line of its own one word may be a heading.
    const bool closed = (edges[end] & Edge::kSentence) && !(edges[end] & Edge::kEllipsis);
    const bool behind_dots = call > begin && (edges[call] & Edge::kEllipsis);
    if (behind_dots || (!closed && IsSign(text, tokens, call, end))) longest = call;
  }
  return longest;
}

uint32_t TailEnd(const std::vector<EdgeBits>& edges, uint32_t edge) {
  if (!(edges[edge] & (Edge::kTail | Edge::kInTail))) return edge;
  const auto line_end = [&](uint32_t at) {
    while (at + 1 < edges.size() && !(edges[at] & Edge::kLine)) ++at;
    return at;
  };
  const uint32_t end = line_end(edge);
  // A call on the next line.
  return end + 1 < edges.size() && (edges[end] & Edge::kInTail) ? line_end(end + 1) : end;
}

bool TeaserFinder::MayFind(std::string_view text, const Tokens& tokens, const Glance& glance,
                           const TailMarker& tails) {
  if (glance.ellipsis && HasRareLineEnd(text)) return true;
  FindLines(tokens, glance);
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  // On a page of megabytes every line is far from the caches, but known well ahead.
  constexpr size_t kAhead = 16;  // lines
  const auto fetch = [&](size_t line) {
    if (line + kAhead >= starts_.size()) return;
    const uint32_t start = starts_[line + kAhead];
    hwy::Prefetch(&tokens.hashes[start]);
    hwy::Prefetch(&tokens.traits[start]);
  };
  bool may_have_tail = glance.ellipsis;
  for (size_t line = 0; line < starts_.size() && !may_have_tail; ++line) {
    fetch(line);
    const uint32_t end = line + 1 < starts_.size() ? starts_[line + 1] : size;
    may_have_tail = tails.EndsInCall(text, tokens, starts_[line], end);
  }
  // Lines that begin alike, as far as the shortest leads go. They may go on with the next one, where text was
  // broken to a width.
  const uint32_t least = may_have_tail ? kTailedQuarters : kLowerQuarters;
  keys_.clear();
  for (size_t line = 0; line < starts_.size(); ++line) {
    fetch(line);
    const uint32_t key_end = KeyEnd(tokens, starts_[line], size, least);
    if (key_end > 0) keys_.push_back(SequenceOf(tokens, starts_[line], key_end) | 1);
  }
  const size_t slots = std::bit_ceil(keys_.size() * 2 + 2);
  const auto slot_of = [&](uint64_t key) { return key >> 32 & (slots - 1); };
  table_.assign(slots, 0);
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (i + kAhead < keys_.size()) hwy::Prefetch(&table_[slot_of(keys_[i + kAhead])]);
    const uint64_t key = keys_[i];
    size_t slot = slot_of(key);
    while (table_[slot] != 0 && table_[slot] != key) slot = (slot + 1) & (slots - 1);
    if (table_[slot] == key) return true;
    table_[slot] = key;
  }
  return false;
}

// Fills `starts_` with the first tokens of the lines that hold any.
void TeaserFinder::FindLines(const Tokens& tokens, const Glance& glance) {
  starts_.clear();
  const size_t size = tokens.size();
  size_t first = 0;
  for (size_t feed = 0; feed < glance.feeds.size() && first < size; ++feed) {
    const size_t next = FirstTokenFrom(tokens.begins, first, glance.feeds[feed]);
    if (first < next) starts_.push_back(static_cast<uint32_t>(first));
    first = next;
  }
  if (first < size) starts_.push_back(static_cast<uint32_t>(first));
}

void TeaserFinder::Find(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* page_edges,
                        std::vector<AlignedRun>* runs) {
  std::vector<EdgeBits>& edges = *page_edges;
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  lines_.clear();
  for (uint32_t begin = 0, end; begin < size; begin = end) {
    end = std::min(NextLine(edges, begin + 1), size);
    if (const uint32_t key_end = KeyEnd(tokens, begin, end); key_end > 0)
      lines_.push_back({SequenceOf(tokens, begin, key_end), begin, end});
  }
  std::vector<std::pair<uint32_t, uint32_t>> known;
  known.reserve(runs->size());
  for (const AlignedRun& run : *runs) known.emplace_back(run.a_begin(), run.b_begin());
  std::sort(known.begin(), known.end());
  std::sort(lines_.begin(), lines_.end(), [](const Line& one, const Line& other) {
    return one.first != other.first ? one.first < other.first : one.begin < other.begin;
  });
  const auto goes_on = [&](const Line& lead, uint32_t lead_end, const Line& line) {
    const uint32_t length = lead_end - lead.begin, next = line.begin + length;
    if (next >= line.end || line.begin == lead.begin) return false;
    if (edges[next] & Edge::kEllipsis) return false;
    if (!std::equal(tokens.hashes.begin() + lead.begin, tokens.hashes.begin() + lead_end,
                    tokens.hashes.begin() + line.begin)) {
      return false;
    }
    if (edges[lead_end] & Edge::kTail) {
      // A few words are cut from a paragraph, or are no lead: "Hope this helps ..."
      if (Quarters(tokens, lead.begin, lead_end, kLowerQuarters) >= kLowerQuarters) return true;
      return !(edges[next] & Edge::kSentence) &&
             Quarters(tokens, line.begin, line.end, kPlainQuarters) >= kPlainQuarters;
    }
    // What is cut off at the end of the page was cut by who saved it.
    if (lead_end == size) return false;
    // Without a tail: a title goes on as well, where a link repeats it.
    if ((edges[lead_end] & (Edge::kSentence | Edge::kColon)) ||
        (edges[next] & ~Edge::kSpeech) != Edge::kSpace)
      return false;
    const auto has_digit = [](uint8_t traits) { return (traits & TokenTraits::kDigit) != 0; };
    const bool date =
        std::any_of(tokens.traits.begin() + lead.begin, tokens.traits.begin() + lead_end, has_digit);
    const bool lower =
        !date && (IsLowerAt(text, tokens.begins[next]) || tokens.quarter_words(next) != TokenTraits::kWord);
    if (Quarters(tokens, lead.begin, lead_end, kPlainQuarters) < (lower ? kLowerQuarters : kPlainQuarters))
      return false;
    const uint32_t in_line = Quarters(tokens, line.begin, line.end, kParagraphQuarters);
    return in_line >= kParagraphQuarters ||
           (in_line >= kSentenceQuarters && (edges[line.end] & Edge::kSentence));
  };
  for (size_t first = 0, last; first < lines_.size(); first = last) {
    for (last = first + 1; last < lines_.size() && lines_[last].first == lines_[first].first;) ++last;
    if (last == first + 1) continue;
    for (size_t i = first; i < last; ++i) {
      const Line& lead = lines_[i];
      uint32_t lead_end = lead.end;
      for (uint32_t at = lead.begin + 1; at < lead.end; ++at) {
        if (!(edges[at] & Edge::kTail)) continue;
        lead_end = at;
        break;
      }
      if (Quarters(tokens, lead.begin, lead_end, kTailedQuarters) < kTailedQuarters) continue;
      // A few lines that begin alike are tried; a page of nothing but such lines is no place for leads.
      for (size_t j = first; j < std::min(last, first + 16); ++j) {
        const Line& line = lines_[j];
        uint32_t end = lead_end;
        // The last word may have lost its end.
        const uint32_t half = lead_end - 1, whole = line.begin + (half - lead.begin);
        const bool torn = (edges[lead_end] & Edge::kTail) && whole < line.end &&
                          Quarters(tokens, lead.begin, half, kTailedQuarters) >= kTailedQuarters &&
                          IsHalfWord(text, tokens, edges, half, whole);
        if (torn) {
          const EdgeBits before = edges[half];
          MarkHalfWord(half, &edges);
          if (goes_on(lead, half, line)) {
            end = half;
          } else {
            edges[half] = before;
          }
        }
        if (end == lead_end && !goes_on(lead, lead_end, line)) continue;
        AlignedRun run;
        run.pieces.push_back(
            {std::min(lead.begin, line.begin), std::max(lead.begin, line.begin), end - lead.begin});
        run.teaser = true;
        if (!std::binary_search(known.begin(), known.end(), std::pair(run.a_begin(), run.b_begin())))
          runs->push_back(std::move(run));
        break;
      }
    }
  }
}

void MarkHalfWords(std::string_view text, const Tokens& tokens, const std::vector<AlignedRun>& runs,
                   std::vector<EdgeBits>* edges) {
  // Not of what was cut by who saved the page.
  const auto mark = [&](uint32_t lead_begin, uint32_t half, uint32_t whole) {
    if (!((*edges)[lead_begin] & Edge::kLine) || half + 1 >= tokens.size()) return;
    if (IsHalfWord(text, tokens, *edges, half, whole)) MarkHalfWord(half, edges);
  };
  for (const AlignedRun& run : runs) {
    mark(run.a_begin(), run.a_end(), run.b_end());
    mark(run.b_begin(), run.b_end(), run.a_end());
  }
}

void ExtendToEdges(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                   int max_edits, AlignedRun* run) {
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  const auto is_edge = [&](uint32_t a, uint32_t b) {
    return Edge::IsUnit(edges[a]) && Edge::IsUnit(edges[b]);
  };

  // `step` words from the run's end (direction +1) or beginning (-1): slips and verbatim words only. Appends
  // pieces outwards.
  const auto extend = [&](int direction) {
    uint32_t a = direction > 0 ? run->a_end() : run->a_begin();
    uint32_t b = direction > 0 ? run->b_end() : run->b_begin();
    if (is_edge(a, b)) return;
    uint32_t words = 0;
    int slips = 0;
    std::vector<bool> verbatim;
    for (; words < kEdgeWords && !is_edge(a, b); ++words) {
      if (direction > 0 ? b >= size || a >= run->b_begin() : a == 0 || b <= run->a_end()) return;
      const uint32_t at_a = direction > 0 ? a : a - 1, at_b = direction > 0 ? b : b - 1;
      const bool equal = tokens.hashes[at_a] == tokens.hashes[at_b];
      if (!equal && (++slips > max_edits || !IsSlip(text, tokens, at_a, at_b))) return;
      verbatim.push_back(equal);
      a += direction > 0 ? 1 : -1;
      b += direction > 0 ? 1 : -1;
    }
    if (!is_edge(a, b) || slips == 0) return;
    // An empty piece at the far end holds a slip that is the very last word.
    std::vector<RunPiece> pieces;
    std::vector<GapKind> gaps;
    uint32_t at_a = direction > 0 ? run->a_end() : run->a_begin(),
             at_b = direction > 0 ? run->b_end() : run->b_begin();
    for (size_t i = 0; i < verbatim.size();) {
      size_t next = i;
      while (next < verbatim.size() && !verbatim[next]) ++next;
      size_t end = next;
      while (end < verbatim.size() && verbatim[end]) ++end;
      const uint32_t gap = static_cast<uint32_t>(next - i), length = static_cast<uint32_t>(end - next);
      if (gap == 0) return;  // verbatim words right at the run would have belonged to it
      gaps.push_back(GapKind::kSlip);
      if (direction > 0) {
        pieces.push_back({at_a + gap, at_b + gap, length});
        at_a += gap + length;
        at_b += gap + length;
      } else {
        at_a -= gap + length;
        at_b -= gap + length;
        pieces.push_back({at_a, at_b, length});
      }
      i = end;
    }
    if (direction > 0) {
      run->pieces.insert(run->pieces.end(), pieces.begin(), pieces.end());
      run->gaps.insert(run->gaps.end(), gaps.begin(), gaps.end());
    } else {
      run->pieces.insert(run->pieces.begin(), pieces.rbegin(), pieces.rend());
      run->gaps.insert(run->gaps.begin(), gaps.rbegin(), gaps.rend());
    }
  };
  extend(-1);
  extend(+1);
}

void TrimToEdges(const Tokens& tokens, const std::vector<EdgeBits>& edges, AlignedRun* run) {
  constexpr uint32_t kByChance = 2;
  const auto ends = [&](uint32_t a, uint32_t b) {
    return Edge::IsUnit(edges[a]) || Edge::IsUnit(edges[b]) || ((edges[a] | edges[b]) & Edge::kTail);
  };
  // Behind "Mr." no passage ends, but where a line does.
  constexpr uint32_t kShortForm = 3;  // bytes
  const auto is_short_form = [&](uint32_t words) {
    const EdgeBits edge = edges[run->a_end() - words] | edges[run->b_end() - words];
    return !(edge & (Edge::kLine | Edge::kTail)) &&
           tokens.span(run->b_end() - words - 1).size() <= kShortForm;
  };
  const auto is_line = [&](uint32_t words) {
    return ((edges[run->a_end() - words] | edges[run->b_end() - words]) & Edge::kLine) != 0;
  };
  RunPiece& last = run->pieces.back();
  uint32_t end = last.length;
  for (uint32_t words = 0; words <= kByChance && words < last.length; ++words) {
    if (!ends(run->a_end() - words, run->b_end() - words)) continue;
    if (end == last.length || is_line(words)) end = words;
    if (!is_short_form(words)) break;
  }
  if (end < last.length) last.length -= end;
  RunPiece& first = run->pieces.front();
  for (uint32_t words = 0; words <= kByChance && words < first.length; ++words) {
    if (!ends(first.a + words, first.b + words)) continue;
    first.a += words;
    first.b += words;
    first.length -= words;
    break;
  }
}

}  // namespace refrain
