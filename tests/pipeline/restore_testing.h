#pragma once
// What the tests of restore share: a run, and what comes back from it.

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "refrain/pipeline/dedup.h"
#include "refrain/pipeline/restore.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain::testing_crawl {

using Files = std::map<std::string, std::string>;

/// Runs dedup, then restore, and returns what came back.
inline Files ThereAndBack(const DedupOptions& options, RestoreSummary* counts = nullptr) {
  const auto run = Dedup(options, {});
  EXPECT_TRUE(run.ok()) << run.status();
  const std::string out = MakeFolder();
  const auto summary = Restore({.run = options.out, .out = out}, {});
  EXPECT_TRUE(summary.ok()) << summary.status();
  if (summary.ok() && counts != nullptr) *counts = *summary;
  return ReadFolder(out);
}

}  // namespace refrain::testing_crawl
