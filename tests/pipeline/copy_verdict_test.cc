#include "refrain/pipeline/copy_verdict.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/pipeline/copies.h"

namespace refrain {
namespace {

using testing::HasSubstr;

constexpr double kLess = 1e-9;

Verdict Judge(const CopyScores& scores) { return JudgeCopy(scores, CopyThresholds()); }

constexpr double kUsual = 300;  // words for which thresholds are given

TEST(JudgeCopy, MirrorFromResemblanceOn) {
  const CopyThresholds t;
  EXPECT_EQ(Judge({.resemblance = t.mirror}), Verdict::kMirror);
  EXPECT_EQ(Judge({.resemblance = t.mirror - kLess, .a_in_b = 0.95, .b_in_a = 0.94, .smaller_words = kUsual}),
            Verdict::kCopy);
  EXPECT_EQ(Judge({.resemblance = 1, .a_in_b = 1, .b_in_a = 1, .local = 1}), Verdict::kMirror)
      << "not a copy too";
}

TEST(JudgeCopy, CopyFromContainmentOnWhereWhatIsContainedStandsTogether) {
  const CopyThresholds t;
  for (const double local : {t.local, 1.0}) {
    EXPECT_EQ(Judge({.a_in_b = t.containment, .local = local, .smaller_words = kUsual}), Verdict::kCopy);
    EXPECT_EQ(Judge({.b_in_a = t.containment, .local = local, .smaller_words = kUsual}), Verdict::kCopy)
        << "either in the other";
  }
  EXPECT_EQ(Judge({.a_in_b = t.containment, .b_in_a = t.both, .smaller_words = kUsual}), Verdict::kCopy);
  EXPECT_EQ(Judge({.a_in_b = t.containment - kLess, .local = 1, .smaller_words = kUsual}), Verdict::kVersion);
}

// Sentences scattered over a text that says more are no copy of it, however many they are.
TEST(JudgeCopy, ExcerptWhereWhatIsContainedIsScattered) {
  const CopyThresholds t;
  EXPECT_EQ(Judge({.a_in_b = 1, .b_in_a = t.both - kLess, .local = t.local - kLess, .smaller_words = kUsual}),
            Verdict::kExcerpt);
  EXPECT_EQ(Judge({.a_in_b = t.containment, .smaller_words = 100}), Verdict::kExcerpt);
  EXPECT_EQ(Judge({.a_in_b = t.containment - kLess, .smaller_words = 100}), Verdict::kQuote);
}

TEST(JudgeCopy, VersionWhereEitherIsInTheOtherOrInAStretch) {
  const CopyThresholds t;
  EXPECT_EQ(Judge({.a_in_b = t.both, .b_in_a = t.both, .smaller_words = kUsual}), Verdict::kVersion);
  EXPECT_EQ(Judge({.a_in_b = t.both - kLess, .b_in_a = 0.79, .smaller_words = kUsual}), Verdict::kQuote);
  EXPECT_EQ(Judge({.a_in_b = 0.79, .b_in_a = t.both - kLess, .smaller_words = kUsual}), Verdict::kQuote);
  EXPECT_EQ(Judge({.local = t.local, .smaller_words = kUsual}), Verdict::kVersion);
  EXPECT_EQ(Judge({.local = t.local - kLess, .smaller_words = kUsual}), Verdict::kQuote);
}

TEST(JudgeCopy, AsksMoreOfLongTexts) {
  const CopyThresholds t;
  for (const auto& [words, more] : {std::pair{30.0, -t.rise}, {3000.0, t.rise}, {30000.0, 2 * t.rise}}) {
    const double both = t.both + more, local = t.local + more;
    EXPECT_EQ(Judge({.a_in_b = both + kLess, .b_in_a = both + kLess, .smaller_words = words}),
              both < t.containment ? Verdict::kVersion : Verdict::kCopy)
        << words;
    EXPECT_FALSE(IsOneStory(Judge({.a_in_b = both - kLess, .b_in_a = both - kLess, .smaller_words = words})))
        << words;
    EXPECT_EQ(Judge({.local = local + kLess, .smaller_words = words}), Verdict::kVersion) << words;
    EXPECT_FALSE(IsOneStory(Judge({.local = local - kLess, .smaller_words = words}))) << words;
  }
  // Nobody is asked for more than all.
  CopyThresholds strict;
  strict.local = 0.99;
  EXPECT_EQ(JudgeCopy({.local = 1, .smaller_words = 3000}, strict), Verdict::kVersion);
  // What went wrong: of short texts less than nothing was asked, so that any two were versions.
  CopyThresholds lax;
  lax.both = lax.local = 0.1;
  EXPECT_FALSE(
      IsOneStory(JudgeCopy({.a_in_b = 0.04, .b_in_a = 0.04, .local = 0.04, .smaller_words = 20}, lax)));
  EXPECT_EQ(JudgeCopy({.local = 0.06, .smaller_words = 20}, lax), Verdict::kVersion);
  // A text of one word, and one of ten million: still thresholds that can be reached.
  EXPECT_EQ(Judge({.local = t.local - 0.2, .smaller_words = 1}), Verdict::kQuote);
  EXPECT_EQ(Judge({.local = 0.95, .smaller_words = 1e7}), Verdict::kVersion);
}

// What pages of two sources share, without the furniture of either, is what one has from the other.
TEST(JudgeCopy, LessIsEnoughAcrossSources) {
  const CopyThresholds t;
  CopyScores scores{.resemblance = t.resemblance, .passage_words = t.least_words, .smaller_words = 200};
  EXPECT_EQ(Judge(scores), Verdict::kExcerpt);
  scores.across = true;
  EXPECT_EQ(Judge(scores), Verdict::kVersion);
  scores.passage_words = t.least_words - 0.25;
  EXPECT_EQ(Judge(scores), Verdict::kExcerpt) << "a notice, or a report in a set form";
  scores.a_in_b = t.containment;
  EXPECT_EQ(Judge(scores), Verdict::kCopy) << "but a whole one is a copy";
  scores.resemblance = t.resemblance - kLess;
  EXPECT_EQ(Judge(scores), Verdict::kExcerpt);
  scores.local = t.resemblance;
  EXPECT_EQ(Judge(scores), Verdict::kCopy);
}

// A form that reports are poured into has some eighty words; what shares three hundred is one text.
TEST(JudgeCopy, AcrossSourcesLessIsEnoughTheMoreWordsAreShared) {
  const CopyThresholds t;
  const auto verdict = [&](double local, double words) {
    return Judge({.local = local, .passage_words = words, .smaller_words = 2 * words, .across = true});
  };
  for (const auto& [times, less] : {std::pair{1.0, 0.0}, {2.0, t.fall}, {std::sqrt(2.0), t.fall / 2}}) {
    const double asked = t.resemblance - less;
    EXPECT_EQ(verdict(asked + kLess, times * t.least_words), Verdict::kVersion) << times;
    EXPECT_FALSE(IsOneStory(verdict(asked - kLess, times * t.least_words))) << times;
  }
  EXPECT_EQ(verdict(t.resemblance * 2 / 3 + kLess, 1e9), Verdict::kVersion);
  EXPECT_EQ(verdict(t.resemblance * 2 / 3 - kLess, 1e9), Verdict::kExcerpt);
  EXPECT_FALSE(IsOneStory(Judge({.local = 0.44, .passage_words = 300, .smaller_words = 600})));
  CopyThresholds strict;
  strict.fall = 0;
  const CopyScores lower{.local = 0.44, .passage_words = 300, .smaller_words = 600, .across = true};
  EXPECT_EQ(Judge(lower), Verdict::kVersion);
  EXPECT_EQ(JudgeCopy(lower, strict), Verdict::kExcerpt);
  // A statement that two articles quote is less than half of either.
  EXPECT_EQ(Judge({.local = 0.44, .passage_words = 300, .smaller_words = 601, .across = true}),
            Verdict::kExcerpt);
}

// Rates, results, the weather of another day: the form is the same, and what it says is not.
TEST(JudgeCopy, OtherNumbersInOneFormAreAnotherReport) {
  const CopyThresholds t;
  const CopyScores edited{.a_in_b = 0.79, .b_in_a = 0.79, .passage_words = 100, .smaller_words = 120};
  const CopyScores taken{.local = 0.5, .passage_words = 100, .smaller_words = 120, .across = true};
  const CopyScores contained{.a_in_b = 0.85, .b_in_a = 0.8, .passage_words = 100, .smaller_words = 120};
  for (CopyScores scores : {edited, taken, contained}) {
    scores.known_sources = true;
    EXPECT_TRUE(IsOneStory(Judge(scores)));
    scores.numbers = t.numbers;
    EXPECT_TRUE(IsOneStory(Judge(scores)));
    scores.numbers = t.numbers - kLess;
    EXPECT_EQ(Judge(scores), Verdict::kExcerpt);
    if (scores.across) continue;
    scores.known_sources = false;
    EXPECT_TRUE(IsOneStory(Judge(scores))) << "who looks for near-duplicates of unknown origin means these";
  }
  EXPECT_EQ(Judge({.resemblance = t.mirror, .numbers = 0, .known_sources = true}), Verdict::kMirror);
}

// Who wrote it, where to ask: what went wrong was that a box of 26 words, all that a page had but furniture,
// made versions of it of all articles that show the box.
TEST(JudgeCopy, ALineOrTwoOfALongerTextAreNoStory) {
  const CopyThresholds t;
  CopyScores box{.a_in_b = 0.9,
                 .b_in_a = t.part - kLess,
                 .local = 1,
                 .passage_words = t.part_words - 0.25,
                 .smaller_words = t.part_words,
                 .known_sources = true,
                 .across = true};
  EXPECT_EQ(Judge(box), Verdict::kExcerpt);
  CopyScores longer = box;
  longer.passage_words = t.part_words;
  EXPECT_EQ(Judge(longer), Verdict::kCopy);
  CopyScores short_both = box;
  short_both.b_in_a = t.part;
  EXPECT_EQ(Judge(short_both), Verdict::kCopy);
  box.known_sources = box.across = false;
  EXPECT_EQ(Judge(box), Verdict::kCopy) << "of pages from anywhere furniture is not known";
}

TEST(JudgeCopy, ExcerptFromAShareOfTheSmallerTextOnOrSoManyWords) {
  const CopyThresholds t;
  EXPECT_EQ(Judge({.passage_words = t.excerpt * 200, .smaller_words = 200}), Verdict::kExcerpt);
  EXPECT_EQ(Judge({.passage_words = t.excerpt * 200 - 0.25, .smaller_words = 200}), Verdict::kQuote);
  EXPECT_EQ(Judge({.passage_words = t.excerpt_words, .smaller_words = 90000}), Verdict::kExcerpt);
  EXPECT_EQ(Judge({.passage_words = t.excerpt_words - 0.25, .smaller_words = 90000}), Verdict::kQuote);
}

TEST(JudgeCopy, AsksTheThresholdsThatAreGiven) {
  CopyScores scores{.resemblance = 0.45,
                    .a_in_b = 0.65,
                    .b_in_a = 0.6,
                    .local = 0.5,
                    .passage_words = 100,
                    .smaller_words = 1000};
  CopyThresholds t;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kQuote);
  t.excerpt_words = 100;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kExcerpt);
  t.excerpt_words = 101;
  t.excerpt = 0.1;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kExcerpt);
  t.local = 0.44;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kVersion);
  t.rise = 0.2;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kExcerpt);
  t.both = 0.49;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kVersion);
  t.both = 1;
  scores.across = true;
  t.resemblance = 0.51;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kExcerpt);
  t.resemblance = 0.5;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kVersion);
  t.least_words = 101;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kExcerpt);
  t.containment = 0.65;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kCopy);
  t.mirror = 0.45;
  EXPECT_EQ(JudgeCopy(scores, t), Verdict::kMirror);
}

