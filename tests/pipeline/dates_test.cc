#include "refrain/pipeline/dates.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain {
namespace {

constexpr int64_t kDay = 86400;
constexpr int64_t kNewYear2020 = 1577836800;  // 2020-01-01T00:00:00Z
constexpr int64_t kTen = 10 * 3600;

TEST(ParseDate, ReadsIso8601) {
  EXPECT_EQ(ParseDate("1970-01-01"), 0);
  EXPECT_EQ(ParseDate("1970-01-01T00:00:01Z"), 1);
  EXPECT_EQ(ParseDate("2020-01-01"), kNewYear2020);
  EXPECT_EQ(ParseDate("2020-01-01T10:00:00Z"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("2020-01-01 10:00:00"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("2020-01-01T10:00Z"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("2020-01-01T10:00:00.123456Z"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("2020/01/01"), kNewYear2020);
  EXPECT_EQ(ParseDate("20200101"), kNewYear2020);
}

TEST(ParseDate, TakesZoneOffsetsOff) {
  EXPECT_EQ(ParseDate("2020-01-01T12:00:00+02:00"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("2020-01-01T12:00+02:00"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("2020-01-01T04:30:00-0530"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("2020-01-01T12:00:00.5+02:00"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("2019-12-31T23:30:00-01:00"), kNewYear2020 + 1800);
}

TEST(ParseDate, ReadsFourteenDigits) {
  EXPECT_EQ(ParseDate("20200101100000"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("20200101000001"), kNewYear2020 + 1);
}

TEST(ParseDate, ReadsDayMonthYear) {
  EXPECT_EQ(ParseDate("Wed, 01 Jan 2020 10:00:00 GMT"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("Wed, 1 Jan 2020 12:00:00 +0200"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("1 January 2020"), kNewYear2020);
  EXPECT_EQ(ParseDate(" 01-JAN-2020 10:00:00.79"), kNewYear2020 + kTen);
  EXPECT_EQ(ParseDate("26-FEB-1987 15:01:01.79"), 541350061);
}

// What begins as an English month is none: "marraskuuta" is November.
TEST(ParseDate, ReadsNoMonthsOfOtherLanguages) {
  for (const char* date : {"12. marraskuuta 2024", "12 Marmalade 2024", "12 mars 2024", "12 juni 2024",
                           "12 août 2024", "12 märz 2024", "3 decembre 2024"})
    EXPECT_EQ(ParseDate(date), kNoDate) << date;
  for (const char* date :
       {"12 Sept 2024", "12 sep 2024", "12. September 2024", "Thu, 12 SEPTEMBER 2024 00:00:00 GMT"})
    EXPECT_EQ(ParseDate(date), ParseDate("2024-09-12")) << date;
}

TEST(ParseDate, KnowsLeapYears) {
  EXPECT_EQ(ParseDate("2020-02-29"), kNewYear2020 + 59 * kDay);
  EXPECT_EQ(ParseDate("2020-03-01"), kNewYear2020 + 60 * kDay);
  EXPECT_EQ(ParseDate("2000-03-01") - ParseDate("2000-02-28"), 2 * kDay);
  EXPECT_EQ(ParseDate("1900-03-01") - ParseDate("1900-02-28"), kDay);
  EXPECT_EQ(ParseDate("2021-02-29"), kNoDate);
}

TEST(ParseDate, ReadsDatesBefore1970) { EXPECT_EQ(ParseDate("1969-12-31"), -kDay); }

TEST(ParseDate, SaysNothingAboutLessThanADay) {
  for (const char* text : {"", " ", "2020", "2020-01", "January 2020", "10:00:00", "Wednesday"}) {
    EXPECT_EQ(ParseDate(text), kNoDate) << text;
  }
}

TEST(ParseDate, SaysNothingAboutDaysThatAreNone) {
  for (const char* text : {"2020-13-01", "2020-00-10", "2020-01-32", "31 Foo 2020", "0000-01-01",
                           "99 Jan 2020", "yesterday", "\xff\xfe", "----", "\xe2\x80\x93"}) {
    EXPECT_EQ(ParseDate(text), kNoDate) << text;
  }
}

TEST(ParseDate, FallsBackToTheDayWhereTheTimeIsNone) {
  EXPECT_EQ(ParseDate("2020-01-01T99:99:99Z"), kNewYear2020);
  EXPECT_EQ(ParseDate("2020-01-01 at noon"), kNewYear2020);
}

TEST(UnreadDates, NamesTheFirstOfAll) {
  UnreadDates all, none;
  all.Add(none);
  EXPECT_EQ(all.count, 0u);
  all.Add({.count = 1, .date = "May 2", .page = "one"});
  EXPECT_EQ(all.Warning(),
            "a date in no form that is read, \"May 2\" of one, counts as none; write it like 2024-01-31 or "
            "2024-01-31T10:00:00Z");
  all.Add(none);
  all.Add({.count = 3, .date = "May 3", .page = "two"});
  EXPECT_EQ(all.Warning(),
            "4 dates in no form that is read, the first \"May 2\" of one, count as none; write them like "
            "2024-01-31 or 2024-01-31T10:00:00Z");
}

TEST(ParseDate, NeverFailsOnOtherText) {
  // Every two-byte text, alone and behind the beginning of a date; then long ones.
  for (int value = 0; value < 65536; ++value) {
    const std::string two = {static_cast<char>(value >> 8), static_cast<char>(value)};
    ParseDate(two);
    ParseDate("2020-01-0" + two);
  }
  EXPECT_EQ(ParseDate(std::string(1 << 20, '9')), kNoDate);
  EXPECT_EQ(ParseDate(std::string(1 << 20, ' ') + "2020-01-01"), kNoDate);
}

}  // namespace
}  // namespace refrain
