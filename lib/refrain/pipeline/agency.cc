#include "refrain/pipeline/agency.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <string>
#include <vector>

namespace refrain {
namespace {

struct Agency {
  std::string_view name;
  std::string_view full;                       // as a text calls it in a line of rights; empty: by its name
  std::string_view source;                     // a part of the host of its own pages
  std::array<std::string_view, 3> local = {};  // as texts in other scripts call it
};

// The agencies whose reports are reprinted most, world-wide and in the larger languages.
constexpr Agency kAgencies[] = {
    {"", "", ""},
    {"AP", "Associated Press", "apnews.", {"美联社", "美聯社"}},
    {"Reuters", "Thomson Reuters", "reuters.", {"路透社", "ロイター", "Рейтер"}},
    {"AFP", "Agence France-Presse", "afp.", {"法新社"}},
    {"UPI", "United Press International", "upi."},
    {"dpa", "Deutsche Presse-Agentur", "dpa.", {"德新社"}},
    {"ANSA", "", "ansa."},
    {"EFE", "Agencia EFE", "efe."},
    {"PTI", "Press Trust of India", "ptinews."},
    {"IANS", "Indo-Asian News Service", "ians."},
    {"ANI", "Asian News International", "aninews."},
    {"Xinhua", "", "xinhuanet.", {"新华社", "新華社"}},
    {"TASS", "", "tass.", {"ТАСС"}},
    {"Interfax", "", "interfax.", {"Интерфакс"}},
    {"Kyodo", "Kyodo News", "kyodonews.", {"共同通信", "共同", "共同社"}},
    {"Yonhap", "Yonhap News Agency", "yna.", {"연합뉴스", "韩联社"}},
    {"Anadolu", "Anadolu Agency", "aa.com"},
    {"AAP", "Australian Associated Press", "aap."},
    {"CP", "The Canadian Press", "thecanadianpress."},
    {"PA", "PA Media", "pa.media"},
    {"Bloomberg", "Bloomberg News", "bloomberg."},
    {"CNA", "Central News Agency", "focustaiwan.", {"中央社"}},
    {"NAN", "News Agency of Nigeria", "nannews."},
    {"APA", "Austria Presse Agentur", "apa."},
};

constexpr size_t kHead = 600, kFoot = 200;

bool IsLetter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80);
}

// Whether `fits` holds of a place in `text` where `name` stands: its first byte, and the one behind it.
template <typename Fits>
bool Stands(std::string_view text, std::string_view name, const Fits& fits) {
  if (name.empty()) return false;
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    if (fits(at, at + name.size())) return true;
  }
  return false;
}

// The agencies that stand in brackets, a bit for each: "(AP)", "(Reuters)"; "(AP/Reuters)" is none: two.
// `in_full`: by their full names too.
uint32_t InBrackets(std::string_view text, bool in_full) {
  static_assert(std::size(kAgencies) <= 32);
  uint32_t found = 0;
  const auto look = [&](size_t at) {
    constexpr size_t kLongest = 40;  // of names
    std::string_view inside = text.substr(at + 1, kLongest);
    const size_t end = inside.find_first_of(")]");
    if (end == std::string_view::npos) return;
    inside = inside.substr(0, end);
    // "(dpa/lrs)": a service of the agency. "(AP/Reuters)" are two.
    const size_t slash = inside.find('/');
    if (slash != std::string_view::npos &&
        std::all_of(inside.begin() + static_cast<std::ptrdiff_t>(slash) + 1, inside.end(),
                    [](char c) { return c >= 'a' && c <= 'z'; }))
      inside = inside.substr(0, slash);
    for (size_t i = 1; i < std::size(kAgencies); ++i) {
      if (inside == kAgencies[i].name || (in_full && !inside.empty() && inside == kAgencies[i].full))
        found |= uint32_t{1} << i;
    }
  };
  for (const char bracket : {'(', '['}) {
    for (size_t at = text.find(bracket); at != std::string_view::npos; at = text.find(bracket, at + 1))
      look(at);
  }
  return found;
}

// Whether a name at [at, end) is a mark as texts in other scripts have it: "(新华社)", "(서울=연합뉴스)",
// "【東京共同】", "/ТАСС/", and in front of a place and a day "新华社北京3月4日电". "据路透社报道" is a
// mention.
bool IsLocalMark(std::string_view text, size_t at, size_t end) {
  constexpr size_t kPlace = 60;  // bytes: of a place, a day, a reporter
  const std::string_view before = text.substr(0, at), behind = text.substr(end);
  const auto any = [](std::initializer_list<std::string_view> marks, const auto& fits) {
    return std::any_of(marks.begin(), marks.end(), fits);
  };
  const bool opens = any({"(", "[", "（", "【", "/", "="}, [&](auto mark) { return before.ends_with(mark); });
  const bool closes = any({")", "]", "）", "】", "/"}, [&](auto mark) { return behind.starts_with(mark); });
  if (opens && closes) return true;
  if (behind.starts_with("】"))
    return before.substr(at - std::min(at, kPlace)).rfind("【") != std::string_view::npos;
  if (!opens && !before.empty() && !before.ends_with('\n')) return false;
  const std::string_view line = behind.substr(0, std::min(behind.find('\n'), kPlace));
  return any({"电", "電"}, [&](auto sent) { return line.find(sent) != std::string_view::npos; });
}

