#include "refrain/pipeline/plan_totals.h"

#include <algorithm>
#include <cmath>
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
  if (!options.pages || pages.empty()) return all;

  const Relations relations = Relate(pages, band_keys, options.banding.bands, options.resemblance);
  const double seen = std::min(1.0, static_cast<double>(pages.size()) / all.pages);
  const auto one_of = [](double others) { return 1 / (1 + others); };
  Expected kept(relations.match, seen, one_of);
  Expected first(relations.equal, seen, one_of);
  Expected met(relations.met, seen, [](double others) { return std::min(others, 1.0); });
  all.kept = all.kept_text = 0;
  double firsts = 0;
  for (size_t i = 0; i < pages.size(); ++i) {
    const SampledPage& page = pages[i];
    const double stays = kept(relations.match[i]), is_first = first(relations.equal[i]);
    const double compared = met(relations.met[i]);
    all.kept += page.weight * stays;
    all.kept_text += page.weight * stays * page.text_bytes;
    firsts += page.weight * is_first;
    all.met += page.weight * is_first * compared;
    all.met_words += page.weight * is_first * compared * page.tokens;
    if (!page.in_place) all.met_text += page.weight * compared * page.text_bytes;
  }
  all.near = std::max(0.0, firsts - all.kept);
  return all;
}

}  // namespace refrain
