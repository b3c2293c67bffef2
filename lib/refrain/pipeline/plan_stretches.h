#pragma once
/// Where a plan looks: parts of files, drawn so that all bytes of the input have the same chance.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "refrain/io/inputs.h"

namespace refrain {

/// Longest stretch.
inline constexpr uint64_t kLongestStretch = 256 << 10;

/// A part of a file that is looked at. What is found in it stands for `weight` times as much.
struct SampledStretch {
  uint64_t begin = 0, end = 0;
  double weight = 1;
};

/// By file: the stretches that a sample of about `sample` of `total` bytes has there; all of them if the
/// sample is as large. Blocks of a file are drawn in proportion to their length, each by a point on the line
/// of all bytes; the same ones each time.
std::map<uint32_t, std::vector<SampledStretch>> DrawStretches(const std::vector<InputFile>& files,
                                                              uint64_t total, uint64_t sample);

/// The records of an open file that begin in a stretch of it, whole: a record begins behind a line end, and
/// there with `begin_of_record` ("WARC/" or nothing). Empty if none does. `path` is for errors: those of
/// reading. `offset`: where in the file they begin.
absl::StatusOr<std::string> ReadStretch(int file, const std::string& path, const SampledStretch& stretch,
                                        std::string_view begin_of_record, uint64_t max_record,
                                        uint64_t* offset);

}  // namespace refrain
