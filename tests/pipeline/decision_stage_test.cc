#include "refrain/pipeline/decision_stage.h"

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

constexpr uint32_t kPages = 50;
uint32_t TextBytesOf(uint32_t page) { return 100 + page; }

ComparedFacts MakeFacts() {
  ComparedFacts facts{.pages = kPages, .matches_bytes = 7, .matches_hash = UINT64_MAX, .compared = 3};
  facts.passage_bytes = 99;
  facts.page_examples.push_back(
      {.verdict = "near", .id = "x", .witness = "y", .resemblance = 0.85, .text = "beginning"});
  return facts;
}

// Every third page goes, every fifth has cuts; some both, which no run makes but a file may hold.
DecidedPage MakeDecided(uint32_t page) {
  DecidedPage one{.page = page, .drops = page % 3 == 0, .dropped = {}, .cuts = {}};
  const uint32_t witness = (page + 1) % kPages;
  if (one.drops) {
    one.dropped = {.witness = witness, .verdict = Verdict::kNear, .resemblance = 0.9, .in_witness = 0.95};
    for (uint32_t span = 0; span < page % 4; ++span)
      one.dropped.only_in_dropped.push_back({span * 10, span * 10 + 9});
  }
  for (uint32_t cut = 0; page % 5 == 0 && cut < 3; ++cut)
    one.cuts.push_back(
        {.span = {cut * 20, cut * 20 + 20}, .witness = witness, .kept = {0, 17}, .resemblance = 0.8});
  return one;
}

std::string Bytes(const DecidedPage& one) {
  std::string bytes;
  AppendDecided(one, &bytes);
  return bytes;
}

bool Taken(std::string_view bytes, uint32_t pages = kPages) {
  std::vector<DecidedPage> decided;
  return TakeDecided(bytes, pages, TextBytesOf, &decided);
}

void Fill(Decisions* decisions) {
  for (uint32_t page = 0; page < kPages; ++page) {
    const DecidedPage one = MakeDecided(page);
    if (one.drops) {
      ASSERT_TRUE(decisions->Drop(page, one.dropped).ok());
    }
    if (!one.cuts.empty()) {
      ASSERT_TRUE(decisions->Cut(page, one.cuts).ok());
    }
  }
}

// What decisions say of a page, as bytes.
std::string Said(const Decisions& decisions, uint32_t page) {
  DecidedPage one{.page = page, .drops = decisions.drops(page), .dropped = {}, .cuts = {}};
  if (one.drops) {
    EXPECT_TRUE(decisions.Read(page, &one.dropped).ok());
  }
  EXPECT_TRUE(decisions.Read(page, &one.cuts).ok());
  return Bytes(one);
}

TEST(DecisionStage, FactsComeBackAsTheyWere) {
  std::string bytes, again;
  AppendFacts(MakeFacts(), &bytes);
  ComparedFacts facts;
  ASSERT_TRUE(TakeFacts(bytes, &facts));
  EXPECT_EQ(facts.matches_hash, UINT64_MAX);
  EXPECT_EQ(facts.page_examples[0].witness, "y");
  AppendFacts(facts, &again);
  EXPECT_EQ(again, bytes);
  for (size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(TakeFacts(std::string_view(bytes).substr(0, size), &facts)) << size;
  EXPECT_FALSE(TakeFacts(bytes + "x", &facts));
}

TEST(DecisionStage, BytesThatAreNoDecisionsAreRefused) {
  const std::string whole = Bytes(MakeDecided(15));
  ASSERT_TRUE(Taken(whole));
  EXPECT_TRUE(Taken(whole + Bytes(MakeDecided(18))));
  EXPECT_FALSE(Taken(Bytes(MakeDecided(18)) + whole)) << "not in order";
  EXPECT_FALSE(Taken(whole + whole)) << "twice";
  EXPECT_FALSE(Taken(whole, 15)) << "no such page";
  EXPECT_FALSE(Taken(Bytes({.page = 4, .drops = false, .dropped = {}, .cuts = {}}))) << "nothing goes";
  for (size_t size = 1; size < whole.size(); ++size)
    ASSERT_FALSE(Taken(std::string_view(whole).substr(0, size))) << size;
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(0xff);
    Taken(bytes);  // whatever it says, it says it
  }
}

