#pragma once
/// Flags that several commands share, and values as people write them.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "command.h"
#include "refrain/match/page_repeats.h"
#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/output_mode.h"

namespace refrain::cli {

/// How the run talks to people.
struct Talk {
  bool output_is_shown = false;  ///< results go to standard output while the job runs
  bool quiet = false;
  std::string progress = "auto";  ///< auto, always, never
  std::string color = "auto";
};

/// A flag without a value that sets `to`.
Flag SwitchFlag(const std::string& names, const std::string& group, const std::string& help, bool* to,
                bool value = true);
/// A flag whose value is taken as it is; it may not be empty.
Flag TextFlag(const std::string& names, const std::string& value_name, const std::string& group,
              const std::string& help, std::string* to);
/// --color, for pages that are marked; `else_as`: how without colours. `marked`: whether any are.
Flag ColorFlag(Talk* talk, const std::string& else_as, std::function<bool()> marked);
/// --mode: documents without what goes, or marks beside them.
Flag ModeFlag(OutputMode* mode);
/// The folders of documents and of what is said about them, for people.
std::string FoldersOf(OutputMode mode);
/// What a page's source is.
void AddSourceFlag(CorpusOptions* options, std::vector<Flag>* flags);
void AddMemoryFlag(const std::string& help, uint64_t* memory, std::vector<Flag>* flags);

/// Input format, JSONL field names, record size, threads, temporary folder.
void AddInputFlags(CorpusOptions* options, std::vector<Flag>* flags);
/// --min-tokens and --max-edits.
void AddRepeatFlags(PageRepeatOptions* options, std::vector<Flag>* flags);
/// --quiet, --progress, --kernel.
void AddTalkFlags(Talk* talk, std::vector<Flag>* flags);

/// "64M", "1.5G", "1Gi", "4096": bytes. K, M, G are powers of 1000, Ki, Mi, Gi of 1024. Returns what is
/// wrong, or "".
std::string TakeSize(const std::string& text, uint64_t* bytes);
/// A whole number in [least, most].
std::string TakeInt(const std::string& text, int least, int most, int* number);
/// A decimal number in [least, most].
std::string TakeDouble(const std::string& text, double least, double most, double* number);

/// The wanted one of `known` that is nearest to `word` by edits, or "" if none is near.
std::string Nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace refrain::cli
