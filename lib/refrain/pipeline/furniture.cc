#include "refrain/pipeline/furniture.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "refrain/base/hash.h"
#include "refrain/pipeline/packed.h"

namespace refrain {
namespace {

constexpr int kPlaceBits = 29;
static_assert(FurnitureKeyMaker::kPlaces == uint32_t{1} << kPlaceBits);

uint32_t PackPlace(FurnitureKind kind, uint32_t place) {
  return static_cast<uint32_t>(kind) << kPlaceBits | place;
}
FurnitureKind KindOf(uint32_t packed) { return static_cast<FurnitureKind>(packed >> kPlaceBits); }

uint64_t Pair(uint32_t high, uint32_t low) { return uint64_t{high} << 32 | low; }
uint32_t High(uint64_t pair) { return static_cast<uint32_t>(pair >> 32); }
uint32_t Low(uint64_t pair) { return static_cast<uint32_t>(pair); }

bool Stopped(const RunHooks& hooks) {
  return hooks.stop != nullptr && hooks.stop->load(std::memory_order_relaxed);
}

// What of a page is kept for Read: 12 bytes a key.
struct PackedFind {
  uint32_t place = 0;
  uint32_t first_page = 0;
  uint32_t pages : 31 = 0;
  uint32_t common : 1 = 0;
};

// Of a key that is found: different pages, or sources, are no more than places.
uint64_t LeastPlaces(const FurnitureOptions& options) {
  return static_cast<uint64_t>(std::min(options.min_pages, options.min_sources));
}

SpillOptions AtLeast(uint64_t places, SpillOptions spill) {
  spill.least = places;
  return spill;
}

// Fewer shingles of its own than this, and a page has no story of its own.
constexpr uint32_t kLeastStory = 4;
// From how many pages of a source on one can tell what most of them show.
constexpr uint32_t kTellingPages = 4;
// Of the shingles that stand for a story: where it is among long paragraphs, on pages of one source, and of
// two (which cut and add); and where it may be anywhere, among the furniture.
constexpr double kSameStory = 0.8;
constexpr double kSameStoryElsewhere = 0.5;
constexpr double kSameText = 0.9;

}  // namespace

// The records of one key after the other, by source, then page, then place; only those of keys that stand in
// so many places.
class FurnitureFinder::KeyGroups {
 public:
  struct Row {
    uint64_t key = 0;  // source, then page
    uint32_t place = 0;
    uint32_t source() const { return High(key); }
    uint32_t page() const { return Low(key); }
  };

  // `sources`: how many there are. `least`: places of a key, at least 2.
  KeyGroups(SpillSorter<PlacedKey>* keys, const std::vector<uint32_t>& source, size_t sources, uint64_t least,
            const SpillOptions& spill)
      : keys_(*keys),
        source_(source),
        least_(least),
        row_bits_(32 + std::max<int>(1, std::bit_width(sources))),
        spill_(spill) {}

  // The next key; false at the end.
  absl::StatusOr<bool> Next() {
    while (true) {
      absl::StatusOr<const PlacedKey*> next = Peek();
      if (!next.ok()) return next.status();
      if (*next == nullptr) return false;
      if (PassFew()) continue;
      const PlacedKey first = **next;
      rows_.clear();
      large_.reset();
      absl::Status status;
      uint64_t places = 0;
      while (status.ok() && *next != nullptr && (*next)->key == first.key) {
        status = Add(**next);
        ++places;
        ++at_;
        if (next = Peek(); !next.ok()) return next.status();
      }
      if (status.ok() && large_.has_value()) status = large_->Finish();
      if (!status.ok()) return status;
      if (places < least_) continue;
      const auto less = [](const Row& a, const Row& b) { return a.key < b.key; };
      // They come by page; places of a page in any order will do.
      if (!std::is_sorted(rows_.begin(), rows_.end(), less)) std::sort(rows_.begin(), rows_.end(), less);
      kind_ = KindOf(first.place);
      return true;
    }
  }

  FurnitureKind kind() const { return kind_; }

  // Calls `row` for each record of the key. As often as needed.
  template <typename Visit>
  absl::Status ForEach(const Visit& row) {
    if (!large_.has_value()) {
      for (const Row& one : rows_) row(one);
      return absl::OkStatus();
    }
    large_->Rewind();
    while (true) {
      const absl::StatusOr<std::span<const Row>> block = large_->Next();
      if (!block.ok()) return block.status();
      if (block->empty()) return absl::OkStatus();
      for (const Row& one : *block) row(one);
    }
  }

 private:
  // Rows in memory; those of a key that has more are sorted like all else.
  size_t MostRows() const { return std::max<uint64_t>(spill_.memory / 4 / sizeof(Row), 4096); }

