#include "refrain/match/furniture.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include <fmt/format.h>

#include "refrain/match/winnow_internal.h"
#include "refrain/sketch/fingerprint.h"

namespace refrain {

using match_internal::FoldedText;

absl::Status FurnitureOptions::Validate() const {
  const auto in = [](const char* name, double value, double least, double most) {
    if (value >= least && value <= most) return absl::OkStatus();
    return absl::InvalidArgumentError(
        fmt::format("{} is {}, must be between {} and {}", name, value, least, most));
  };
  constexpr double kMost = 1e9;
  absl::Status status = in("min-pages", min_pages, 2, kMost);
  if (status.ok()) status = in("share", share, 0, 1);
  if (status.ok()) status = in("enough-pages", enough_pages, 2, kMost);
  if (status.ok()) status = in("min-sources", min_sources, 2, kMost);
  return status;
}

std::string FurnitureOptions::Id() const {
  return fmt::format("furniture{} pages{} share{} enough{} sources{}", 1, min_pages, share, enough_pages,
                     min_sources);
}

uint32_t NeededPages(const FurnitureOptions& options, FurnitureKind kind, uint32_t pages) {
  // In thousandths, so that no rounding of a product can depend on the machine.
  const uint64_t thousandths = static_cast<uint64_t>(options.share * 1000 + 0.5);
  uint64_t needed = (pages * thousandths + 999) / 1000;
  const bool is_phrase =
      kind == FurnitureKind::kHead || kind == FurnitureKind::kTail || kind == FurnitureKind::kShortRun;
  if (!is_phrase) needed = std::min<uint64_t>(needed, static_cast<uint64_t>(options.enough_pages));
  return static_cast<uint32_t>(std::max<uint64_t>(needed, static_cast<uint64_t>(options.min_pages)));
}

namespace {

// A run of tokens with digits, whatever they are: one word.
constexpr uint64_t kSlot = 0x9e3779b97f4a7c15;

// Lengths in quarters of a word (TokenTraits).
constexpr uint32_t kWord = 4;
// Paragraphs from here on are long: they may be what the page has to say. Shorter ones are furniture so often
// that they are worth denser keys.
constexpr uint32_t kLongBlock = 24 * kWord;
// A page with fewer words in long paragraphs has its story somewhere else: in a list, a table.
constexpr uint32_t kLongText = 60 * kWord;
// Heads and tails: three words of blocks up to sixteen.
constexpr uint32_t kEdge = 3 * kWord;
constexpr uint32_t kEdgedBlock = 16 * kWord;
// Shorter blocks ("Share", "12", "Introduction") say too little to go by themselves.
constexpr uint32_t kTelling = 4 * kWord;
// All that is not furniture in a block that goes: a name, a date, a number of comments.
constexpr uint32_t kMostSlots = 8 * kWord;
// A stretch inside a block, where the block is mostly furniture, and where it is not.
constexpr uint32_t kStretch = 8 * kWord;
constexpr uint32_t kLoneStretch = 20 * kWord;
// The shortest block, and the shortest stretch of one, that is called common.
constexpr uint32_t kCommonBlock = 8 * kWord;
constexpr uint32_t kCommonStretch = 12 * kWord;
// Lines in a row that begin or end alike.
constexpr size_t kList = 3;

// Runs of five words, of which each seven in a row hold one; of twelve, each twenty.
constexpr size_t kShortWindow = 3, kLongWindow = 9;
constexpr ShingleOptions kShortShingle{};
constexpr ShingleOptions kLongShingle{.words = 12, .half = 24, .quarter = 32};

uint32_t WidthAt(const ShingleOptions& options, uint8_t traits) {
  const int quarters = traits & TokenTraits::kQuarterWords;
  return static_cast<uint32_t>(quarters == TokenTraits::kHalf      ? options.half
                               : quarters == TokenTraits::kQuarter ? options.quarter
                                                                   : options.words);
}

uint64_t KeyOf(FurnitureKind kind, uint64_t hash) {
  return (hash ^ (static_cast<uint64_t>(kind) + 1) * 0xff51afd7ed558ccd) * 0xc4ceb9fe1a85ec53;
}

uint64_t HashOf(const std::vector<uint64_t>& hashes, uint32_t begin, uint32_t end) {
  return ExactKey(std::span(hashes).subspan(begin, end - begin)).high;
}

uint32_t Quarters(const FoldedText& text, uint32_t begin, uint32_t end) {
  uint32_t sum = 0;
  for (uint32_t i = begin; i < end; ++i) sum += text.traits[i] & TokenTraits::kQuarterWords;
  return sum;
}

// The first three words of a block and the last three: [begin, head) and [tail, end). False if it is not much
// longer than that, or much longer.
bool EdgesOf(const FoldedText& text, uint32_t begin, uint32_t end, uint32_t* head, uint32_t* tail) {
  const uint32_t all = Quarters(text, begin, end);
  if (all <= kEdge || all > kEdgedBlock) return false;
  uint32_t sum = 0;
  for (*head = begin; sum < kEdge; ++*head) sum += text.traits[*head] & TokenTraits::kQuarterWords;
  for (sum = 0, *tail = end; sum < kEdge; --*tail) sum += text.traits[*tail - 1] & TokenTraits::kQuarterWords;
  return *head < end && *tail > begin;
}

// Where the tokens without a digit end that begin at `begin`. Eight a step.
uint32_t EndOfNoDigits(const std::vector<uint8_t>& traits, uint32_t begin, uint32_t end) {
  constexpr uint64_t kDigits = 0x0101010101010101 * TokenTraits::kDigit;
  for (; begin + 8 <= end; begin += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, traits.data() + begin, 8);
    if ((eight & kDigits) != 0) break;
  }
  while (begin < end && (traits[begin] & TokenTraits::kDigit) == 0) ++begin;
  return begin;
}

}  // namespace

