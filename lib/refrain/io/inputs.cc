#include "refrain/io/inputs.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "refrain/io/glob_internal.h"
#include "refrain/io/sniff_internal.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

using LeaveOut = std::function<bool(const std::string& folder)>;

struct Found {
  fs::path path;   // as named
  fs::path whole;  // absolute, without dots and links in it
  std::string name;
  uint64_t size = 0;
};

absl::Status Unreadable(const fs::path& path, int error) { return absl::ErrnoToStatus(error, path.string()); }

absl::Status AddFile(const fs::path& path, std::string name, std::vector<Found>* found) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (error) return Unreadable(path, error.value());
  if (!fs::is_regular_file(status)) {
    return absl::InvalidArgumentError(
        fmt::format("{}: not a regular file; a pipe can be read with '-'", path.string()));
  }
  if (::access(path.c_str(), R_OK) != 0) return Unreadable(path, errno);
  const uint64_t size = fs::file_size(path, error);
  if (error) return Unreadable(path, error.value());
  fs::path whole = fs::canonical(path, error);
  if (error) return Unreadable(path, error.value());
  found->push_back({path, std::move(whole), std::move(name), size});
  return absl::OkStatus();
}

// All files with known endings below `folder`. Links to files are read, links to folders are not followed:
// they may lead round.
absl::Status AddFolder(const fs::path& folder, const LeaveOut& leave_out, std::vector<Found>* found) {
  const size_t before = found->size();
  std::error_code error;
  fs::recursive_directory_iterator entries(folder, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    const fs::path& path = entries->path();
    std::error_code ignored;
    if (entries->is_directory(ignored)) {
      if (leave_out && leave_out(path.string())) entries.disable_recursion_pending();
      continue;
    }
    if (!IsKnownEnding(FormatEnding(path.string()))) continue;
    const absl::Status status = AddFile(path, path.lexically_relative(folder).generic_string(), found);
    if (!status.ok()) return status;
  }
  if (error) return Unreadable(folder, error.value());
  if (found->size() == before) {
    return absl::NotFoundError(
        fmt::format("{}: no file to read in this folder (.jsonl, .json, .ndjson, .txt, .html, .htm, .warc or "
                    ".wet, each also "
                    "with .gz or .zst; others can be named one by one)",
                    folder.string()));
  }
  return absl::OkStatus();
}

absl::Status AddPath(const std::string& path, const LeaveOut& leave_out, std::vector<Found>* found) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    const fs::path folder = fs::path(path).lexically_normal();
    return AddFolder(folder, leave_out, found);
  }
  return AddFile(path, fs::path(path).filename().string(), found);
}

// Whether a path found along "**" lies in a folder that is left out. Asks about those that "**" stands for.
class LeftOut {
 public:
  LeftOut(const std::string& pattern, const LeaveOut& leave_out) : leave_out_(leave_out) {
    const fs::path fixed = pattern.substr(0, pattern.find("**"));
    for (const fs::path& part : fixed) named_ += !part.empty();
  }
  bool operator()(const fs::path& path) {
    const fs::path folder = path.parent_path();
    if (!leave_out_ || std::distance(folder.begin(), folder.end()) <= named_) return false;
    const auto at = known_.find(folder);
    if (at != known_.end()) return at->second;
    const bool out = (*this)(folder) || leave_out_(folder.string());
    return known_[folder] = out;
  }

 private:
  const LeaveOut& leave_out_;
  std::ptrdiff_t named_ = 0;  // parts of a path in front of what "**" stands for
  std::map<fs::path, bool> known_;
};

absl::Status AddArgument(const std::string& argument, const LeaveOut& leave_out, std::vector<Found>* found) {
  if (argument == "-")
    return absl::InvalidArgumentError("'-' is standard input and cannot be expanded as a file");
  if (argument.empty()) return absl::InvalidArgumentError("an empty file name");
  std::error_code error;
  const bool exists = fs::exists(fs::status(argument, error));
  if (exists || !HasGlob(argument)) {
    if (!exists) return Unreadable(argument, error ? error.value() : ENOENT);
    return AddPath(argument, leave_out, found);
  }
  std::vector<std::string> paths;
  const absl::Status status = ExpandGlob(argument, &paths);
  if (!status.ok()) return status;
  if (paths.empty()) return absl::NotFoundError(fmt::format("{}: no file matches", argument));
  LeftOut left_out(argument, leave_out);
  for (const std::string& path : paths) {
    // "**" has been in all folders; else a matching folder is read as if it had been named.
    if (argument.find("**") != std::string::npos && (fs::is_directory(path, error) || left_out(path))) {
      continue;
    }
    const absl::Status added = AddPath(path, leave_out, found);
    if (!added.ok()) return added;
  }
  return absl::OkStatus();
}

// The deepest folder that holds every file.
fs::path CommonFolder(const std::vector<Found>& found) {
  fs::path common = found.front().whole.parent_path();
  for (const Found& file : found) {
    const fs::path folder = file.whole.parent_path();
    const auto differ = std::mismatch(common.begin(), common.end(), folder.begin(), folder.end());
    fs::path shared;
    for (auto part = common.begin(); part != differ.first; ++part) shared /= *part;
    common = shared;
  }
  return common;
}

}  // namespace

bool CanStandTogether(const std::vector<std::string>& names) {
  const std::set<std::string, std::less<>> all(names.begin(), names.end());
  if (all.size() < names.size()) return false;
  for (const std::string_view name : all) {
    for (size_t slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/', slash + 1)) {
      if (all.contains(name.substr(0, slash))) return false;
    }
  }
  return true;
}

absl::StatusOr<std::vector<InputFile>> ExpandInputs(
    const std::vector<std::string>& arguments,
    const std::function<bool(const std::string& folder)>& leave_out) {
  std::vector<Found> found;
  for (const std::string& argument : arguments) {
    const absl::Status status = AddArgument(argument, leave_out, &found);
    if (!status.ok()) return status;
  }
  // A file named twice is read once, under the first of its names.
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.whole, a.name, a.path) < std::tie(b.whole, b.name, b.path);
  });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const Found& a, const Found& b) { return a.whole == b.whole; }),
              found.end());
  std::vector<std::string> names;
  for (const Found& file : found) names.push_back(file.name);
  if (!CanStandTogether(names)) {
    const fs::path common = CommonFolder(found);
    for (Found& file : found) file.name = file.whole.lexically_relative(common).generic_string();
  }
  std::vector<InputFile> inputs;
  inputs.reserve(found.size());
  for (Found& file : found) inputs.push_back({file.path.string(), std::move(file.name), file.size});
  std::sort(inputs.begin(), inputs.end(),
            [](const InputFile& a, const InputFile& b) { return a.name < b.name; });
  return inputs;
}

}  // namespace refrain
