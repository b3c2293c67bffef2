#include "refrain/sketch/banding.h"

#include <fmt/format.h>

namespace refrain {
namespace {

// Digits of the square roots of 7 and 11, made odd.
constexpr uint64_t kBandSalt = 0xa54ff53a5f1d36f1;
constexpr uint64_t kRowMultiplier = 0x510e527fade682d1;

// Rows that ChooseBanding asks for: see banding.h.
constexpr int kEnoughRows = 4;

double Power(double base, int exponent) {
  double power = 1;
  for (int i = 0; i < exponent; ++i) power *= base;
  return power;
}

// Each row is added, multiplied upwards and folded down before the next: the order of rows counts, and a row
// reaches all bits after one more step, which the last line gives to the last row.
//
// kRows is their number, or 0 for any: where it is known the loop is unrolled, and the keys of several bands
// are computed side by side, none of which waits for another.
template <size_t kRows>
void BandKeys(const uint32_t* components, size_t bands, size_t any_rows, uint64_t* keys) {
  const size_t rows = kRows > 0 ? kRows : any_rows;
  for (size_t band = 0; band < bands; ++band, components += rows) {
    uint64_t key = (band + 1) * kBandSalt;
    for (size_t row = 0; row < rows; ++row) {
      key = (key + components[row]) * kRowMultiplier;
      key ^= key >> 32;
    }
    key *= kBandSalt;
    keys[band] = key ^ (key >> 29);
  }
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
  rows == 4 ? BandKeys<4>(signature.data(), bands, rows, to) : BandKeys<0>(signature.data(), bands, rows, to);
}

}  // namespace refrain
