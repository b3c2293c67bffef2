#include <unistd.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/io/source_internal.h"
#include "tests/io/io_testing.h"

namespace refrain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Everything a source gives.
struct Given {
  std::string bytes;
  std::vector<size_t> gaps;  // how many bytes were there
  std::vector<Damage> damage;
  std::vector<std::pair<uint64_t, uint64_t>> members;  // that gave bytes: offset and length in the file
};

Given ReadSource(std::string_view stored, size_t room = 1 << 16) {
  const TempFolder folder;
  auto source = OpenSource(folder.Write("x", stored));
  EXPECT_TRUE(source.ok()) << source.status();
  Given given;
  std::string buffer(room, '\0');
  while (true) {
    size_t got = 0;
    const auto result = (*source)->Read(buffer.data(), buffer.size(), &got);
    EXPECT_TRUE(result.ok()) << result.status();
    given.bytes.append(buffer, 0, got);
    for (Damage& damage : (*source)->TakeDamage()) given.damage.push_back(damage);
    if (got > 0) {
      const std::pair<uint64_t, uint64_t> member((*source)->member_offset(), (*source)->member_length());
      if (given.members.empty() || given.members.back().first != member.first) given.members.emplace_back();
      given.members.back() = member;
    }
    if (*result == ReadResult::kEnd) break;
    if (*result == ReadResult::kGap) given.gaps.push_back(given.bytes.size());
  }
  EXPECT_EQ((*source)->stored_bytes(), stored.size());
  return given;
}

TEST(GzipSource, GoesOnBehindEachMember) {
  const std::string a = Gzip("one "), b = Gzip("two "), c = Gzip("three");
  for (const size_t room : {1, 3, 100, 100000}) {
    const Given given = ReadSource(a + b + Gzip("") + c, room);
    EXPECT_EQ(given.bytes, "one two three");
    EXPECT_THAT(given.damage, IsEmpty());
    ASSERT_EQ(given.members.size(), 3u);
    EXPECT_EQ(given.members[0], std::pair(uint64_t{0}, a.size()));
    EXPECT_EQ(given.members[1], std::pair(a.size(), b.size()));
    EXPECT_EQ(given.members[2].first, a.size() + b.size() + Gzip("").size());
  }
}

TEST(GzipSource, ToleratesZeroPadding) {
  const std::string zeros(1000, '\0');
  EXPECT_EQ(ReadSource(Gzip("one") + zeros).bytes, "one");
  const Given given = ReadSource(Gzip("one") + zeros + Gzip("two") + zeros);
  EXPECT_EQ(given.bytes, "onetwo");
  EXPECT_THAT(given.damage, IsEmpty());
}