void FoldedText::Fold(const Tokens& tokens, std::span<const Block> of) {
  hashes.resize(tokens.size());
  traits.resize(tokens.size());
  firsts.resize(tokens.size() + 1);
  blocks.clear();
  uint32_t size = 0;
  for (const Block& block : of) {
    blocks.push_back(size);
    bool slot = false;
    for (uint32_t token = block.first; token < block.last; ++token) {
      // What holds no digit is copied in one go.
      const uint32_t end = EndOfNoDigits(tokens.traits, token, block.last);
      if (token < end) {
        std::copy(tokens.hashes.begin() + token, tokens.hashes.begin() + end, hashes.begin() + size);
        std::copy(tokens.traits.begin() + token, tokens.traits.begin() + end, traits.begin() + size);
        std::iota(firsts.begin() + size, firsts.begin() + size + (end - token), token);
        size += end - token;
        slot = false;
        token = end;
        if (token == block.last) break;
      }
      if (slot) continue;
      slot = true;
      hashes[size] = kSlot;
      traits[size] = TokenTraits::kDigit | TokenTraits::kWord;
      firsts[size++] = token;
    }
  }
  blocks.push_back(size);
  hashes.resize(size);
  traits.resize(size);
  firsts[size] = of.empty() ? 0 : of.back().last;
  firsts.resize(size + 1);
}

void FurnitureKeyMaker::Make(const Tokens& tokens, std::span<const Block> blocks, bool of_source,
                             FurnitureKeys* keys) {
  keys->keys.clear();
  keys->story.clear();
  keys->story_of_all = false;
  keys->text = ExactKey(tokens.hashes).low;
  folded_.Fold(tokens, blocks);
  if (folded_.hashes.empty()) return;
  keys->keys.reserve(folded_.hashes.size() / 2);  // more than most texts have
  AddBlocks(tokens, blocks, of_source, keys);
  AddRuns(of_source, keys);
  std::erase_if(keys->keys, [](const FurnitureKey& key) { return key.place >= kPlaces; });
}

