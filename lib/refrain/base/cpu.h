#pragma once
/// Which kernel runs: every hot loop exists once for each vector unit and once in plain C++, and all give the
/// same values. The best one this CPU has is chosen by itself; tests, benchmarks and people who doubt a
/// result force another.
///
///   for (const std::string& kernel : AvailableKernels()) {
///     absl::Status status = ForceKernel(kernel);   // now Tokenize(), MinHasher::Sign()... use it
///   }
///   ForceKernel("").IgnoreError();                 // back to the best one

#include <string>
#include <vector>

#include <absl/status/status.h>

namespace refrain {

/// Kernels this CPU can run, best first: for instance "avx3", "avx2", "sse4", "ssse3", "scalar". The last one
/// is always "scalar": plain C++, the specification of the others.
std::vector<std::string> AvailableKernels();

/// From now on all kernels of this process are the named one; "" means the best again. InvalidArgument, and
/// nothing changes, if this CPU lacks it. Thread safe; calls that are running end with the kernel they began
/// with.
absl::Status ForceKernel(const std::string& name);

/// The kernel in use.
std::string KernelName();

/// Whether the plain C++ version is to be used: it was forced, or there is no vector unit we know. Hot loops
/// ask this once a call, before they dispatch over vector units. Costs one relaxed load.
bool UseScalarKernel();

}  // namespace refrain
