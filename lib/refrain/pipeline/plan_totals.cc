#include "refrain/pipeline/plan_totals.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "refrain/pipeline/degree_shares.h"

namespace refrain {
namespace {

std::vector<std::pair<uint32_t, double>> CountFar(const std::vector<Others>& others) {
  std::map<uint32_t, double> counts;
  for (const Others& one : others) ++counts[static_cast<uint32_t>(std::lround(one.far))];
  return {counts.begin(), counts.end()};
}

// A function of the others that a page has, over pages.
class Expected {
 public:
  Expected(const std::vector<Others>& others, double seen, double (*f)(double))
      : shares_(CountFar(others), seen), f_(f) {}
  double operator()(const Others& one) {
    const std::pair key(one.near, static_cast<uint32_t>(std::lround(one.far)));
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    return known_[key] = shares_.Expect(key.second, [&](double far) { return f_(one.near + far); });
  }

 private:
  DegreeShares shares_;
  double (*const f_)(double);
  std::map<std::pair<uint32_t, uint32_t>, double> known_;
};

// What a page takes while it is read: its record, its text, and bytes for each word, which may be from 32 to
// 100 where repeats are looked for, by how much looks like one. While it is compared: docs/scaling.md
double ReadCost(const SampledPage& page, const DedupOptions& options) {
  return 1.25 * page.record_bytes + page.text_bytes + (options.repair ? 63.0 : 25.0) * page.tokens;
}

double CompareCost(const SampledPage& page) {
  constexpr double kWord = 52;
  return 2.0 * page.text_bytes + kWord * page.tokens;
}

// The sum over the `most` costliest of the pages that `costs` has as cost and how often each is there.
double Largest(std::vector<std::pair<double, double>> costs, size_t most) {
  const size_t count = std::min(most, costs.size());
  std::partial_sort(costs.begin(), costs.begin() + static_cast<std::ptrdiff_t>(count), costs.end(),
                    std::greater<>());
  double sum = 0, left = static_cast<double>(most);
  for (size_t i = 0; i < count && left > 0; ++i) {
    const double times = std::min(left, costs[i].second);
    sum += times * costs[i].first;
    left -= times;
  }
  return sum;
}

}  // namespace

PlanTotals TotalsOf(const std::vector<Found>& found, const DedupOptions& options) {
  PlanTotals all;
  std::vector<SampledPage> pages;
  std::vector<uint64_t> band_keys;
  double clean_text = 0, clean_bytes = 0, clean_stored = 0, removed_stored = 0;
  for (const Found& one : found) {
    clean_text += static_cast<double>(one.clean_text), clean_bytes += static_cast<double>(one.clean_bytes);
    clean_stored += static_cast<double>(one.clean_stored),
        removed_stored += static_cast<double>(one.removed_stored);
  }
  const double a_clean = clean_text > 0 ? clean_bytes / clean_text : 1;
  const double a_stored = clean_bytes > 0 ? clean_stored / clean_bytes : 1;
  const double a_removed = clean_bytes > 0 ? removed_stored / clean_bytes : 0.4;
  for (const Found& one : found) {
    const double weight = one.weight;
    const double text = weight * static_cast<double>(one.text_bytes);
    all.pages += weight * static_cast<double>(one.pages.size());
    all.text += text;
    all.ids += weight * static_cast<double>(one.id_bytes);
    all.blocks += weight * static_cast<double>(one.blocks);
    all.repaired += weight * static_cast<double>(one.repaired);
    all.repeat_spans += weight * static_cast<double>(one.repeat_spans);
    all.repeat_bytes += weight * static_cast<double>(one.repeat_bytes);
    all.seconds += weight * one.seconds;
    all.compressed = all.compressed || one.compressed;
    const double clean = one.as_read ? weight * static_cast<double>(one.page_bytes) : text * a_clean;
    all.clean += clean;
    if (one.as_read) {
      all.other += a_stored * weight *
                   static_cast<double>(one.record_bytes - std::min(one.page_bytes, one.record_bytes));
    } else {
      all.extracted_stored += clean * a_stored;
    }
    if (!one.as_read && one.page_bytes > 0) {
      all.extracted_repaired +=
          clean * a_removed * static_cast<double>(one.repaired_bytes) / static_cast<double>(one.page_bytes);
    }
    pages.insert(pages.end(), one.pages.begin(), one.pages.end());
    band_keys.insert(band_keys.end(), one.band_keys.begin(), one.band_keys.end());
  }
  all.clean_stored = all.clean * a_stored;
  all.removed_stored = all.clean * a_removed;
  all.kept = all.pages, all.kept_text = all.text;
  const auto threads = static_cast<size_t>(std::max(1, options.corpus.threads));
  std::vector<std::pair<double, double>> costs;
  for (const SampledPage& page : pages) costs.emplace_back(ReadCost(page, options), page.weight);
  all.largest_read = Largest(std::move(costs), threads);
  if (!options.pages || pages.empty()) return all;

  const Relations relations = Relate(pages, band_keys, options.banding.bands, options.resemblance);
  const double seen = std::min(1.0, static_cast<double>(pages.size()) / all.pages);
  const auto one_of = [](double others) { return 1 / (1 + others); };
  Expected kept(relations.match, seen, one_of);
  Expected first(relations.equal, seen, one_of);
  Expected met(relations.met, seen, [](double others) { return std::min(others, 1.0); });
  all.kept = all.kept_text = 0;
  double firsts = 0;
  costs.clear();
  for (size_t i = 0; i < pages.size(); ++i) {
    const SampledPage& page = pages[i];
    const double stays = kept(relations.match[i]), is_first = first(relations.equal[i]);
    const double compared = met(relations.met[i]);
    all.kept += page.weight * stays;
    all.kept_text += page.weight * stays * page.text_bytes;
    firsts += page.weight * is_first;
    all.met += page.weight * is_first * compared;
    all.met_words += page.weight * is_first * compared * page.tokens;
    if (compared > 0) costs.emplace_back(CompareCost(page), page.weight);
    if (!page.in_place) all.met_text += page.weight * compared * page.text_bytes;
  }
  // A thread holds two texts at the least.
  all.largest_compared = Largest(std::move(costs), 2 * threads);
  all.near = std::max(0.0, firsts - all.kept);
  return all;
}

}  // namespace refrain
