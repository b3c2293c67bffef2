#include <zdict.h>
#include <zstd.h>

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/io/records.h"
#include "tests/io/io_testing.h"

namespace refrain {
namespace {

using testing::HasSubstr;

ReadAll AsText(std::string_view stored, uint64_t batch_bytes = 1 << 20) {
  const TempFolder folder;
  ReadAll all =
      ReadRecords(folder.Write("x", stored), {.format = InputFormat::kText, .batch_bytes = batch_bytes});
  EXPECT_EQ(all.error, "");
  return all;
}

std::string Little32(uint32_t value) {
  std::string out;
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

std::string Skippable(uint32_t magic, std::string_view content) {
  return Little32(magic) + Little32(static_cast<uint32_t>(content.size())) + std::string(content);
}

// A frame with parameters, compressed in one go or as a stream.
std::string ZstdWith(std::string_view bytes, const std::vector<std::pair<ZSTD_cParameter, int>>& parameters,
                     std::string_view dictionary = "", bool stream = false) {
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  for (const auto& [parameter, value] : parameters) ZSTD_CCtx_setParameter(context.get(), parameter, value);
  ZSTD_CCtx_loadDictionary(context.get(), dictionary.data(), dictionary.size());
  std::string out(ZSTD_compressBound(bytes.size()) + 100, '\0');
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
  if (stream)
    ZSTD_compressStream2(context.get(), &to, &from,
                         ZSTD_e_flush);  // the size is not known at the frame's begin
  while (ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_end) != 0) {
  }
  out.resize(to.pos);
  return out;
}

TEST(ZstdSource, GoesOnBehindEachFrameAndOverSkippableOnes) {
  const std::string stored = Skippable(0x184D2A50, "begin") + Zstd("one ") + Skippable(0x184D2A5F, "") +
                             Zstd("") + Zstd("two") + Skippable(0x184D2A5E, std::string(100000, 'x')) +
                             std::string(16, '\0');
  for (const uint64_t batch : {1, 5, 100000}) {
    const ReadAll all = AsText(stored, batch);
    EXPECT_EQ(all.Joined(), "one two");
    EXPECT_TRUE(all.damage.empty());
    EXPECT_EQ(all.file_bytes, stored.size());
  }
}

TEST(ZstdSource, ReadsLongWindows) {
  std::string text = RandomBytes(1, size_t{9} << 20, "abcdefghijklmnop");
  text += text;  // found again only through a window of more than 8 MiB
  for (const int log : {24, 28, 31}) {
    const std::string stored = ZstdWith(text,
                                        {{ZSTD_c_windowLog, log},
                                         {ZSTD_c_enableLongDistanceMatching, 1},
                                         {ZSTD_c_hashLog, 17},
                                         {ZSTD_c_chainLog, 17},
                                         {ZSTD_c_ldmHashLog, 17}},
                                        "", true);
    EXPECT_LT(stored.size(), text.size() / 3);
    const ReadAll all = AsText(stored);
    EXPECT_TRUE(all.Joined() == text) << log;
    EXPECT_TRUE(all.damage.empty());
  }
}

// Records that share much, and a dictionary for them.
std::vector<std::string> Records() {
  std::vector<std::string> records;
  for (int i = 0; i < 500; ++i) {
    records.push_back(WarcRecord("conversion",
                                 "Content-Type: text/plain\r\nWARC-Target-URI: http://example.com/page/" +
                                     std::to_string(i * i) + "\r\n",
                                 "text " + RandomBytes(i, 40, "abc ")));
  }
  return records;
}

std::string Dictionary(const std::vector<std::string>& records) {
  std::string samples;
  std::vector<size_t> sizes;
  for (const std::string& record : records) {
    samples += record;
    sizes.push_back(record.size());
  }
  std::string dictionary(4096, '\0');
  const size_t size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), samples.data(),
                                            sizes.data(), static_cast<unsigned>(sizes.size()));
  EXPECT_FALSE(ZDICT_isError(size));
  dictionary.resize(size);
  return dictionary;
}