  absl::StatusOr<const PlacedKey*> Peek() {
    if (at_ == block_.size()) {
      const absl::StatusOr<std::span<const PlacedKey>> block = keys_.Next();
      if (!block.ok()) return block.status();
      block_ = *block;
      at_ = 0;
    }
    return block_.empty() ? nullptr : &block_[at_];
  }

  // Most keys are of one page or two: they are passed by where they lie. Whether it was one of these.
  bool PassFew() {
    size_t end = at_ + 1;
    while (end < block_.size() && end - at_ < least_ && block_[end].key == block_[at_].key) ++end;
    if (end - at_ >= least_ || end == block_.size()) return false;  // it may go on in the next block
    at_ = end;
    return true;
  }

  absl::Status Add(const PlacedKey& key) {
    const Row row{.key = Pair(source_[key.page], key.page), .place = key.place};
    if (!large_.has_value() && rows_.size() < MostRows()) {
      rows_.push_back(row);
      return absl::OkStatus();
    }
    if (!large_.has_value()) {
      large_.emplace(SpillOptions{spill_.tmpdir, spill_.memory / 2}, row_bits_);
      for (const Row& one : rows_) {
        if (absl::Status status = large_->Add(one); !status.ok()) return status;
      }
      std::vector<Row>().swap(rows_);
    }
    return large_->Add(row);
  }

  SpillSorter<PlacedKey>& keys_;
  const std::vector<uint32_t>& source_;
  const uint64_t least_;
  const int row_bits_;
  const SpillOptions spill_;
  std::span<const PlacedKey> block_;
  size_t at_ = 0;
  FurnitureKind kind_ = FurnitureKind::kBlock;
  std::vector<Row> rows_;
  std::optional<SpillSorter<Row>> large_;
};

// Where a key was found.
struct FurnitureFinder::Counted {
  std::vector<uint32_t> pages;  // different ones, by source in order
  uint32_t first = UINT32_MAX;  // the first page of all
  uint32_t stories = 0;         // different ones on all pages
  bool any = false;             // enough for something
};

uint64_t FurnitureFinder::SourceKey(std::string_view source) {
  return source.empty() ? kUnknown : std::max<uint64_t>(HashBytes64(source), 1);
}

FurnitureFinder::FurnitureFinder(const FurnitureOptions& options, const SpillOptions& spill)
    : options_(options),
      spill_(spill),
      keys_(std::make_unique<SpillSorter<PlacedKey>>(AtLeast(LeastPlaces(options), spill))),
      stories_(std::make_unique<SpillSorter<PlacedKey>>(AtLeast(2, spill))) {}

absl::Status FurnitureFinder::Add(uint64_t source, const FurnitureKeys& keys) {
  const uint32_t page = static_cast<uint32_t>(source_keys_.size());
  source_keys_.push_back(source);
  text_keys_.push_back(keys.text);
  story_sizes_.push_back({.all = static_cast<uint8_t>(keys.story.size()),
                          .own = static_cast<uint8_t>(keys.story.size()),
                          .of_all = keys.story_of_all});
  for (const FurnitureKey& key : keys.keys) {
    absl::Status status = keys_->Add({.key = key.key, .page = page, .place = PackPlace(key.kind, key.place)});
    if (!status.ok()) return status;
  }
  for (const uint64_t shingle : keys.story) {
    if (absl::Status status = stories_->Add({.key = shingle, .page = page}); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FurnitureFinder::Finish(const RunHooks& hooks) {
  NumberSources();
  absl::Status status = keys_->Finish();
  if (status.ok()) status = stories_->Finish();
  if (status.ok()) status = FindStories(hooks);
  if (status.ok()) status = CountDifferent();
  if (status.ok()) status = CountKeys(hooks);
  if (status.ok()) status = StoreFound();
  return status;
}

// Numbers follow the keys of sources, so that they do not depend on the order of pages; those of pages
// without one come behind.
void FurnitureFinder::NumberSources() {
  const uint32_t pages = static_cast<uint32_t>(source_keys_.size());
  std::vector<uint32_t> order(pages);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(source_keys_[a], a) < std::pair(source_keys_[b], b);
  });
  source_.resize(pages);
  for (uint32_t i = 0; i < pages; ++i) {
    const bool same =
        i > 0 && source_keys_[order[i]] != kUnknown && source_keys_[order[i]] == source_keys_[order[i - 1]];
    if (!same) {
      in_source_.push_back(0);
      first_in_source_.push_back(order[i]);
    }
    source_[order[i]] = static_cast<uint32_t>(in_source_.size() - 1);
    ++in_source_.back();
  }
  // The order of pages by what they say and where, for those who must choose some of them: that in which they
  // come decides nothing.
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::tuple(text_keys_[a], source_keys_[a], a) < std::tuple(text_keys_[b], source_keys_[b], b);
  });
  rank_.resize(pages);
  for (uint32_t rank = 0; rank < pages; ++rank) rank_[order[rank]] = rank;
  std::vector<uint64_t>().swap(source_keys_);
  std::vector<uint64_t>().swap(text_keys_);
}

