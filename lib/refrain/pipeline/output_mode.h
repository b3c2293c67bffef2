#pragma once
/// Whether a run changes documents or says beside them what it would change.

#include <cstdint>

namespace refrain {

enum class OutputMode : uint8_t {
  kClean,  ///< clean/ has the documents without what goes, removed.jsonl.zst what went
  kMark,   ///< marks/ has a row for each document, and nothing goes; see docs/formats/marks.md
};

}  // namespace refrain
