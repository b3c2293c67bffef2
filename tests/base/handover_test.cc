#include "refrain/base/handover.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace refrain {
namespace {

TEST(Handover, WorksOnEveryBlockInOrderInAnotherThread) {
  std::string joined, expected;
  bool elsewhere = true;
  const std::thread::id caller = std::this_thread::get_id();
  Handover handover([&](std::string_view block) {
    joined.append(block);
    elsewhere &= std::this_thread::get_id() != caller;
    return absl::OkStatus();
  });
  for (int i = 0; i < 2000; ++i) {
    std::string block = std::to_string(i) + ' ';
    expected += block;
    ASSERT_TRUE(handover.Give(&block).ok());
    EXPECT_TRUE(block.empty());
  }
  EXPECT_TRUE(handover.Finish().ok());
  EXPECT_EQ(joined, expected);
  EXPECT_TRUE(elsewhere);
}

TEST(Handover, GoesOnAfterFinish) {
  std::string joined;
  Handover handover([&](std::string_view block) {
    joined.append(block);
    return absl::OkStatus();
  });
  EXPECT_TRUE(handover.Finish().ok());
  for (std::string block : {"a", "b"}) {
    ASSERT_TRUE(handover.Give(&block).ok());
    EXPECT_TRUE(handover.Finish().ok());
  }
  EXPECT_EQ(joined, "ab");
}

TEST(Handover, AnErrorStaysAndNothingIsWorkedOnAfterIt) {
  int worked = 0;
  Handover handover([&](std::string_view block) {
    ++worked;
    return block == "bad" ? absl::DataLossError("bad block") : absl::OkStatus();
  });
  absl::Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) {
    std::string block = i == 3 ? "bad" : "good";
    status = handover.Give(&block);
  }
  EXPECT_EQ(status, absl::DataLossError("bad block"));
  EXPECT_EQ(handover.Finish(), status);
  std::string block = "good";
  EXPECT_EQ(handover.Give(&block), status);
  EXPECT_EQ(worked, 4);
}

TEST(Handover, CanBeLeftWhileBlocksWait) {
  for (int round = 0; round < 200; ++round) {
    Handover handover([](std::string_view) { return absl::OkStatus(); });
    for (int i = 0; i < round % 4; ++i) {
      std::string block = "x";
      ASSERT_TRUE(handover.Give(&block).ok());
    }
  }
}

}  // namespace
}  // namespace refrain