absl::Status FurnitureFinder::FindStories(const RunHooks& hooks) {
  story_.resize(source_.size());
  std::iota(story_.begin(), story_.end(), 0);
  told_ = story_;
  SpillSorter<StoryPair> pairs(spill_);
  if (absl::Status status = PairStories(hooks, &pairs); !status.ok()) return status;
  disk_ = std::max(disk_, keys_->disk() + stories_->disk() + pairs.disk());
  stories_.reset();
  if (absl::Status status = pairs.Finish(); !status.ok()) return status;
  return ChooseStories(&pairs);
}

// A page is compared with two of the pages that share a shingle with it, in its source and anywhere: those of
// least rank. What is told again is told again in the same words.
absl::Status FurnitureFinder::PairStories(const RunHooks& hooks, SpillSorter<StoryPair>* pairs) {
  KeyGroups group(stories_.get(), source_, in_source_.size(), 2, spill_);
  std::vector<bool> own;  // by source in the group's order
  struct Leader {
    uint32_t page = UINT32_MAX;
    uint32_t rank = UINT32_MAX;
    bool own = false;
  };
  using Leaders = std::array<Leader, 2>;
  std::vector<Leaders> of_sources;  // the same
  while (true) {
    if (Stopped(hooks)) return absl::CancelledError("stopped");
    const absl::StatusOr<bool> more = group.Next();
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    own.clear();
    struct Run {
      uint32_t source = UINT32_MAX;
      uint32_t pages = 0;
    } run;
    const auto end_run = [&] {
      const uint32_t all = run.pages == 0 ? 0 : in_source_[run.source];
      if (run.pages > 0) own.push_back(all < kTellingPages || run.pages * uint64_t{2} <= all);
    };
    absl::Status status = group.ForEach([&](const KeyGroups::Row& row) {
      if (row.source() != run.source) {
        end_run();
        run = {row.source(), 0};
      }
      ++run.pages;  // a page has a shingle of its story once
    });
    if (!status.ok()) return status;
    end_run();

    const auto lead = [](Leaders& leaders, Leader page) {
      if (page.rank < leaders[0].rank) std::swap(page, leaders[0]);
      if (page.rank < leaders[1].rank) std::swap(page, leaders[1]);
    };
    Leaders of_all;
    of_sources.assign(own.size(), {});
    size_t number = SIZE_MAX;  // of the source
    uint32_t source = UINT32_MAX;
    const auto enter = [&](const KeyGroups::Row& row) {
      if (row.source() == source) return;
      source = row.source();
      ++number;
    };
    status = group.ForEach([&](const KeyGroups::Row& row) {
      enter(row);
      const Leader page{row.page(), rank_[row.page()], own[number]};
      lead(of_all, page);
      lead(of_sources[number], page);
      if (!own[number]) --story_sizes_[row.page()].own;
    });
    if (!status.ok()) return status;
    number = SIZE_MAX, source = UINT32_MAX;
    absl::Status added;
    status = group.ForEach([&](const KeyGroups::Row& row) {
      enter(row);
      const Leaders& of_source = of_sources[number];
      const auto meet = [&](const Leader& leader) {
        if (leader.rank >= rank_[row.page()] || !added.ok()) return;
        added = pairs->Add({.key = Pair(row.page(), leader.page), .own = own[number] && leader.own});
      };
      for (const Leader& leader : of_source) meet(leader);
      for (const Leader& leader : of_all) {
        if (leader.page != of_source[0].page && leader.page != of_source[1].page) meet(leader);
      }
    });
    if (status.ok()) status = added;
    if (!status.ok()) return status;
  }
}

bool FurnitureFinder::IsSameStory(uint32_t page, uint32_t other_page, uint32_t shared,
                                  uint32_t shared_own) const {
  const StorySize &one = story_sizes_[page], &other = story_sizes_[other_page];
  const bool has_own = one.own >= kLeastStory;
  if (has_own != (other.own >= kLeastStory)) return false;
  const uint32_t least = has_own ? std::min(one.own, other.own) : std::min(one.all, other.all);
  if (least < kLeastStory) return shared == one.all && shared == other.all;
  const double needed = one.of_all || other.of_all             ? kSameText
                        : source_[page] == source_[other_page] ? kSameStory
                                                               : kSameStoryElsewhere;
  return static_cast<double>(has_own ? shared_own : shared) / least >= needed;
}

