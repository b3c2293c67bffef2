#include "refrain/io/output.h"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/io/io_testing.h"

namespace refrain {
namespace {

constexpr Compression kAll[] = {Compression::kNone, Compression::kGzip, Compression::kZstd};
constexpr Compressing kBoth[] = {Compressing::kInCaller, Compressing::kBeside};

// A text that compresses, but not to nothing.
std::string SomeText(size_t size) { return RandomBytes(5, size, "abcdefgh \n"); }

// Writes `text` in pieces of `piece` bytes and gives the file's bytes.
std::string Written(std::string_view text, Compression compression, size_t piece,
                    Compressing compressing = Compressing::kInCaller) {
  const TempFolder folder;
  const std::string path = folder.path() + "/out";
  auto file = OutputFile::Create(path, compression, Effort::kNormal, compressing);
  EXPECT_TRUE(file.ok()) << file.status();
  for (size_t at = 0; at < text.size(); at += piece) EXPECT_TRUE((*file)->Write(text.substr(at, piece)).ok());
  EXPECT_TRUE((*file)->Close().ok());
  return ReadFile(path);
}

// What a file of these bytes reads as.
std::string Unpacked(const std::string& bytes) {
  const TempFolder folder;
  const ReadAll all = ReadRecords(folder.Write("x", bytes), {.format = InputFormat::kText});
  EXPECT_TRUE(all.damage.empty());
  return all.Joined();
}

TEST(OutputFile, ReadsBackInEachCompression) {
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{1} << 20, (size_t{1} << 20) + 1, (size_t{3} << 20) + 12345}) {
    const std::string text = SomeText(size);
    for (const Compression compression : kAll) EXPECT_EQ(Unpacked(Written(text, compression, 100000)), text);
  }
}

TEST(OutputFile, WritesTheSameBytesHoweverTheTextIsCut) {
  const std::string text = SomeText((size_t{2} << 20) + 777);
  for (const Compression compression : kAll) {
    const std::string whole = Written(text, compression, text.size());
    EXPECT_EQ(Written(text, compression, 1000), whole);
    EXPECT_EQ(Written(text, compression, size_t{1} << 20), whole);
    EXPECT_EQ(Written(text, compression, (size_t{1} << 20) + 1), whole);
  }
}

TEST(OutputFile, WritesTheSameBytesInAThreadOfItsOwn) {
  constexpr size_t kMebibyte = size_t{1} << 20;
  for (const size_t size : {size_t{0}, size_t{1000}, kMebibyte, kMebibyte + 1, 4 * kMebibyte + 777}) {
    const std::string text = SomeText(size);
    for (const Compression compression : kAll) {
      const std::string expected = Written(text, compression, 100000);
      for (const size_t piece : {size_t{100000}, 3 * kMebibyte})
        EXPECT_EQ(Written(text, compression, piece, Compressing::kBeside), expected);
    }
  }
}

TEST(CompressedSize, IsThatOfTheFile) {
  for (const size_t size : {size_t{0}, (size_t{2} << 20) + 777}) {
    const std::string text = SomeText(size);
    for (const Compression compression : kAll) {
      const double file = static_cast<double>(Written(text, compression, 100000).size());
      EXPECT_NEAR(static_cast<double>(CompressedSize(text, compression)), file, 0.01 * file + 20);
    }
  }
}

TEST(OutputFile, CutsGzipIntoMembersOfOneMebibyte) {
  const std::string text = SomeText(size_t{2} << 20);
  const std::string bytes = Written(text, Compression::kGzip, 4096);
  const std::string first = Written(text.substr(0, size_t{1} << 20), Compression::kGzip, 4096);
  EXPECT_EQ(bytes, first + Written(text.substr(size_t{1} << 20), Compression::kGzip, 4096));
}

TEST(OutputFile, AnEmptyFileIsStillAValidCompressedFile) {
  EXPECT_EQ(Written("", Compression::kNone, 1), "");
  EXPECT_EQ(Written("", Compression::kGzip, 1).substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(Written("", Compression::kZstd, 1).substr(0, 4), "\x28\xb5\x2f\xfd");
}

TEST(OutputFile, IsNotThereBeforeItIsWhole) {
  const TempFolder folder;
  const std::string path = folder.path() + "/out.jsonl";
  {
    auto file = OutputFile::Create(path, Compression::kNone);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Write("abc").ok());
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_TRUE(std::filesystem::exists(path + ".partial"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "without Close nothing stays";
  for (int round = 0; round < 20; ++round) {
    auto beside = OutputFile::Create(path, Compression::kZstd, Effort::kNormal, Compressing::kBeside);
    ASSERT_TRUE(beside.ok());
    ASSERT_TRUE((*beside)->Write(SomeText(size_t{5} << 19)).ok());
    beside->reset();
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "whatever its thread was about";
  }
  auto file = OutputFile::Create(path, Compression::kNone);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->Close().ok());
  file->reset();
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));
}