void FurnitureKeyMaker::AddBlocks(const Tokens& tokens, std::span<const Block> blocks, bool of_source,
                                  FurnitureKeys* keys) {
  is_long_.resize(folded_.hashes.size());
  long_quarters_ = 0;
  const auto add = [&](FurnitureKind kind, uint32_t block, uint64_t hash) {
    keys->keys.push_back({.key = KeyOf(kind, hash), .place = block, .kind = kind});
  };
  for (uint32_t number = 0; number < blocks.size(); ++number) {
    const uint32_t begin = folded_.blocks[number], end = folded_.blocks[number + 1];
    const uint32_t quarters = Quarters(folded_, begin, end);
    const bool is_long = quarters >= kLongBlock;
    std::fill(is_long_.begin() + begin, is_long_.begin() + end, is_long);
    if (is_long) long_quarters_ += quarters;
    if (!of_source && quarters < kCommonBlock) continue;
    const auto slots = std::count(folded_.hashes.begin() + begin, folded_.hashes.begin() + end, kSlot);
    // Numbers alone are no template.
    if (end - begin >= static_cast<uint32_t>(slots) + (slots > 0 ? 2 : 1))
      add(FurnitureKind::kFolded, number, HashOf(folded_.hashes, begin, end));
    if (slots > 0)
      add(FurnitureKind::kBlock, number, HashOf(tokens.hashes, blocks[number].first, blocks[number].last));
    uint32_t head = 0, tail = 0;
    if (of_source && EdgesOf(folded_, begin, end, &head, &tail)) {
      add(FurnitureKind::kHead, number, HashOf(folded_.hashes, begin, head));
      add(FurnitureKind::kTail, number, HashOf(folded_.hashes, tail, end));
    }
  }
}

void FurnitureKeyMaker::AddRuns(bool of_source, FurnitureKeys* keys) {
  const auto add = [&](FurnitureKind kind, size_t shingle) {
    keys->keys.push_back(
        {.key = KeyOf(kind, shingles_.values[shingle]), .place = shingles_.starts[shingle], .kind = kind});
  };
  MakePlacedShingles(folded_.hashes, folded_.traits, kShortShingle, &shingles_);
  AddStory(keys);
  if (of_source) {
    Winnow(shingles_.values, kShortWindow, &scratch_, &chosen_);
    for (const uint32_t shingle : chosen_) {
      if (!is_long_[shingles_.starts[shingle]]) add(FurnitureKind::kShortRun, shingle);
    }
  }
  MakePlacedShingles(folded_.hashes, folded_.traits, kLongShingle, &shingles_);
  Winnow(shingles_.values, kLongWindow, &scratch_, &chosen_);
  for (const uint32_t shingle : chosen_) add(FurnitureKind::kLongRun, shingle);
}

// The least values, each once: what of two texts is the same shows in the same share of them, about. Of
// hashes twice as many as are wanted lie below a bound that follows from their number, so that few have to be
// sorted.
void FurnitureKeyMaker::AddStory(FurnitureKeys* keys) {
  keys->story_of_all = long_quarters_ < kLongText;
  std::vector<uint64_t>& least = scratch_;
  const std::vector<uint64_t>& values = shingles_.values;
  const auto collect = [&](uint64_t most) {
    least.clear();
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i] <= most && (keys->story_of_all || is_long_[shingles_.starts[i]]))
        least.push_back(values[i]);
    }
    MakeSet(&least);
  };
  const size_t all = values.size();
  collect(all <= 2 * kStory ? UINT64_MAX : UINT64_MAX / all * (2 * kStory));
  // Where most do not count, or come again and again.
  if (least.size() < kStory && all > 2 * kStory) collect(UINT64_MAX);
  least.resize(std::min(least.size(), kStory));
  keys->story.assign(least.begin(), least.end());
}

