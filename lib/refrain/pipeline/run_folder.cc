#include "refrain/pipeline/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "refrain/io/output.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRunning = "run.partial";
constexpr const char* kDone = "run.json";
// All that a run writes at the top of its folder.
constexpr const char* kOurs[] = {
    "clean",    "restored.json", "removed.jsonl.zst", "matches.jsonl.zst", "clusters.jsonl.zst",
    "run.json", "run.partial"};

bool IsOurs(const std::string& name) {
  std::string whole = name;
  if (whole.ends_with(".partial") && whole != kRunning) whole.resize(whole.size() - 8);
  return std::find(std::begin(kOurs), std::end(kOurs), whole) != std::end(kOurs);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunFolder>> RunFolder::Open(const std::string& path, bool force) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path, error)) {
    return absl::PermissionDeniedError(
        fmt::format("cannot make folder {}: {}", path, error ? error.message() : "a file stands there"));
  }
  std::vector<std::string> names;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  if (error)
    return absl::PermissionDeniedError(fmt::format("cannot read folder {}: {}", path, error.message()));
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (IsOurs(name)) continue;
    return absl::FailedPreconditionError(fmt::format(
        "{} holds {}, which is not from a run of refrain; name an empty folder with --out", path, name));
  }
  const bool done = std::find(names.begin(), names.end(), kDone) != names.end();
  if (done && !force) {
    return absl::FailedPreconditionError(fmt::format(
        "{} holds a run already; name another folder with --out, or start it again with --force", path));
  }

  std::unique_ptr<RunFolder> folder(new RunFolder());
  folder->path_ = path;
  const std::string running = path + "/" + kRunning;
  folder->lock_ = open(running.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (folder->lock_ < 0)
    return absl::PermissionDeniedError(fmt::format("cannot write to {}: {}", path, std::strerror(errno)));
  if (flock(folder->lock_, LOCK_EX | LOCK_NB) != 0) {
    close(folder->lock_);
    folder->lock_ = -1;
    return absl::FailedPreconditionError(
        fmt::format("another run is writing to {}; wait for it or name another folder with --out", path));
  }
  for (const std::string& name : names) {
    if (name == kRunning) continue;
    fs::remove_all(path + "/" + name, error);
    if (error)
      return absl::PermissionDeniedError(fmt::format("cannot clear {}/{}: {}", path, name, error.message()));
  }
  folder->cleared_unfinished_ = !done && !names.empty();
  return folder;
}

RunFolder::~RunFolder() {
  if (lock_ >= 0) close(lock_);
}

absl::Status RunFolder::MakeFoldersFor(const std::string& name) const {
  const fs::path parent = fs::path(path_ + "/" + name).parent_path();
  std::error_code error;
  fs::create_directories(parent, error);
  if (error)
    return absl::PermissionDeniedError(
        fmt::format("cannot make folder {}: {}", parent.string(), error.message()));
  return absl::OkStatus();
}

absl::Status RunFolder::Finish(const std::string& run_json) {
  auto file = OutputFile::Create(path_ + "/" + kDone, Compression::kNone);
  if (!file.ok()) return file.status();
  if (absl::Status status = (*file)->Write(run_json); !status.ok()) return status;
  if (absl::Status status = (*file)->Close(); !status.ok()) return status;
  unlink((path_ + "/" + kRunning).c_str());
  return absl::OkStatus();
}

}  // namespace refrain