TEST(CopyScores, AreContainedByTheLargerShare) {
  EXPECT_EQ((CopyScores{.a_in_b = 0.25, .b_in_a = 0.75}).contained(), 0.75);
  EXPECT_EQ((CopyScores{.a_in_b = 0.75, .b_in_a = 0.25}).contained(), 0.75);
  EXPECT_EQ((CopyScores{.a_in_b = 0.25, .b_in_a = 0.75}).both(), 0.25);
  EXPECT_EQ((CopyScores{.a_in_b = 0.75, .b_in_a = 0.25}).both(), 0.25);
}

TEST(IsOneStory, IsMirrorCopyAndVersion) {
  for (const Verdict verdict : {Verdict::kMirror, Verdict::kCopy, Verdict::kVersion})
    EXPECT_TRUE(IsOneStory(verdict));
  for (const Verdict verdict :
       {Verdict::kExcerpt, Verdict::kQuote, Verdict::kExact, Verdict::kNear, Verdict::kPassage})
    EXPECT_FALSE(IsOneStory(verdict));
}

TEST(CopyThresholds, ScaleSharesOfShinglesAndLeaveWords) {
  const CopyThresholds t;
  const CopyThresholds half = t.Scaled(0.5);
  EXPECT_DOUBLE_EQ(half.mirror, t.mirror / 2);
  EXPECT_DOUBLE_EQ(half.containment, t.containment / 2);
  EXPECT_DOUBLE_EQ(half.both, t.both / 2);
  EXPECT_DOUBLE_EQ(half.local, t.local / 2);
  EXPECT_DOUBLE_EQ(half.rise, t.rise / 2);
  EXPECT_DOUBLE_EQ(half.fall, t.fall / 2);
  EXPECT_DOUBLE_EQ(half.resemblance, t.resemblance / 2);
  EXPECT_EQ(half.least_words, t.least_words);
  EXPECT_EQ(half.excerpt, t.excerpt);
  EXPECT_EQ(half.excerpt_words, t.excerpt_words);
  EXPECT_EQ(t.Scaled(1).mirror, t.mirror);
  EXPECT_TRUE(half.Validate().ok());
}

