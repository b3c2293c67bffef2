#include "refrain/io/inputs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/io/io_testing.h"

namespace refrain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Names(const std::vector<std::string>& arguments) {
  const auto inputs = ExpandInputs(arguments);
  EXPECT_TRUE(inputs.ok()) << inputs.status();
  std::vector<std::string> names;
  if (inputs.ok()) {
    for (const InputFile& input : *inputs) names.push_back(input.name);
  }
  return names;
}

std::string Refusal(const std::vector<std::string>& arguments) {
  return std::string(ExpandInputs(arguments).status().message());
}

TEST(ExpandInputs, GivesAFileItsNamePathAndSize) {
  const TempFolder folder;
  const std::string path = folder.Write("some/a.jsonl", "12345");
  const auto inputs = ExpandInputs({path});
  ASSERT_TRUE(inputs.ok());
  ASSERT_EQ(inputs->size(), 1u);
  EXPECT_EQ((*inputs)[0].path, path);
  EXPECT_EQ((*inputs)[0].name, "a.jsonl");
  EXPECT_EQ((*inputs)[0].size, 5u);
}

TEST(ExpandInputs, TakesKnownEndingsFromAFolderInByteOrder) {
  const TempFolder folder;
  for (const char* name : {"b/x.jsonl", "b/A.HTML", "b.json.gz", "a.ndjson.zst", "z.txt", "c.warc.gz",
                           "c.wet", "old.arc", "h.htm"}) {
    folder.Write(name, "x");
  }
  for (const char* name : {"README.md", "x.gz", "a.jsonl.partial", "picture.png", "b/none"})
    folder.Write(name, "x");
  EXPECT_THAT(Names({folder.path()}), ElementsAre("a.ndjson.zst", "b.json.gz", "b/A.HTML", "b/x.jsonl",
                                                  "c.warc.gz", "c.wet", "h.htm", "old.arc", "z.txt"));
  EXPECT_EQ(Names({folder.path() + "/"}), Names({folder.path()}));
  EXPECT_EQ(Names({folder.path() + "/b/.."}), Names({folder.path()}));
}

TEST(ExpandInputs, NamedFilesMayHaveAnyEnding) {
  const TempFolder folder;
  EXPECT_THAT(Names({folder.Write("README.md", "x")}), ElementsAre("README.md"));
}

TEST(ExpandInputs, DoesNotDependOnTheOrderOfArguments) {
  const TempFolder folder;
  const std::string a = folder.Write("1/a.txt", "x");
  const std::string b = folder.Write("2/b.txt", "x");
  EXPECT_EQ(Names({a, b}), Names({b, a}));
  EXPECT_THAT(Names({b, a}), ElementsAre("a.txt", "b.txt"));
}

TEST(ExpandInputs, ReadsAFileOnceHoweverOftenItIsNamed) {
  const TempFolder folder;
  const std::string path = folder.Write("sub/a.txt", "x");
  std::filesystem::create_symlink(path, folder.path() + "/link.txt");
  EXPECT_THAT(Names({path, path, folder.path() + "/sub", folder.path() + "/sub/../sub/a.txt"}),
              ElementsAre("a.txt"));
  EXPECT_THAT(Names({folder.path()}), ElementsAre("link.txt"));
}

TEST(ExpandInputs, NamesAllFromTheCommonFolderWhenTwoWouldBeCalledTheSame) {
  const TempFolder folder;
  folder.Write("x/1/a.txt", "x");
  folder.Write("x/2/a.txt", "x");
  folder.Write("x/2/b.txt", "x");
  EXPECT_THAT(Names({folder.path() + "/x/1", folder.path() + "/x/2/a.txt", folder.path() + "/x/2/b.txt"}),
              ElementsAre("1/a.txt", "2/a.txt", "2/b.txt"));
}

