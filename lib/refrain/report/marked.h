#pragma once
/// A page for people: the text as read, with what goes and what stands for it marked in colour.

#include <string>

#include "refrain/report/model.h"

namespace refrain {

struct MarkedOptions {
  /// Terminal colours; without them cut text stands between "[-" and "-]" and its witness between "{+" and
  /// "+}".
  bool color = true;
};

/// Appends the page: cut text struck and dim, each witness underlined in the colour of what it stands for.
/// Control characters of the page are shown as U+FFFD, so that a page cannot command the terminal.
void AppendMarked(const PageRow& row, const MarkedOptions& options, std::string* out);

}  // namespace refrain
