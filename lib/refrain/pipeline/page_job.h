#pragma once
/// The page scope as a job: every page of the input with what it shows twice.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/match/page_repeats.h"
#include "refrain/pipeline/corpus.h"

namespace refrain {

enum class PageFormat : uint8_t {
  kText,    ///< the clean page; pages of one run are parted by a line that holds a form feed
  kMarked,  ///< the page as read, cut text and its witness marked
  kJson,    ///< an object a page, see docs/formats/page.md
  kHtml,    ///< one file for a browser, with all pages as kMarked shows them
};

struct PageJobOptions {
  CorpusOptions corpus;
  PageRepeatOptions repeats;
  PageFormat format = PageFormat::kText;
  bool color = false;  ///< marked: terminal colours
  /// Says why each repeat goes or is left: kText prints that in place of the page, kMarked and kHtml behind
  /// it, kJson in the page's object.
  bool explain = false;
  /// kJson: also where the spans stand in the HTML, of pages that were read from HTML.
  bool html_spans = false;
};

struct PageJobSummary {
  uint64_t pages = 0;
  uint64_t pages_repaired = 0;
  uint64_t text_bytes = 0;
  uint64_t cut_bytes = 0;
  DamageCount damage;
};

/// Hands the results to `write` in input order. Errors: those of Corpus::Open and of `write`; InvalidArgument
/// for options, html_spans with another format among them.
absl::StatusOr<PageJobSummary> RunPageJob(const PageJobOptions& options, const RunHooks& hooks,
                                          const std::function<absl::Status(std::string_view)>& write);

}  // namespace refrain
