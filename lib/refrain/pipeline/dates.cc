#include "refrain/pipeline/dates.h"

#include <chrono>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/utf8.h"

namespace refrain {
namespace {

// Reads tokens of digits or letters; everything else separates, but a sign in front of a zone offset counts.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // A number of `least` to `most` digits that stands here, after separators.
  std::optional<int> Number(size_t least, size_t most) {
    SkipSeparators();
    size_t size = 0;
    while (at_ + size < text_.size() && size < most && IsDigit(text_[at_ + size])) ++size;
    if (size < least) return std::nullopt;
    int value = 0;
    for (size_t i = 0; i < size; ++i) value = value * 10 + (text_[at_ + i] - '0');
    at_ += size;
    return value;
  }
  // An English month's name, or its first three letters ("Sept" too): 1 to 12.
  std::optional<int> Month() {
    SkipSeparators();
    static constexpr std::string_view kMonths[] = {"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
    std::string word;
    size_t end = at_;
    for (; end < text_.size() && IsLetter(text_[end]); ++end) word += static_cast<char>(text_[end] | 0x20);
    // Letters that are no ASCII go on: "mars", "märz".
    if (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0x80)) return std::nullopt;
    for (size_t month = 0; month < std::size(kMonths); ++month) {
      const std::string_view name = kMonths[month];
      if (word != name && word != name.substr(0, 3) && !(word == "sept" && name == "september")) continue;
      at_ = end;
      return static_cast<int>(month) + 1;
    }
    return std::nullopt;
  }
  void SkipLetters() {
    SkipSeparators();
    while (at_ < text_.size() && IsLetter(text_[at_])) ++at_;
  }
  // Seconds east of UTC of "Z", "GMT", "+02:00" or "-0530"; 0 for anything else.
  int Zone() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '.' || IsDigit(text_[at_]))) ++at_;
    if (at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return 0;
    const int sign = text_[at_++] == '-' ? -1 : 1;
    const std::optional<int> hours = Number(2, 2);
    const std::optional<int> minutes = Number(2, 2);
    return sign * (hours.value_or(0) * 3600 + minutes.value_or(0) * 60);
  }
  // Whether seconds stand here, and not a zone's hours.
  bool SecondFollows() const { return at_ < text_.size() && (text_[at_] == ':' || IsDigit(text_[at_])); }
  bool Done() const { return at_ >= text_.size(); }

 private:
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  static bool IsLetter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
  void SkipSeparators() {
    while (at_ < text_.size() && !IsDigit(text_[at_]) && !IsLetter(text_[at_])) ++at_;
  }
  std::string_view text_;
  size_t at_ = 0;
};

std::optional<int64_t> Seconds(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1000 || hour > 24 || minute > 59 || second > 60) return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86400 + hour * 3600 + minute * 60 + second;
}

std::optional<int64_t> WithTime(Scanner scanner, int year, int month, int day) {
  Scanner t = scanner;
  if (!t.Done()) {
    Scanner time = t;
    // "T" between date and time.
    std::optional<int> hour = time.Number(2, 2);
    if (!hour) {
      time = t;
      time.SkipLetters();
      hour = time.Number(2, 2);
    }
    const std::optional<int> minute = hour ? time.Number(2, 2) : std::nullopt;
    if (hour && minute) {
      const std::optional<int> second = time.SecondFollows() ? time.Number(2, 2) : std::nullopt;
      const int zone = time.Zone();
      if (auto seconds = Seconds(year, month, day, *hour, *minute, second.value_or(0)))
        return *seconds - zone;
    }
  }
  return Seconds(year, month, day, 0, 0, 0);
}

}  // namespace

int64_t ParseDate(std::string_view text) {
  text = text.substr(0, 64);
  {
    Scanner scanner(text);  // year first; also 14 digits in a row
    const auto year = scanner.Number(4, 4);
    const auto month = year ? scanner.Number(2, 2) : std::nullopt;
    const auto day = month ? scanner.Number(2, 2) : std::nullopt;
    if (day) {
      if (auto seconds = WithTime(scanner, *year, *month, *day)) return *seconds;
    }
  }
  for (const bool weekday : {false, true}) {
    Scanner scanner(text);
    if (weekday) scanner.SkipLetters();
    const auto day = scanner.Number(1, 2);
    const auto month = day ? scanner.Month() : std::nullopt;
    const auto year = month ? scanner.Number(4, 4) : std::nullopt;
    if (year) {
      if (auto seconds = WithTime(scanner, *year, *month, *day)) return *seconds;
    }
  }
  return kNoDate;
}

bool IsEarlier(int64_t one, int64_t other) {
  if (one == kNoDate || other == kNoDate || one >= other) return false;
  constexpr int64_t kDay = 86400;
  // Up to its end, if it is a day; the other one is later than its own beginning anyway.
  const bool is_day = one % kDay == 0;
  return !is_day || one + kDay <= other;
}

void UnreadDates::Add(UnreadDates later) {
  later.count += count;
  if (count > 0) later.date = std::move(date), later.page = std::move(page);
  *this = std::move(later);
}

std::string UnreadDates::Warning() const {
  const std::string example = fmt::format("\"{}\" of {}", ToValidUtf8(date), ToValidUtf8(page));
  return fmt::format(
      "{} as none; write {} like 2024-01-31 or 2024-01-31T10:00:00Z",
      count == 1 ? fmt::format("a date in no form that is read, {}, counts", example)
                 : fmt::format("{} dates in no form that is read, the first {}, count", count, example),
      count == 1 ? "it" : "them");
}

}  // namespace refrain
