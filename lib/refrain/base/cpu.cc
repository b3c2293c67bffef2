#include "refrain/base/cpu.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hwy/highway.h>
#include <hwy/targets.h>

namespace refrain {
namespace {

constexpr char kScalar[] = "scalar";

// Vector targets that were compiled and that this CPU has, best (lowest bit) first. Asked before anything is
// forced, since forcing changes what Highway reports.
const std::vector<std::pair<std::string, int64_t>>& VectorTargets() {
  static const auto* const targets = [] {
    auto* list = new std::vector<std::pair<std::string, int64_t>>;
    // Highway's own scalar targets have one lane and lack operations that we need; ours replaces them.
    int64_t left = hwy::SupportedTargets() & HWY_TARGETS & ~(HWY_SCALAR | HWY_EMU128);
    for (; left != 0; left &= left - 1) {
      const int64_t target = left & -left;
      std::string name = hwy::TargetName(target);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      list->emplace_back(std::move(name), target);
    }
    return list;
  }();
  return *targets;
}

std::atomic<bool>& ScalarFlag() {
  static std::atomic<bool> flag{VectorTargets().empty()};
  return flag;
}

// Index into VectorTargets() of the one in use; its size stands for the plain version.
std::atomic<size_t> chosen{0};

void ChooseTargets(int64_t mask) {
  hwy::SetSupportedTargetsForTest(mask);  // 0: what the CPU has
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

std::vector<std::string> AvailableKernels() {
  std::vector<std::string> names;
  for (const auto& [name, target] : VectorTargets()) names.push_back(name);
  names.push_back(kScalar);
  return names;
}

absl::Status ForceKernel(const std::string& name) {
  const std::vector<std::string> names = AvailableKernels();
  const size_t index = name.empty() ? 0 : std::find(names.begin(), names.end(), name) - names.begin();
  if (index == names.size()) {
    return absl::InvalidArgumentError(
        fmt::format("this CPU has no kernel '{}'; it has: {}", name, fmt::join(names, ", ")));
  }
  const bool scalar = index == VectorTargets().size();
  if (!scalar) ChooseTargets(name.empty() ? 0 : VectorTargets()[index].second);
  chosen.store(index, std::memory_order_relaxed);
  ScalarFlag().store(scalar, std::memory_order_relaxed);
  return absl::OkStatus();
}

std::string KernelName() { return AvailableKernels()[chosen.load(std::memory_order_relaxed)]; }

bool UseScalarKernel() { return ScalarFlag().load(std::memory_order_relaxed); }

}  // namespace refrain