// The agencies with such a mark, a bit for each.
uint32_t InOtherScripts(std::string_view text) {
  uint32_t found = 0;
  for (size_t i = 1; i < std::size(kAgencies); ++i) {
    for (const std::string_view name : kAgencies[i].local) {
      if (Stands(text, name, [&](size_t at, size_t end) { return IsLocalMark(text, at, end); }))
        found |= uint32_t{1} << i;
    }
  }
  return found;
}

bool IsWord(std::string_view text, size_t at, size_t end) {
  return (at == 0 || !IsLetter(text[at - 1])) && (end == text.size() || !IsLetter(text[end]));
}

// Where names stand behind "By " and "By The ".
std::vector<size_t> BehindBy(std::string_view text) {
  std::vector<size_t> places;
  for (size_t at = text.find("By "); at != std::string_view::npos; at = text.find("By ", at + 1)) {
    for (const std::string_view by : {"By ", "By The "}) {
      if (text.substr(at, by.size()) == by && IsWord(text, at, at + by.size() - 1))
        places.push_back(at + by.size());
    }
  }
  return places;
}

// "By The Associated Press"; "By Reuters" where the byline ends with it: "By CP Snow" is a person.
bool InByline(std::string_view text, const std::vector<size_t>& behind_by, const Agency& agency) {
  return std::any_of(behind_by.begin(), behind_by.end(), [&](size_t at) {
    const auto stands = [&](std::string_view name) {
      return !name.empty() && text.substr(at, name.size()) == name && IsWord(text, at, at + name.size());
    };
    if (stands(agency.full)) return true;
    if (!stands(agency.name)) return false;
    const size_t next = text.find_first_not_of(' ', at + agency.name.size());
    return next == std::string_view::npos || !IsLetter(text[next]);
  });
}

// Whether the name is a part of another agency's: the Associated Press is one of the Australian.
bool IsInLongerName(std::string_view text, size_t at, std::string_view name) {
  for (const Agency& other : kAgencies) {
    const size_t inside = other.full.find(name);
    if (other.full.size() > name.size() && inside != std::string_view::npos && at >= inside &&
        text.substr(at - inside, other.full.size()) == other.full)
      return true;
  }
  return false;
}

// Words in front of a colon behind which a text names whom it is from.
constexpr std::string_view kSources[] = {"Source", "Sources", "SOURCE", "Quelle", "Quellen", "Fuente",
                                         "Fonte",  "Bron",    "Kilde",  "Källa",  "Kaynak",  "Источник"};

std::string_view Stripped(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r";
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin);
}

// What stands behind a dateline.
constexpr std::string_view kDashes[] = {" \u2014", "\u2014", " \u2013", " - ", " -- "};
constexpr size_t kDateline = 48, kByline = 80;  // bytes

bool HasDash(std::string_view text) {
  return std::any_of(std::begin(kDashes), std::end(kDashes),
                     [&](std::string_view dash) { return text.find(dash) != std::string_view::npos; });
}
bool BeginsWithDash(std::string_view text) {
  return std::any_of(std::begin(kDashes), std::end(kDashes),
                     [&](std::string_view dash) { return text.starts_with(dash); });
}

// "NEW YORK, March 3, ": no word begins with a small letter.
bool IsDateline(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if ((i == 0 || text[i - 1] == ' ') && text[i] >= 'a' && text[i] <= 'z') return false;
  }
  return true;
}

