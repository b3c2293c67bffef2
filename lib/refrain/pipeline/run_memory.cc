#include "refrain/pipeline/run_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include <fmt/format.h>

namespace refrain {
namespace {

// What can be had without swapping: free memory and most of the page cache.
uint64_t AvailableMemory() {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    unsigned long long kilobytes = 0;
    if (std::sscanf(line.c_str(), "MemAvailable: %llu kB", &kilobytes) == 1) return kilobytes * 1024;
  }
  return static_cast<uint64_t>(sysconf(_SC_AVPHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

uint64_t PeakMemory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

absl::StatusOr<uint64_t> SettleMemory(uint64_t asked, CorpusOptions* corpus) {
  const uint64_t memory = asked > 0 ? asked : AvailableMemory() / 2;
  corpus->memory = memory / 2;
  const uint64_t largest = LargestRecord(corpus->memory);
  if (asked == 0 || largest >= corpus->reader.max_record) return memory;
  constexpr uint64_t kLeast = 64 << 10;  // below it nothing would be left that is worth reading
  if (largest < kLeast) {
    return absl::ResourceExhaustedError(
        fmt::format("{} bytes of memory do not suffice to read anything; give --memory {}M or more", memory,
                    1 + 2 * (kMemoryPerByte + kMemoryPerBatchByte) * kLeast / 1'000'000));
  }
  corpus->reader.max_record = largest;
  corpus->memory_caps = true;
  return memory;
}

}  // namespace refrain
