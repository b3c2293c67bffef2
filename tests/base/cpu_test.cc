#include "refrain/base/cpu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain {
namespace {

using ::testing::HasSubstr;

TEST(Cpu, ListsThePlainKernelLast) {
  const std::vector<std::string> kernels = AvailableKernels();
  ASSERT_FALSE(kernels.empty());
  EXPECT_EQ(kernels.back(), "scalar");
}

TEST(Cpu, UsesTheBestKernelUntilToldOtherwise) {
  EXPECT_EQ(KernelName(), AvailableKernels().front());
  EXPECT_EQ(UseScalarKernel(), AvailableKernels().size() == 1);
}

TEST(Cpu, UsesTheKernelThatIsForced) {
  const std::vector<std::string> kernels = AvailableKernels();
  for (const std::string& kernel : kernels) {
    ASSERT_TRUE(ForceKernel(kernel).ok());
    EXPECT_EQ(KernelName(), kernel);
    EXPECT_EQ(UseScalarKernel(), kernel == "scalar");
    EXPECT_EQ(AvailableKernels(), kernels) << "forcing one hides no other";
  }
  ASSERT_TRUE(ForceKernel("").ok());
  EXPECT_EQ(KernelName(), kernels.front());
}

TEST(Cpu, RefusesAKernelItDoesNotHave) {
  const std::string before = KernelName();
  const absl::Status status = ForceKernel("abacus");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("scalar"));
  EXPECT_EQ(KernelName(), before);
}

}  // namespace
}  // namespace refrain
