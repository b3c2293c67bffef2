#include "refrain/pipeline/stage_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing_crawl::MakeFolder;
using testing_crawl::ReadFolder;

const StageFields kFields = {{"kind", "scan"}, {"options", "min10 edits2 keep:best"}};

std::string Write(const std::vector<std::string>& blocks) {
  const std::string path = MakeFolder() + "/stage";
  auto writer = StageWriter::Create(path, kFields);
  EXPECT_TRUE(writer.ok()) << writer.status();
  for (const std::string& block : blocks) EXPECT_TRUE((*writer)->Add(block).ok());
  EXPECT_FALSE(std::filesystem::exists(path)) << "before it is whole";
  EXPECT_TRUE((*writer)->Close().ok());
  return path;
}

absl::Status ReadAll(const std::string& path, std::vector<std::string>* blocks,
                     const StageFields& fields = kFields) {
  const auto reader = StageReader::Open(path, fields);
  if (!reader.ok()) return reader.status();
  std::string block = "left over";
  while (true) {
    const auto more = (*reader)->Next(&block);
    if (!more.ok()) return more.status();
    if (!*more) break;
    blocks->push_back(block);
  }
  EXPECT_FALSE(*(*reader)->Next(&block)) << "the end stays the end";
  return absl::OkStatus();
}

std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(StageFile, GivesBackItsBlocks) {
  for (const std::vector<std::string>& blocks :
       {std::vector<std::string>{}, {""}, {"one"}, {"one", "", std::string(3 << 20, 'x'), "end!"}}) {
    std::vector<std::string> read;
    const absl::Status status = ReadAll(Write(blocks), &read);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(read, blocks);
  }
}

TEST(StageFile, IsNotThereBeforeItIsWhole) {
  const std::string folder = MakeFolder();
  {
    auto writer = StageWriter::Create(folder + "/stage", kFields);
    ASSERT_TRUE((*writer)->Add("some").ok());
  }
  EXPECT_TRUE(ReadFolder(folder).empty());
  EXPECT_EQ(StageReader::Open(folder + "/stage", kFields).status().code(), absl::StatusCode::kNotFound);
}

TEST(StageFile, OfAnotherRunIsRefusedWithTheFieldThatDiffers) {
  const std::string path = Write({"one"});
  std::vector<std::string> blocks;
  absl::Status status = ReadAll(path, &blocks, {{"kind", "scan"}, {"options", "min10 edits3 keep:best"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(path), HasSubstr("options (edits2 there, edits3 now)")));
  status = ReadAll(path, &blocks, {{"kind", "scan"}, {"options", "min10 edits2"}});
  EXPECT_THAT(std::string(status.message()), HasSubstr("options (keep:best there, nothing now)"));
  status = ReadAll(path, &blocks, {{"kind", "decide"}, {"options", ""}});
  EXPECT_THAT(std::string(status.message()), HasSubstr("kind (scan there, decide now)"));
  status = ReadAll(path, &blocks, {{"kind", "scan"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("options"));
  EXPECT_TRUE(blocks.empty());
}

// Every byte of the file changed, and the file cut off at every byte.
TEST(StageFile, DamageIsRefusedWithFileAndByte) {
  const std::string path = Write({"one", "another block"});
  const std::string whole = Slurp(path), damaged = MakeFolder() + "/damaged";
  const auto expect_refused = [&](const std::string& bytes, const std::string& how) {
    std::ofstream(damaged, std::ios::binary) << bytes;
    std::vector<std::string> blocks;
    const absl::Status status = ReadAll(damaged, &blocks);
    ASSERT_FALSE(status.ok()) << how;
    ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << how << ": " << status;
    ASSERT_THAT(std::string(status.message()), HasSubstr(damaged + ": byte ")) << how;
  };
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1 << at % 8);
    expect_refused(bytes, "bit in byte " + std::to_string(at));
    expect_refused(whole.substr(0, at), "cut at byte " + std::to_string(at));
  }
  expect_refused(whole + "x", "a byte behind the end");
  expect_refused(whole + whole, "twice");
}

TEST(StageBytes, NeverReadsOverTheEnd) {
  std::string bytes;
  AppendNumber(7, &bytes);
  AppendText("text", &bytes);
  AppendNumber(1, &bytes);
  StageBytes whole(bytes);
  EXPECT_EQ(whole.Number(), 7u);
  EXPECT_EQ(whole.Text(), "text");
  EXPECT_TRUE(whole.Flag());
  EXPECT_TRUE(whole.ok() && whole.at_end());
  EXPECT_EQ(whole.Number(), 0u);
  EXPECT_FALSE(whole.ok());
  StageBytes cut(std::string_view(bytes).substr(0, 18));
  cut.Number();
  EXPECT_EQ(cut.Text(), "");
  EXPECT_FALSE(cut.ok());
  EXPECT_EQ(cut.Number(), 0u) << "and nothing more";
  EXPECT_EQ(StageBytes(bytes).Below(7), 0u);
  EXPECT_EQ(StageBytes(bytes).Count(8), 0u) << "seven times eight bytes are not there";
}

}  // namespace
}  // namespace refrain
