// Runs one hot loop a given number of times over input of a given length and does nothing else, so that the
// instructions it takes can be counted from outside. bench/guard/instructions is the one who counts.
//
//   guard_loops LOOP KERNEL LENGTH REPEATS     run
//   guard_loops about                          print compiler and kernels, one word a line

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "refrain/base/cpu.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"

namespace refrain {
namespace {

// What keeps the compiler from dropping a loop whose result nobody reads.
volatile uint64_t sink;

std::vector<uint64_t> Hashes(size_t n) {
  std::vector<uint64_t> hashes(n);
  uint64_t x = 1;
  for (uint64_t& hash : hashes) {
    x = x * 0x5851f42d4c957f2d + 1;
    hash = (x ^ (x >> 29)) * 0x9e3779b97f4a7c15;
  }
  return hashes;
}

// Prepares a loop over `length` elements and returns it; only calls of what is returned are counted.
using Prepare = std::function<std::function<void()>(size_t length)>;

Prepare Sign(int components) {
  return [components](size_t length) {
    return [hasher = MinHasher({.components = components}), shingles = Hashes(length),
            signature = std::vector<uint32_t>(components)]() mutable {
      hasher.Sign(shingles, signature);
      sink = signature[0];
    };
  };
}

std::function<void()> SignPage(size_t length) {
  return [shingles = Hashes(length)] {
    uint32_t signature[PageSigner::kComponents];
    PageSigner().Sign(shingles, signature);
    sink = signature[0];
  };
}

std::function<void()> Shingle(size_t length) {
  return [tokens = Hashes(length), traits = std::vector<uint8_t>(length, 4),
          shingles = Hashes(length)]() mutable {
    MakeShingles(tokens, traits, ShingleOptions(), &shingles);
    sink = shingles[0];
  };
}

const std::map<std::string, Prepare>& Loops() {
  static const auto* const loops = new std::map<std::string, Prepare>{
      {"sign:32", Sign(32)}, {"sign:128", Sign(128)}, {"page", SignPage}, {"shingle", Shingle}};
  return *loops;
}

}  // namespace
}  // namespace refrain

// Only what happens in here is counted, which is why it has a name that is easy to give. Start-up is not: it
// takes more or fewer instructions from run to run, since libhwy measures the resolution of the clock.
extern "C" [[gnu::noinline]] void refrain_guard_counted(const std::function<void()>& run, size_t repeats) {
  for (size_t i = 0; i < repeats; ++i) run();
}

namespace refrain {
namespace {

int Run(const std::string& loop, const std::string& kernel, size_t length, size_t repeats) {
  const auto found = Loops().find(loop);
  if (found == Loops().end()) {
    std::fprintf(stderr, "guard_loops: no loop '%s'\n", loop.c_str());
    return 2;
  }
  if (const absl::Status status = ForceKernel(kernel); !status.ok()) {
    std::fprintf(stderr, "guard_loops: %s\n", std::string(status.message()).c_str());
    return 2;
  }
  const std::function<void()> run = found->second(length);
  refrain_guard_counted(run, repeats);
  return 0;
}

int About() {
#if defined(__clang__)
  std::printf("clang-%d\n", __clang_major__);
#elif defined(__GNUC__)
  std::printf("g++-%d\n", __GNUC__);
#else
  std::printf("unknown\n");
#endif
  for (const std::string& kernel : AvailableKernels()) std::printf("%s\n", kernel.c_str());
  return 0;
}

}  // namespace
}  // namespace refrain

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "about") return refrain::About();
  if (argc == 5)
    return refrain::Run(argv[1], argv[2], std::strtoull(argv[3], nullptr, 10),
                        std::strtoull(argv[4], nullptr, 10));
  std::fprintf(stderr, "usage: guard_loops LOOP KERNEL LENGTH REPEATS | guard_loops about\n");
  return 2;
}