TEST(DecisionStage, SpansAndWitnessesThatCannotBeAreRefused) {
  const auto with_cut = [](CutPassage cut) {
    DecidedPage one = MakeDecided(20);  // of 120 bytes; the witness has 121
    one.cuts.back() = cut;
    return Taken(Bytes(one));
  };
  EXPECT_TRUE(with_cut({.span = {110, 120}, .witness = 21, .kept = {0, 121}}));
  EXPECT_FALSE(with_cut({.span = {110, 121}, .witness = 21, .kept = {0, 9}}));
  EXPECT_FALSE(with_cut({.span = {110, 110}, .witness = 21, .kept = {0, 9}}));
  EXPECT_FALSE(with_cut({.span = {39, 120}, .witness = 21, .kept = {0, 9}})) << "reaches into the one before";
  EXPECT_FALSE(with_cut({.span = {110, 120}, .witness = 21, .kept = {0, 122}}));
  EXPECT_FALSE(with_cut({.span = {110, 120}, .witness = 20, .kept = {0, 9}})) << "its own witness";
  EXPECT_FALSE(with_cut({.span = {110, 120}, .witness = kPages, .kept = {0, 9}}));
  DecidedPage one = MakeDecided(3);
  one.dropped.witness = 3;
  EXPECT_FALSE(Taken(Bytes(one)));
  one = MakeDecided(3);
  one.dropped.verdict = Verdict::kRepeat;
  EXPECT_FALSE(Taken(Bytes(one)));
  one = MakeDecided(3);
  one.dropped.only_in_dropped.push_back({5, 9});
  EXPECT_FALSE(Taken(Bytes(one)));
}

TEST(DecisionStage, GivesBackWhatWasDecided) {
  const std::string folder = MakeFolder();
  const StageFields fields = {{"options", "x"}};
  const auto none = DecisionStage::Open(folder, fields);
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(*none, nullptr);
  Decisions decisions({.tmpdir = "", .memory = 1 << 20}), back({.tmpdir = "", .memory = 1 << 20});
  Fill(&decisions);
  ASSERT_TRUE(WriteDecisions(folder, fields, MakeFacts(), decisions).ok());
  auto stage = DecisionStage::Open(folder, fields);
  ASSERT_TRUE(stage.ok()) << stage.status();
  EXPECT_EQ((*stage)->facts().compared, 3u);
  ASSERT_TRUE((*stage)->Read(TextBytesOf, &back).ok());
  for (uint32_t page = 0; page < kPages; ++page) ASSERT_EQ(Said(back, page), Said(decisions, page)) << page;
  EXPECT_EQ(DecisionStage::Open(folder, {{"options", "y"}}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(DecisionStage, EveryByteOfTheFileIsChecked) {
  const std::string folder = MakeFolder(), path = folder + "/decisions";
  Decisions decisions({.tmpdir = "", .memory = 1 << 20});
  Fill(&decisions);
  ASSERT_TRUE(WriteDecisions(folder, {}, MakeFacts(), decisions).ok());
  const auto size = std::filesystem::file_size(path);
  for (uint64_t at = 0; at < size; at += 7) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const int byte = file.seekg(static_cast<std::streamoff>(at)).get();
    file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(byte ^ 1));
    file.close();
    Decisions back({.tmpdir = "", .memory = 1 << 20});
    auto stage = DecisionStage::Open(folder, {});
    const absl::Status status = stage.ok() ? (*stage)->Read(TextBytesOf, &back) : stage.status();
    ASSERT_FALSE(status.ok()) << at;
    if (status.code() == absl::StatusCode::kDataLoss) {
      ASSERT_THAT(std::string(status.message()),
                  AllOf(HasSubstr(path + ": byte "), HasSubstr("without --resume")));
    }
    file.open(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(byte));
  }
}

}  // namespace
}  // namespace refrain