TEST(ExpandInputs, ExpandsPatternsTheShellLeft) {
  const TempFolder folder;
  for (const char* name :
       {"a1.txt", "a2.txt", "b1.txt", "d/a1.jsonl", "d/e/a3.jsonl", ".hidden.txt", "e1/q.txt"}) {
    folder.Write(name, "x");
  }
  EXPECT_THAT(Names({folder.path() + "/a?.txt"}), ElementsAre("a1.txt", "a2.txt"));
  EXPECT_THAT(Names({folder.path() + "/[ab]1.txt"}), ElementsAre("a1.txt", "b1.txt"));
  EXPECT_THAT(Names({folder.path() + "/a[!1].txt"}), ElementsAre("a2.txt"));
  EXPECT_THAT(Names({folder.path() + "/*1.txt"}), ElementsAre("a1.txt", "b1.txt"));
  EXPECT_THAT(Names({folder.path() + "/**/*.jsonl"}), ElementsAre("a1.jsonl", "a3.jsonl"));
  EXPECT_THAT(Names({folder.path() + "/d/**"}), ElementsAre("a1.jsonl", "a3.jsonl"));
  EXPECT_THAT(Names({folder.path() + "/*/a1.*"}), ElementsAre("a1.jsonl"));
  EXPECT_THAT(Names({folder.path() + "/e*"}), ElementsAre("q.txt"));  // a matching folder is a folder
}

TEST(ExpandInputs, AFileMayHoldPatternCharactersInItsName) {
  const TempFolder folder;
  folder.Write("what?.txt", "x");
  folder.Write("whats.txt", "x");
  EXPECT_THAT(Names({folder.path() + "/what?.txt"}), ElementsAre("what?.txt"));
}

