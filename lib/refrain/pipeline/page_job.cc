#include "refrain/pipeline/page_job.h"

#include <mutex>

#include <fmt/format.h>

#include "refrain/pipeline/each_page.h"
#include "refrain/report/explained.h"
#include "refrain/report/jsonl.h"
#include "refrain/report/marked.h"
#include "refrain/report/web.h"

namespace refrain {
namespace {

class RepairVisitor : public PageVisitor {
 public:
  RepairVisitor(const PageJobOptions& options, std::mutex* mutex, PageJobSummary* summary)
      : options_(options), repeats_(options.repeats), mutex_(mutex), summary_(summary) {
    repeats_.explain = options.explain;
  }
  ~RepairVisitor() override {
    std::lock_guard lock(*mutex_);
    summary_->pages += counts_.pages;
    summary_->pages_repaired += counts_.pages_repaired;
    summary_->text_bytes += counts_.text_bytes;
    summary_->cut_bytes += counts_.cut_bytes;
  }

  void Visit(const Page& page, const std::string& id, std::string* out) override {
    Tokenize(page.text, &tokens_);
    finder_.Find(page.text, tokens_, repeats_, &found_, {.apart = page.apart});
    ++counts_.pages;
    counts_.pages_repaired += !found_.empty();
    counts_.text_bytes += page.text.size();
    for (const Span& span : found_.cut) counts_.cut_bytes += span.size();
    if (options_.format == PageFormat::kText && !options_.explain) {
      *out = WithoutSpans(page.text, found_.cut);
      return;
    }
    PageRow row = RowOf(page, id);
    if (options_.explain) {
      row.advice = TryAdvice(page.text, tokens_, repeats_, {.apart = page.apart}, found_, &finder_);
      for (size_t i = 0; i < row.left.size(); ++i) row.left[i].at_min_tokens = row.advice[i].min_tokens;
    }
    switch (options_.format) {
      case PageFormat::kText:
        AppendExplanation(row, out);
        break;
      case PageFormat::kMarked:
        AppendMarked(row, {.color = options_.color}, out);
        if (!options_.explain) break;
        out->push_back('\n');
        AppendExplanation(row, out);
        break;
      case PageFormat::kJson:
        AppendJson(row, out);
        break;
      case PageFormat::kHtml:
        AppendWebPage(row, fmt::format("p{}-{}", page.location.file, page.location.record), out);
        break;
    }
  }

 private:
  PageRow RowOf(const Page& page, const std::string& id) const {
    PageRow row{.id = id, .text = page.text, .repeats = {}, .cut = found_.cut};
    for (const Repeat& repeat : found_.repeats) {
      row.repeats.push_back(
          {repeat.dropped, repeat.kept, repeat.tokens, repeat.edits, repeat.words, repeat.because});
    }
    if (options_.html_spans && IsExtracted(page)) row.html = HtmlRowOf(page);
    row.explained = options_.explain;
    row.words = found_.words;
    row.left = found_.left;
    return row;
  }

  static bool IsExtracted(const Page& page) { return page.html_places.html_bytes > 0; }

  HtmlRow HtmlRowOf(const Page& page) const {
    HtmlRow html{.charset = page.charset, .bytes = page.html_places.html_bytes};
    for (const Repeat& repeat : found_.repeats) {
      html.dropped.push_back(page.html_places.Of(repeat.dropped));
      html.kept.push_back(page.html_places.Of(repeat.kept));
    }
    for (const Span& span : found_.cut) html.cut.push_back(page.html_places.Of(span));
    return html;
  }

  const PageJobOptions& options_;
  PageRepeatOptions repeats_;
  std::mutex* mutex_;
  PageJobSummary* summary_;
  PageJobSummary counts_;
  Tokens tokens_;
  PageRepeatFinder finder_;
  PageRepeats found_;
};

}  // namespace

absl::StatusOr<PageJobSummary> RunPageJob(const PageJobOptions& options, const RunHooks& hooks,
                                          const std::function<absl::Status(std::string_view)>& write) {
  if (absl::Status status = options.repeats.Validate(); !status.ok()) return status;
  if (options.html_spans && options.format != PageFormat::kJson)
    return absl::InvalidArgumentError("spans in the HTML are part of the JSON format only");
  CorpusOptions corpus = options.corpus;
  corpus.parse.map_html = options.html_spans;
  PageJobSummary summary;
  std::mutex mutex;
  bool first = true;
  bool line_open = false;
  const auto before_page = [&]() -> std::string {
    switch (options.format) {
      case PageFormat::kText:
      case PageFormat::kMarked:
        // A page that is alone comes out byte for byte; between two stands a line with a form feed.
        return first ? "" : line_open ? "\n\f\n" : "\f\n";
      case PageFormat::kJson:
        return "";
      case PageFormat::kHtml:
        break;
    }
    std::string head;
    if (first) AppendWebHead(&head);
    return head;
  };
  absl::StatusOr<DamageCount> damage = VisitPages(
      corpus, hooks, [&] { return std::make_unique<RepairVisitor>(options, &mutex, &summary); },
      [&](std::string_view page) -> absl::Status {
        if (absl::Status status = write(before_page()); !status.ok()) return status;
        first = false;
        line_open = !page.empty() && page.back() != '\n';
        return write(page);
      });
  if (!damage.ok()) return damage.status();
  if (options.format == PageFormat::kHtml) {
    std::string rest = before_page();  // the head, if there was no page
    AppendWebFoot(&rest);
    if (absl::Status status = write(rest); !status.ok()) return status;
  }
  summary.damage = *std::move(damage);
  return summary;
}

}  // namespace refrain
