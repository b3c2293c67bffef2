#include "refrain/io/inputs.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "refrain/io/glob_internal.h"
#include "refrain/io/sniff_internal.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

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
absl::Status AddFolder(const fs::path& folder, std::vector<Found>* found) {
  const size_t before = found->size();
  std::error_code error;
  fs::recursive_directory_iterator entries(folder, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    const fs::path& path = entries->path();
    if (!IsKnownEnding(FormatEnding(path.string()))) continue;
    std::error_code ignored;
    if (entries->is_directory(ignored)) continue;
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

absl::Status AddPath(const std::string& path, std::vector<Found>* found) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    const fs::path folder = fs::path(path).lexically_normal();
    return AddFolder(folder, found);
  }
  return AddFile(path, fs::path(path).filename().string(), found);
}

absl::Status AddArgument(const std::string& argument, std::vector<Found>* found) {
  if (argument == "-")
    return absl::InvalidArgumentError("'-' is standard input and cannot be expanded as a file");
  if (argument.empty()) return absl::InvalidArgumentError("an empty file name");
  std::error_code error;
  const bool exists = fs::exists(fs::status(argument, error));
  if (exists || !HasGlob(argument)) {
    if (!exists) return Unreadable(argument, error ? error.value() : ENOENT);
    return AddPath(argument, found);
  }
  std::vector<std::string> paths;
  const absl::Status status = ExpandGlob(argument, &paths);
  if (!status.ok()) return status;
  if (paths.empty()) return absl::NotFoundError(fmt::format("{}: no file matches", argument));
  for (const std::string& path : paths) {
    // "**" has been in all folders; else a matching folder is read as if it had been named.
    if (argument.find("**") != std::string::npos && fs::is_directory(path, error)) continue;
    const absl::Status added = AddPath(path, found);
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

absl::StatusOr<std::vector<InputFile>> ExpandInputs(const std::vector<std::string>& arguments) {
  std::vector<Found> found;
  for (const std::string& argument : arguments) {
    const absl::Status status = AddArgument(argument, &found);
    if (!status.ok()) return status;
  }
  // A file named twice is read once, under the first of its names.
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.whole, a.name, a.path) < std::tie(b.whole, b.name, b.path);
  });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const Found& a, const Found& b) { return a.whole == b.whole; }),
              found.end());
  std::set<std::string> names;
  for (const Found& file : found) names.insert(file.name);
  if (names.size() < found.size()) {
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
