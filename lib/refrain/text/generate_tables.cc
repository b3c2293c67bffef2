// Writes unicode_tables.cc: kind and folded form of every code point, for the one version of Unicode that
// token hashes are defined for. Not part of the build: run it by hand (target refrain_text_tables) with an
// ICU of that version.
//
//   refrain_text_tables > lib/refrain/text/unicode_tables.cc
//
// The folded form of a code point is the fixed point of: compatibility decomposition, then full case folding.
// Exceptions:
//  - a decomposition that holds something that is no part of a word (the slash in U+00BD), or that would move
//  the code
//    point to another kind, is not used;
//  - code points of unsegmented scripts stay one code point, so kana keep their voiced marks and Sara Am its
//  parts;
//  - Hangul syllables stay whole: they are the canonical form of their jamo;
//  - U+0345 stays as it is (see unicode_internal.h);
//  - the i with a dot in capitals and the one without are i: to those who write them as to those who do not,
//  a word in capitals is the word.

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "refrain/base/utf8.h"
#include "refrain/text/unicode_internal.h"

namespace refrain::unicode {
namespace {

using CodePoints = std::vector<char32_t>;
constexpr char32_t kLimit = 0x110000;

[[noreturn]] void Die(const char* message, char32_t c) {
  std::fprintf(stderr, "U+%04X: %s\n", static_cast<unsigned>(c), message);
  std::exit(1);
}

CodePoints FromIcu(const icu::UnicodeString& string) {
  CodePoints result;
  for (int32_t i = 0; i < string.length(); i = string.moveIndex32(i, 1)) result.push_back(string.char32At(i));
  return result;
}

CodePoints Decompose(const icu::Normalizer2* normalizer, char32_t c) {
  icu::UnicodeString out;
  if (!normalizer->getDecomposition(static_cast<UChar32>(c), out)) return {c};
  return FromIcu(out);
}

const icu::Normalizer2* Canonical() {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFDInstance(status);
}

const icu::Normalizer2* Compatible() {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFKDInstance(status);
}

bool IsHangulSyllable(char32_t c) { return c >= 0xAC00 && c <= 0xD7A3; }
bool IsConjoiningJamo(char32_t c) {
  return (c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97C) || (c >= 0xD7B0 && c <= 0xD7FB);
}
bool IsVoicedMark(char32_t c) { return c == 0x3099 || c == 0x309A; }

bool InScripts(char32_t c, std::initializer_list<UScriptCode> scripts) {
  const auto wanted = [&](UScriptCode script) {
    return std::find(scripts.begin(), scripts.end(), script) != scripts.end();
  };
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &status);
  if (wanted(script)) return true;
  if (script != USCRIPT_COMMON) return false;
  // Shared by several scripts, such as the prolonged sound mark: ours if all of them are.
  UScriptCode extensions[32];
  const int count = uscript_getScriptExtensions(static_cast<UChar32>(c), extensions, 32, &status);
  return U_SUCCESS(status) && std::all_of(extensions, extensions + count, wanted);
}

Kind KindOf(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  const uint32_t category = U_GET_GC_MASK(point);
  if (category == U_GC_CN_MASK || c == 0x200B) return kSeparator;
  if (u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return kIgnorable;
  const bool han = InScripts(c, {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA});
  if (!(category & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK))) {
    // Radicals are symbols, but text taken from PDF uses them in place of the ideographs they look like.
    const CodePoints parts = Decompose(Compatible(), c);
    return han && category == U_GC_SO_MASK && parts.size() == 1 && parts[0] != c &&
                   InScripts(c, {USCRIPT_HAN})
               ? kHalf
               : kSeparator;
  }
  if (InScripts(c, {USCRIPT_THAI, USCRIPT_LAO, USCRIPT_KHMER, USCRIPT_MYANMAR})) return kQuarter;
  if (category & U_GC_M_MASK || c == 0xFF9E || c == 0xFF9F)
    return kMark;  // half-width voiced marks are letters
  return han ? kHalf : kWord;
}

bool MayReplace(char32_t c, const CodePoints& parts) {
  const Kind kind = KindOf(c);
  if (kind == kHalf) return parts.size() == 1 && KindOf(parts[0]) == kHalf;
  if (kind == kQuarter) return false;
  return std::all_of(parts.begin(), parts.end(), [kind](char32_t part) {
    return KindOf(part) == kMark || (kind == kWord && KindOf(part) == kWord);
  });
}

CodePoints FoldOnce(char32_t c) {
  if (c == 0x130 || c == 0x131) return {'i'};
  if (IsHangulSyllable(c)) return {c};
  CodePoints parts = Decompose(Compatible(), c);
  if (!MayReplace(c, parts)) {
    parts = Decompose(Canonical(), c);
    if (!MayReplace(c, parts)) parts = {c};
  }
  CodePoints result;
  for (const char32_t part : parts) {
    CodePoints folded{part};
    if (part != kIotaSubscript) {
      icu::UnicodeString string(static_cast<UChar32>(part));
      folded = FromIcu(string.foldCase(U_FOLD_CASE_DEFAULT));
      if (!MayReplace(part, folded)) folded = {part};
    }
    result.insert(result.end(), folded.begin(), folded.end());
  }
  return result;
}

CodePoints Fold(char32_t c) {
  CodePoints now{c};
  for (int round = 0; round < 8; ++round) {
    CodePoints next;
    for (const char32_t part : now) {
      const CodePoints folded = FoldOnce(part);
      next.insert(next.end(), folded.begin(), folded.end());
    }
    if (next == now) return now;
    now = std::move(next);
  }
  Die("folding does not come to an end", c);
}

// U+2260 and its like, and what they consist of without the mark: neither form may leave a mark that looks
// like a word.
const std::set<char32_t>& SymbolsWithMarks() {
  static const auto* const symbols = [] {
    auto* set = new std::set<char32_t>;
    for (char32_t c = 0; c < kLimit; ++c) {
      const CodePoints parts = Decompose(Canonical(), c);
      if (parts.size() > 1 && KindOf(c) == kSeparator && KindOf(parts[0]) == kSeparator)
        set->insert({c, parts[0]});
    }
    return set;
  }();
  return *symbols;
}

auto AsTuple(const CodePoint& e) {
  return std::tuple(e.kind_and_flags, e.length, e.lead_class, e.trail_class, e.high, e.low);
}

CodePoint MakeEntry(char32_t c) {
  CodePoint entry{};
  const Kind kind = KindOf(c);
  entry.kind_and_flags = kind;
  if (kind == kSeparator && SymbolsWithMarks().contains(c)) entry.kind_and_flags |= CodePoint::kTakesMarks;
  if (kind == kSeparator || kind == kIgnorable) return entry;
  if (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_N_MASK) entry.kind_and_flags |= CodePoint::kDigit;
  const CodePoints folded = Fold(c);
  entry.lead_class = u_getCombiningClass(static_cast<UChar32>(folded.front()));
  entry.trail_class = u_getCombiningClass(static_cast<UChar32>(folded.back()));
  for (const char32_t part : folded) {
    if (part == kIotaSubscript || IsConjoiningJamo(part) || c == kDotAbove)
      entry.kind_and_flags |= CodePoint::kSlow;
    if (KindOf(part) == kIgnorable || KindOf(part) == kSeparator)
      Die("folds to something that is no part of a word", c);
  }
  if (c == 0x102E) entry.kind_and_flags |= CodePoint::kSlow;  // may compose with U+1025
  if (folded == CodePoints{c}) return entry;

  std::string bytes;
  for (const char32_t part : folded) AppendUtf8(part, &bytes);
  if (bytes.size() > 12) Die("folded form is too long for an entry", c);
  entry.length = static_cast<uint8_t>(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint64_t byte = static_cast<unsigned char>(bytes[i]);
    if (i < 8)
      entry.low |= byte << (8 * i);
    else
      entry.high |= static_cast<uint32_t>(byte << (8 * (i - 8)));
  }
  return entry;
}

uint64_t MakePlainLetter(char32_t c) {
  const CodePoint entry = MakeEntry(c);
  if ((entry.kind() != kWord && entry.kind() != kMark) || entry.length > 5) return 0;
  if ((entry.kind_and_flags & CodePoint::kSlow) != 0) return 0;
  if (entry.kind() == kMark && entry.lead_class == 0) return 0;
  uint64_t word = entry.low;
  uint64_t length = entry.length;
  if (length == 0) {
    std::string bytes;
    AppendUtf8(c, &bytes);
    for (const char byte : bytes) word |= uint64_t{static_cast<unsigned char>(byte)} << (8 * length++);
  }
  const uint64_t digit = (entry.kind_and_flags & CodePoint::kDigit) != 0;
  return word | length << kPlainLengthShift | digit << kPlainDigitShift |
         uint64_t{entry.lead_class} << kPlainLeadShift | uint64_t{entry.trail_class} << kPlainTrailShift;
}

// Prints `count` comma separated items in lines of up to 110 columns.
template <typename Item>
void PrintList(size_t count, Item item) {
  std::string line = " ";
  for (size_t i = 0; i < count; ++i) {
    const std::string next = item(i) + ",";
    if (line.size() + 1 + next.size() > 110) {
      std::printf("%s\n", line.c_str());
      line = " ";
    }
    line += " " + next;
  }
  std::printf("%s\n", line.c_str());
}

template <typename... Args>
std::string Format(const char* format, Args... args) {
  char buffer[128];
  std::snprintf(buffer, sizeof buffer, format, args...);
  return buffer;
}

void PrintTables() {
  std::vector<CodePoint> entries;
  std::map<decltype(AsTuple(CodePoint{})), uint16_t> entry_ids;
  std::vector<std::array<uint16_t, 64>> blocks;
  std::map<std::array<uint16_t, 64>, uint16_t> block_ids;
  std::vector<uint16_t> block_of;
  for (char32_t first = 0; first < kLimit; first += 64) {
    std::array<uint16_t, 64> block;
    for (char32_t i = 0; i < 64; ++i) {
      const CodePoint entry = MakeEntry(first + i);
      const auto [found, added] =
          entry_ids.try_emplace(AsTuple(entry), static_cast<uint16_t>(entries.size()));
      if (added) entries.push_back(entry);
      block[i] = found->second;
    }
    const auto [found, added] = block_ids.try_emplace(block, static_cast<uint16_t>(blocks.size()));
    if (added) blocks.push_back(block);
    block_of.push_back(found->second);
  }

  std::vector<VoicedKana> kana;
  for (char32_t c = 0; c < kLimit; ++c) {
    const CodePoints parts = Decompose(Canonical(), c);
    if (parts.size() == 2 && IsVoicedMark(parts[1])) {
      kana.push_back(
          {static_cast<uint16_t>(parts[0]), static_cast<uint16_t>(parts[1]), static_cast<uint16_t>(c)});
    }
  }
  std::sort(kana.begin(), kana.end(),
            [](const auto& a, const auto& b) { return std::tie(a.base, a.mark) < std::tie(b.base, b.mark); });

  std::printf("// Made by generate_tables.cc from Unicode %s; do not edit.\n// clang-format off\n\n",
              kVersion);
  std::printf("#include \"refrain/text/unicode_internal.h\"\n\nnamespace refrain::unicode {\n\n");
  std::printf("const uint16_t kBlocks[0x110000 >> 6] = {\n");
  PrintList(block_of.size(), [&](size_t i) { return Format("%u", block_of[i]); });
  std::printf("};\n\nconst uint16_t kEntryIds[][64] = {\n");
  for (const auto& block : blocks) {
    std::printf("  {\n");
    PrintList(64, [&](size_t i) { return Format("%u", block[i]); });
    std::printf("  },\n");
  }
  std::printf("};\n\nconst CodePoint kEntries[] = {\n");
  PrintList(entries.size(), [&](size_t i) {
    const CodePoint& e = entries[i];
    return Format("{%u,%u,%u,%u,0x%x,0x%llx}", e.kind_and_flags, e.length, e.lead_class, e.trail_class,
                  e.high, static_cast<unsigned long long>(e.low));
  });
  std::printf("};\n\nconst VoicedKana kVoicedKana[] = {\n");
  PrintList(kana.size(), [&](size_t i) {
    return Format("{0x%x,0x%x,0x%x}", kana[i].base, kana[i].mark, kana[i].composed);
  });
  std::printf("};\nconst size_t kVoicedKanaCount = %zu;\n\nconst uint64_t kPlainLetters[0x800] = {\n",
              kana.size());
  PrintList(0x800, [](size_t i) {
    return Format("0x%llx", static_cast<unsigned long long>(MakePlainLetter(static_cast<char32_t>(i))));
  });
  std::printf("};\n\n");
  std::printf("}  // namespace refrain::unicode\n");
  std::fprintf(stderr, "%zu entries, %zu blocks, %zu kana, %zu bytes\n", entries.size(), blocks.size(),
               kana.size(), entries.size() * sizeof(CodePoint) + blocks.size() * 128 + block_of.size() * 2);
}

}  // namespace
}  // namespace refrain::unicode

int main() {
  if (std::string_view(U_UNICODE_VERSION) != refrain::unicode::kVersion) {
    std::fprintf(stderr, "this ICU has Unicode %s, the tables are for %s\n", U_UNICODE_VERSION,
                 refrain::unicode::kVersion);
    return 1;
  }
  refrain::unicode::PrintTables();
}
