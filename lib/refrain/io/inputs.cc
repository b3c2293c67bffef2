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

#include "refrain/base/system_error.h"
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
  std::string unreadable = {};  // why, where it cannot be read
};

absl::Status Unreadable(const fs::path& path, int error) { return ErrnoStatus(error, path.string()); }

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

// Adds what is there but cannot be read.
void AddUnreadable(const fs::path& path, std::string name, std::string why, std::vector<Found>* found) {
  std::error_code error;
  // Without its last part, which may be a link to nowhere.
  const fs::path folder = fs::canonical(path.has_parent_path() ? path.parent_path() : ".", error);
  found->push_back({.path = path,
                    .whole = (error ? fs::absolute(path, error) : folder / path.filename()),
                    .name = std::move(name),
                    .unreadable = fmt::format("{}: {}", path.string(), why)});
}

// A file that was found, not named: what cannot be read does not stop the others.
void AddFoundFile(const fs::path& path, const std::string& name, std::vector<Found>* found) {
  const absl::Status status = AddFile(path, name, found);
  if (status.ok()) return;
  std::error_code error, ignored;
  const bool is_there = fs::exists(fs::status(path, error));
  if (absl::IsPermissionDenied(status)) {
    AddUnreadable(path, name, "no permission to read it; chmod +r gives it, or run as its owner", found);
  } else if (is_there) {
    AddUnreadable(path, name,
                  "a pipe, socket or device, not a file; what comes out of a pipe can be read with '-'",
                  found);
  } else if (fs::symlink_status(path, ignored).type() == fs::file_type::symlink) {
    AddUnreadable(path, name, "a link to a file that is not there; mend or remove the link", found);
  } else {
    AddUnreadable(path, name, error.message() + "; look after it, or leave it out", found);
  }
}

void AddUnlistable(const fs::path& folder, std::string name, const std::error_code& error,
                   std::vector<Found>* found) {
  AddUnreadable(
      folder, std::move(name),
      error == std::errc::permission_denied
          ? "no permission to list this folder; chmod +rx gives it, or run as its owner"
          : fmt::format("this folder cannot be listed: {}; what is in it is left out", error.message()),
      found);
}

// All files with known endings below `folder`, which lies in the named folder `root`. Links to files are
// read, links to folders are not followed: they may lead round.
void AddBelow(const fs::path& folder, const fs::path& root, const LeaveOut& leave_out,
              std::vector<Found>* found) {
  std::error_code error;
  std::vector<fs::path> folders;  // seen to when this one is closed
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const fs::path& path = entries->path();
    std::error_code ignored;
    if (entries->is_directory(ignored)) {
      if (!entries->is_symlink(ignored) && !(leave_out && leave_out(path.string()))) folders.push_back(path);
    } else if (IsKnownEnding(FormatEnding(path.string()))) {
      AddFoundFile(path, path.lexically_relative(root).generic_string(), found);
    }
  }
  if (error) {
    const fs::path name = folder == root ? folder.filename() : folder.lexically_relative(root);
    AddUnlistable(folder, name.generic_string(), error, found);
  }
  for (const fs::path& below : folders) AddBelow(below, root, leave_out, found);
}

absl::Status AddFolder(const fs::path& folder, const LeaveOut& leave_out, std::vector<Found>* found) {
  const size_t before = found->size();
  std::error_code error;
  fs::directory_iterator listed(folder, error);
  if (error) return Unreadable(folder, error.value());
  AddBelow(folder, folder, leave_out, found);
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

absl::Status NotThere(const std::string& argument, const std::string& what) {
  return absl::NotFoundError(argument.find('{') == std::string::npos
                                 ? what
                                 : what + "; braces are expanded by the shell, where they are not in quotes");
}

absl::Status AddArgument(const std::string& argument, const LeaveOut& leave_out, std::vector<Found>* found) {
  if (argument == "-")
    return absl::InvalidArgumentError("'-' is standard input and cannot be expanded as a file");
  if (argument.empty()) return absl::InvalidArgumentError("an empty file name");
  std::error_code error;
  const bool exists = fs::exists(fs::status(argument, error));
  if (exists || !HasGlob(argument)) {
    if (!exists) {
      const absl::Status missing = Unreadable(argument, error ? error.value() : ENOENT);
      return absl::IsNotFound(missing) ? NotThere(argument, std::string(missing.message())) : missing;
    }
    return AddPath(argument, leave_out, found);
  }
  const size_t before = found->size();
  std::vector<std::string> paths;
  std::vector<std::pair<std::string, std::error_code>> unlistable;
  ExpandGlob(argument, &paths, &unlistable);
  for (const auto& [folder, why] : unlistable)
    AddUnlistable(folder, fs::path(folder).filename().string(), why, found);
  LeftOut left_out(argument, leave_out);
  for (const std::string& path : paths) {
    // "**" has been in all folders; else a matching folder is read as if it had been named.
    if (argument.find("**") != std::string::npos && (fs::is_directory(path, error) || left_out(path))) {
      continue;
    }
    if (fs::is_directory(path, error)) {
      const fs::path folder = fs::path(path).lexically_normal();
      AddBelow(folder, folder, leave_out, found);
    } else {
      AddFoundFile(path, fs::path(path).filename().string(), found);
    }
  }
  if (found->size() == before) return NotThere(argument, fmt::format("{}: no file matches", argument));
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
  for (Found& file : found) {
    inputs.push_back({file.path.string(), std::move(file.name), file.size, std::move(file.unreadable)});
  }
  std::sort(inputs.begin(), inputs.end(),
            [](const InputFile& a, const InputFile& b) { return a.name < b.name; });
  return inputs;
}

}  // namespace refrain