void FurnitureMarker::Mark(uint32_t page, const Tokens& tokens, std::span<const Block> blocks,
                           std::span<const FoundFurniture> found, PageFurniture* furniture) {
  furniture->clear();
  page_ = page;
  if (found.empty()) return;
  folded_.Fold(tokens, blocks);
  states_.assign(blocks.size(), {});
  covered_.assign(folded_.hashes.size(), {});
  common_.clear();
  Take(found);
  Judge(tokens, blocks);
  JudgeLists();
  KeepText();
  KeepHeadline();
  Spread();
  for (size_t number = 0; number < blocks.size(); ++number) {
    const BlockState& state = states_[number];
    if (state.stays) continue;
    const uint32_t begin = folded_.blocks[number], end = folded_.blocks[number + 1];
    if (state.gone || (state.common.pages > 0 && Quarters(folded_, begin, end) >= kCommonBlock)) {
      AddWhole(blocks[number], number, furniture);
      continue;
    }
    uint32_t covered = 0;
    for (uint32_t i = begin; i < end; ++i)
      covered += covered_[i].pages != 0 ? folded_.traits[i] & TokenTraits::kQuarterWords : 0;
    const bool mostly = covered * 2 > Quarters(folded_, begin, end);
    const bool any =
        covered > 0 && AddRuns(covered_, number, mostly ? kStretch : kLoneStretch, false, furniture);
    if (!any && !common_.empty()) AddRuns(common_, number, kCommonStretch, true, furniture);
  }
}

void FurnitureMarker::Cover::Add(uint32_t more_pages, uint32_t another_first) {
  pages = std::max(pages, more_pages);
  first_page = std::min(first_page, another_first);
}

void FurnitureMarker::Join(const Cover& cover, Cover* together) {
  const bool none = together->pages == 0;
  together->pages = none ? cover.pages : std::min(together->pages, cover.pages);
  together->first_page = none ? cover.first_page : std::max(together->first_page, cover.first_page);
}

void FurnitureMarker::Take(std::span<const FoundFurniture> found) {
  for (const FoundFurniture& key : found) {
    if (key.kind == FurnitureKind::kShortRun || key.kind == FurnitureKind::kLongRun) {
      const bool is_short = key.kind == FurnitureKind::kShortRun;
      const uint32_t width = WidthAt(is_short ? kShortShingle : kLongShingle, folded_.traits[key.place]);
      const uint32_t end = static_cast<uint32_t>(std::min<size_t>(covered_.size(), key.place + width));
      std::vector<Cover>& to = key.common ? common_ : covered_;
      if (to.empty()) to.assign(folded_.hashes.size(), {});
      for (uint32_t i = key.place; i < end; ++i) to[i].Add(key.pages, key.first_page);
      continue;
    }
    BlockState& state = states_[key.place];
    Cover& to = key.common                         ? state.common
                : key.kind == FurnitureKind::kHead ? state.head
                : key.kind == FurnitureKind::kTail ? state.tail
                                                   : state.all;
    to.Add(key.pages, key.first_page);
    if (!key.common && key.kind == FurnitureKind::kBlock) state.exactly = key.pages;
  }
}

void FurnitureMarker::Judge(const Tokens& tokens, std::span<const Block> blocks) {
  for (size_t number = 0; number < blocks.size(); ++number) {
    BlockState& state = states_[number];
    const uint32_t begin = folded_.blocks[number], end = folded_.blocks[number + 1];
    uint32_t all = 0, covered = 0;
    for (uint32_t i = begin; i < end; ++i) {
      const uint32_t quarters = folded_.traits[i] & TokenTraits::kQuarterWords;
      all += quarters;
      covered += covered_[i].pages != 0 ? quarters : 0;
    }
    uint32_t as_read = 0;  // digits are not one word there
    for (uint32_t token = blocks[number].first; token < blocks[number].last && as_read < kTelling; ++token)
      as_read += tokens.quarter_words(token);
    const bool is_rest_small = all - covered <= kMostSlots;
    const uint32_t edges = (state.head.pages > 0 ? kEdge : 0) + (state.tail.pages > 0 ? kEdge : 0);
    state.gone = (state.all.pages > 0 && as_read >= kTelling) || (covered * 2 > all && is_rest_small);
    state.beside = state.all.pages > 0 || (covered > 0 && covered * 3 >= all && is_rest_small) ||
                   (edges > 0 && edges * 2 >= all);
  }
}

