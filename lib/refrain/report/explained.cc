#include "refrain/report/explained.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "refrain/report/safe_text_internal.h"

namespace refrain {
namespace {

bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// Lines and columns of bytes in a text.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {
    for (size_t at = 0; at < text.size(); ++at) {
      if (at % kStep == 0) characters_.push_back(count_);
      count_ += BeginsCharacter(text[at]);
      if (text[at] == '\n') lines_.push_back(at + 1);
    }
    characters_.push_back(count_);
  }

  std::string Of(Span span) const {
    const auto line = std::upper_bound(lines_.begin(), lines_.end(), size_t{span.begin}) - 1;
    return fmt::format("line {}, column {} (bytes {} to {})", line - lines_.begin() + 1,
                       CharactersBefore(span.begin) - CharactersBefore(*line) + 1, span.begin, span.end);
  }

 private:
  // Counted ahead, so that a page of one long line costs no more than others.
  static constexpr size_t kStep = 1024;

  size_t CharactersBefore(size_t at) const {
    const size_t from = at / kStep * kStep;
    const std::string_view rest = text_.substr(from, at - from);
    return characters_[at / kStep] +
           static_cast<size_t>(std::count_if(rest.begin(), rest.end(), BeginsCharacter));
  }

  std::string_view text_;
  std::vector<size_t> lines_ = {0};
  std::vector<size_t> characters_;
  size_t count_ = 0;
};

// How a passage begins and ends, on one line.
std::string Excerpt(std::string_view text) {
  constexpr size_t kBegin = 160, kEnd = 80;  // bytes
  std::string shown;
  if (text.size() <= kBegin + kEnd) {
    AppendSafe(text, &shown);
  } else {
    size_t begin = kBegin, end = text.size() - kEnd;
    while (begin > kBegin - 4 && !BeginsCharacter(text[begin])) --begin;
    while (end < text.size() - kEnd + 4 && !BeginsCharacter(text[end])) ++end;
    AppendSafe(text.substr(0, begin), &shown);
    shown += " \u2026 ";
    AppendSafe(text.substr(end), &shown);
  }
  const auto is_white = [](char c) { return c == ' ' || c == '\n' || c == '\t'; };
  std::string line = "\u201C";
  for (const char c : shown) {
    if (!is_white(c)) {
      line += c;
    } else if (line.back() != ' ') {
      line += ' ';
    }
  }
  line += "\u201D";
  return line;
}

std::string Number(double number) { return fmt::format("{}", std::round(number * 100) / 100); }

std::string Bytes(size_t bytes) { return fmt::format("{} byte{}", bytes, bytes == 1 ? "" : "s"); }

std::string Words(double words) { return fmt::format("{} word{}", Number(words), words == 1 ? "" : "s"); }

std::string_view Sentence(CutBecause reason) {
  switch (reason) {
    case CutBecause::kCutOff:
      return "It is cut off where the copy that stays goes on.";
    case CutBecause::kGlued:
      return "It has lost spaces between sentences or words that the copy that stays has.";
    case CutBecause::kCallOut:
      return "It stands by itself, and the copy that stays is part of a paragraph.";
    case CutBecause::kCapitals:
      return "It is in capitals, and the copy that stays in ordinary letters.";
    case CutBecause::kParagraphs:
      return "The copy that stays has more of the paragraph breaks, or fewer lines broken inside sentences.";
    case CutBecause::kEntities:
      return "It has entities such as &quot; where the copy that stays has the marks themselves.";
    case CutBecause::kJoined:
      return "Words of it have lost an apostrophe or a hyphen, or are broken, and those of the copy that "
             "stays are not.";
    case CutBecause::kSlips:
      return "The two are spelt in different ways, and the page has the spelling of the copy that stays more "
             "often.";
    case CutBecause::kQuotes:
      return "It has lost quotation marks that the copy that stays has.";
    case CutBecause::kApart:
      return "It stands on top of the text or beside it, and the copy that stays in running text.";
    case CutBecause::kSecond:
      return "Both copies are made equally well, and this one comes second.";
  }
  return "";
}

// "It has 12 words": what was weighed, and how it came to be more or less than what agrees.
std::string Weighed(const LeftRepeat& left) {
  if (left.weighed > left.words)
    return fmt::format("With the rest of the same copy it has {}", Words(left.weighed));
  if (left.weighed == left.words) return fmt::format("It has {}", Words(left.words));
  return fmt::format("Its {} count as {}, since the two places differ in between", Words(left.words),
                     Number(std::max(left.weighed, 0.0)));
}

std::string_view Phrase(RepeatKind kind) {
  switch (kind) {
    case RepeatKind::kCutOff:
      return "that is cut off in one place";
    case RepeatKind::kCallOut:
      return "of lines that stand inside a paragraph elsewhere";
    case RepeatKind::kGlued:
      return "whose sentences are glued together in one place";
    case RepeatKind::kFollows:
      return "of whole lines right behind the same words";
    case RepeatKind::kWholeLines:
      return "of whole lines elsewhere";
    case RepeatKind::kInsideText:
      return "inside a paragraph";
  }
  return "";
}

