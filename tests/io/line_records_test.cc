#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "refrain/io/records.h"
#include "tests/io/io_testing.h"

namespace refrain {
namespace {

using testing::HasSubstr;

ReadAll Lines(std::string_view bytes, ReaderOptions options = {}) {
  const TempFolder folder;
  options.format = InputFormat::kJsonl;
  ReadAll all = ReadRecords(folder.Write("a.jsonl", bytes), options);
  EXPECT_EQ(all.error, "");
  return all;
}

// Lines with their line ends, by the obvious way.
std::vector<std::string> SlowLines(std::string_view bytes) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : bytes) {
    line.push_back(c);
    if (c == '\n') lines.push_back(std::exchange(line, {}));
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

TEST(LineRecords, KeepTheirLineEnds) {
  const ReadAll all = Lines("{\"a\":1}\n{\"b\":2}\r\n\n \t\r\n{\"c\":3}");
  ASSERT_EQ(all.records.size(), 5u);
  const std::vector<std::pair<std::string, RecordKind>> expected = {{"{\"a\":1}\n", RecordKind::kJsonl},
                                                                    {"{\"b\":2}\r\n", RecordKind::kJsonl},
                                                                    {"\n", RecordKind::kBlank},
                                                                    {" \t\r\n", RecordKind::kBlank},
                                                                    {"{\"c\":3}", RecordKind::kJsonl}};
  uint64_t offset = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(all.records[i].bytes, expected[i].first);
    EXPECT_EQ(all.records[i].kind, expected[i].second);
    EXPECT_EQ(all.records[i].location.record, i);
    EXPECT_EQ(all.records[i].location.offset, offset);
    offset += expected[i].first.size();
  }
  EXPECT_EQ(all.records[0].location.length, 7u);
  EXPECT_EQ(all.records[1].location.length, 7u);
  EXPECT_EQ(all.records[2].location.length, 0u);
  EXPECT_EQ(all.records[4].location.length, 7u);
}

RC_GTEST_PROP(LineRecords, AreTheLinesForAnyBatchSize, ()) {
  const std::string bytes =
      RandomBytes(*rc::gen::arbitrary<uint64_t>(), *rc::gen::inRange(0, 2000), "{} \r\n\nabcdefgh");
  const uint64_t batch = *rc::gen::inRange(1, 500);
  const uint64_t limit = *rc::gen::inRange(1, 60);
  const ReadAll all = Lines(bytes, {.max_record = limit, .batch_bytes = batch});
  const std::vector<std::string> lines = SlowLines(bytes);
  RC_ASSERT(all.records.size() == lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    RC_ASSERT(all.records[i].bytes == lines[i]);
    RC_ASSERT(all.records[i].oversized == (lines[i].size() > limit));
  }
  RC_ASSERT(all.bytes_read == bytes.size());
  RC_ASSERT(all.file_bytes == bytes.size());
}

TEST(LineRecords, ALineOfAnyLengthNeedsBoundedMemory) {
  const TempFolder folder;
  // 200 MB of one letter are 200 kB of gzip.
  const std::string line = '{' + std::string(size_t{50} << 20, 'x');
  std::string bytes = Gzip("{\"text\":\"before\"}\n" + line);
  for (int i = 0; i < 3; ++i) bytes += Gzip(std::string(size_t{50} << 20, 'y'));
  bytes += Gzip("\n{\"text\":\"behind\"}\n");
  auto reader = OpenRecords({.path = folder.Write("a.jsonl.gz", bytes)}, 0, {.max_record = size_t{4} << 20});
  ASSERT_TRUE(reader.ok());
  RecordBatch batch;
  uint64_t oversized = 0;
  std::vector<std::string> others;
  while (*(*reader)->Next(&batch)) {
    EXPECT_LT(batch.buffer.size(), size_t{10} << 20);
    for (const Record& record : batch.records) {
      if (record.oversized) {
        oversized += record.bytes.size();
        EXPECT_EQ(record.location.record, 1u);
        EXPECT_EQ(record.location.offset, 18u);
      } else {
        others.emplace_back(record.bytes);
        EXPECT_EQ(record.location.record, others.size() == 1 ? 0u : 2u);
      }
    }
  }
  EXPECT_EQ(oversized, line.size() + 3 * (size_t{50} << 20) + 1);
  EXPECT_THAT(others, testing::ElementsAre("{\"text\":\"before\"}\n", "{\"text\":\"behind\"}\n"));
}

TEST(LineRecords, HaveReadableZerosBehindTheLast) {
  const TempFolder folder;
  const std::string path = folder.Write("a.jsonl", "{\"a\":1}");
  auto reader = OpenRecords({.path = path}, 0, {});
  ASSERT_TRUE(reader.ok());
  RecordBatch batch;
  batch.buffer.assign(size_t{2} << 20, '}');  // what a batch before may have left
  ASSERT_TRUE(*(*reader)->Next(&batch));
  ASSERT_EQ(batch.records.size(), 1u);
  const std::string_view line = batch.records[0].bytes;
  EXPECT_EQ(std::string_view(line.data() + line.size(), 64), std::string_view(std::string(64, '\0')));
}

TEST(LineRecords, DamageCostsTheLinesItCuts) {
  // Two members; the first one is cut in the middle of its second line, the second one begins inside a line.
  const std::string first = Gzip("{\"n\":0}\n" + RandomBytes(3, 20000, "abcdefghijklmnop") + "\n");
  const std::string second = Gzip("rest of it\"}\n{\"n\":2}\n");
  const ReadAll all = Lines(first.substr(0, first.size() / 2) + second);
  ASSERT_EQ(all.records.size(), 2u);
  EXPECT_EQ(all.records[0].bytes, "{\"n\":0}\n");
  EXPECT_EQ(all.records[1].bytes, "{\"n\":2}\n");
  // What went wrong: lines that damage cut were counted, so that the removal log named lines of clean output
  // by numbers they do not have there.
  EXPECT_EQ(all.records[1].location.record, all.records[0].location.record + 1);
  ASSERT_EQ(all.damage.size(), 3u);
  EXPECT_TRUE(all.damage[0].stored);
  EXPECT_THAT(all.damage[0].reason,
              HasSubstr("inflating goes on at byte " + std::to_string(first.size() / 2)));
  EXPECT_THAT(all.damage[1].reason, HasSubstr("a line that damage cut"));
  EXPECT_THAT(all.damage[2].reason, HasSubstr("the rest of a line"));
  EXPECT_EQ(all.damage[2].bytes, 13u);
  EXPECT_EQ(all.bytes_read, all.bytes_in_records() + all.bytes_dropped());
}

TEST(LineRecords, ALineThatBeginsWithItsMemberSurvivesDamageInFront) {
  std::string first = Gzip("{\"n\":0}\n" + RandomBytes(3, 20000, "abcdefghijklmnop") + "\n");
  first[first.size() / 2] ^= 0x55;
  const ReadAll all = Lines(first + Gzip("{\"n\":1}\n"));
  ASSERT_FALSE(all.records.empty());
  EXPECT_EQ(all.records.back().bytes, "{\"n\":1}\n");
  EXPECT_EQ(all.bytes_read, all.bytes_in_records() + all.bytes_dropped());
}

RC_GTEST_PROP(LineRecords, BytesInAreBytesOutOrReported, ()) {
  // Members with lines across their edges, and some bytes of the file changed, dropped or added.
  const auto seed = *rc::gen::arbitrary<uint64_t>();
  const std::string text = RandomBytes(seed, *rc::gen::inRange(1, 3000), "{\"}abcdefghij\n");
  std::string bytes;
  const size_t step = *rc::gen::inRange(50, 700);
  const bool zstd = *rc::gen::arbitrary<bool>();
  for (size_t at = 0; at < text.size(); at += step) {
    bytes += zstd ? Zstd(text.substr(at, step)) : Gzip(text.substr(at, step));
  }
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    const size_t at = *rc::gen::inRange<size_t>(4, bytes.size());
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        bytes[at] ^= static_cast<char>(1 << *rc::gen::inRange(0, 8));
        break;
      case 1:
        bytes.erase(at, *rc::gen::inRange(1, 40));
        break;
      default:
        bytes.insert(at, RandomBytes(seed, 20, "\x1f\x8b\x08\x28\xb5\x2f\xfd\x01"));
    }
  }
  const ReadAll large = Lines(bytes, {.max_record = 200});
  RC_ASSERT(large.bytes_read == large.bytes_in_records() + large.bytes_dropped());
  const ReadAll small = Lines(bytes, {.max_record = 200, .batch_bytes = 13});
  RC_ASSERT(small.Joined() == large.Joined());
  RC_ASSERT(small.damage.size() == large.damage.size());
}

}  // namespace
}  // namespace refrain
