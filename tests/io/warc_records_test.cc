#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "refrain/io/records.h"
#include "tests/io/io_testing.h"

namespace refrain {
namespace {

using testing::HasSubstr;

ReadAll Warc(std::string_view bytes, ReaderOptions options = {}) {
  const TempFolder folder;
  options.format = InputFormat::kWarc;
  ReadAll all = ReadRecords(folder.Write("a.warc", bytes), options);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.bytes_read, all.bytes_in_records() + all.bytes_dropped());
  return all;
}

// Five records of different sizes, among them an empty one and one that quotes a WARC header.
std::vector<std::string> Records() {
  return {WarcRecord("warcinfo", "", "software: a test\r\n"),
          WarcRecord("response", "Content-Type: application/http\r\n", RandomBytes(1, 3000, "abc \r\n")),
          WarcRecord("metadata", "", ""),
          WarcRecord("conversion", "Content-Type: text/plain\r\n",
                     "It says WARC/1.0 in\r\nWARC/1.0 files\r\n\r\nand more"),
          WarcRecord("resource", "", RandomBytes(2, 500, std::string_view("\0\1xyz", 5)))};
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string joined;
  for (const std::string& part : parts) joined += part;
  return joined;
}

void ExpectRecords(const ReadAll& all, const std::vector<std::string>& expected) {
  ASSERT_EQ(all.records.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(all.records[i].bytes, expected[i]) << i;
}

TEST(WarcRecords, CoverTheFile) {
  const std::vector<std::string> records = Records();
  for (const uint64_t batch : {1, 100, 1 << 20}) {
    const ReadAll all = Warc(Joined(records), {.batch_bytes = batch});
    ExpectRecords(all, records);
    if (testing::Test::HasFatalFailure()) return;
    EXPECT_TRUE(all.damage.empty());
    uint64_t offset = 0;
    for (size_t i = 0; i < records.size(); ++i) {
      EXPECT_EQ(all.records[i].location.record, i);
      EXPECT_EQ(all.records[i].location.offset, offset);
      EXPECT_EQ(all.records[i].location.length, records[i].size() - 4) << "without the line ends behind";
      EXPECT_EQ(all.records[i].member_offset, offset);
      EXPECT_EQ(all.records[i].kind, RecordKind::kWarc);
      offset += records[i].size();
    }
  }
}

TEST(WarcRecords, TellTheirMembers) {
  const std::vector<std::string> records = Records();
  std::string stored;
  std::vector<std::pair<uint64_t, uint64_t>> members;
  for (const std::string& record : records) {
    members.emplace_back(stored.size(), Gzip(record).size());
    stored += Gzip(record);
  }
  for (const uint64_t batch : {1, 1000, 1 << 20}) {
    const ReadAll all = Warc(stored, {.batch_bytes = batch});
    ExpectRecords(all, records);
    if (testing::Test::HasFatalFailure()) return;
    for (size_t i = 0; i < records.size(); ++i) {
      EXPECT_EQ(all.records[i].member_offset, members[i].first);
      EXPECT_EQ(all.records[i].member_length, members[i].second);
    }
  }
}

TEST(WarcRecords, NeedNoMemberOfTheirOwn) {
  const std::vector<std::string> records = Records();
  const std::string text = Joined(records);
  ReadAll all = Warc(Gzip(text));
  ExpectRecords(all, records);
  if (testing::Test::HasFatalFailure()) return;
  EXPECT_EQ(all.records[4].member_offset, 0u);
  // Members that end anywhere.
  std::string stored;
  for (size_t at = 0; at < text.size(); at += 100) stored += Gzip(text.substr(at, 100));
  all = Warc(stored);
  ExpectRecords(all, records);
  EXPECT_TRUE(all.damage.empty());
}

TEST(WarcRecords, AcceptWhatWritersWrite) {
  const std::vector<std::string> records = {
      "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n",
      "WARC/0.18\nWARC-Type: response\nContent-Length: 5\n\nhello\n\n",
      "warc/1.0\r\nwarc-type: response\r\nCONTENT-LENGTH:5\r\n\r\nhello\r\n\r\n",
      "WARC/1.0\r\nWARC-Type:\r\n response\r\nContent-Length:\r\n\t5\r\n\r\nhello\r\n\r\n",
      "WARC/1.0\r\r\nContent-Length: 5\r\r\n\r\r\nhello\r\r\n\r\r\n",
      "WARC/1.0 \r\nContent-Length: 5 \r\na line that is no field\r\n\r\nhello\r\n",
      "WARC/1.0\r\nContent-Length: 5\r\n\r\nhello",
      "WARC/1.0\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n\r\n\r\n\n\n",
      "WARC/1.0\r\nContent-Length: 0\r\n\r\n"};
  const ReadAll all = Warc(Joined(records));
  ExpectRecords(all, records);
  EXPECT_TRUE(all.damage.empty());
}

TEST(WarcRecords, GoOnBehindABrokenHeader) {
  const std::vector<std::string> records = Records();
  for (const std::string broken :
       {"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "WARC/1.0\r\nContent-Length: five\r\n\r\nhello\r\n\r\n",
        "WARC/1.0\r\nContent-Length: -1\r\n\r\nhello\r\n\r\n", "garbage\r\n\r\n", "\r\n\r\n",
        "WARC/1.0\r\nContent-Length: 99999999999999999999999\r\n\r\nhello\r\n\r\n",
        "WARC/1.0\r\nContent-Length: 18446744073709551615\r\n\r\nhello\r\n\r\n", "WARC/1.0\r\n"}) {
    const ReadAll all = Warc(broken + records[1] + records[4]);
    ExpectRecords(all, {records[1], records[4]});
    ASSERT_EQ(all.records.size(), 2u);
    ASSERT_EQ(all.damage.size(), 1u) << broken;
    EXPECT_EQ(all.damage[0].offset, 0u);
    EXPECT_EQ(all.damage[0].bytes, broken.size());
    const uint64_t counted = broken.starts_with("WARC") ? 1 : 0;
    EXPECT_EQ(all.records[0].location.record, counted) << "what began as a record counts";
  }
}

TEST(WarcRecords, AHeaderWithoutEndDoesNotEatTheFile) {
  const std::vector<std::string> records = Records();
  const std::string endless = "WARC/1.0\r\nX: " + std::string(1000000, 'x');
  const ReadAll all = Warc(endless + "\r\n" + records[1]);
  ExpectRecords(all, {records[1]});
  ASSERT_FALSE(all.damage.empty());
  EXPECT_THAT(all.damage[0].reason, HasSubstr("header without end"));
}

TEST(WarcRecords, AHeaderThatGoesOnAsAnotherIsNotMixedWithIt) {
  const std::vector<std::string> records = Records();
  const std::string torn = records[0].substr(0, records[0].find("Content-Length")) + "WARC-Tor\r\n";
  const ReadAll all = Warc(torn + records[1]);
  ExpectRecords(all, {records[1]});
  ASSERT_EQ(all.damage.size(), 1u);
  EXPECT_EQ(all.damage[0].bytes, torn.size());
}

TEST(WarcRecords, ALengthThatIsTooLargeCostsOneRecord) {
  const std::vector<std::string> records = Records();
  // 3005 to 3009: the block once took some bytes of the next record's "WARC/" and spoiled that one too.
  for (const std::string length :
       {"Content-Length: 3005", "Content-Length: 3006", "Content-Length: 3009", "Content-Length: 3100",
        "Content-Length: 50000", "Content-Length: 3000000"}) {
    std::string wrong = records[1];
    wrong.replace(wrong.find("Content-Length: 3000"), 20, length);
    const ReadAll all = Warc(records[0] + wrong + records[3] + records[4]);
    ExpectRecords(all, {records[0], records[3], records[4]});
    if (testing::Test::HasFatalFailure()) return;
    ASSERT_EQ(all.damage.size(), 1u);
    EXPECT_EQ(all.damage[0].offset, records[0].size());
    EXPECT_EQ(all.damage[0].record, 1u);
    EXPECT_EQ(all.records[1].location.record, 2u);
  }
}

TEST(WarcRecords, ALengthThatIsTooLargeCostsOneRecordAlsoBeyondTheLimit) {
  const std::vector<std::string> records = Records();
  std::string wrong = records[1];
  wrong.replace(wrong.find("Content-Length: 3000"), 20, "Content-Length: 300000000");
  for (const uint64_t batch : {50, 1 << 20}) {
    const ReadAll all =
        Warc(records[0] + wrong + records[3] + records[4], {.max_record = 4000, .batch_bytes = batch});
    ExpectRecords(all, {records[0], wrong, records[3], records[4]});
    if (testing::Test::HasFatalFailure()) return;
    EXPECT_TRUE(all.records[1].oversized);
    ASSERT_EQ(all.damage.size(), 1u);
    EXPECT_THAT(all.damage[0].reason, HasSubstr("bytes early"));
  }
}

// The last piece was once searched without a look behind it, so that small batches took a "W" of the next
// record.
TEST(WarcRecords, ALengthThatIsALittleTooLargeIsSeenWhateverThePieces) {
  const std::vector<std::string> records = Records();
  for (int excess = 5; excess < 30; ++excess) {
    std::string wrong = records[1];
    wrong.replace(wrong.find("Content-Length: 3000"), 20, "Content-Length: " + std::to_string(3000 + excess));
    for (const uint64_t batch : {1, 7, 50, 1 << 20}) {
      const ReadAll all = Warc(records[0] + wrong + records[3], {.max_record = 1000, .batch_bytes = batch});
      ExpectRecords(all, {records[0], wrong, records[3]});
      EXPECT_EQ(all.damage.size(), 1u);
    }
  }
}

TEST(WarcRecords, AMembersBeginEndsARecordWhateverItsLengthSays) {
  const std::vector<std::string> records = Records();
  std::string wrong = records[1];
  wrong.replace(wrong.find("Content-Length: 3000"), 20, "Content-Length: 30000");
  wrong.resize(wrong.size() - 4);  // no line ends, so that only the member tells
  const ReadAll all = Warc(Gzip(records[0]) + Gzip(wrong) + Gzip(records[3]) + Gzip(records[4]));
  ExpectRecords(all, {records[0], records[3], records[4]});
  ASSERT_EQ(all.damage.size(), 1u);
  EXPECT_EQ(all.damage[0].bytes, wrong.size());
}

TEST(WarcRecords, ALengthThatIsTooSmallDropsWhatItLeavesOut) {
  const std::vector<std::string> records = Records();
  std::string wrong = records[3];
  wrong.replace(wrong.find("Content-Length: 47"), 18, "Content-Length: 42");
  const ReadAll all = Warc(wrong + records[4]);
  ASSERT_EQ(all.records.size(), 2u);
  EXPECT_EQ(all.records[1].bytes, records[4]);
  ASSERT_EQ(all.damage.size(), 1u);
  EXPECT_EQ(all.damage[0].bytes, 5 + 4u);
}

TEST(WarcRecords, ARecordThatIsCutOffIsDropped) {
  const std::vector<std::string> records = Records();
  const std::string whole = records[0] + records[1];
  for (const size_t cut : {records[0].size() + 3, records[0].size() + 50, whole.size() - 5}) {
    const ReadAll all = Warc(whole.substr(0, cut));
    ExpectRecords(all, {records[0]});
    ASSERT_EQ(all.damage.size(), 1u) << cut;
    EXPECT_EQ(all.damage[0].offset, records[0].size());
    EXPECT_EQ(all.damage[0].bytes, cut - records[0].size());
  }
  ExpectRecords(Warc(whole.substr(0, whole.size() - 4)),
                {records[0], records[1].substr(0, records[1].size() - 4)});
}

TEST(WarcRecords, ATornMemberCostsItsRecordAlone) {
  const std::vector<std::string> records = Records();
  for (size_t torn = 0; torn < records.size(); ++torn) {
    std::string stored;
    std::vector<std::string> kept;
    for (size_t i = 0; i < records.size(); ++i) {
      std::string member = Gzip(records[i]);
      if (i == torn) member.erase(member.size() / 2, 10);
      if (i != torn) kept.push_back(records[i]);
      stored += member;
    }
    const ReadAll all = Warc(stored);
    ExpectRecords(all, kept);
    EXPECT_TRUE(
        std::any_of(all.damage.begin(), all.damage.end(), [](const Damage& place) { return place.stored; }));
  }
}

TEST(WarcRecords, ThatAreTooLargeAreStreamedPast) {
  const std::vector<std::string> records = Records();
  const std::string text = Joined(records);
  for (const uint64_t batch : {50, 1000, 1 << 20}) {
    const ReadAll all = Warc(text, {.max_record = 1000, .batch_bytes = batch});
    ExpectRecords(all, records);
    if (testing::Test::HasFatalFailure()) return;
    EXPECT_TRUE(all.damage.empty());
    for (size_t i = 0; i < records.size(); ++i)
      EXPECT_EQ(all.records[i].oversized, records[i].size() > 1000) << i;
  }
}

// Crawls are full of videos: a page that is too large is worth a word, they are not.
TEST(WarcRecords, ThatAreTooLargeAreKnownToBeNoPage) {
  const std::string large(5000, 'x');
  const auto no_page = [&](const std::string& type, const std::string& fields, const std::string& http) {
    const std::string record = WarcRecord(type, fields, http + large);
    const ReadAll all = Warc(record, {.max_record = 1000});
    const ReadAll pieces = Warc(record, {.max_record = 1000, .batch_bytes = 1});
    EXPECT_EQ(all.records.size(), 1u);
    EXPECT_TRUE(all.records[0].oversized);
    EXPECT_EQ(pieces.records[0].no_page, all.records[0].no_page);
    return all.records[0].no_page;
  };
  const std::string http = "Content-Type: application/http\r\n", ok = "HTTP/1.1 200 OK\r\n";
  EXPECT_TRUE(no_page("response", http, ok + "Content-Type: video/mp4\r\n\r\n"));
  EXPECT_TRUE(no_page("response", http + "WARC-Identified-Payload-Type: application/pdf\r\n", ok + "\r\n"));
  for (const std::string type : {"text/css", "text/javascript", "image/svg+xml", "application/rss+xml"})
    EXPECT_TRUE(no_page("response", http, ok + "Content-Type: " + type + "\r\n\r\n")) << type;
  EXPECT_TRUE(no_page("response", http,
                      ok + "Policy: " + std::string(9000, 'p') + "\r\nContent-Type: video/mp4\r\n\r\n"));
  EXPECT_TRUE(no_page("request", http, "GET / HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(no_page("resource", "Content-Type: image/png\r\n", ""));
  EXPECT_FALSE(no_page("response", http, ok + "Content-Type: text/html; charset=utf-8\r\n\r\n"));
  EXPECT_FALSE(no_page("response", http, ok + "Content-Type: application/xhtml+xml\r\n\r\n"));
  EXPECT_FALSE(no_page("response", http, ok + "Server: a\r\n\r\n")) << "nobody says what it is";
  EXPECT_FALSE(no_page("response", http, ok)) << "its header does not end in sight";
  EXPECT_FALSE(no_page("conversion", "Content-Type: text/plain\r\n", ""));
}

TEST(WarcRecords, ARecordOfAnySizeNeedsBoundedMemory) {
  std::string stored;
  const std::string block(size_t{100} << 20, 'x');
  stored += Gzip(WarcRecord("response", "", block));
  stored += Gzip(WarcRecord("conversion", "", "small"));
  const ReadAll all = Warc(stored, {.max_record = size_t{1} << 20});
  ASSERT_EQ(all.records.size(), 2u);
  EXPECT_TRUE(all.records[0].oversized);
  EXPECT_LT(all.largest_buffer, size_t{5} << 20);
  EXPECT_EQ(all.records[1].location.offset, all.records[0].bytes.size());
}

TEST(WarcRecords, AFileOfFalseBeginningsTakesLinearTime) {
  std::string bytes;
  for (int i = 0; i < 100000; ++i) bytes += "WARC/1.0\nA:b\nWARC/1.0\nContent-Length: 70000000\n";
  EXPECT_EQ(Warc(bytes).bytes_read, bytes.size());
  bytes.clear();
  for (int i = 0; i < 20000; ++i)
    bytes += WarcRecord("response", "", "x").replace(0, 0, "WARC/1.0\r\nContent-Length: 50000000\r\n\r\n");
  EXPECT_EQ(Warc(bytes).bytes_read, bytes.size());
}

RC_GTEST_PROP(WarcRecords, BytesInAreBytesOutOrReported, ()) {
  const std::vector<std::string> records = Records();
  const int how = *rc::gen::inRange(0, 4);
  std::string bytes;
  const size_t count = *rc::gen::inRange(1, 8);
  for (size_t i = 0; i < count; ++i) {
    const std::string& record = records[*rc::gen::inRange<size_t>(0, records.size())];
    bytes += how == 1 ? Gzip(record) : how == 2 ? Zstd(record) : record;
  }
  if (how == 3) bytes = Gzip(bytes);
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    const size_t at = *rc::gen::inRange<size_t>(0, bytes.size());
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        bytes[at] = static_cast<char>(*rc::gen::inRange(0, 256));
        break;
      case 1:
        bytes.erase(at, *rc::gen::inRange(1, 200));
        break;
      case 2:
        bytes.insert(at, "\r\nWARC/1.0\r\nContent-Length: 7\r\n\r\n");
        break;
      default:
        bytes.insert(at, bytes.substr(bytes.size() / 2, 100));
    }
    if (bytes.empty()) bytes = "x";
  }
  const uint64_t limit = *rc::gen::element<uint64_t>(200, 1000, 1 << 20);
  const ReadAll large = Warc(bytes, {.max_record = limit});
  const ReadAll small =
      Warc(bytes, {.max_record = limit, .batch_bytes = static_cast<uint64_t>(*rc::gen::inRange(1, 300))});
  RC_ASSERT(large.Joined() == small.Joined());
  RC_ASSERT(large.records.size() == small.records.size());
  RC_ASSERT(large.damage.size() == small.damage.size());
}

}  // namespace
}  // namespace refrain
