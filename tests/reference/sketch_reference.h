#pragma once
// What the tests of kernels share.

#include <functional>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "refrain/base/cpu.h"
#include "tests/reference/sketch_slow.h"

namespace refrain::reference {

// Runs `check` with every kernel that this CPU has, and leaves the best one in use.
inline void ForEachKernel(const std::function<void()>& check) {
  for (const std::string& kernel : AvailableKernels()) {
    SCOPED_TRACE("kernel " + kernel);
    ASSERT_TRUE(ForceKernel(kernel).ok());
    check();
  }
  ASSERT_TRUE(ForceKernel("").ok());
}

}  // namespace refrain::reference
