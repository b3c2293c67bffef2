#include "refrain/io/decode_internal.h"

#include <brotli/encode.h>
#include <zlib.h>

#include <string>

#include <gtest/gtest.h>

#include "tests/io/io_testing.h"

namespace refrain {
namespace {

constexpr uint64_t kLimit = 1 << 20;

std::string Brotli(std::string_view bytes) {
  size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::string out(size, '\0');
  BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()),
                        &size, reinterpret_cast<uint8_t*>(out.data()));
  out.resize(size);
  return out;
}

std::string Deflate(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
           bytes.size());
  out.resize(size);
  return out;
}

// `text` in each coding.
std::vector<std::pair<std::string, std::string>> AllCodings(std::string_view text) {
  const std::string deflated = Deflate(text);
  return {{"gzip", Gzip(text)},
          {"x-gzip", Gzip(text)},
          {"gzip", Gzip(text.substr(0, text.size() / 2)) + Gzip(text.substr(text.size() / 2))},
          {"deflate", deflated},
          {"deflate", deflated.substr(2, deflated.size() - 6)},
          {"br", Brotli(text)},
          {"zstd", Zstd(text)}};
}

TEST(DecodeContent, UndoesEachCoding) {
  for (const size_t size : {1, 100, 300000}) {
    const std::string text = RandomBytes(1, size, "abcdefgh <>\n");
    for (const auto& [coding, bytes] : AllCodings(text)) {
      std::string out;
      EXPECT_EQ(DecodeContent(coding, bytes, kLimit, &out), DecodeResult::kWhole) << coding;
      EXPECT_TRUE(out == text) << coding;
      EXPECT_TRUE(IsKnownCoding(coding));
    }
  }
}

TEST(DecodeContent, GivesTheBeginOfWhatIsCut) {
  const std::string text = RandomBytes(1, 300000, "abcdefgh <>\n");
  for (const auto& [coding, bytes] : AllCodings(text)) {
    std::string out;
    EXPECT_EQ(DecodeContent(coding, bytes.substr(0, bytes.size() - 9), kLimit, &out), DecodeResult::kCut)
        << coding;
    EXPECT_GT(out.size(), 60000u) << coding;
    EXPECT_TRUE(text.starts_with(out)) << coding;
  }
}

TEST(DecodeContent, DoesNotAgreeWithPlainText) {
  const std::string pages[] = {"<html><body>A page", RandomBytes(2, 5000, "abcdefgh <>\n"), "x", " "};
  for (const std::string& page : pages) {
    for (const char* coding : {"gzip", "br", "zstd", "compress", ""}) {
      std::string out;
      EXPECT_EQ(DecodeContent(coding, page, kLimit, &out), DecodeResult::kNot) << coding;
      EXPECT_EQ(out, "");
    }
    std::string out;
    EXPECT_NE(DecodeContent("deflate", page, kLimit, &out), DecodeResult::kWhole);
  }
  std::string out;
  EXPECT_EQ(DecodeContent("gzip", "", kLimit, &out), DecodeResult::kNot);
}

TEST(DecodeContent, StopsAtTheLimit) {
  const std::string bomb(size_t{20} << 20, 'x');
  for (const auto& [coding, bytes] : AllCodings(bomb)) {
    std::string out;
    EXPECT_EQ(DecodeContent(coding, bytes, kLimit, &out), DecodeResult::kTooLarge) << coding;
    EXPECT_LE(out.capacity(), 2 * kLimit + 100) << coding;
  }
  const std::string fits(kLimit, 'x');
  for (const auto& [coding, bytes] : AllCodings(fits)) {
    std::string out;
    EXPECT_EQ(DecodeContent(coding, bytes, kLimit, &out), DecodeResult::kWhole) << coding;
    EXPECT_EQ(DecodeContent(coding, bytes, kLimit - 1, &out), DecodeResult::kTooLarge) << coding;
  }
}

TEST(DecodeChunks, JoinsThem) {
  const std::pair<const char*, const char*> good[] = {
      {"4\r\nabcd\r\n3\r\nefg\r\n0\r\n\r\n", "abcdefg"},
      {"A;name=value\r\n0123456789\r\n00\r\nTrailer: x\r\n\r\n", "0123456789"},
      {"4  \r\nab\r\n\r\n0\r\n\r\n", "ab\r\n"},
      {"4\nabcd\n0\n\n", "abcd"},
      {"4\r\nabcd\r\n", "abcd"},
      {"4\r\nabcd", "abcd"},
      {"0\r\n\r\n", ""},
      {"4\r\nabcd\r\n0", "abcd"},
  };
  for (const auto& [bytes, text] : good) {
    std::string out;
    EXPECT_EQ(DecodeChunks(bytes, &out), DecodeResult::kWhole) << bytes;
    EXPECT_EQ(out, text);
  }
}

TEST(DecodeChunks, AgreesOnlyWithChunks) {
  for (const char* bytes :
       {"", "<html>", "abc", "5\r\nabc", "4\r\nabcdefgh\r\n", "4\r\nabcd\r\n0\r\n<html> and more",
        "fffffffffffffffff\r\nabcd", "4x\r\nabcd\r\n", "\r\n4\r\nabcd\r\n"}) {
    std::string out;
    EXPECT_EQ(DecodeChunks(bytes, &out), DecodeResult::kNot) << bytes;
  }
  std::string out;
  EXPECT_EQ(DecodeChunks("4\r\nabcd\r\n9\r\nefg", &out), DecodeResult::kCut);
  EXPECT_EQ(out, "abcdefg");
}

}  // namespace
}  // namespace refrain
