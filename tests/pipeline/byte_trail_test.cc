#include "refrain/pipeline/byte_trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "refrain/base/hash.h"

namespace refrain {
namespace {

constexpr uint64_t kStep = ByteTrail::kLeastStep;

ByteTrail TrailOf(std::string_view bytes) {
  ByteTrailMaker maker;
  maker.Add(bytes);
  return maker.Finish();
}

std::string RandomBytes(size_t size, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// All of it at once, each mark by itself.
ByteTrail Slow(std::string_view bytes) {
  const auto state_at = [&](uint64_t end) {
    uint64_t state = 0;
    for (uint64_t at = 0; at < end; at += kStep)
      state = HashBytes64(bytes.substr(at, std::min(kStep, end - at)), state);
    return state;
  };
  ByteTrail trail{.bytes = bytes.size(), .digest = state_at(bytes.size()), .step = kStep, .marks = {}};
  while (bytes.size() / trail.step >= ByteTrail::kMostMarks) trail.step *= 2;
  for (uint64_t end = trail.step; end <= bytes.size(); end += trail.step)
    trail.marks.push_back(static_cast<uint32_t>(state_at(end)));
  return trail;
}

TEST(ByteTrail, IsThatOfTheBytesHoweverTheyWereCut) {
  std::mt19937_64 random(7);
  ByteTrailMaker maker;  // begins anew after each
  for (uint64_t round = 0; round < 300; ++round) {
    const uint64_t blocks = random() % (round % 10 == 0 ? 200 : 40);
    const std::string bytes = RandomBytes(blocks * kStep + (round % 3 == 0 ? 0 : random() % kStep), round);
    for (std::string_view rest = bytes; !rest.empty();) {
      const uint64_t most = random() % 3 == 0 ? 3 * kStep : 50 + random() % kStep;
      const std::string_view piece = rest.substr(0, random() % (most + 1));
      maker.Add(piece);
      rest.remove_prefix(piece.size());
    }
    const ByteTrail trail = maker.Finish();
    EXPECT_EQ(trail, Slow(bytes)) << bytes.size();
    EXPECT_EQ(FirstChange(trail, Slow(bytes)), std::nullopt);
    EXPECT_LT(trail.marks.size(), ByteTrail::kMostMarks);
    EXPECT_EQ(ParseTrail(TrailText(trail)), trail);
  }
}

TEST(ByteTrail, SaysWhereBytesBeginToDiffer) {
  std::mt19937_64 random(8);
  for (uint64_t round = 0; round < 2000; ++round) {
    const std::string written = RandomBytes(1 + random() % (round % 5 == 0 ? 90 * kStep : 6 * kStep), round);
    std::string now = written;
    const uint64_t at = random() % now.size();
    switch (random() % 5) {
      case 0:
        now[at] = static_cast<char>(now[at] + 1);
        break;
      case 1:
        now.insert(at, RandomBytes(1 + random() % (40 * kStep), round + 1));
        break;
      case 2:
        now.erase(at, 1 + random() % (9 * kStep));
        break;
      case 3:
        now.resize(at);
        break;
      case 4:
        now += RandomBytes(1 + random() % (3 * kStep), round + 1);
        break;
    }
    const auto first = static_cast<uint64_t>(
        std::mismatch(written.begin(), written.end(), now.begin(), now.end()).first - written.begin());
    const auto changed = FirstChange(TrailOf(written), TrailOf(now));
    ASSERT_TRUE(changed.has_value());
    EXPECT_LE(changed->begin, first);
    EXPECT_GE(changed->end, first);
    // As near as the marks of the longer one.
    const uint64_t step = std::max(TrailOf(written).step, TrailOf(now).step);
    EXPECT_LE(changed->end - changed->begin, step);
    EXPECT_EQ(changed->begin % step, 0u);
  }
}

TEST(ByteTrail, OfNothing) {
  const ByteTrail nothing = TrailOf("");
  EXPECT_EQ(nothing, ByteTrail{});
  EXPECT_EQ(FirstChange(nothing, nothing), std::nullopt);
  EXPECT_EQ(FirstChange(nothing, TrailOf("a")), (ChangedBytes{0, 0}));
  EXPECT_EQ(FirstChange(TrailOf("a"), nothing), (ChangedBytes{0, 0}));
  EXPECT_EQ(ParseTrail(TrailText(nothing)), nothing);
}

TEST(ByteTrail, IsReadOnlyIfItIsOne) {
  const std::string text = TrailText(TrailOf(RandomBytes(3 * kStep + 5, 1)));
  ASSERT_TRUE(ParseTrail(text).has_value());
  for (size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(ParseTrail(text.substr(0, size))) << size;
  EXPECT_FALSE(ParseTrail(text + "0"));
  EXPECT_FALSE(ParseTrail(text + "01234567"));
  for (const char* other :
       {"0-0-0000000000000000-", "5-1023-0000000000000000-", "5-3072-0000000000000000-",
        "5--0000000000000000-", "-5-1024-0000000000000000-", "5-1024-000000000000000g-",
        "1024-1024-0000000000000000-0000000-", "99999999999999999999-1024-0000000000000000-"}) {
    EXPECT_FALSE(ParseTrail(other)) << other;
  }
  EXPECT_TRUE(ParseTrail("1024-1024-0000000000000000-0000000f"));
}

}  // namespace
}  // namespace refrain
