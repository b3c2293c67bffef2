#include "refrain/pipeline/run_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include <fmt/format.h>

namespace refrain {
namespace {

// The first number of kilobytes behind `name` in one of the system's files; 0 if it is not there.
uint64_t Kilobytes(const char* path, const char* name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    unsigned long long kilobytes = 0;
    if (line.starts_with(name) && std::sscanf(line.c_str() + std::strlen(name), ": %llu kB", &kilobytes) == 1)
      return kilobytes;
  }
  return 0;
}

}  // namespace

uint64_t AvailableMemory() {
  if (const uint64_t kilobytes = Kilobytes("/proc/meminfo", "MemAvailable"); kilobytes > 0)
    return kilobytes * 1024;
  return static_cast<uint64_t>(sysconf(_SC_AVPHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// Of this program: getrusage also counts what the process was before it became this program, which is as
// large as whoever started it.
uint64_t PeakMemory() {
  if (const uint64_t kilobytes = Kilobytes("/proc/self/status", "VmHWM"); kilobytes > 0)
    return kilobytes * 1024;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

absl::StatusOr<MemoryShares> SettleMemory(uint64_t asked, CorpusOptions* corpus) {
  const MemoryShares memory{asked > 0 ? asked : AvailableMemory() / 2};
  corpus->memory = memory.records();
  const uint64_t largest = LargestRecord(corpus->memory);
  if (asked == 0 || largest >= corpus->reader.max_record) return memory;
  constexpr uint64_t kLeast = 64 << 10;  // below it nothing would be left that is worth reading
  if (largest < kLeast) {
    return absl::ResourceExhaustedError(
        fmt::format("{} bytes of memory do not suffice to read anything; give --memory {}M or more",
                    memory.all, 1 + 2 * (kMemoryPerByte + kMemoryPerBatchByte) * kLeast / 1'000'000));
  }
  corpus->reader.max_record = largest;
  corpus->memory_caps = true;
  return memory;
}

}  // namespace refrain