// Three lines or more that begin alike, or end alike, as lines of other pages do.
void FurnitureMarker::JudgeLists() {
  for (const bool by_head : {true, false}) {
    size_t begin = 0;
    const auto edge = [&](size_t number) {
      uint32_t head = 0, tail = 0;
      const uint32_t first = folded_.blocks[number], last = folded_.blocks[number + 1];
      const uint32_t pages = by_head ? states_[number].head.pages : states_[number].tail.pages;
      if (pages == 0 || !EdgesOf(folded_, first, last, &head, &tail)) return std::span<const uint64_t>();
      return by_head ? std::span<const uint64_t>(folded_.hashes).subspan(first, head - first)
                     : std::span<const uint64_t>(folded_.hashes).subspan(tail, last - tail);
    };
    while (begin < states_.size()) {
      const std::span<const uint64_t> alike = edge(begin);
      size_t end = begin + 1;
      while (!alike.empty() && end < states_.size() && std::ranges::equal(edge(end), alike)) ++end;
      if (end - begin >= kList) {
        for (size_t number = begin; number < end; ++number) states_[number].gone = true;
      }
      begin = end;
    }
  }
}

void FurnitureMarker::Spread() {
  const auto spread = [&](size_t from, size_t to) {
    states_[to].gone |= states_[from].gone && states_[to].beside && !states_[to].stays;
  };
  for (size_t i = 1; i < states_.size(); ++i) spread(i - 1, i);
  for (size_t i = states_.size(); i-- > 1;) spread(i, i - 1);
}

// A weekly round-up shows articles whole, and their paragraphs stand on two pages then. Of a page all of
// whose long paragraphs would go, those stay that fewer pages show than the site's frame.
void FurnitureMarker::KeepText() {
  uint32_t frame = 0;
  for (size_t number = 0; number < states_.size(); ++number) {
    frame = std::max(frame, states_[number].all.pages);
    if (!states_[number].gone && IsLong(number)) return;
  }
  for (size_t number = 0; number < states_.size(); ++number) {
    BlockState& state = states_[number];
    if (!state.gone || !IsLong(number) || state.all.pages == 0) continue;
    if (uint64_t{state.all.pages} * 3 > uint64_t{frame} * 2) continue;
    state.stays = true;
    state.gone = false;
  }
}

bool FurnitureMarker::IsLong(size_t number) const {
  return Quarters(folded_, folded_.blocks[number], folded_.blocks[number + 1]) >= kLongBlock;
}

// A site's lists of other stories name each story's headline, which would go from the story too. In front of
// the first long paragraph that stays, at most a few lines up (a byline, a date may stand between), a whole
// line of five words and more, numbers not counted, that fewer pages show than the site's frame is one.
void FurnitureMarker::KeepHeadline() {
  constexpr size_t kBetween = 3;
  constexpr uint32_t kHeadline = 5 * kWord;
  const auto words = [&](size_t number) {  // without numbers
    uint32_t sum = 0;
    for (uint32_t i = folded_.blocks[number]; i < folded_.blocks[number + 1]; ++i)
      sum += folded_.hashes[i] == kSlot ? 0 : folded_.traits[i] & TokenTraits::kQuarterWords;
    return sum;
  };
  size_t text = 0;
  while (text < states_.size() && (states_[text].gone || !IsLong(text))) ++text;
  if (text == states_.size()) return;
  uint32_t frame = 0;
  for (const BlockState& state : states_) frame = std::max(frame, state.all.pages);
  for (size_t number = text; number-- > 0 && text - number <= kBetween + 1;) {
    BlockState& state = states_[number];
    if (!state.gone && !state.beside) {
      if (words(number) >= kHeadline) return;  // it has a headline of its own
      continue;
    }
    const bool is_template = state.exactly > 0 && state.exactly < state.all.pages;
    if (is_template || state.all.pages == 0 || words(number) < kHeadline) continue;
    if (uint64_t{state.all.pages} * 3 > uint64_t{frame} * 2) return;
    state.stays = true;
    state.gone = false;
    return;
  }
}

