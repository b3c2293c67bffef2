#pragma once
/// A run's summary as JSON: in run.json, and on standard output with --json.

#include "refrain/base/json.h"
#include "refrain/pipeline/boilerplate_job.h"
#include "refrain/pipeline/copies.h"
#include "refrain/pipeline/dedup.h"

namespace refrain {

/// Appends `damage`, what could not be read.
void AppendDamage(const DamageCount& damage, JsonWriter* json);

/// Appends the summary's fields to the object that `json` is in.
void AppendSummaryFields(const DedupSummary& summary, JsonWriter* json);
void AppendSummaryFields(const BoilerplateSummary& summary, JsonWriter* json);
void AppendSummaryFields(const CopiesSummary& summary, JsonWriter* json);

}  // namespace refrain