std::string Sentence(const LeftRepeat& left, double page_words) {
  switch (left.because) {
    case LeftBecause::kPeriod:
      return fmt::format("It begins again every {}, which is less than the {} that a repeat needs.",
                         Words(left.weighed), Number(left.needed));
    case LeftBecause::kVerse:
      return "It is a few short lines, the same in both places: a chorus, a list or a menu.";
    case LeftBecause::kTitle:
      return "It is the first line of the page or a field at its top (\"Title: ...\"), which the text "
             "repeats.";
    case LeftBecause::kNotProse:
      return "It is no prose: code, markup, a table, a list of links or numbers.";
    case LeftBecause::kQuoted:
      return "It stands in lines that begin with \">\", \"|\" or \"#\", or behind one that ends with a "
             "colon: a quotation, a table or a heading.";
    case LeftBecause::kFormula:
      return "It begins as five places or more do: a formula.";
    case LeftBecause::kEntry:
      return "Entries of a list have it in common, each under a heading or beside words of its own.";
    case LeftBecause::kShortForPage:
    case LeftBecause::kDiffers:
      return fmt::format("{}; in a page of {} a repeat {} needs {}.", Weighed(left), Words(page_words),
                         Phrase(left.kind), Number(left.needed));
    case LeftBecause::kHalfSentence:
      return "It begins or ends inside a sentence, of which half would be left.";
    case LeftBecause::kInPieces:
      return "Words that only one of the places has take it apart, and each piece is shorter than "
             "--min-tokens.";
    case LeftBecause::kNothing:
      break;
  }
  return "";
}

std::string WhatWouldChangeIt(const Advice& advice) {
  if (advice.min_tokens > 0) return fmt::format("With --min-tokens {} it goes.", advice.min_tokens);
  if (advice.part_at > 0) {
    return fmt::format("With --min-tokens {} part of it goes, with none all of it.", advice.part_at);
  }
  return "No smaller --min-tokens changes that.";
}

}  // namespace

void AppendExplanation(const PageRow& row, std::string* out) {
  const Places places(row.text);
  size_t cut_bytes = 0;
  for (const Span& span : row.cut) cut_bytes += span.size();
  const size_t id = out->size();
  AppendSafe(row.id, out);
  std::replace_if(
      out->begin() + static_cast<std::ptrdiff_t>(id), out->end(),
      [](char c) { return c == '\n' || c == '\t'; }, ' ');
  *out += fmt::format(": {}, {}.", Bytes(row.text.size()), Words(row.words));
  if (row.repeats.empty() && row.left.empty()) {
    *out += " Nothing of --min-tokens words or more repeats.\n";
    return;
  }
  *out += fmt::format(
      " {} ({}, {:.1f} %), {} left.\n",
      row.repeats.size() == 1 ? "1 repeat goes" : fmt::format("{} repeats go", row.repeats.size()),
      Bytes(cut_bytes), 100 * static_cast<double>(cut_bytes) / static_cast<double>(row.text.size()),
      row.left.size() == 1 ? "1 is" : fmt::format("{} are", row.left.size()));

  size_t number = 0;
  const auto goes = [&](const RepeatRow& repeat) {
    *out += fmt::format("\n{}. Goes: {}, {}\n", ++number, places.Of(repeat.dropped), Words(repeat.words));
    *out += fmt::format("   {}\n", Excerpt(Slice(row.text, repeat.dropped)));
    *out +=
        fmt::format("   Stays: {}\n   {}\n", places.Of(repeat.kept), Excerpt(Slice(row.text, repeat.kept)));
    *out += fmt::format("   Why: {}\n", Sentence(repeat.because));
    if (repeat.edits > 0)
      *out += fmt::format("   The copy that stays spells {} of the words in another way.\n", repeat.edits);
  };
  const auto stays = [&](size_t at) {
    const LeftRepeat& left = row.left[at];
    *out += fmt::format("\n{}. Left: {}, {}\n", ++number, places.Of(left.second), Words(left.words));
    *out += fmt::format("   {}\n", Excerpt(Slice(row.text, left.second)));
    *out += fmt::format("   Shown before: {}\n", places.Of(left.first));
    *out += fmt::format("   Why: {}\n", Sentence(left, row.words));
    *out += fmt::format("   {}\n", WhatWouldChangeIt(at < row.advice.size() ? row.advice[at] : Advice()));
  };
  size_t left = 0;
  for (const RepeatRow& repeat : row.repeats) {
    for (; left < row.left.size() && row.left[left].second.begin < repeat.dropped.begin; ++left) stays(left);
    goes(repeat);
  }
  for (; left < row.left.size(); ++left) stays(left);
}

}  // namespace refrain
