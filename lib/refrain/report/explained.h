#pragma once
/// A page's repeats for people: what goes, what is left, and why, in plain sentences.

#include <string>

#include "refrain/report/model.h"

namespace refrain {

/// Appends a heading and one entry a repeat, by position: where both places are (line, column, bytes), how
/// the text begins and ends, how many words it has, what is decided and for what reason, and which option
/// would decide otherwise. Lines and columns count from 1, columns in characters. Control characters of the
/// page are shown as U+FFFD. REQUIRES: row.explained.
void AppendExplanation(const PageRow& row, std::string* out);

}  // namespace refrain
