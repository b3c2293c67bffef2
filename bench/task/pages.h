#pragma once
// Pages to measure whole tasks with, and the files they are read from: made at the start, the same
// everywhere.

#include <cstddef>
#include <string>
#include <vector>

namespace refrain::bench {

// Texts of pages as they are in a crawl of articles: pseudo-English, 2 to 14 KB each in paragraphs of some
// sentences; every sixteenth shows its first paragraph twice. About `bytes` bytes in all.
std::vector<std::string> MakePages(size_t bytes);

// One file of them, as crawlers write it: "jsonl" (with id and url), "wet.gz" (a conversion record and gzip
// member for each page), "warc.gz" (a response with HTML likewise: head, scripts, styles and attributes
// around the text, about as much of them as of text).
std::string MakeFile(const std::string& kind, const std::vector<std::string>& pages);

}  // namespace refrain::bench
