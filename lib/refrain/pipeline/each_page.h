#pragma once
/// One pass that looks at each page by itself: what `page` and `fingerprint` have in common.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/page_source.h"

namespace refrain {

/// What a worker makes of one page: appends to `out`, which is empty. One for each thread.
class PageVisitor {
 public:
  virtual ~PageVisitor() = default;
  virtual void Visit(const Page& page, const std::string& id, std::string* out) = 0;
};

/// Opens the corpus, shows every page to a visitor and hands what it wrote to `write`, page by page in input
/// order. Damage is reported and counted. InvalidArgument if none of the inputs can be read.
absl::StatusOr<DamageCount> VisitPages(const CorpusOptions& options, const RunHooks& hooks,
                                       const std::function<std::unique_ptr<PageVisitor>()>& make_visitor,
                                       const std::function<absl::Status(std::string_view)>& write);

}  // namespace refrain