// What went wrong: a run over a file with such a name died when its results were written.
TEST(OutputFile, MayHaveTheLongestNameThereIs) {
  const TempFolder folder;
  const std::string one = folder.path() + "/" + std::string(255, 'x'),
                    other = folder.path() + "/" + std::string(254, 'x') + "y";
  for (const std::string& path : {one, other}) {
    auto file = OutputFile::Create(path, Compression::kNone);
    ASSERT_TRUE(file.ok()) << file.status();
    auto beside = OutputFile::Create(path == one ? other : one, Compression::kNone);
    ASSERT_TRUE(beside.ok()) << "names that begin alike do not meet";
    ASSERT_TRUE((*file)->Write("abc").ok());
    ASSERT_TRUE((*beside)->Close().ok());
    ASSERT_TRUE((*file)->Close().ok());
    EXPECT_EQ(std::filesystem::file_size(path), 3u);
  }
}

TEST(OutputFile, ReplacesAnOldFileAndALeftOverPartial) {
  const TempFolder folder;
  const std::string path = folder.Write("out", "a much longer old text");
  folder.Write("out.partial", "left over from an accident");
  auto file = OutputFile::Create(path, Compression::kNone);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->Write("new").ok());
  EXPECT_EQ(ReadFile(path), "a much longer old text");
  ASSERT_TRUE((*file)->Close().ok());
  EXPECT_EQ(ReadFile(path), "new");
}

TEST(OutputFile, NamesThePathAndTheReasonOfAFailure) {
  const auto missing = OutputFile::Create("/nowhere/at/all", Compression::kNone);
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), testing::HasSubstr("/nowhere/at/all"));
  const TempFolder folder;
  auto over_folder = OutputFile::Create(folder.path(), Compression::kNone);
  ASSERT_TRUE(over_folder.ok());
  EXPECT_FALSE((*over_folder)->Close().ok());
  over_folder->reset();
  EXPECT_FALSE(std::filesystem::exists(folder.path() + ".partial"));
}

// What Write or Close says when a file may take `most` bytes: a limit on the size of files stands in for the
// end of the disk.
void ExpectNoSpace(const std::string& text, size_t most, Compression compression, Compressing compressing) {
  const TempFolder folder;
  auto file = OutputFile::Create(folder.path() + "/out", compression, Effort::kNormal, compressing);
  ASSERT_TRUE(file.ok());
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = most;
  setrlimit(RLIMIT_FSIZE, &small);
  absl::Status status;
  for (size_t at = 0; at < text.size() && status.ok(); at += 100000)
    status = (*file)->Write(std::string_view(text).substr(at, 100000));
  const absl::Status closed = (*file)->Close();
  const absl::Status again = (*file)->Write("x");
  file->reset();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(closed.ok());
  if (!status.ok()) {
    EXPECT_EQ(closed, status);
  }
  EXPECT_EQ(again, closed);
  EXPECT_THAT(std::string(closed.message()), testing::HasSubstr(folder.path()));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  // Errors are not kept until the end: there is much more to write here than the file may take.
  if (text.size() > size_t{8} << 20) {
    EXPECT_FALSE(status.ok());
  }
}

TEST(OutputFile, AFullDiskIsAnErrorThatStays) {
  const std::string text = SomeText(10'000'000);
  for (const Compression compression : kAll) {
    for (const Compressing compressing : kBoth) ExpectNoSpace(text, 10000, compression, compressing);
  }
}

TEST(OutputFile, MissesNoErrorOfItsLastBlocks) {
  const std::string text = SomeText((size_t{3} << 20) + 12345);
  for (const Compression compression : kAll) {
    const size_t whole = Written(text, compression, 100000).size();
    for (const Compressing compressing : kBoth) {
      for (const size_t most : {whole - 1, whole - 10000})
        ExpectNoSpace(text, most, compression, compressing);
    }
  }
}

TEST(CompressionOf, GoesByTheEnding) {
  EXPECT_EQ(CompressionOf("a/b.jsonl.gz"), Compression::kGzip);
  EXPECT_EQ(CompressionOf("b.zst"), Compression::kZstd);
  EXPECT_EQ(CompressionOf("b.gz.txt"), Compression::kNone);
  EXPECT_EQ(CompressionOf(""), Compression::kNone);
}

TEST(MakeFolders, MakesAllOfThemAndIsFineWithThemThere) {
  const TempFolder folder;
  EXPECT_TRUE(MakeFolders(folder.path() + "/a/b/c").ok());
  EXPECT_TRUE(MakeFolders(folder.path() + "/a/b/c").ok());
  EXPECT_TRUE(std::filesystem::is_directory(folder.path() + "/a/b/c"));
  const std::string file = folder.Write("file", "x");
  const absl::Status status = MakeFolders(file + "/d");
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr(file));
  EXPECT_FALSE(MakeFolders(file).ok());
}

}  // namespace
}  // namespace refrain
