#pragma once
/// Time that work took on the processor, whatever else the machine does: for tests that ask how cost grows.

#include <ctime>

namespace refrain::reference {

/// Seconds that this thread, or all threads of the process, have worked so far.
inline double CpuSeconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// What `work()` takes. CLOCK_THREAD_CPUTIME_ID: of this thread; CLOCK_PROCESS_CPUTIME_ID: of all.
template <typename Work>
double CpuSecondsOf(clockid_t clock, const Work& work) {
  const double begin = CpuSeconds(clock);
  work();
  return CpuSeconds(clock) - begin;
}

}  // namespace refrain::reference
