#include "refrain/pipeline/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "refrain/base/system_error.h"
#include "refrain/io/output.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRunning = "run.partial";
constexpr const char* kDone = "run.json";
constexpr const char* kStages = "stages";
// The command that leaves them.
constexpr std::string_view kResumes = "dedup";
// All that a run writes at the top of its folder.
constexpr const char* kOurs[] = {"clean",
                                 "marks",
                                 "documents",
                                 "removed.jsonl.zst",
                                 "matches.jsonl.zst",
                                 "clusters.jsonl.zst",
                                 "run.json",
                                 "run.partial",
                                 "stages",
                                 "stories.jsonl",
                                 "stories.csv",
                                 "sources.csv",
                                 "boilerplate.jsonl"};

bool IsOurs(const std::string& name) {
  std::string whole = name;
  if (whole.ends_with(".partial") && whole != kRunning) whole.resize(whole.size() - 8);
  return std::find(std::begin(kOurs), std::end(kOurs), whole) != std::end(kOurs);
}

absl::StatusOr<std::vector<std::string>> Names(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  if (error)
    return WithErrno(
        absl::PermissionDeniedError(fmt::format("cannot read folder {}: {}", path, error.message())),
        error.value());
  std::sort(names.begin(), names.end());
  return names;
}

bool Holds(const std::vector<std::string>& names, const char* name) {
  return std::binary_search(names.begin(), names.end(), name);
}

// What the run in a folder is of, as its run.json says; "" if it does not.
std::string CommandOf(const std::string& path) {
  std::ifstream file(path + "/" + kDone, std::ios::binary);
  std::string begin(256, '\0');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  constexpr std::string_view kKey = "\"command\":\"";
  const size_t at = begin.find(kKey);
  if (at == std::string::npos) return "";
  const size_t from = at + kKey.size();
  return begin.substr(from, begin.find('"', from) - from);
}

// Whether a folder with these names may be written to.
absl::Status CheckNames(const std::string& path, const std::vector<std::string>& names, bool force,
                        const std::string& command) {
  for (const std::string& name : names) {
    if (IsOurs(name)) continue;
    return absl::FailedPreconditionError(fmt::format(
        "{} holds {}, which is not from a run of refrain; name an empty folder with --out", path, name));
  }
  if (Holds(names, kDone) && !force) {
    return absl::FailedPreconditionError(fmt::format(
        "{} holds a run already; name another folder with --out, or start it again with --force", path));
  }
  const bool goes_on = Holds(names, kStages) && !Holds(names, kDone);  // if dedup is asked to
  if (goes_on && !force && !command.empty() && command != kResumes) {
    return absl::FailedPreconditionError(fmt::format(
        "{} holds an unfinished run of {}, which can go on with --resume; name another folder for {} "
        "with --out, or start there with --force",
        path, kResumes, command));
  }
  if (!Holds(names, kDone) || command.empty()) return absl::OkStatus();
  if (const std::string other = CommandOf(path); !other.empty() && other != command) {
    return absl::FailedPreconditionError(
        fmt::format("{} holds a run of {}, which --force does not delete for one of {}; name another folder "
                    "with --out, or delete that one",
                    path, other, command));
  }
  return absl::OkStatus();
}

absl::Status IsLocked(const std::string& path) {
  return absl::FailedPreconditionError(
      fmt::format("another run is writing to {}; wait for it or name another folder with --out", path));
}

