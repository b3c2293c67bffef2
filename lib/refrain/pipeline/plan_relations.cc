#include "refrain/pipeline/plan_relations.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "refrain/sketch/signature.h"

namespace refrain {
namespace {

// Buckets are looked at up to this many of them a member; what more there are count by the share of those.
constexpr size_t kMostPartners = 64;

}  // namespace

Relations Relate(const std::vector<SampledPage>& pages, const std::vector<uint64_t>& band_keys, int bands,
                 double resemblance) {
  Relations out;
  out.equal.resize(pages.size()), out.met.resize(pages.size()), out.match.resize(pages.size());
  std::vector<uint32_t> by_exact;
  for (uint32_t i = 0; i < pages.size(); ++i) {
    if (pages[i].tokens > 0) by_exact.push_back(i);
  }
  std::vector<uint32_t> keys_of(pages.size());
  for (uint32_t i = 0; i < by_exact.size(); ++i) keys_of[by_exact[i]] = i;
  const auto exact = [&](uint32_t page) { return std::pair(pages[page].exact.high, pages[page].exact.low); };
  std::sort(by_exact.begin(), by_exact.end(),
            [&](uint32_t a, uint32_t b) { return std::pair(exact(a), a) < std::pair(exact(b), b); });
  // Groups of equal pages: by_exact [begins[g], begins[g + 1]).
  std::vector<uint32_t> begins;
  for (uint32_t i = 0; i < by_exact.size(); ++i) {
    if (i == 0 || exact(by_exact[i]) != exact(by_exact[i - 1])) begins.push_back(i);
  }
  begins.push_back(static_cast<uint32_t>(by_exact.size()));
  const auto add = [&](uint32_t page, uint32_t group, double times, Others* others) {
    const uint32_t size = begins[group + 1] - begins[group];
    if (size > kMostPartners) {
      others->far += times * size;
      return;
    }
    for (uint32_t i = begins[group]; i < begins[group + 1]; ++i) {
      if (by_exact[i] == page) continue;
      if (pages[by_exact[i]].stretch == pages[page].stretch) {
        ++others->near;
      } else {
        others->far += times;
      }
    }
  };
  // Of each group its first page is compared.
  std::vector<std::pair<uint64_t, uint32_t>> keyed;
  for (uint32_t group = 0; group + 1 < begins.size(); ++group) {
    const uint32_t first = by_exact[begins[group]];
    for (int band = 0; band < bands; ++band)
      keyed.emplace_back(
          band_keys[size_t{keys_of[first]} * static_cast<size_t>(bands) + static_cast<size_t>(band)], group);
  }
  std::sort(keyed.begin(), keyed.end());
  struct Partner {
    uint32_t group, other;
    float times;
    bool operator<(const Partner& o) const {
      return std::tuple(group, other, -times) < std::tuple(o.group, o.other, -o.times);
    }
  };
  std::vector<Partner> partners;
  for (size_t begin = 0, end = 0; begin < keyed.size(); begin = end) {
    while (end < keyed.size() && keyed[end].first == keyed[begin].first) ++end;
    const size_t size = end - begin, looked = std::min(size - 1, kMostPartners);
    for (size_t i = 0; i < size && looked > 0; ++i) {
      for (size_t k = 1; k <= looked; ++k) {
        partners.push_back({keyed[begin + i].second, keyed[begin + (i + k) % size].second,
                            static_cast<float>(size - 1) / static_cast<float>(looked)});
      }
    }
  }
  std::sort(partners.begin(), partners.end());
  const int may_match = LeastAgreement(resemblance);
  const int matches =
      static_cast<int>(std::lround(PageSigner::kComponents * (resemblance + (1 - resemblance) / 16)));
  for (uint32_t group = 0, next = 0; group + 1 < begins.size(); ++group) {
    const uint32_t before = next;
    while (next < partners.size() && partners[next].group == group) ++next;
    for (uint32_t i = begins[group]; i < begins[group + 1]; ++i) {
      const uint32_t page = by_exact[i];
      add(page, group, 1, &out.equal[page]);
      out.match[page] = out.equal[page];
      for (uint32_t p = before; p < next; ++p) {
        if (p > before && partners[p].other == partners[p - 1].other) continue;
        const SampledPage& one = pages[by_exact[begins[group]]];
        const SampledPage& other = pages[by_exact[begins[partners[p].other]]];
        const int agree = AgreeingComponents(one.sketch, other.sketch);
        if (std::min(one.tokens, other.tokens) >= 2 * kEnoughShingles && agree < may_match) continue;
        add(page, partners[p].other, partners[p].times, &out.met[page]);
        if (agree >= matches) add(page, partners[p].other, partners[p].times, &out.match[page]);
      }
      if (begins[group + 1] - begins[group] > kMostPartners && i > begins[group] + kMostPartners) {
        // What was found for one of many equals holds for all.
        const uint32_t known = by_exact[begins[group] + 1];
        out.met[page] = out.met[known], out.match[page] = out.match[known];
      }
    }
  }
  return out;
}

}  // namespace refrain
