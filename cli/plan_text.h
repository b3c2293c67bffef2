#pragma once
/// A plan, for people.

#include <string>

#include "refrain/pipeline/plan.h"

namespace refrain::cli {

/// What a run will take, without line end.
std::string PlanInALine(const DedupPlan& plan);
/// All of it, with the recall curve; `resemblance` is the one that was asked for.
std::string PlanText(const DedupPlan& plan, const DedupOptions& options);

}  // namespace refrain::cli