// Whether nobody else has it. Check holds a shared lock for a moment: who meets that one tries again. For a
// second at the most, since others may hold one as long as they like.
bool LockAlone(int file) {
  for (int tries = 0; tries < 1000; ++tries) {
    if (flock(file, LOCK_EX | LOCK_NB) == 0) return true;
    if (flock(file, LOCK_SH | LOCK_NB) != 0) return false;
    flock(file, LOCK_UN);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

absl::Status CannotMake(const std::string& path, const std::string& why) {
  return absl::PermissionDeniedError(fmt::format("cannot make folder {}: {}", path, why));
}

absl::Status CannotWrite(const std::string& path) {
  const int error = errno;
  return WithErrno(
      absl::PermissionDeniedError(fmt::format("cannot write to {}: {}", path, std::strerror(error))), error);
}

}  // namespace

bool HoldsRun(const std::string& folder) {
  constexpr std::string_view kBegin = "{\"refrain\":";
  std::string begin(kBegin.size(), '\0');
  if (std::ifstream file(folder + "/" + kDone, std::ios::binary); file) {
    file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    if (begin == kBegin) return true;
  }
  std::error_code error;
  if (!fs::is_regular_file(folder + "/" + kRunning, error)) return false;
  const auto names = Names(folder);
  return names.ok() && std::all_of(names->begin(), names->end(), IsOurs);
}

absl::Status RunFolder::Check(const std::string& path, bool force, const std::string& command) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    fs::path above = fs::absolute(path, error).lexically_normal();
    while (above.has_relative_path() && !fs::exists(above, error)) above = above.parent_path();
    if (!fs::is_directory(above, error)) return CannotMake(path, std::strerror(ENOTDIR));
    if (access(above.c_str(), W_OK | X_OK) != 0) return CannotMake(path, std::strerror(errno));
    return absl::OkStatus();
  }
  if (!fs::is_directory(path, error)) return CannotMake(path, "a file stands there");
  const absl::StatusOr<std::vector<std::string>> names = Names(path);
  if (!names.ok()) return names.status();
  if (absl::Status status = CheckNames(path, *names, force, command); !status.ok()) return status;
  if (access(path.c_str(), W_OK | X_OK) != 0) return CannotWrite(path);
  const int running = open((path + "/" + kRunning).c_str(), O_RDONLY | O_CLOEXEC);
  if (running < 0) return absl::OkStatus();
  // Shared: two that look do not hinder each other.
  const bool locked = flock(running, LOCK_SH | LOCK_NB) != 0;
  close(running);
  return locked ? IsLocked(path) : absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RunFolder>> RunFolder::Open(const std::string& path, bool force,
                                                           const std::string& command) {
  std::error_code made, error;
  fs::create_directories(path, made);
  if (!fs::is_directory(path, error) && fs::exists(path, error))
    return CannotMake(path, "a file stands there");
  if (!fs::is_directory(path, error)) return CannotMake(path, made.message());
  const std::string running = path + "/" + kRunning;
  while (true) {
    absl::StatusOr<std::vector<std::string>> names = Names(path);
    if (!names.ok()) return names.status();
    if (absl::Status status = CheckNames(path, *names, force, command); !status.ok()) return status;
    const bool left_over = Holds(*names, kRunning);

    std::unique_ptr<RunFolder> folder(new RunFolder());
    folder->path_ = path;
    folder->lock_ = open(running.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (folder->lock_ < 0) return CannotWrite(path);
    if (!LockAlone(folder->lock_)) return IsLocked(path);
    // A run that ended in between took the file away that we have locked: then the lock is worth nothing.
    struct stat locked{}, there{};
    if (fstat(folder->lock_, &locked) != 0 || stat(running.c_str(), &there) != 0 ||
        locked.st_ino != there.st_ino || locked.st_dev != there.st_dev) {
      continue;
    }
    // Nor does what was seen before the lock count.
    names = Names(path);
    absl::Status status = names.ok() ? CheckNames(path, *names, force, command) : names.status();
    if (!status.ok()) {
      if (!left_over || (names.ok() && Holds(*names, kDone))) unlink(running.c_str());
      return status;
    }
    folder->held_whole_ = Holds(*names, kDone);
    folder->held_unfinished_ = !folder->held_whole_ && (left_over || names->size() > 1);
    return folder;
  }
}

absl::Status RunFolder::Clear(const std::string& but) {
  absl::StatusOr<std::vector<std::string>> names = Names(path_);
  if (!names.ok()) return names.status();
  if (absl::Status status = CheckNames(path_, *names, true, ""); !status.ok()) return status;
  held_whole_ = false;
  std::stable_partition(names->begin(), names->end(), [](const std::string& name) { return name == kDone; });
  for (const std::string& name : *names) {
    if (name == kRunning || name == kStages || name == but) continue;
    std::error_code error;
    fs::remove_all(path_ + "/" + name, error);
    if (error)
      return WithErrno(
          absl::PermissionDeniedError(fmt::format("cannot clear {}/{}: {}", path_, name, error.message())),
          error.value());
  }
  return absl::OkStatus();
}

absl::Status RunFolder::MakeStages(bool resume) const {
  std::error_code error;
  if (!resume) fs::remove_all(stages(), error);
  if (error)
    return WithErrno(
        absl::PermissionDeniedError(fmt::format("cannot clear {}: {}", stages(), error.message())),
        error.value());
  return MakeFolders(stages());
}

RunFolder::~RunFolder() {
  if (lock_ < 0) return;
  if (held_whole_) {
    std::error_code error;
    fs::remove_all(stages(), error);
    unlink((path_ + "/" + kRunning).c_str());
  }
  close(lock_);
}

absl::Status RunFolder::MakeFoldersFor(const std::string& name) const {
  return MakeFolders(fs::path(path_ + "/" + name).parent_path().string());
}

absl::Status RunFolder::Finish(const std::string& run_json) {
  auto file = OutputFile::Create(path_ + "/" + kDone, Compression::kNone);
  if (!file.ok()) return file.status();
  if (absl::Status status = (*file)->Write(run_json); !status.ok()) return status;
  if (absl::Status status = (*file)->Close(); !status.ok()) return status;
  std::error_code error;
  fs::remove_all(stages(), error);
  if (error)
    return WithErrno(
        absl::PermissionDeniedError(fmt::format("cannot clear {}: {}", stages(), error.message())),
        error.value());
  unlink((path_ + "/" + kRunning).c_str());
  return absl::OkStatus();
}

}  // namespace refrain
