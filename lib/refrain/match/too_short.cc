#include "refrain/match/too_short_internal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "refrain/base/span.h"
#include "refrain/match/evidence_internal.h"
#include "refrain/match/page_look_internal.h"
#include "refrain/match/reach_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// Words of the page that stand in second places, or between parts of one.
double WordsInSecondPlaces(const Tokens& tokens, const std::vector<AlignedRun>& runs) {
  std::vector<Span> places;
  places.reserve(runs.size());
  for (const AlignedRun& run : runs) places.push_back({run.b_begin(), run.b_end()});
  std::sort(places.begin(), places.end(),
            [](const Span& one, const Span& other) { return one.begin < other.begin; });
  uint64_t quarters = 0;
  uint32_t end = 0;
  for (const Span& place : places) {
    quarters += QuarterWords(tokens, std::max(place.begin, end), place.end);
    end = std::max(end, place.end);
  }
  return static_cast<double>(quarters) / 4;
}

// The second place may stand right behind the first: a token is a quarter of a word at least.
bool MayFollow(const AlignedRun& run) { return run.b_begin() <= run.a_end() + 4 * kNextWords; }

// Half of the words or more are whole lines in one of the places.
bool MayBeLines(const Making& making) {
  return 2 * (std::max(making.whole_a, making.whole_b) + making.lines_inside) >= making.words;
}

}  // namespace

bool AreAllTooShort(const Tokens& tokens, const std::vector<AlignedRun>& runs,
                    const std::vector<const Making*>& makings, double min_words) {
  const double page_words = WordsOf(tokens);
  const auto least = [&](double times, double page_per_word) {
    return std::max(times * min_words, page_words / page_per_word);
  };
  const double lead = least(0, kPagePerTail), call_out = least(1, kPagePerCallout),
               glued = least(kLeastGlued, kPagePerGlued), text = least(kLeastText, kPagePerText),
               next = least(1, kPagePerNextParagraph),
               lines = std::min(least(kLeastLines, kPagePerLines), least(kLeastParagraph, kPagePerParagraph));
  for (size_t i = 0; i < runs.size(); ++i) {
    const AlignedRun& run = runs[i];
    const Making& making = *makings[i];
    if (run.teaser) return false;
    const double needed = making.cut_off != 0                    ? lead
                          : making.enclosed != 0                 ? call_out
                          : MayBeLines(making) && MayFollow(run) ? next
                          : making.glued != 0                    ? std::min(glued, lines)
                          : MayBeLines(making)                   ? lines
                                                                 : text;
    if (Evidence::Evident(making) >= needed) return false;
  }
  return WordsInSecondPlaces(tokens, runs) < kSecondPlaces * page_words;
}

}  // namespace refrain
