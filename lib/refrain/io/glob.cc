#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

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
    if (end > begin) parts.emplace_back(pattern.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

class Expander {
 public:
  Expander(std::vector<std::string> parts, std::vector<std::string>* paths)
      : parts_(std::move(parts)), paths_(paths) {}

  // Matches parts_[next..] under `folder`, which is empty for the current one.
  absl::Status Expand(const fs::path& folder, size_t next) {
    if (next == parts_.size()) return absl::OkStatus();
    const std::string& part = parts_[next];
    const bool last = next + 1 == parts_.size();
    std::error_code error;
    if (!HasGlob(part)) {
      const fs::path path = folder / part;
      if (!fs::exists(path, error)) return absl::OkStatus();
      return Found(path, next, last);
    }
    const bool any_depth = part == "**";
    // Any number of folders, also none: what follows may stand right here.
    if (any_depth && !last) {
      const absl::Status status = Expand(folder, next + 1);
      if (!status.ok()) return status;
    }
    const fs::path listed = folder.empty() ? fs::path(".") : folder;
    if (!fs::is_directory(listed, error)) return absl::OkStatus();
    fs::directory_iterator entries(listed, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      const fs::path path = folder / entries->path().filename();
      const std::string name = path.filename().string();
      if (!MatchPart(any_depth ? "*" : part, name)) continue;
      std::error_code ignored;
      absl::Status status;
      if (!any_depth) {
        status = Found(path, next, last);
      } else if (entries->is_directory(ignored) && !entries->is_symlink(ignored)) {
        status = Expand(path, next);
      } else if (last) {
        paths_->push_back(path.string());
      }
      if (!status.ok()) return status;
    }
    if (error)
      return absl::ErrnoToStatus(error.value(), fmt::format("{}: cannot list this folder", listed.string()));
    return absl::OkStatus();
  }

 private:
  absl::Status Found(const fs::path& path, size_t next, bool last) {
    if (!last) return Expand(path, next + 1);
    paths_->push_back(path.string());
    return absl::OkStatus();
  }

  const std::vector<std::string> parts_;
  std::vector<std::string>* paths_;
};

}  // namespace

bool HasGlob(std::string_view argument) { return argument.find_first_of("*?") != std::string_view::npos; }

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
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
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

absl::Status ExpandGlob(const std::string& pattern, std::vector<std::string>* paths) {
  Expander expander(Parts(pattern), paths);
  return expander.Expand(pattern.starts_with('/') ? fs::path("/") : fs::path(), 0);
}

}  // namespace refrain