// "Source: Reuters"; "AP \u2014 The gate" and "LONDON, Reuters \u2014 The gate", where a paragraph begins;
// "By JANE DOE Associated Press"; a line with nothing but "Agencia EFE". Two letters alone, or behind a
// place, may be anything: a state.
bool IsInMarkedLine(std::string_view line, const Agency& agency) {
  const auto is_name = [&](std::string_view name) {
    if (name.starts_with("The ")) name.remove_prefix(4);
    return name == agency.name || (!name.empty() && name == agency.full) ||
           (agency.full.starts_with("The ") && name == agency.full.substr(4));
  };
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos && std::find(std::begin(kSources), std::end(kSources),
                                                   Stripped(line.substr(0, colon))) != std::end(kSources))
    return is_name(Stripped(line.substr(colon + 1)));
  if (line.size() > 2 && is_name(line)) return true;
  if (!agency.full.empty() && line.size() <= kByline && line.starts_with("By ") &&
      line.ends_with(agency.full)) {
    const size_t at = line.size() - agency.full.size();
    return line[at - 1] == ' ' && !IsInLongerName(line, at, agency.full);
  }
  return line.size() > kByline && Stands(line.substr(0, kDateline), agency.name, [&](size_t at, size_t end) {
           const std::string_view before = line.substr(0, at);
           const bool behind_place = before.ends_with(", ") && IsDateline(before) && agency.name.size() > 2;
           return (before.empty() || behind_place) && BeginsWithDash(line.substr(end));
         });
}

// The agencies that are named so in whole lines of the text, a bit for each.
uint32_t InMarkedLines(std::string_view text) {
  uint32_t found = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = Stripped(text.substr(0, end + 1 - (text[end] == '\n')));
    const bool may_be_marked =
        !line.empty() && (line.size() <= kByline || HasDash(line.substr(0, kDateline)));
    for (size_t i = 1; i < std::size(kAgencies) && may_be_marked; ++i) {
      if (IsInMarkedLine(line, kAgencies[i])) found |= uint32_t{1} << i;
    }
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return found;
}

constexpr std::string_view kSignsOfRights[] = {"\xC2\xA9",  "(c)",       "(C)",
                                               "Copyright", "copyright", "ights reserved"};

// Lines that hold one.
std::vector<std::string_view> LinesOfRights(std::string_view text) {
  std::vector<std::string_view> lines;
  const auto holds_sign = [](std::string_view line) {
    for (size_t at = 0; at < line.size(); ++at) {
      const char c = line[at];
      if (c != '\xC2' && c != '(' && c != 'C' && c != 'c' && c != 'i') continue;
      for (const std::string_view sign : kSignsOfRights) {
        if (sign.front() == c && line.substr(at, sign.size()) == sign) return true;
      }
    }
    return false;
  };
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (holds_sign(line)) lines.push_back(line);
  }
  return lines;
}

// "(c) 2020 The Associated Press. All rights reserved." A line that only speaks of the agency is none.
bool InLineOfRights(const std::vector<std::string_view>& lines, const Agency& agency) {
  const std::string_view name = agency.full.empty() ? agency.name : agency.full;
  return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
    return Stands(line, name, [&](size_t at, size_t end) {
      return IsWord(line, at, end) && !IsInLongerName(line, at, name);
    });
  });
}

}  // namespace

uint8_t FindAgency(std::string_view text) {
  const std::string_view head = text.substr(0, kHead);
  const std::string_view foot = text.size() > kFoot ? text.substr(text.size() - kFoot) : text;
  // Most texts have none of the signs that a mark goes with.
  const bool whole = head.size() == text.size();
  uint32_t marks = InBrackets(head, true) | InBrackets(foot, false) | InOtherScripts(head) |
                   (whole ? 0 : InOtherScripts(foot));
  if (marks == 0) {
    // Lines that head and foot cut are none, but for the first.
    const size_t last = head.rfind('\n');
    marks = InMarkedLines(whole || last == std::string_view::npos ? head : head.substr(0, last));
    if (!whole) marks |= InMarkedLines(foot.substr(std::min(foot.find('\n'), foot.size())));
  }
  const std::vector<size_t> behind_by = BehindBy(head);
  const std::vector<std::string_view> rights = LinesOfRights(foot);
  uint8_t found = kNoAgency;
  if (marks == 0 && behind_by.empty() && rights.empty()) return found;
  for (size_t i = 1; i < std::size(kAgencies); ++i) {
    const Agency& agency = kAgencies[i];
    const bool marked =
        (marks >> i & 1) != 0 || InByline(head, behind_by, agency) || InLineOfRights(rights, agency);
    if (!marked) continue;
    if (found != kNoAgency) return kNoAgency;
    found = static_cast<uint8_t>(i);
  }
  return found;
}

std::string_view AgencyName(uint8_t agency) {
  return agency < std::size(kAgencies) ? kAgencies[agency].name : std::string_view();
}

uint8_t AgencyOfSource(std::string_view source) {
  const auto lower_case = [](std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
  };
  const std::string lower = lower_case(source);
  for (size_t i = 1; i < std::size(kAgencies); ++i) {
    const bool in_host = Stands(lower, kAgencies[i].source,
                                [&](size_t at, size_t) { return at == 0 || lower[at - 1] == '.'; });
    if (in_host || lower == lower_case(kAgencies[i].name)) return static_cast<uint8_t>(i);
  }
  return kNoAgency;
}

}  // namespace refrain