namespace {

// The first page of those that were joined, directly or through others.
uint32_t FirstOf(std::vector<uint32_t>* stories, uint32_t page) {
  while ((*stories)[page] != page) page = (*stories)[page] = (*stories)[(*stories)[page]];
  return page;
}

void JoinStories(uint32_t one, uint32_t other, std::vector<uint32_t>* stories) {
  one = FirstOf(stories, one), other = FirstOf(stories, other);
  (*stories)[std::max(one, other)] = std::min(one, other);
}

}  // namespace

// Versions of a story are one, however far the last has come from the first: what two of them share is no
// furniture.
absl::Status FurnitureFinder::ChooseStories(SpillSorter<StoryPair>* pairs) {
  uint64_t pair = UINT64_MAX;
  uint32_t shared = 0, shared_own = 0;
  const auto end_pair = [&] {
    if (shared == 0) return;
    const uint32_t one = High(pair), other = Low(pair);
    if (!IsSameStory(one, other, shared, shared_own)) return;
    JoinStories(one, other, &told_);
    if (source_[one] == source_[other]) JoinStories(one, other, &story_);
  };
  while (true) {
    const absl::StatusOr<std::span<const StoryPair>> block = pairs->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) break;
    for (const StoryPair& one : *block) {
      if (one.key != pair) {
        end_pair();
        pair = one.key;
        shared = shared_own = 0;
      }
      ++shared;
      shared_own += one.own;
    }
  }
  end_pair();
  for (std::vector<uint32_t>* stories : {&story_, &told_}) {
    for (uint32_t page = 0; page < stories->size(); ++page) (*stories)[page] = (*stories)[(*stories)[page]];
  }
  std::vector<uint32_t>().swap(rank_);
  return absl::OkStatus();
}

absl::Status FurnitureFinder::CountDifferent() {
  different_.assign(in_source_.size(), 0);
  for (uint32_t page = 0; page < source_.size(); ++page) different_[source_[page]] += story_[page] == page;
  std::vector<StorySize>().swap(story_sizes_);
  return absl::OkStatus();
}

absl::Status FurnitureFinder::CountKeys(const RunHooks& hooks) {
  finds_ = std::make_unique<SpillSorter<PlacedFind>>(spill_,
                                                     32 + std::max<int>(1, std::bit_width(source_.size())));
  met_in_group_.assign(source_.size(), 0);
  met_in_source_.assign(source_.size(), 0);
  KeyGroups group(keys_.get(), source_, in_source_.size(), LeastPlaces(options_), spill_);
  Counted counted;
  while (true) {
    if (Stopped(hooks)) return absl::CancelledError("stopped");
    const absl::StatusOr<bool> more = group.Next();
    if (!more.ok()) return more.status();
    if (!*more) break;
    const absl::StatusOr<bool> may = MayBeEnough(&group);
    if (!may.ok()) return may.status();
    if (!*may) continue;
    absl::Status status = Count(&group, &counted);
    if (status.ok() && counted.any) status = Emit(&group, counted);
    if (!status.ok()) return status;
  }
  disk_ = std::max(disk_, keys_->disk() + finds_->disk());
  keys_.reset();
  std::vector<uint32_t>().swap(met_in_group_);
  std::vector<uint32_t>().swap(met_in_source_);
  return absl::OkStatus();
}

// Whether places would be enough if all of them were different pages: what they are takes longer to see.
absl::StatusOr<bool> FurnitureFinder::MayBeEnough(KeyGroups* group) const {
  uint32_t source = UINT32_MAX;
  uint64_t places = 0, sources = 0;
  bool enough = false;
  const auto end_source = [&] {
    if (source == UINT32_MAX) return;
    enough |= places >= NeededPages(options_, group->kind(), different_[source]);
  };
  absl::Status status = group->ForEach([&](const KeyGroups::Row& row) {
    if (row.source() != source) {
      end_source();
      source = row.source();
      places = 0;
      ++sources;
    }
    ++places;
  });
  if (!status.ok()) return status;
  end_source();
  return enough || (MayBeCommon(group->kind()) && sources >= static_cast<uint64_t>(options_.min_sources));
}

