// A folder that says it is a run may hold anything: restore refuses it or writes files, into its own folder
// only. The input is run.json, the removal log and a clean file, with lines of "--" between.

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "refrain/pipeline/restore.h"

namespace {

namespace fs = std::filesystem;

std::string_view TakePart(std::string_view* bytes) {
  constexpr std::string_view kBetween = "\n--\n";
  const size_t end = bytes->find(kBetween);
  const std::string_view part = bytes->substr(0, end);
  bytes->remove_prefix(end == std::string_view::npos ? bytes->size() : end + kBetween.size());
  return part;
}

void WriteFile(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string folder = [] {
    std::string made = "/tmp/refrain-fuzz-XXXXXX";
    if (mkdtemp(made.data()) == nullptr) std::abort();
    return made;
  }();
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fs::create_directories(folder + "/in/run/clean");
  WriteFile(folder + "/in/run/run.json", TakePart(&bytes));
  WriteFile(folder + "/in/run/removed.jsonl.zst", TakePart(&bytes));
  WriteFile(folder + "/in/run/clean/a", bytes);
  refrain::Restore({.run = folder + "/in/run", .out = folder + "/in/out"}, {}).status().IgnoreError();
  size_t others = 0;
  for (const auto& entry : fs::directory_iterator(folder)) others += entry.path().filename() != "in";
  for (const auto& entry : fs::directory_iterator(folder + "/in"))
    others += entry.path().filename() != "run" && entry.path().filename() != "out";
  for (const auto& entry : fs::directory_iterator(folder + "/in/run"))
    others += entry.path().filename() != "run.json" && entry.path().filename() != "removed.jsonl.zst" &&
              entry.path().filename() != "clean";
  if (others != 0) std::abort();
  fs::remove_all(folder);
  return 0;
}
