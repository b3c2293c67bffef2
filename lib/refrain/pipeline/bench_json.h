#pragma once
/// What Bench measured, as JSON: docs/formats/bench.md.

#include "refrain/base/json.h"
#include "refrain/pipeline/bench.h"

namespace refrain {

/// Appends the summary's fields to the object that `json` is in.
void AppendBenchFields(const BenchSummary& summary, JsonWriter* json);

}  // namespace refrain
