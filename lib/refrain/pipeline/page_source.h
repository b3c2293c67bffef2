#pragma once
/// From records to pages ready to be compared: parsing, and what the run's options add.

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "refrain/base/span.h"
#include "refrain/io/parse.h"
#include "refrain/pipeline/corpus.h"

namespace refrain {

/// Parses records of a corpus. One for each thread.
class PageSource {
 public:
  explicit PageSource(const Corpus& corpus);

  /// Replaces `page`. As PageParser::Parse; besides, text that is to become JSON is valid UTF-8 (what was not
  /// is U+FFFD), and `source` is set by the corpus' options.
  absl::StatusOr<bool> Read(const Record& record, Page* page);
  /// Notes in `place`, for Corpus::ReportBatchEnd, what is to be said of the pages since the last call.
  void TakeNotes(CorpusBatch* place);

 private:
  bool IsPlaceInRun(const Page& page) const;

  const Corpus& corpus_;
  PageParser parser_;
  PageParser our_parser_;  // of lines that are ours
  CharsetGuesses guesses_;
};

/// The name a page goes by where it has none of its own: the file, and for files of many records the line.
std::string PlaceName(std::string_view file, RecordKind kind, uint64_t line);
/// Its own name, or that one.
std::string NameOf(const Page& page, std::string_view file);

class PageTable;

/// The name a page goes by in results: its id, with its place behind where another page has the same one.
/// `file`: the name of its file.
std::string DisplayId(const PageTable& table, uint32_t page, std::string_view file);

/// The bytes that stand for a page in clean output. For JSONL with text and plain text they are the record as
/// read. In a line with HTML the HTML makes way for the text; other extracted pages become a line of JSON of
/// ours, whose id is the page's own or the name of its place.
struct PageImage {
  std::string_view raw;        ///< valid as long as the page and this object
  bool json = false;           ///< the text is a JSON string literal inside raw; else raw is the text
  uint32_t literal_begin = 0;  ///< the literal, quotes included, is raw [literal_begin, literal_end)
  uint32_t literal_end = 0;
  std::string built;  ///< owns `raw` of extracted pages
};

/// Replaces `image`. `file_name` is the input's name, for the row of an extracted page; `fields` what the
/// members of its lines are called.
void MakeImage(const Page& page, std::string_view file_name, const FieldNames& fields, PageImage* image);

/// Replaces `raw_cut` with the bytes of image.raw that hold the text spans `cut` (sorted, disjoint, at edges
/// of code points), one for each, in order.
void MapToImage(const PageImage& image, const std::vector<Span>& cut, std::vector<Span>* raw_cut);

}  // namespace refrain
