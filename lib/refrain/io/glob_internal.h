#pragma once
/// Shell patterns, for when the shell did not expand them.

#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace refrain {

/// Whether `argument` holds `*`, `?` or a class, `[...]`.
bool HasGlob(std::string_view argument);

/// Whether one part of a path matches: `*` any characters, `?` one (a byte), `[abc]`, `[a-c]` one of these
/// bytes, `[!a-c]` and `[^a-c]` one that is not, others themselves; a `[` that no `]` closes is itself. As in
/// a shell, a dot at the begin of `name` must be written out, and a `]` that comes first in a class is one of
/// its bytes. Braces are no pattern. Linear in most cases, at worst name.size() * pattern.size().
bool MatchPart(std::string_view pattern, std::string_view name);

/// Appends the existing paths that match, in no particular order: parts between slashes by MatchPart, and a
/// part `**` any number of folders, also none. Links to folders are followed by name, not by `**`; a link to
/// nowhere matches like a file. Appends the folders that could not be listed, with the reason.
void ExpandGlob(const std::string& pattern, std::vector<std::string>* paths,
                std::vector<std::pair<std::string, std::error_code>>* unlistable);

}  // namespace refrain
