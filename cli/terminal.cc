#include "terminal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "refrain/base/system_error.h"

namespace refrain::cli {
namespace {

std::atomic<bool> stop_wanted = false;
std::atomic<int> stop_signal = 0;

// The first signal asks the job to end at the next batch; the second ends the process.
void OnSignal(int signal) {
  if (stop_wanted.exchange(true)) _exit(128 + signal);
  stop_signal = signal;
}

constexpr std::string_view kClosedPipe = "standard output was closed";

}  // namespace

std::string Bytes(double bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 1000 && unit < 4) bytes /= 1000, ++unit;
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, units[unit]);
}

std::string Counted(uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

bool StandardOutputIsTerminal() { return isatty(STDOUT_FILENO) == 1; }
bool StandardInputIsTerminal() { return isatty(STDIN_FILENO) == 1; }

bool WantsColor(const std::string& when) {
  if (when != "auto") return when == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (term != nullptr && std::strcmp(term, "dumb") == 0) return false;
  return StandardOutputIsTerminal();
}

void HoldStandardStreams() {
  // Each is open in the direction that nothing is asked for, so that what is asked for fails; messages
  // vanish.
  const int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number, which is this one. Without even that file there is nothing to hold it with.
    if (open("/dev/null", modes[stream]) != stream) _exit(kError);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void WriteStandardError(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(STDERR_FILENO, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
}

absl::Status WriteStandardOutput(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EPIPE) return absl::AbortedError(std::string(kClosedPipe));
    if (put < 0) {
      return absl::ResourceExhaustedError(fmt::format(
          "cannot write to standard output: {}", errno == EBADF ? "it is closed" : std::strerror(errno)));
    }
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return absl::OkStatus();
}

int PrintText(std::string_view text) {
  const absl::Status status = WriteStandardOutput(text);
  if (status.ok() || std::string(status.message()) == kClosedPipe) return kFine;
  WriteStandardError(fmt::format("refrain: {}\n", std::string(status.message())));
  return kError;
}

Console::Console(const Talk& talk)
    : quiet_(talk.quiet),
      draws_(talk.progress == "always" ||
             (talk.progress == "auto" && !talk.quiet && isatty(STDERR_FILENO) == 1)) {
  hooks_.stop = &stop_wanted;
  hooks_.warn = [this](const std::string& line) {
    if (!quiet_) Say(line);
  };
  // What a terminal shows of both streams is one screen: no line of progress between lines of output.
  if (talk.progress == "auto" && talk.output_is_shown && StandardOutputIsTerminal()) draws_ = false;
  if (draws_) hooks_.progress = [this](const Progress& progress) { Draw(progress); };
  // Without SA_RESTART: what waits for input must see that it is to stop.
  struct sigaction action{};
  action.sa_handler = OnSignal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

Console::~Console() {
  std::lock_guard lock(mutex_);
  Erase();
}

void Console::Draw(const Progress& progress) {
  std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (progress.stage != stage_) {
    stage_ = progress.stage;
    stage_begin_ = now;
  } else if (now - last_draw_ < std::chrono::milliseconds(100)) {
    return;
  }
  last_draw_ = now;
  const double seconds = std::chrono::duration<double>(now - stage_begin_).count();
  const double rate = seconds > 0.2 ? static_cast<double>(progress.bytes) / seconds : 0;
  std::string line = progress.stage;
  if (progress.bytes_total > 0) {
    line += fmt::format(": {} of {}", Bytes(static_cast<double>(progress.bytes)),
                        Bytes(static_cast<double>(progress.bytes_total)));
  }
  if (rate > 0 && progress.bytes_total >= progress.bytes) {
    const auto left =
        static_cast<uint64_t>(static_cast<double>(progress.bytes_total - progress.bytes) / rate);
    line += fmt::format(", {}/s, {}:{:02} left", Bytes(rate), left / 60, left % 60);
  }
  WriteStandardError("\r\x1b[K" + line);
  drawn_ = true;
}

void Console::Erase() {
  if (!drawn_) return;
  WriteStandardError("\r\x1b[K");
  drawn_ = false;
}

void Console::Say(const std::string& line) {
  std::lock_guard lock(mutex_);
  Erase();
  WriteStandardError(fmt::format("refrain: {}\n", line));
}

int Console::Fail(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kAborted && std::string(status.message()) == kClosedPipe)
    return kFine;
  if (stop_wanted && status.code() == absl::StatusCode::kCancelled) {
    Say(std::string(status.message()));
    return 128 + stop_signal;
  }
  std::string line(status.message());
  // Whatever file it was that came last.
  if (ErrnoOf(status) == EMFILE) line += "; allow more of them with ulimit -n";
  Say(line);
  return kError;
}

int Console::Finish(const DamageCount& damage) {
  {
    std::lock_guard lock(mutex_);
    Erase();
  }
  if (!damage.any()) return kFine;
  if (!quiet_) {
    std::string line;
    const auto add = [&](uint64_t count, const char* what, const char* behind = "") {
      if (count > 0) line += fmt::format("{}{}{}", line.empty() ? "" : ", ", Counted(count, what), behind);
    };
    add(damage.places, "damaged place");
    add(damage.oversized, "record", " too large");
    add(damage.refused_files, "file", " not read");
    Say(line);
  }
  return kDamagedInput;
}

}  // namespace refrain::cli
