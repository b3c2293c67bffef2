#pragma once
/// Bands: which pairs of signatures meet, and how likely.
///
///   Banding banding;                                     // 12 x 4
///   AppendBandKeys(signature, banding, &keys);           // two records are candidates where a key is equal
///   banding.MeetingProbability(0.8);                     // 0.998

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace refrain {

/// `bands` bands of `rows` components. Two signatures meet where all rows of one band agree.
struct Banding {
  int bands =
      12;  ///< 12 x 4 meets 0.998 of the pairs at resemblance 0.8; verification makes wide bands needless
  int rows = 4;

  int components() const { return bands * rows; }
  /// Chance that two sets of resemblance `j` meet in at least one band: 1 - (1 - j^rows)^bands. Linear in
  /// rows and bands, by multiplications only, so that it is the same on every machine.
  double MeetingProbability(double j) const;
  /// InvalidArgument, naming the field, unless both are positive and components() <= max_components.
  absl::Status Validate(int max_components) const;
  /// What decides the keys, for run.json and file headers: "bands:12x4".
  std::string Id() const;
};

/// The cheapest banding that meets a pair at `resemblance` with probability at least `recall` and uses at
/// most `max_components`. Each band is one key to sort and spill, so fewer bands are cheaper, but rows must
/// keep strangers apart: at resemblance 0.2, which pages of one site easily have, a band of 1 row meets every
/// fifth pair, one of 4 rows every 600th. So: as many rows as can be had up to 4, and of those the fewest
/// bands. InvalidArgument for values out of range (both in (0, 1], `recall` below 1 unless `resemblance` is
/// 1), FailedPrecondition if no banding reaches the recall, naming the best that can be had.
absl::StatusOr<Banding> ChooseBanding(double resemblance, double recall, int max_components);

/// One 64-bit key a band: a hash of the band's number and rows. Appends `banding.bands` keys to `keys`; equal
/// signatures have equal keys. Empty sets all have the same signature: do not ask for their keys, or they
/// meet each other. REQUIRES: signature.size() >= banding.components().
void AppendBandKeys(std::span<const uint32_t> signature, const Banding& banding, std::vector<uint64_t>* keys);

}  // namespace refrain