// The block as one span.
void FurnitureMarker::AddWhole(const Block& block, size_t number, PageFurniture* furniture) const {
  const BlockState& state = states_[number];
  const uint32_t begin = folded_.blocks[number], end = folded_.blocks[number + 1];
  FurnitureSpan span{.first = block.first,
                     .last = block.last,
                     .common = !state.gone,
                     .whole_block = true,
                     .slots_begin = static_cast<uint32_t>(furniture->slots.size())};
  // What varies: digits, unless as many pages show them; and what no other page shows.
  const bool is_all_found = !state.gone || state.all.pages > 0;
  Cover cover = state.gone ? state.all : state.common, varying;
  uint32_t head = begin, tail = end;
  if (!is_all_found) {
    if (!EdgesOf(folded_, begin, end, &head, &tail)) head = begin, tail = end;
    if (state.head.pages == 0) head = begin;
    if (state.tail.pages == 0) tail = end;
  }
  const bool digits_vary = !state.gone || state.exactly < state.all.pages || !is_all_found;
  uint32_t slot = UINT32_MAX;  // the token at which one began
  for (uint32_t i = begin; i <= end; ++i) {
    bool varies = false;
    if (i < end) {
      Cover here = is_all_found ? Cover() : covered_[i];
      if (!is_all_found && i < head) here.Add(state.head.pages, state.head.first_page);
      if (!is_all_found && i >= tail) here.Add(state.tail.pages, state.tail.first_page);
      varies = (digits_vary && folded_.hashes[i] == kSlot) || (!is_all_found && here.pages == 0);
      if (!is_all_found && here.pages > 0) Join(here, varies ? &varying : &cover);
    }
    if (varies && slot == UINT32_MAX) slot = folded_.firsts[i];
    if (!varies && slot != UINT32_MAX) {
      furniture->slots.push_back({slot, i < end ? folded_.firsts[i] : block.last});
      slot = UINT32_MAX;
    }
  }
  SetCover(cover.pages > 0 ? cover : varying, &span);  // numbers alone may have been found
  span.slots_end = static_cast<uint32_t>(furniture->slots.size());
  furniture->spans.push_back(span);
}

void FurnitureMarker::SetCover(const Cover& cover, FurnitureSpan* span) const {
  span->pages = cover.pages;
  span->first_page = cover.first_page;
}

// Stretches of a block that are covered. Whether there were any.
bool FurnitureMarker::AddRuns(const std::vector<Cover>& covered, size_t number, uint32_t least, bool common,
                              PageFurniture* furniture) const {
  const uint32_t end = folded_.blocks[number + 1];
  bool any = false;
  for (uint32_t begin = folded_.blocks[number], stop = begin; begin < end; begin = stop + 1) {
    Cover all;
    for (stop = begin; stop < end && covered[stop].pages != 0; ++stop) {
      Join(covered[stop], &all);
    }
    if (stop == begin || Quarters(folded_, begin, stop) < least) continue;
    any = true;
    FurnitureSpan span{.first = folded_.firsts[begin],
                       .last = folded_.firsts[stop],
                       .common = common,
                       .slots_begin = static_cast<uint32_t>(furniture->slots.size())};
    SetCover(all, &span);
    for (uint32_t i = begin; i < stop; ++i) {
      if (folded_.hashes[i] == kSlot) furniture->slots.push_back({folded_.firsts[i], folded_.firsts[i + 1]});
    }
    span.slots_end = static_cast<uint32_t>(furniture->slots.size());
    furniture->spans.push_back(span);
  }
  return any;
}

}  // namespace refrain
