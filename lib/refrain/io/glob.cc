#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "refrain/io/glob_internal.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Parts(std::string_view pattern) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin < pattern.size()) {
    size_t end = pattern.find('/', begin);
    if (end == std::string_view::npos) end = pattern.size();
    const std::string_view part = pattern.substr(begin, end - begin);
    // "**/**" matches what "**" does; tried one by one, each would double the ways to every folder.
    const bool again = part == "**" && !parts.empty() && parts.back() == "**";
    if (!part.empty() && !again) parts.emplace_back(part);
    begin = end + 1;
  }
  return parts;
}

class Expander {
 public:
  Expander(std::vector<std::string> parts, std::vector<std::string>* paths,
           std::vector<std::pair<std::string, std::error_code>>* unlistable)
      : parts_(std::move(parts)), paths_(paths), unlistable_(unlistable) {}

  // Matches parts_[next..] under `folder`, which is empty for the current one.
  void Expand(const fs::path& folder, size_t next) {
    if (next == parts_.size()) return;
    const std::string& part = parts_[next];
    const bool last = next + 1 == parts_.size();
    std::error_code error;
    if (!HasGlob(part)) {
      const fs::path path = folder / part;
      if (fs::exists(fs::symlink_status(path, error))) Found(path, next, last);
      return;
    }
    const bool any_depth = part == "**";
    // Any number of folders, also none: what follows may stand right here.
    if (any_depth && !last) Expand(folder, next + 1);
    const fs::path listed = folder.empty() ? fs::path(".") : folder;
    if (!fs::is_directory(listed, error)) return;
    fs::directory_iterator entries(listed, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      const fs::path path = folder / entries->path().filename();
      const std::string name = path.filename().string();
      if (!MatchPart(any_depth ? "*" : part, name)) continue;
      std::error_code ignored;
      if (!any_depth) {
        Found(path, next, last);
      } else if (entries->is_directory(ignored) && !entries->is_symlink(ignored)) {
        Expand(path, next);
      } else if (last) {
        paths_->push_back(path.string());
      }
    }
    // "**/*" comes here twice.
    const std::pair<std::string, std::error_code> failed(listed.string(), error);
    if (error && std::find(unlistable_->begin(), unlistable_->end(), failed) == unlistable_->end())
      unlistable_->push_back(failed);
  }

 private:
  void Found(const fs::path& path, size_t next, bool last) {
    last ? paths_->push_back(path.string()) : Expand(path, next + 1);
  }

  const std::vector<std::string> parts_;
  std::vector<std::string>* paths_;
  std::vector<std::pair<std::string, std::error_code>>* unlistable_;
};

// Where the class that begins at `pattern[begin]`, a '[', ends: behind its ']'. npos if it is none.
size_t ClassEnd(std::string_view pattern, size_t begin) {
  size_t at = begin + 1;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) ++at;
  const size_t close = pattern.find(']', at + 1);  // one that comes first is a member
  return close == std::string_view::npos ? close : close + 1;
}

// Whether `c` is in the class `pattern`, brackets included.
bool InClass(std::string_view pattern, char c) {
  std::string_view members = pattern.substr(1, pattern.size() - 2);
  const bool others = members[0] == '!' || members[0] == '^';
  if (others) members.remove_prefix(1);
  const auto byte = [](char x) { return static_cast<unsigned char>(x); };
  bool in = false;
  for (size_t i = 0; i < members.size(); ++i) {
    const bool range = i + 2 < members.size() && members[i + 1] == '-';
    const char last = range ? members[i + 2] : members[i];
    in = in || (byte(members[i]) <= byte(c) && byte(c) <= byte(last));
    if (range) i += 2;
  }
  return in != others;
}

// Whether the byte `c` matches what stands at `*at`, and is no star; then `*at` is behind it.
bool MatchByte(std::string_view pattern, char c, size_t* at) {
  if (*at >= pattern.size()) return false;
  const size_t end = pattern[*at] == '[' ? ClassEnd(pattern, *at) : std::string_view::npos;
  if (end == std::string_view::npos) {
    if (pattern[*at] != '?' && pattern[*at] != c) return false;
    ++*at;
    return true;
  }
  if (!InClass(pattern.substr(*at, end - *at), c)) return false;
  *at = end;
  return true;
}

}  // namespace

bool HasGlob(std::string_view argument) {
  if (argument.find_first_of("*?") != std::string_view::npos) return true;
  const size_t open = argument.find('[');
  return open != std::string_view::npos && ClassEnd(argument, open) != std::string_view::npos;
}

bool MatchPart(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  size_t p = 0;
  size_t n = 0;
  size_t star = std::string_view::npos;  // the last one met, and where the name stood then
  size_t star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_name = n;
    } else if (MatchByte(pattern, name[n], &p)) {
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

void ExpandGlob(const std::string& pattern, std::vector<std::string>* paths,
                std::vector<std::pair<std::string, std::error_code>>* unlistable) {
  Expander expander(Parts(pattern), paths, unlistable);
  expander.Expand(pattern.starts_with('/') ? fs::path("/") : fs::path(), 0);
}

}  // namespace refrain