absl::Status FurnitureFinder::Count(KeyGroups* group, Counted* counted) {
  // Stamps tell what was met in this group from what was met before; when they run out all is forgotten.
  const auto stamp = [](uint32_t* last, std::vector<uint32_t>* met) {
    if (++*last != 0) return;
    std::fill(met->begin(), met->end(), 0);
    *last = 1;
  };
  counted->pages.clear();
  counted->first = UINT32_MAX;
  counted->stories = 0;
  counted->any = false;
  stamp(&group_, &met_in_group_);
  uint32_t source = UINT32_MAX;
  const auto end_source = [&] {
    if (source == UINT32_MAX) return;
    counted->any |= counted->pages.back() >= NeededPages(options_, group->kind(), different_[source]);
  };
  absl::Status status = group->ForEach([&](const KeyGroups::Row& row) {
    if (row.source() != source) {
      end_source();
      source = row.source();
      counted->pages.push_back(0);
      stamp(&run_, &met_in_source_);
    }
    counted->first = std::min(counted->first, row.page());
    uint32_t& met = met_in_source_[story_[row.page()]];
    counted->pages.back() += met != run_;
    met = run_;
    uint32_t& met_in_group = met_in_group_[told_[row.page()]];
    counted->stories += met_in_group != group_;
    met_in_group = group_;
  });
  if (!status.ok()) return status;
  end_source();
  // One story on many sources is no furniture of theirs.
  counted->stories = std::min(counted->stories, static_cast<uint32_t>(counted->pages.size()));
  counted->any |=
      MayBeCommon(group->kind()) && counted->stories >= static_cast<uint32_t>(options_.min_sources);
  return absl::OkStatus();
}

absl::Status FurnitureFinder::Emit(KeyGroups* group, const Counted& counted) {
  const bool is_common =
      MayBeCommon(group->kind()) && counted.stories >= static_cast<uint32_t>(options_.min_sources);
  size_t number = SIZE_MAX;
  uint32_t source = UINT32_MAX, first = UINT32_MAX;
  bool is_furniture = false;
  absl::Status added;
  absl::Status status = group->ForEach([&](const KeyGroups::Row& row) {
    if (row.source() != source) {
      source = row.source();
      first = row.page();
      is_furniture = counted.pages[++number] >= NeededPages(options_, group->kind(), different_[source]);
    }
    if (!added.ok() || !(is_furniture || is_common)) return;
    added = finds_->Add({.key = Pair(row.page(), row.place),
                         .first_page = is_furniture ? first : counted.first,
                         .pages = (is_furniture ? counted.pages[number] : counted.stories) & INT32_MAX,
                         .common = !is_furniture});
  });
  return status.ok() ? added : status;
}

absl::Status FurnitureFinder::StoreFound() {
  if (absl::Status status = finds_->Finish(); !status.ok()) return status;
  found_ = std::make_unique<TextStore>(spill_.tmpdir, spill_.memory);
  std::vector<PackedFind> page_finds;
  std::string packed;
  uint32_t page = 0;
  const auto store = [&] {
    if (page_finds.empty()) return absl::OkStatus();
    packed.clear();
    Pack(page_finds, &packed);
    page_finds.clear();
    return found_->Add(page, packed);
  };
  while (true) {
    const absl::StatusOr<std::span<const PlacedFind>> block = finds_->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) break;
    for (const PlacedFind& find : *block) {
      if (High(find.key) != page) {
        if (absl::Status status = store(); !status.ok()) return status;
        page = High(find.key);
      }
      page_finds.push_back({.place = Low(find.key),
                            .first_page = find.first_page,
                            .pages = find.pages,
                            .common = find.common});
    }
  }
  absl::Status status = store();
  disk_ = std::max(disk_, finds_->disk() + found_->disk());
  finds_.reset();
  return status;
}

absl::Status FurnitureFinder::Read(uint32_t page, std::vector<FoundFurniture>* found) const {
  found->clear();
  if (!found_->has(page)) return absl::OkStatus();
  std::string scratch;
  absl::StatusOr<std::string_view> bytes = found_->Read(page, &scratch);
  if (!bytes.ok()) return bytes.status();
  std::vector<PackedFind> packed;
  Unpack(&*bytes, &packed);
  found->reserve(packed.size());
  for (const PackedFind& find : packed) {
    found->push_back({.place = find.place & (FurnitureKeyMaker::kPlaces - 1),
                      .kind = KindOf(find.place),
                      .common = find.common != 0,
                      .pages = find.pages,
                      .first_page = find.first_page});
  }
  return absl::OkStatus();
}

uint64_t FurnitureFinder::disk() const {
  const auto of = [](const auto& part) { return part == nullptr ? 0 : part->disk(); };
  return std::max(disk_, of(keys_) + of(stories_) + of(finds_) + of(found_));
}

}  // namespace refrain
