#pragma once
/// Shell patterns, for when the shell did not expand them.

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

namespace refrain {

/// Whether `argument` holds `*`, `?` or a class, `[...]`.
bool HasGlob(std::string_view argument);

/// Whether one part of a path matches: `*` any characters, `?` one (a byte), `[abc]`, `[a-c]` one of these
/// bytes, `[!a-c]` and `[^a-c]` one that is not, others themselves; a `[` that no `]` closes is itself. As in
/// a shell, a dot at the begin of `name` must be written out, and a `]` that comes first in a class is one of
/// its bytes. Braces are no pattern. Linear in most cases, at worst name.size() * pattern.size().
bool MatchPart(std::string_view pattern, std::string_view name);

/// Appends the existing paths that match, in no particular order: parts between slashes by MatchPart, and a
/// part `**` any number of folders, also none. Links to folders are followed by name, not by `**`. Errors: a
/// folder that cannot be read.
absl::Status ExpandGlob(const std::string& pattern, std::vector<std::string>* paths);

}  // namespace refrain