TEST(ExpandInputs, SaysWhatItCannotFind) {
  const TempFolder folder;
  const std::string missing = folder.path() + "/missing.txt";
  EXPECT_EQ(ExpandInputs({missing}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Refusal({missing}), HasSubstr(missing));
  EXPECT_EQ(ExpandInputs({missing + "*"}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Refusal({folder.path()}), HasSubstr("no file to read in this folder"));
  const std::string file = folder.Write("a.txt", "x");
  EXPECT_THAT(Refusal({file + "/b.txt"}), HasSubstr(file + "/b.txt"));
  EXPECT_THAT(Refusal({"-"}), HasSubstr("standard input"));
  EXPECT_FALSE(ExpandInputs({""}).ok());
  EXPECT_THAT(Refusal({"/dev/null"}), HasSubstr("not a regular file"));
  std::filesystem::create_symlink(missing, folder.path() + "/nowhere.txt");
  EXPECT_EQ(ExpandInputs({folder.path() + "/nowhere.txt"}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Refusal({folder.path() + "/{a,b}.txt"}), HasSubstr("braces are expanded by the shell"));
  EXPECT_THAT(Refusal({folder.path() + "/q*.{txt,html}"}), HasSubstr("braces are expanded by the shell"));
}

// "name: why" of what cannot be read.
std::vector<std::string> Unreadable(const std::string& argument) {
  const auto inputs = ExpandInputs({argument});
  EXPECT_TRUE(inputs.ok()) << inputs.status();
  std::vector<std::string> out;
  if (!inputs.ok()) return out;
  for (const InputFile& input : *inputs) {
    if (input.unreadable.empty()) continue;
    EXPECT_EQ(input.unreadable.find(input.path + ": "), 0u) << input.unreadable;
    out.push_back(input.name + input.unreadable.substr(input.path.size()));
  }
  return out;
}

TEST(ExpandInputs, ListsWhatItFoundAndCannotRead) {
  // What went wrong: one link to nowhere, or one pipe, in a folder of thousands ended the run.
  const TempFolder folder;
  folder.Write("a.txt", "x");
  folder.Write("sub/b.txt", "x");
  std::filesystem::create_symlink(folder.path() + "/missing", folder.path() + "/sub/link.txt");
  std::filesystem::create_symlink("round.txt", folder.path() + "/round.txt");
  ASSERT_EQ(::mkfifo((folder.path() + "/pipe.jsonl").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((folder.path() + "/pipe").c_str(), 0600), 0);  // not an ending that is read
  EXPECT_THAT(Names({folder.path()}),
              ElementsAre("a.txt", "pipe.jsonl", "round.txt", "sub/b.txt", "sub/link.txt"));
  EXPECT_THAT(
      Unreadable(folder.path()),
      ElementsAre(HasSubstr("pipe.jsonl: a pipe, socket or device"), HasSubstr("round.txt: a link to"),
                  HasSubstr("sub/link.txt: a link to a file that is not there")));
  EXPECT_THAT(Names({folder.path() + "/*.txt"}), ElementsAre("a.txt", "round.txt"));
  EXPECT_THAT(Unreadable(folder.path() + "/**/*.txt"),
              ElementsAre(HasSubstr("link.txt:"), HasSubstr("round.txt:")));
  EXPECT_THAT(Names({folder.path() + "/s*"}), ElementsAre("b.txt", "link.txt"));
}

TEST(ExpandInputs, AFolderThatAPatternFindsMayHoldNothingToRead) {
  const TempFolder folder;
  folder.Write("a.txt", "x");
  folder.Write("pictures/b.png", "x");
  EXPECT_THAT(Names({folder.path() + "/*"}), ElementsAre("a.txt"));
  EXPECT_THAT(Refusal({folder.path() + "/pict*"}), HasSubstr("no file matches"));
  EXPECT_THAT(Refusal({folder.path() + "/pictures"}), HasSubstr("no file to read in this folder"));
}

TEST(ExpandInputs, DoesNotFollowLinksToFolders) {
  const TempFolder folder;
  folder.Write("a/x.txt", "x");
  std::filesystem::create_directory_symlink(folder.path(), folder.path() + "/a/round");
  EXPECT_THAT(Names({folder.path()}), ElementsAre("a/x.txt"));
  EXPECT_THAT(Names({folder.path() + "/**/*.txt"}), ElementsAre("x.txt"));
}

TEST(ExpandInputs, NothingIsNothing) { EXPECT_THAT(Names({}), ElementsAre()); }

TEST(ExpandInputs, AsksAboutFoldersOnTheWayDown) {
  const TempFolder folder;
  for (const char* name : {"a.jsonl", "out/b.jsonl", "deep/out/c.jsonl", "deep/d.jsonl"})
    folder.Write(name, "{}");
  const auto leave_out = [](const std::string& path) { return path.ends_with("/out"); };
  const auto names = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> found;
    const auto inputs = ExpandInputs(arguments, leave_out);
    EXPECT_TRUE(inputs.ok()) << inputs.status();
    if (!inputs.ok()) return found;
    for (const InputFile& input : *inputs) found.push_back(input.name);
    return found;
  };
  EXPECT_THAT(names({folder.path()}), ElementsAre("a.jsonl", "deep/d.jsonl"));
  EXPECT_THAT(names({folder.path() + "/**/*.jsonl"}), ElementsAre("a.jsonl", "d.jsonl"));
  EXPECT_THAT(names({folder.path() + "/out"}), ElementsAre("b.jsonl")) << "what is named is read";
  EXPECT_THAT(names({folder.path() + "/out/**/*.jsonl"}), ElementsAre("b.jsonl"));
  EXPECT_THAT(names({folder.path() + "/*/b.jsonl"}), ElementsAre("b.jsonl"));
}

TEST(CanStandTogether, NeitherTwiceNorAFileAndAFolder) {
  EXPECT_TRUE(CanStandTogether({}));
  EXPECT_TRUE(CanStandTogether({"a", "b/a", "b/c", "ab"}));
  EXPECT_FALSE(CanStandTogether({"a", "b", "a"}));
  EXPECT_FALSE(CanStandTogether({"a", "a/b"}));
  EXPECT_FALSE(CanStandTogether({"a/b/c", "a/b"}));
  EXPECT_TRUE(CanStandTogether({"a/b.c/d", "a/b"}));
}

}  // namespace
}  // namespace refrain
