#pragma once
/// A pass that keeps texts: of pages that are to be read again and cannot be read in place.

#include <cstdint>
#include <vector>

#include <absl/status/status.h>

#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/page_table.h"
#include "refrain/pipeline/text_store.h"

namespace refrain {

/// Adds to `store` the text of each page of `corpus` for which wanted[page]. The corpus' first file has the
/// number `first_file` in `table`. No pass is made if nothing of it is wanted. Errors: those of the pass and
/// of TextStore::Add.
absl::Status CollectTexts(Corpus& corpus, uint32_t first_file, const PageTable& table,
                          const std::vector<bool>& wanted, const RunHooks& hooks, TextStore* store);

}  // namespace refrain
