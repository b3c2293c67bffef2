#pragma once
/// What a page looks like around its repeats: prose or a manual, an article shown twice or a text that says
/// things twice.

#include <cstdint>
#include <memory>
#include <vector>

#include "refrain/match/page_view_internal.h"
#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Share of the page in second places from which nearly all of it is shown twice, so its short paragraphs are
/// as well.
inline constexpr double kSecondPlaces = 0.35;

/// A copy of so many times the minimum is a whole one.
inline constexpr double kWholeCopy = 6;

/// Prose has a smaller share of gaps with signs of code, markup or tables.
inline constexpr double kMarks = 0.2;

/// Words after which the passage begins again, if its places overlap; infinity otherwise.
double Period(const Tokens& tokens, const AlignedRun& run);

/// Looks once at a page and its runs. Keeps no views. Linear but for sorting the runs.
class PageLook {
 public:
  PageLook(const PageView& page, const std::vector<AlignedRun>& runs, double min_words);

  double words() const { return words_; }
  /// Nearly all of the page is there twice.
  bool shown_twice() const { return shown_twice_; }
  /// Lines end where they are full.
  bool wrapped() const { return wrapped_; }
  /// A manual, a table, code: signs of markup all over.
  bool formatted() const { return formatted_; }

  /// Shares of tokens [begin, end): those with signs of code, markup or tables in the gap before them, with
  /// digits, in lines that begin as quotations and tables do.
  double marks(uint32_t begin, uint32_t end) const { return Share(marks_, begin, end); }
  double digits(uint32_t begin, uint32_t end) const { return Share(digits_, begin, end); }
  double quoted(uint32_t begin, uint32_t end) const { return Share(quoted_, begin, end); }

  /// The passage begins with words that stand in many places of the page.
  bool IsFormula(const Tokens& tokens, uint32_t begin, uint32_t end) const;

 private:
  // How many of the tokens before one are of a kind; for each token and behind the last.
  using Count = std::unique_ptr<uint32_t[]>;

  static double Share(const Count& count, uint32_t begin, uint32_t end);
  void LookAtText(const PageView& page);
  void LookAtRuns(const PageView& page, const std::vector<AlignedRun>& runs, double min_words);
  void CountPlaces(const Tokens& tokens, const std::vector<AlignedRun>& runs);

  double words_ = 0;
  bool shown_twice_ = false;
  bool wrapped_ = false;
  bool formatted_ = false;
  Count marks_, digits_, quoted_;
  std::vector<uint64_t> formulas_;  // how they begin; sorted
};

}  // namespace refrain
