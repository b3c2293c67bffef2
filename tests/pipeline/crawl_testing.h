#pragma once
// A small crawl with everything in it that a run of dedup has to cope with, and what the tests of the jobs
// share: running, reading what came out, comparing pages the slow way.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>

#include "refrain/pipeline/dedup.h"

namespace refrain::testing_crawl {

/// A page as the test wrote it.
struct WrittenPage {
  std::string id;     ///< as results name it: its own, or its place
  std::string text;   ///< as read
  std::string fresh;  ///< id of the page it was made from; its own for a page of its own
};

struct Crawl {
  std::map<std::string, std::string> files;  ///< name: bytes
  std::vector<WrittenPage> pages;
  std::string damaged;    ///< "name: byte offset" of the one broken line
  std::string oversized;  ///< bytes of the one line above kMaxRecord

  const WrittenPage& page(const std::string& id) const;
};

/// Lines above this are oversized in the crawl.
inline constexpr uint64_t kMaxRecord = 20000;

/// Fresh pages; exact copies with other punctuation; near-duplicates; pages that show a passage twice; blank
/// lines, CR LF, a missing last line end, escapes of all kinds, a broken line, an oversized line, one id
/// twice, pages without id; JSONL, plain text and HTML. Always the same.
Crawl MakeCrawl();

/// A text of `words` words made up from `seed`, as one line.
std::string MakeLine(uint64_t seed, int words);
/// `text` as a JSON string. With a seed: every other character that may be escaped is, in one way or another.
std::string JsonString(const std::string& text, uint64_t escape_seed = 0);
/// One line of JSONL without its end.
std::string JsonLine(const std::string& id, const std::string& text, uint64_t escape_seed = 0);

/// A new empty folder below the test's temporary folder.
std::string MakeFolder();
/// Writes the files into a new folder and returns it.
std::string WriteFolder(const std::map<std::string, std::string>& files);
/// The same with the contents compressed by zstd, under the same names.
std::string WriteCompressedFolder(const std::map<std::string, std::string>& files);
/// All files below `folder` by relative name; empty if there is no such folder.
std::map<std::string, std::string> ReadFolder(const std::string& folder);
/// The same without run.json: what must not depend on threads, order or kernel.
std::map<std::string, std::string> ResultBytes(const std::string& run);

/// Options for a run over `input`, into a folder that is not there yet.
DedupOptions OptionsFor(const std::string& input);

/// Runs dedup, which must end well and leave no temporary files behind.
DedupSummary MustRun(const DedupOptions& options, const RunHooks& hooks = {});

/// A row of the removal log or of the matches, as far as tests look.
struct Row {
  std::string file, verdict, witness, id, raw;
  uint64_t record = 0;
  bool is_span = false;  ///< something was taken out of a page that stays
  double resemblance = 0;
  uint32_t begin = 0, end = 0;
  std::vector<std::pair<uint32_t, uint32_t>> kept;  ///< spans of the witness
  std::string a, b;                                 ///< matches
};
std::vector<Row> ReadRows(const std::string& run, const std::string& name);

/// The ids of dropped pages and, for each, its witness.
std::map<std::string, std::string> DroppedPages(const std::string& run);

/// What stands in a part of a JSON string.
std::string Unescaped(const std::string& raw);

/// A line of boilerplate.jsonl.
struct BoilerplateLine {
  uint64_t pages = 0;  ///< or sources
  std::string first;
  std::vector<std::string> fixed;  ///< the parts of its text between slots, without white space around them
};
BoilerplateLine ReadBoilerplateLine(const std::string& json);

/// |A and B| / |A or B| of the windows of five tokens, on sets of windows.
double SlowResemblance(const std::string& one, const std::string& other);

}  // namespace refrain::testing_crawl
