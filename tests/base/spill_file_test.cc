#include "refrain/base/spill_file.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/base/spill_array.h"

namespace refrain {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string NewFolder() {
  std::string path = ::testing::TempDir() + "/spill-XXXXXX";
  return mkdtemp(path.data());
}

// No file may grow beyond so many bytes while this lives: as on a full disk, but for the system's reason.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit less{.rlim_cur = bytes, .rlim_max = limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &less);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }

 private:
  rlimit limit_{};
  void (*before_)(int) = nullptr;
};

TEST(CheckSpillFolder, SaysWhereNoFileCanBeMadeAndWhatToDo) {
  const std::string folder = NewFolder();
  EXPECT_TRUE(CheckSpillFolder(folder).ok());
  EXPECT_TRUE(CheckSpillFolder("").ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  const std::string file = folder + "/file";
  std::ofstream(file) << "no folder";
  for (const auto& [path, why] :
       {std::pair{folder + "/missing", "No such file or directory"}, {file, "Not a directory"}}) {
    const absl::Status status = CheckSpillFolder(path);
    EXPECT_TRUE(absl::IsPermissionDenied(status));
    EXPECT_EQ(status.message(),
              "cannot write temporary files to " + path + ": " + why + "; name another folder with --tmpdir");
  }
}

TEST(SpillFile, GivesBackWhatWasAppendedWrittenOrNot) {
  for (const size_t buffer : {1, 7, 100, 1 << 20}) {
    SpillFile file("", buffer);
    std::string all;
    for (int i = 0; i < 300; ++i) {
      const std::string bytes(static_cast<size_t>(i * i % 17), static_cast<char>('a' + i % 26));
      ASSERT_EQ(file.size(), all.size());
      ASSERT_TRUE(file.Append(bytes).ok());
      all += bytes;
      std::string back(all.size(), '\0');
      ASSERT_TRUE(file.Read(0, all.size(), back.data()).ok());
      ASSERT_EQ(back, all);
      const size_t from = all.size() / 3, size = all.size() / 2;
      ASSERT_TRUE(file.Read(from, size, back.data()).ok());
      ASSERT_EQ(back.substr(0, size), all.substr(from, size));
    }
    ASSERT_TRUE(file.Flush().ok());
    EXPECT_FALSE(file.waits(all.size() - 1));
    EXPECT_EQ(file.memory(), std::string().capacity());
    std::string back(all.size(), '\0');
    ASSERT_TRUE(file.ReadWritten(0, all.size(), back.data()).ok());
    EXPECT_EQ(back, all);
  }
}

TEST(SpillFile, LeavesNothingInItsFolder) {
  const std::string folder = NewFolder();
  SpillFile file(folder, 1);
  ASSERT_TRUE(file.Append("some bytes").ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(SpillFile, SaysWhereItCannotWriteAndWhatToDo) {
  SpillFile file(NewFolder() + "/absent", 1);
  const absl::Status status = file.Append("bytes");
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("/absent: "), HasSubstr("--tmpdir")));
  EXPECT_EQ(file.Append("more"), status) << "and goes on saying it";
}

TEST(SpillFile, SaysWhenTheDiskIsFull) {
  const std::string folder = NewFolder();
  SpillFile file(folder, 1);
  const FullDisk full(1000);
  ASSERT_TRUE(file.Append(std::string(600, 'x')).ok());
  const absl::Status status = file.Append(std::string(600, 'y'));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(folder), HasSubstr("byte 1000 of one"), HasSubstr("--tmpdir")));
  std::string back(600, '\0');
  ASSERT_TRUE(file.Read(0, 600, back.data()).ok()) << "what was written before is there";
  EXPECT_EQ(back, std::string(600, 'x'));
}

TEST(SpillFile, SaysWhatCannotBeReadBack) {
  SpillFile file("", 1);
  ASSERT_TRUE(file.Append("four").ok());
  std::string back(8, '\0');
  const absl::Status status = file.ReadWritten(0, 8, back.data());
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("byte 4"));
}

struct Value {
  uint64_t number = 0;
  uint32_t square = 0;
};

// All in memory; some; none.
TEST(SpillArray, GivesBackWhatWasAddedWhateverTheMemory) {
  constexpr uint64_t kValues = 50'000;
  for (const uint64_t memory : {uint64_t{1} << 40, uint64_t{300} << 10, uint64_t{0}}) {
    SpillArray<Value> array("", memory);
    for (uint64_t i = 0; i < kValues; ++i) {
      ASSERT_EQ(array.size(), i);
      ASSERT_TRUE(array.Add({i, static_cast<uint32_t>(i * i)}).ok());
    }
    EXPECT_LE(array.memory(), memory + (512 << 10));
    EXPECT_EQ(array.disk() > 0, memory < kValues * sizeof(Value));
    Value scratch;
    for (uint64_t i = 0; i < kValues; ++i) {
      const auto value = array.Get(i, &scratch);
      ASSERT_TRUE(value.ok()) << value.status();
      ASSERT_EQ((*value)->number, i);
      ASSERT_EQ((*value)->square, static_cast<uint32_t>(i * i));
    }
    // Stretches over every border.
    for (uint64_t begin = 0; begin < kValues; begin += 997) {
      std::vector<Value> some(std::min<uint64_t>(20'000, kValues - begin));
      ASSERT_TRUE(array.Read(begin, some.size(), some.data()).ok());
      for (size_t i = 0; i < some.size(); ++i) ASSERT_EQ(some[i].number, begin + i);
    }
    ASSERT_TRUE(array.Read(kValues, 0, nullptr).ok());
  }
}

TEST(SpillArray, SaysThatTheDiskIsFull) {
  SpillArray<Value> array("", 0);
  const FullDisk full(300 << 10);
  absl::Status status;
  for (uint64_t i = 0; i < 100'000 && status.ok(); ++i) status = array.Add({i, 0});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace refrain
