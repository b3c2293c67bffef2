#include "refrain/pipeline/plan_stretches.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "refrain/base/hash.h"
#include "refrain/base/system_error.h"

namespace refrain {
namespace {

constexpr uint64_t kShortestStretch = 4 << 10;

}  // namespace

std::map<uint32_t, std::vector<SampledStretch>> DrawStretches(const std::vector<InputFile>& files,
                                                              uint64_t total, uint64_t sample) {
  std::map<uint32_t, std::vector<SampledStretch>> drawn;
  const uint64_t length =
      std::clamp(total / std::max<uint64_t>(files.size(), 1), kShortestStretch, kLongestStretch);
  if (total <= sample) {
    for (uint32_t file = 0; file < files.size(); ++file) {
      for (uint64_t begin = 0; begin < files[file].size; begin += kLongestStretch)
        drawn[file].push_back({begin, std::min(begin + kLongestStretch, files[file].size), 1});
    }
    return drawn;
  }
  const uint64_t points = std::max<uint64_t>(1, sample / length);
  const double step = static_cast<double>(total) / static_cast<double>(points);
  uint32_t file = 0;
  double passed = 0;  // bytes of the files before
  for (uint64_t i = 0; i < points; ++i) {
    // Somewhere in its step, so that nothing in the input keeps time with the sample.
    const double jitter =
        static_cast<double>(HashBytes128({reinterpret_cast<const char*>(&i), sizeof(i)}).low >> 11) * 0x1p-53;
    const double point = (static_cast<double>(i) + jitter) * step;
    while (file + 1 < files.size() && point >= passed + static_cast<double>(files[file].size))
      passed += static_cast<double>(files[file++].size);
    const uint64_t at = static_cast<uint64_t>(std::max(0.0, point - passed));
    const uint64_t begin =
        std::min(at, files[file].size - std::min<uint64_t>(1, files[file].size)) / length * length;
    const uint64_t end = std::min(begin + length, files[file].size);
    if (begin == end) continue;
    std::vector<SampledStretch>& there = drawn[file];
    const double weight = step / static_cast<double>(end - begin);
    if (!there.empty() && there.back().begin == begin) {
      there.back().weight += weight;
    } else {
      there.push_back({begin, end, weight});
    }
  }
  return drawn;
}

absl::StatusOr<std::string> ReadStretch(int file, const std::string& path, const SampledStretch& stretch,
                                        std::string_view begin_of_record, uint64_t max_record,
                                        uint64_t* offset) {
  constexpr size_t kMore = 64 << 10;
  std::string bytes;
  bool at_end = false;
  const uint64_t from = stretch.begin - (stretch.begin > 0);
  const auto read_to = [&](uint64_t size) -> absl::Status {
    while (bytes.size() < size && !at_end) {
      const size_t had = bytes.size();
      bytes.resize(size);
      const ssize_t got = pread(file, bytes.data() + had, size - had, static_cast<off_t>(from + had));
      bytes.resize(had + static_cast<size_t>(std::max<ssize_t>(got, 0)));
      if (got < 0 && errno != EINTR) return ErrnoStatus(errno, path);
      at_end = got == 0;
    }
    return absl::OkStatus();
  };
  const uint64_t size = stretch.end - from;
  if (absl::Status status = read_to(size); !status.ok()) return status;
  const std::string delimiter = "\n" + std::string(begin_of_record);
  size_t begin = 0;
  if (stretch.begin > 0) {
    while ((begin = bytes.find(delimiter)) == std::string::npos && !at_end &&
           bytes.size() < size + delimiter.size())
      if (absl::Status status = read_to(size + delimiter.size()); !status.ok()) return status;
    if (begin == std::string::npos || begin + 1 >= size) return std::string();
    ++begin;
  }
  *offset = from + begin;
  // The first one that begins behind the stretch ends the last one in it.
  size_t look = size - 1, end = 0;
  while ((end = bytes.find(delimiter, look)) == std::string::npos) {
    if (at_end) return bytes.substr(begin);
    if (bytes.size() > size + max_record) {  // too large to be read by the run too: what is in front counts
      end = bytes.rfind(delimiter, size - 1);
      return end == std::string::npos || end < begin ? std::string() : bytes.substr(begin, end + 1 - begin);
    }
    look = std::max(look, bytes.size() - std::min(bytes.size(), delimiter.size()));
    if (absl::Status status = read_to(bytes.size() + kMore); !status.ok()) return status;
  }
  return bytes.substr(begin, end + 1 - begin);
}

}  // namespace refrain
