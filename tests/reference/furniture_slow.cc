#include "tests/reference/furniture_slow.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "refrain/pipeline/furniture.h"

namespace refrain::reference {
namespace {

// The tokens that a key stands for, with digits as "#" where they are folded.
std::string Words(const std::string& text, const Tokens& tokens, const std::vector<Block>& blocks,
                  const FurnitureKey& key) {
  struct Word {
    std::string word;
    int quarters = 0;
    uint32_t block = 0;
  };
  const bool folds = key.kind != FurnitureKind::kBlock;
  std::vector<Word> words;
  for (uint32_t b = 0; b < blocks.size(); ++b) {
    bool slot = false;
    for (uint32_t t = blocks[b].first; t < blocks[b].last; ++t) {
      const bool digit = folds && tokens.has_digit(t);
      if (!digit) {
        std::string word = text.substr(tokens.begins[t], tokens.ends[t] - tokens.begins[t]);
        std::transform(word.begin(), word.end(), word.begin(), [](char c) { return std::tolower(c); });
        words.push_back({word, static_cast<int>(tokens.quarter_words(t)), b});
      } else if (!slot) {
        words.push_back({"#", 4, b});
      }
      slot = digit;
    }
  }
  const auto join = [&](size_t begin, size_t end) {
    std::string all = std::to_string(static_cast<int>(key.kind));
    for (size_t i = begin; i < std::min(end, words.size()); ++i) all += " " + words[i].word;
    return all;
  };
  if (key.kind == FurnitureKind::kShortRun) return join(key.place, key.place + 5);
  if (key.kind == FurnitureKind::kLongRun) return join(key.place, key.place + 12);
  size_t begin = 0;
  while (words[begin].block != key.place) ++begin;
  size_t end = begin;
  while (end < words.size() && words[end].block == key.place) ++end;
  if (key.kind == FurnitureKind::kHead) return join(begin, begin + 3);
  if (key.kind == FurnitureKind::kTail) return join(end - 3, end);
  return join(begin, end);
}

}  // namespace

SlowFurniture FindFurnitureSlowly(const std::vector<SlowPage>& pages, const FurnitureOptions& options) {
  const uint32_t count = static_cast<uint32_t>(pages.size());
  std::vector<std::string> source(count);
  std::map<std::string, uint32_t> in_source;
  for (uint32_t p = 0; p < count; ++p) {
    source[p] = pages[p].source.empty() ? "?" + std::to_string(p) : pages[p].source;
    ++in_source[source[p]];
  }
  std::vector<FurnitureKeys> keys(count);
  // Text, by source: the pages and places that show it.
  std::map<std::string, std::map<std::string, std::set<uint32_t>>> shown;
  std::vector<std::vector<std::string>> words(count);
  std::map<uint64_t, std::set<uint32_t>> shingles;
  for (uint32_t p = 0; p < count; ++p) {
    Tokens tokens;
    std::vector<Block> blocks;
    Tokenize(pages[p].text, &tokens);
    Segment(pages[p].text, tokens, &blocks);
    FurnitureKeyMaker().Make(tokens, blocks, !pages[p].source.empty(), &keys[p]);
    for (const FurnitureKey& key : keys[p].keys) {
      words[p].push_back(Words(pages[p].text, tokens, blocks, key));
      shown[words[p].back()][source[p]].insert(p);
    }
    for (const uint64_t shingle : keys[p].story) shingles[shingle].insert(p);
  }

  SlowFurniture slow;
  slow.story.resize(count);
  std::vector<uint32_t> told(count);
  const auto is_own = [&](uint64_t shingle, uint32_t page) {
    uint32_t with = 0;
    for (const uint32_t p : shingles[shingle]) with += source[p] == source[page];
    return in_source[source[page]] < 4 || with * 2 <= in_source[source[page]];
  };
  const auto own = [&](uint32_t page) {
    return std::count_if(keys[page].story.begin(), keys[page].story.end(),
                         [&](uint64_t shingle) { return is_own(shingle, page); });
  };
  // Pages have an order of their own, by what they say and where.
  const auto before = [&](uint32_t one, uint32_t other) {
    const auto key = [&](uint32_t page) {
      return std::tuple(keys[page].text, FurnitureFinder::SourceKey(pages[page].source), page);
    };
    return key(one) < key(other);
  };
  for (uint32_t p = 0; p < count; ++p) slow.story[p] = told[p] = p;
  const auto join = [&](std::vector<uint32_t>* stories, uint32_t one, uint32_t other) {
    const uint32_t from = std::max((*stories)[one], (*stories)[other]);
    const uint32_t to = std::min((*stories)[one], (*stories)[other]);
    std::replace(stories->begin(), stories->end(), from, to);
  };
  for (uint32_t later = 0; later < count; ++later) {
    for (uint32_t earlier = 0; earlier < count; ++earlier) {
      if (!before(earlier, later)) continue;
      uint32_t shared = 0, shared_own = 0;
      for (const uint64_t shingle : keys[later].story) {
        if (!shingles[shingle].contains(earlier)) continue;
        // Only with the first two pages of all, or of its source.
        uint32_t in_front = 0, in_front_in_source = 0;
        for (const uint32_t p : shingles[shingle]) {
          in_front += before(p, earlier);
          in_front_in_source += before(p, earlier) && source[p] == source[later];
        }
        const bool in_its_source = source[earlier] == source[later] && in_front_in_source < 2;
        if (in_front >= 2 && !in_its_source) continue;
        ++shared;
        shared_own += is_own(shingle, later) && is_own(shingle, earlier);
      }
      if (shared == 0) continue;
      const bool has_own = own(later) >= 4;
      if (has_own != (own(earlier) >= 4)) continue;
      const size_t all_later = keys[later].story.size(), all_earlier = keys[earlier].story.size();
      const double least =
          static_cast<double>(has_own ? std::min(own(later), own(earlier))
                                      : static_cast<std::ptrdiff_t>(std::min(all_later, all_earlier)));
      const double likeness = (has_own ? shared_own : shared) / least;
      const bool same_source = source[later] == source[earlier];
      const double needed = keys[later].story_of_all || keys[earlier].story_of_all ? 0.9
                            : same_source                                          ? 0.8
                                                                                   : 0.5;
      if (least < 4 ? shared != all_later || shared != all_earlier : likeness < needed) continue;
      if (same_source) join(&slow.story, later, earlier);
      join(&told, later, earlier);
    }
  }

  std::map<std::string, std::set<uint32_t>> different;
  for (uint32_t p = 0; p < count; ++p) different[source[p]].insert(slow.story[p]);
  slow.found.resize(count);
  for (uint32_t p = 0; p < count; ++p) {
    slow.source_pages.push_back(static_cast<uint32_t>(different[source[p]].size()));
    for (size_t k = 0; k < keys[p].keys.size(); ++k) {
      const FurnitureKey& key = keys[p].keys[k];
      const auto& by_source = shown[words[p][k]];
      std::set<uint32_t> stories, stories_of_all;
      for (const uint32_t other : by_source.at(source[p])) stories.insert(slow.story[other]);
      uint32_t first = UINT32_MAX;
      for (const auto& [name, its] : by_source) {
        for (const uint32_t other : its) stories_of_all.insert(told[other]);
        first = std::min(first, *its.begin());
      }
      FoundFurniture found{.place = key.place, .kind = key.kind};
      const uint32_t spread = static_cast<uint32_t>(std::min(stories_of_all.size(), by_source.size()));
      if (stories.size() >= NeededPages(options, key.kind, slow.source_pages[p])) {
        found.pages = static_cast<uint32_t>(stories.size());
        found.first_page = *by_source.at(source[p]).begin();
      } else if (MayBeCommon(key.kind) && spread >= static_cast<uint32_t>(options.min_sources)) {
        found.common = true;
        found.pages = spread;
        found.first_page = first;
      } else {
        continue;
      }
      slow.found[p].push_back(found);
    }
    std::sort(slow.found[p].begin(), slow.found[p].end(), [](const auto& a, const auto& b) {
      return std::tuple(a.kind, a.place) < std::tuple(b.kind, b.place);
    });
  }
  return slow;
}

}  // namespace refrain::reference
