#include "bench/kernel_bench.h"

#include <map>
#include <utility>

#include "bench/corpus.h"
#include "refrain/sketch/shingle.h"

namespace refrain::bench {
namespace {

const std::vector<std::string>& ThreeKinds() {
  static const auto* const kinds = new std::vector<std::string>{"english", "mixed", "adversarial"};
  return *kinds;
}

void RegisterOn(const std::string& name, const std::vector<std::string>& kernels,
                const std::vector<std::string>& kinds, const OnText& run) {
  for (const std::string& kind : kinds) {
    for (const std::string& kernel : kernels) {
      const std::string shown = kernel.empty() ? "plain" : kernel;
      benchmark::RegisterBenchmark((name + "/kernel:" + shown + "/text:" + kind).c_str(), run,
                                   KernelAndText{kernel, kind});
    }
  }
}

}  // namespace

const PreparedText& Prepared(const std::string& kind, uint64_t seed) {
  static auto* const all = new std::map<std::pair<std::string, uint64_t>, PreparedText>;
  PreparedText& prepared = (*all)[{kind, seed}];
  if (prepared.text.empty()) {
    constexpr size_t kBytes = 64 << 10;
    prepared.text = MakeText(kind, kBytes, seed);
    Tokenize(prepared.text, &prepared.tokens);
    MakeShingles(prepared.tokens.hashes, prepared.tokens.traits, {}, &prepared.shingles);
  }
  return prepared;
}

void ShowRates(const Amounts& amounts, benchmark::State* state) {
  const auto rounds = static_cast<double>(state->iterations());
  if (amounts.bytes > 0)
    state->SetBytesProcessed(static_cast<int64_t>(state->iterations()) * static_cast<int64_t>(amounts.bytes));
  for (const auto& [name, amount] : {std::pair<const char*, size_t>{"tokens", amounts.tokens},
                                     {"shingles", amounts.shingles},
                                     {"keys", amounts.keys}}) {
    if (amount > 0)
      state->counters[name] =
          benchmark::Counter(rounds * static_cast<double>(amount), benchmark::Counter::kIsRate);
  }
}

void WithScalar(const std::function<void()>& work) {
  ForceKernel("scalar").IgnoreError();
  work();
  ForceKernel("").IgnoreError();
}

void ForKernelsAndTexts(const std::string& name, const OnText& run) {
  RegisterOn(name, AvailableKernels(), ThreeKinds(), run);
}

void ForTexts(const std::string& name, const OnText& run) { RegisterOn(name, {""}, ThreeKinds(), run); }

void ForKernelsAndAllTexts(const std::string& name, const OnText& run) {
  RegisterOn(name, AvailableKernels(), TextKinds(), run);
}

}  // namespace refrain::bench
