#include "refrain/pipeline/text_store.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using testing_crawl::MakeFolder;
using testing_crawl::ReadFolder;

std::string TextOf(uint32_t number) {
  return std::string(number * number % 7919 * 8, static_cast<char>('a' + number % 26));
}

void ExpectAll(const TextStore& store, uint32_t texts) {
  std::string scratch;
  for (uint32_t text = 0; text < texts; ++text) {
    ASSERT_TRUE(store.has(text));
    const auto bytes = store.Read(text, &scratch);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    ASSERT_EQ(*bytes, TextOf(text));
    ASSERT_EQ(reinterpret_cast<uintptr_t>(bytes->data()) % 8, 0);
  }
}

// All in memory; some; none.
TEST(TextStore, GivesBackWhatWasAddedWhateverTheMemory) {
  for (const uint64_t memory : {uint64_t{1} << 40, uint64_t{3} << 20, uint64_t{0}}) {
    constexpr uint32_t kTexts = 500;
    TextStore store("", memory);
    for (uint32_t text = kTexts; text-- > 0;) {
      ASSERT_FALSE(store.has(text));
      ASSERT_TRUE(store.Add(text, TextOf(text)).ok());
      // Also of what is not written out yet.
      std::string scratch;
      ASSERT_EQ(*store.Read(text, &scratch), TextOf(text));
    }
    ExpectAll(store, kTexts);
  }
}

// What went wrong: there was no way to read a block without its whole page.
TEST(TextStore, GivesParts) {
  for (const uint64_t memory : {uint64_t{1} << 40, uint64_t{0}}) {
    TextStore store("", memory);
    const std::string first(3 << 20, 'x'), second = "0123456789";
    ASSERT_TRUE(store.Add(0, first + "end").ok());
    ASSERT_TRUE(store.Add(1, second).ok());
    ASSERT_TRUE(store.Add(2, "").ok());
    std::string scratch;
    EXPECT_EQ(*store.Read(0, {3 << 20, (3 << 20) + 2}, &scratch), "en");
    EXPECT_LE(scratch.size(), 2u) << "no more is read";
    EXPECT_EQ(*store.Read(1, {3, 7}, &scratch), "3456");
    EXPECT_EQ(*store.Read(1, {8, 70}, &scratch), "89");
    EXPECT_EQ(*store.Read(1, {10, 70}, &scratch), "");
    EXPECT_EQ(*store.Read(2, {0, 1}, &scratch), "");
    EXPECT_EQ(*store.Read(1, &scratch), second);
  }
}

TEST(TextStore, KeepsTheFirstOfTwo) {
  TextStore store("", 0);
  ASSERT_TRUE(store.Add(0, "first").ok());
  ASSERT_TRUE(store.Add(0, "second").ok());
  std::string scratch;
  EXPECT_EQ(*store.Read(0, &scratch), "first");
}

TEST(TextStore, IsFilledAndReadBySeveralThreads) {
  constexpr uint32_t kTexts = 400;
  TextStore store("", uint64_t{2} << 20);
  std::vector<std::jthread> threads;
  for (uint32_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&store, thread] {
      std::string scratch;
      for (uint32_t i = 0; i < kTexts; ++i) {
        const uint32_t text = (i * 7 + thread * 50) % kTexts;
        if (!store.has(text) && !store.Add(text, TextOf(text)).ok()) ADD_FAILURE();
        const auto bytes = store.Read(text, &scratch);
        if (!bytes.ok() || *bytes != TextOf(text)) ADD_FAILURE() << text;
      }
    });
  }
  threads.clear();
  ExpectAll(store, kTexts);
}

TEST(TextStore, LeavesNoFileBehindAndSaysWhereItCannotWrite) {
  const std::string folder = MakeFolder();
  {
    TextStore store(folder, 0);
    ASSERT_TRUE(store.Add(0, std::string(3 << 20, 'x')).ok());
    EXPECT_TRUE(ReadFolder(folder).empty());
  }
  TextStore store(folder + "/absent", 0);
  EXPECT_EQ(store.Add(0, std::string(3 << 20, 'x')).code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace refrain