TEST(GzipSource, GivesTheSameWithLibdeflateAndWithZlib) {
  // Small members, one too large in the file, one too large inflated, and small ones again.
  const std::string noise = RandomBytes(
      1, size_t{3} << 20,
      std::string_view("\0\1\2\3\4\5\6\7abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 60));
  const std::string flat(size_t{20} << 20, 'x');
  const std::string text = "begin" + noise + "middle" + flat + "end";
  const std::string stored =
      Gzip("begin") + Gzip(noise) + Gzip("middle") + Gzip(flat) + Gzip("en") + Gzip("d");
  for (const size_t room : {size_t{1000}, size_t{1} << 16, size_t{30} << 20}) {
    const Given given = ReadSource(stored, room);
    EXPECT_TRUE(given.bytes == text);
    EXPECT_THAT(given.damage, IsEmpty());
  }
}

TEST(GzipSource, InflatesAtOnceAlsoWhatGoesOnBehindWhatIsAtHand) {
  const std::string noise = RandomBytes(1, size_t{800} << 10, "0123456789abcdefghijklmnopqrstuvwxyz");
  const TempFolder folder;
  auto source = OpenSource(folder.Write("x", Gzip("a") + Gzip(noise) + Gzip(noise) + Gzip("b")));
  ASSERT_TRUE(source.ok()) << source.status();
  std::string buffer(size_t{4} << 20, '\0');
  for (const std::string& member : {std::string("a"), noise, noise, std::string("b")}) {
    size_t got = 0;
    ASSERT_TRUE((*source)->Read(buffer.data(), buffer.size(), &got).ok());
    EXPECT_TRUE(std::string_view(buffer).substr(0, got) == member) << got;
    EXPECT_GT((*source)->member_length(), 0) << "only zlib does not know it yet";
  }
}

TEST(GzipSource, ReadsHeadersWithAllOptionalFields) {
  std::string member = Gzip("text");
  // FEXTRA, FNAME, FCOMMENT, FHCRC are optional; the check of the header is two bytes of its CRC-32, left out
  // here.
  member[3] = 0x04 | 0x08 | 0x10;
  const std::string fields(
      "\x03\x00"
      "abcname\0comment\0",
      18);
  EXPECT_EQ(ReadSource(member.substr(0, 10) + fields + member.substr(10) + member.substr(0, 10) + fields +
                       member.substr(10))
                .bytes,
            "texttext");
}

TEST(GzipSource, SaysWhereAFileIsCutOff) {
  const std::string text = RandomBytes(2, 10000, "abcdefgh");
  const std::string first = Gzip("first");
  const std::string second = Gzip(text);
  const Given given = ReadSource(first + second.substr(0, second.size() / 2));
  EXPECT_GT(given.bytes.size(), 3000u);
  EXPECT_EQ(given.bytes, ("first" + text).substr(0, given.bytes.size()));
  ASSERT_EQ(given.damage.size(), 1u);
  EXPECT_THAT(given.damage[0].reason,
              HasSubstr("unexpected end inside the gzip member at byte " + std::to_string(first.size())));
  EXPECT_EQ(given.damage[0].offset, first.size() + second.size() / 2);
  EXPECT_TRUE(given.damage[0].stored);
  EXPECT_THAT(given.gaps, ElementsAre(given.bytes.size()));
}

TEST(GzipSource, EveryCutGivesABeginOfTheText) {
  const std::string text = RandomBytes(2, 300, "abcdefgh");
  const std::string stored = Gzip(text.substr(0, 100)) + Gzip(text.substr(100));
  for (size_t size = 2; size < stored.size(); ++size) {
    const Given given = ReadSource(stored.substr(0, size));
    EXPECT_TRUE(text.starts_with(given.bytes)) << size;
    EXPECT_EQ(given.gaps.size(), size == Gzip(text.substr(0, 100)).size() ? 0u : 1u) << size;
  }
}

TEST(GzipSource, GoesOnAtTheNextMemberAfterDamage) {
  const std::string a = Gzip("first "), b = Gzip(RandomBytes(2, 5000, "abcdefgh")), c = Gzip("third");
  std::string torn = b;
  torn.erase(torn.size() / 2, 100);
  const Given given = ReadSource(a + torn + c);
  EXPECT_TRUE(given.bytes.starts_with("first "));
  EXPECT_TRUE(given.bytes.ends_with("third"));
  ASSERT_EQ(given.gaps.size(), 1u);
  EXPECT_EQ(given.gaps[0], given.bytes.size() - 5);
  ASSERT_EQ(given.damage.size(), 1u);
  EXPECT_THAT(given.damage[0].reason,
              HasSubstr("inflating goes on at byte " + std::to_string(a.size() + torn.size())));
}

TEST(GzipSource, FindsTheNextMemberAlsoInFrontOfWhereDamageShows) {
  // The second member's end is missing, so zlib reads the third one as its data for a while.
  const std::string a = Gzip(RandomBytes(2, 50000, "abcdefgh"));
  const Given given =
      ReadSource(a.substr(0, a.size() - 3000) + Gzip("second") + Gzip(RandomBytes(3, 50000, "abcdefgh")));
  EXPECT_TRUE(given.bytes.ends_with(RandomBytes(3, 50000, "abcdefgh")));
  EXPECT_NE(given.bytes.find("second" + RandomBytes(3, 10, "abcdefgh")), std::string::npos);
}

TEST(GzipSource, ReportsAWrongChecksumAndGoesOn) {
  std::string a = Gzip("first ");
  a[a.size() - 6] ^= 1;
  const Given given = ReadSource(a + Gzip("second"));
  EXPECT_EQ(given.bytes, "first second");
  ASSERT_EQ(given.damage.size(), 1u);
  EXPECT_THAT(given.damage[0].reason, HasSubstr("incorrect data check"));
  EXPECT_THAT(given.gaps, ElementsAre(6u));
}

TEST(GzipSource, PassesByGarbageBetweenMembers) {
  const std::string a = Gzip("first ");
  const std::string garbage = "not gzip \x1f\x8b\x08 not either";
  const Given given = ReadSource(a + garbage + Gzip("second"));
  EXPECT_EQ(given.bytes, "first second");
  ASSERT_EQ(given.damage.size(), 1u);
  EXPECT_EQ(given.damage[0].offset, a.size());
  EXPECT_EQ(given.damage[0].bytes, garbage.size());
  const Given last = ReadSource(a + garbage);
  ASSERT_EQ(last.damage.size(), 1u);
  EXPECT_EQ(last.damage[0].bytes, garbage.size());
}

TEST(GzipSource, IsNotHeldUpByAFileOfFalseBeginnings) {
  std::string stored = Gzip("first ");
  for (int i = 0; i < 200000; ++i) stored += std::string("\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
  const Given given = ReadSource(stored + Gzip("second"));
  EXPECT_TRUE(given.bytes.starts_with("first "));
  EXPECT_FALSE(given.damage.empty());
}

// What went wrong: each of these members holds all that follow it and breaks far behind; each was inflated up
// to where it breaks, which gave gigabytes.
TEST(GzipSource, MembersInEachOtherCostAFewTimesTheirLength) {
  const std::string head("\x1f\x8b\x08\0\0\0\0\0\0\3", 10), stored_block("\0\xfa\xff\x05\0", 5);
  for (const std::string& between : {std::string(), Gzip("tiny")}) {
    std::string stored;
    while (stored.size() < 2'000'000) stored += head + stored_block + between;
    const Given given = ReadSource(stored);
    EXPECT_LT(given.bytes.size(), 8 * (stored.size() + (4 << 20)));
  }
}

TEST(GzipSource, AFileThatIsOnlyAMagicNumberIsDamage) {
  const Given given = ReadSource("\x1f\x8b");
  EXPECT_EQ(given.bytes, "");
  EXPECT_EQ(given.damage.size(), 1u);
}

TEST(Source, AFileThatShrinksWhileItIsReadIsReported) {
  const TempFolder folder;
  for (const bool gzip : {false, true}) {
    const std::string text = RandomBytes(2, size_t{8} << 20, "abcdefgh");
    const std::string stored = gzip ? Gzip(text) + Gzip("end") : text;
    const std::string path = folder.Write("x", stored);
    auto source = OpenSource(path);
    ASSERT_TRUE(source.ok());
    std::string buffer(1000, '\0');
    size_t got = 0;
    ASSERT_EQ(*(*source)->Read(buffer.data(), buffer.size(), &got), ReadResult::kBytes);
    ASSERT_EQ(::truncate(path.c_str(), static_cast<off_t>(stored.size() / 2)), 0);
    std::vector<Damage> damage;
    ReadResult result = ReadResult::kBytes;
    while (result != ReadResult::kEnd) {
      const auto read = (*source)->Read(buffer.data(), buffer.size(), &got);
      ASSERT_TRUE(read.ok());
      result = *read;
      for (Damage& one : (*source)->TakeDamage()) damage.push_back(one);
    }
    ASSERT_FALSE(damage.empty());
    EXPECT_THAT(damage.back().reason, HasSubstr("became shorter"));
    EXPECT_GE(damage.back().offset, stored.size() / 2) << "some more was read before";
    EXPECT_LT(damage.back().offset, stored.size());
  }
}

}  // namespace
}  // namespace refrain
