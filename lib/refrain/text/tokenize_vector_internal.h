#pragma once
// The tokeniser on vector units; gives exactly what TokenizeRun over the whole text gives.

#include <string_view>

#include "refrain/text/run_internal.h"

namespace refrain::text_internal {

void TokenizeVector(std::string_view text, Sink* sink);

// Adds the tokens of a stretch of letters, digits and bytes that are not ASCII, whatever it holds and
// wherever it lies.
void AddAnyStretch(std::string_view text, size_t begin, size_t end, Sink* sink);

}  // namespace refrain::text_internal
