#pragma once
/// What a run over so many pages, so many of them alike, takes and gives (docs/scaling.md).

#include <cstdint>

#include "refrain/pipeline/dedup.h"
#include "refrain/pipeline/plan_totals.h"
#include "refrain/pipeline/run_memory.h"

namespace refrain {

/// Bytes in --tmpdir at the most: when pages were read, or when they were compared.
double TemporaryDisk(const PlanTotals& all, const DedupOptions& options, const MemoryShares& memory);
/// Bytes of files in --out when the run has ended.
double OutputBytes(const PlanTotals& all, uint64_t files, OutputMode mode);
/// Bytes there besides while the run goes on.
double StageFolderBytes(const PlanTotals& all, const DedupOptions& options);
/// Resident bytes at the most: at the end of reading or while pages are compared.
double ResidentMemory(const PlanTotals& all, const DedupOptions& options, const MemoryShares& memory);
/// `looking`: seconds that the first pass takes, with threads as they are. `written`: bytes of all files,
/// temporary ones too. `writes`: it is no dry run.
double Seconds(const PlanTotals& all, double looking, double written, uint64_t files, bool writes);

}  // namespace refrain