TEST(ZstdSource, LoadsTheDictionaryOfAWarcZst) {
  const std::vector<std::string> records = Records();
  const std::string dictionary = Dictionary(records);
  const std::string raw = records[0] + records[1];
  for (const auto& [head, used] :
       {std::pair<std::string, std::string>{Skippable(0x184D2A5D, dictionary), dictionary},
        {Skippable(0x184D2A5D, Zstd(dictionary)), dictionary},
        {Skippable(0x184D2A5D, raw), raw}}) {
    std::string stored = head;
    std::vector<std::pair<uint64_t, uint64_t>> members;
    for (const std::string& record : records) {
      const std::string frame = ZstdWith(record, {{ZSTD_c_checksumFlag, 1}}, used);
      members.emplace_back(stored.size(), frame.size());
      stored += frame;
    }
    const TempFolder folder;
    const ReadAll all = ReadRecords(folder.Write("a.warc.zst", stored));
    EXPECT_TRUE(all.damage.empty());
    ASSERT_EQ(all.records.size(), records.size());
    for (size_t i = 0; i < records.size(); ++i) {
      EXPECT_EQ(all.records[i].bytes, records[i]);
      EXPECT_EQ(all.records[i].member_offset, members[i].first);
      EXPECT_EQ(all.records[i].member_length, members[i].second);
    }
  }
}

TEST(ZstdSource, GoesOnAtTheNextFrameAfterDamage) {
  const std::vector<std::string> records = Records();
  std::string stored;
  for (size_t i = 0; i < 10; ++i) {
    std::string frame = Zstd(records[i]);
    if (i == 3) frame[frame.size() / 2] ^= 0x40;
    if (i == 6) frame.erase(frame.size() / 2, 20);
    stored += frame;
  }
  const TempFolder folder;
  const ReadAll all = ReadRecords(folder.Write("a.warc.zst", stored));
  ASSERT_GE(all.records.size(), 8u);
  EXPECT_EQ(all.records.front().bytes, records[0]);
  EXPECT_EQ(all.records.back().bytes, records[9]);
  EXPECT_EQ(all.records[7].bytes, records[9]);
  ASSERT_FALSE(all.damage.empty());
  EXPECT_THAT(all.damage[0].reason, HasSubstr("decoding goes on at byte"));
  EXPECT_EQ(all.bytes_read, all.bytes_in_records() + all.bytes_dropped());
}

// The torn block took the frames behind it for its own bytes, the file ended first, and they were lost.
TEST(ZstdSource, FindsTheNextFrameAlsoInFrontOfTheFilesEnd) {
  const std::vector<std::string> records = Records();
  const std::string whole = Zstd(WarcRecord("response", "", RandomBytes(2, 50000, "abcdefgh")));
  const std::string torn = whole.substr(0, whole.size() - 3000);
  const TempFolder folder;
  const ReadAll all = ReadRecords(folder.Write("a.warc.zst", torn + Zstd(records[0]) + Zstd(records[1])));
  ASSERT_EQ(all.records.size(), 2u);
  EXPECT_EQ(all.records[0].bytes, records[0]);
  EXPECT_EQ(all.records[1].bytes, records[1]);
  ASSERT_FALSE(all.damage.empty());
  EXPECT_THAT(all.damage[0].reason, HasSubstr("decoding goes on at byte " + std::to_string(torn.size())));
}

TEST(ZstdSource, SaysWhereAFileIsCutOff) {
  const std::string text = RandomBytes(2, 1000000, "abcdefgh");
  const std::string stored = Zstd(text);
  const TempFolder folder;
  const ReadAll all = ReadRecords(folder.Write("x.jsonl.zst", stored.substr(0, stored.size() / 2)),
                                  {.format = InputFormat::kJsonl});
  ASSERT_FALSE(all.damage.empty());
  EXPECT_THAT(all.damage[0].reason, HasSubstr("unexpected end inside the zstd frame at byte 0"));
  EXPECT_GT(all.bytes_read, 300000u) << "what stands in front of the cut is read";
  const ReadAll skippable = AsText(Zstd("text") + Skippable(0x184D2A50, "content").substr(0, 12));
  ASSERT_FALSE(skippable.damage.empty());
  EXPECT_THAT(skippable.damage[0].reason, HasSubstr("skippable frame"));
  EXPECT_FALSE(AsText("\x28\xb5\x2f\xfd").damage.empty());
}

TEST(ZstdSource, RefusesADictionaryThatIsDamaged) {
  std::string dictionary = Zstd(RandomBytes(2, 5000, "abcdefgh"));
  dictionary[dictionary.size() / 2] ^= 0x40;
  const ReadAll all = AsText(Skippable(0x184D2A5D, dictionary) + Zstd("text"));
  ASSERT_FALSE(all.damage.empty());
  EXPECT_THAT(all.damage[0].reason, HasSubstr("the dictionary at the file's begin cannot be read"));
}

}  // namespace
}  // namespace refrain