TEST(CopyThresholds, AreValidAsTheyAre) { EXPECT_TRUE(CopyThresholds().Validate().ok()); }

TEST(CopyThresholds, NameTheFieldThatIsOutOfRange) {
  const std::vector<std::pair<std::string, double CopyThresholds::*>> fields = {
      {"mirror", &CopyThresholds::mirror},
      {"containment", &CopyThresholds::containment},
      {"both", &CopyThresholds::both},
      {"local", &CopyThresholds::local},
      {"resemblance", &CopyThresholds::resemblance},
      {"numbers", &CopyThresholds::numbers},
      {"excerpt", &CopyThresholds::excerpt}};
  for (const auto& [name, field] : fields) {
    for (const double value : {0.0, -0.5, 1.0001, std::numeric_limits<double>::quiet_NaN()}) {
      CopyThresholds t;
      t.*field = value;
      const absl::Status status = t.Validate();
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << name << " " << value;
      EXPECT_EQ(std::string(status.message()).substr(0, name.size() + 4), name + " is ");
      EXPECT_THAT(std::string(status.message()), HasSubstr("above 0 and at most 1"));
    }
    CopyThresholds t;
    t.*field = 1;
    EXPECT_TRUE(t.Validate().ok()) << name;
    t.*field = 1e-6;
    EXPECT_TRUE(t.Validate().ok()) << name;
  }
  for (const double value : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    CopyThresholds t;
    t.excerpt_words = value;
    EXPECT_THAT(std::string(t.Validate().message()), HasSubstr("excerpt-words is ")) << value;
  }
  for (const double value : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    CopyThresholds t;
    t.rise = value;
    EXPECT_THAT(std::string(t.Validate().message()), HasSubstr("rise is ")) << value;
    t = {};
    t.fall = value;
    EXPECT_THAT(std::string(t.Validate().message()), HasSubstr("fall is ")) << value;
  }
  for (const double value : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    CopyThresholds t;
    t.least_words = value;
    EXPECT_THAT(std::string(t.Validate().message()), HasSubstr("least-words is ")) << value;
  }
  CopyThresholds t;
  t.excerpt_words = 1e6;
  EXPECT_TRUE(t.Validate().ok()) << "words are no share";
}

// `local` was not.
TEST(CopyThresholds, ArePartOfTheIdOfAllOptions) {
  for (double CopyThresholds::* field :
       {&CopyThresholds::mirror, &CopyThresholds::containment, &CopyThresholds::both, &CopyThresholds::local,
        &CopyThresholds::rise, &CopyThresholds::resemblance, &CopyThresholds::least_words,
        &CopyThresholds::fall, &CopyThresholds::numbers, &CopyThresholds::excerpt,
        &CopyThresholds::excerpt_words}) {
    CopiesOptions options;
    options.thresholds.*field = 0.123;
    EXPECT_NE(options.Id(), CopiesOptions().Id());
  }
}

}  // namespace
}  // namespace refrain
