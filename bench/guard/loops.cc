// Runs hot loops when told to, and does nothing else, so that the instructions they take can be counted from
// outside and that two programs can take turns.
//
//   guard_loops list      compiler, kernels, then a line for each loop: name, element, both lengths, whether
//                         kernels differ
//   guard_loops serve     for each line "LOOP KERNEL LENGTH REPEATS" of standard input runs the loop that
//                         often over so many elements and answers with the time in nanoseconds

#include "bench/guard/loops.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>

#include "refrain/base/cpu.h"

namespace refrain::guard {

volatile uint64_t sink;

namespace {

std::map<std::string, Loop>& Loops() {
  static auto* const loops = new std::map<std::string, Loop>;
  return *loops;
}

}  // namespace

Register::Register(std::initializer_list<Loop> loops) {
  for (const Loop& loop : loops) Loops().emplace(loop.name, loop);
}

std::vector<uint64_t> Hashes(size_t count, uint64_t seed) {
  std::vector<uint64_t> hashes(count);
  uint64_t x = seed;
  for (uint64_t& hash : hashes) {
    x = x * 0x5851f42d4c957f2d + 1;
    hash = (x ^ (x >> 29)) * 0x9e3779b97f4a7c15;
  }
  return hashes;
}

}  // namespace refrain::guard

// Only what happens in here is counted, which is why it has a name that is easy to give. Start-up is not: it
// takes more or fewer instructions from run to run, since libhwy measures the resolution of the clock.
extern "C" [[gnu::noinline]] void refrain_guard_counted(const std::function<void()>& run, size_t repeats) {
  for (size_t i = 0; i < repeats; ++i) run();
}

namespace refrain::guard {
namespace {

void List() {
#if defined(__clang__)
  std::printf("compiler clang-%d\n", __clang_major__);
#elif defined(__GNUC__)
  std::printf("compiler g++-%d\n", __GNUC__);
#else
  std::printf("compiler unknown\n");
#endif
  for (const std::string& kernel : AvailableKernels()) std::printf("kernel %s\n", kernel.c_str());
  for (const auto& [name, loop] : Loops()) {
    std::printf("loop %s %s %zu %zu %s\n", name.c_str(), loop.element.c_str(), loop.shorter, loop.longer,
                loop.dispatched ? "dispatched" : "plain");
  }
}

int Serve() {
  std::map<std::pair<std::string, size_t>, std::function<void()>> prepared;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string name, kernel;
    size_t length = 0, repeats = 0;
    words >> name >> kernel >> length >> repeats;
    const auto loop = Loops().find(name);
    if (!words || loop == Loops().end()) {
      std::fprintf(stderr, "guard_loops: cannot do '%s'\n", line.c_str());
      return 2;
    }
    if (const absl::Status status = ForceKernel(kernel); !status.ok()) {
      std::fprintf(stderr, "guard_loops: %s\n", std::string(status.message()).c_str());
      return 2;
    }
    std::function<void()>& run = prepared[{name, length}];
    if (!run) run = loop->second.prepare(length);
    run();  // takes memory, which it keeps, and brings its data back into the cache
    const auto begin = std::chrono::steady_clock::now();
    refrain_guard_counted(run, repeats);
    const auto took = std::chrono::steady_clock::now() - begin;
    std::printf("%lld\n",
                static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count()));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace refrain::guard

int main(int argc, char** argv) {
  const std::string command = argc == 2 ? argv[1] : "";
  if (command == "serve") return refrain::guard::Serve();
  if (command == "list") {
    refrain::guard::List();
    return 0;
  }
  std::fprintf(stderr, "usage: guard_loops list | guard_loops serve\n");
  return 2;
}
