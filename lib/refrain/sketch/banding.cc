#include "refrain/sketch/banding.h"

#include <fmt/format.h>

#include "refrain/sketch/banding_internal.h"

namespace refrain {
namespace {

// Rows that ChooseBanding asks for: see banding.h.
constexpr int kEnoughRows = 4;

double Power(double base, int exponent) {
  double power = 1;
  for (int i = 0; i < exponent; ++i) power *= base;
  return power;
}

}  // namespace

double Banding::MeetingProbability(double j) const { return 1 - Power(1 - Power(j, rows), bands); }

absl::Status Banding::Validate(int max_components) const {
  if (bands < 1) return absl::InvalidArgumentError(fmt::format("bands = {}: must be at least 1", bands));
  if (rows < 1) return absl::InvalidArgumentError(fmt::format("rows = {}: must be at least 1", rows));
  if (static_cast<int64_t>(bands) * rows <= max_components) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{} bands of {} rows need {} components; the signature has {}", bands, rows,
                  static_cast<int64_t>(bands) * rows, max_components));
}

std::string Banding::Id() const { return fmt::format("bands:{}x{}", bands, rows); }

absl::StatusOr<Banding> ChooseBanding(double resemblance, double recall, int max_components) {
  if (!(resemblance > 0 && resemblance <= 1)) {
    return absl::InvalidArgumentError(
        fmt::format("resemblance = {}: must be above 0, at most 1", resemblance));
  }
  if (!(recall > 0 && recall <= 1)) {
    return absl::InvalidArgumentError(fmt::format("recall = {}: must be above 0, at most 1", recall));
  }
  if (recall == 1 && resemblance < 1) {
    return absl::InvalidArgumentError(
        "recall = 1: certain for equal sets only; ask for less, 0.999 for instance");
  }
  if (max_components < 1) {
    return absl::InvalidArgumentError(fmt::format("components = {}: must be at least 1", max_components));
  }
  for (int rows = kEnoughRows; rows >= 1; --rows) {
    const double missed = 1 - Power(resemblance, rows);  // by one band
    double missed_by_all = missed;
    for (int bands = 1; bands * rows <= max_components; ++bands, missed_by_all *= missed) {
      if (1 - missed_by_all >= recall) return Banding{bands, rows};
    }
  }
  const Banding best{max_components, 1};
  return absl::FailedPreconditionError(
      fmt::format("no banding of {} components meets pairs of resemblance {} with probability {}; the best, "
                  "{} bands of 1 row, "
                  "has {:.4f}: ask for less recall or more components",
                  max_components, resemblance, recall, best.bands, best.MeetingProbability(resemblance)));
}

void AppendBandKeys(std::span<const uint32_t> signature, const Banding& banding,
                    std::vector<uint64_t>* keys) {
  const size_t rows = static_cast<size_t>(banding.rows);
  const size_t bands = static_cast<size_t>(banding.bands);
  const size_t before = keys->size();
  keys->resize(before + bands);  // at once: blocks have a vector each, which is empty
  uint64_t* const to = keys->data() + before;
  if (rows == 4) return sketch_internal::BandKeysOfFour(signature.data(), bands, to);
  for (size_t band = 0; band < bands; ++band)
    to[band] = sketch_internal::BandKey(signature.data() + band * rows, band, rows);
}

}  // namespace refrain
