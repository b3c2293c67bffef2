#pragma once
/// Pages for a browser: one HTML file that needs no other and runs no script.
///
///   std::string file;
///   AppendWebHead(&file);
///   for (const PageRow& row : rows) AppendWebPage(row, unique_name, &file);
///   AppendWebFoot(&file);

#include <string>
#include <string_view>

#include "refrain/report/model.h"

namespace refrain {

/// What stands before the first page and behind the last.
void AppendWebHead(std::string* out);
void AppendWebFoot(std::string* out);

/// Appends a page: its id, its counts, and its text with cut passages struck and their witnesses underlined
/// in the same colour. Each repeat has a number in both places; each number is a link to the other. Explained
/// pages end with their explanation. The page's text is escaped and can do nothing. `name` makes the links'
/// names unique in the file: letters, digits and dashes.
void AppendWebPage(const PageRow& row, std::string_view name, std::string* out);

}  // namespace refrain
