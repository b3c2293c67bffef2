// A stage file may be anything: it is read to its end or refused, and what is read never lies outside of it.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "refrain/pipeline/stage_file.h"

namespace {

// The first byte says what is fuzzed: the file as it stands, or the bytes in a block of a whole file.
void ReadFile(const std::string& bytes) {
  std::string path = "/tmp/refrain-fuzz-XXXXXX";
  const int file = mkstemp(path.data());
  if (file < 0 || write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
  close(file);
  size_t read = 0;
  if (const auto reader = refrain::StageReader::Open(path, {{"kind", "fuzz"}}); reader.ok()) {
    std::string block;
    for (auto more = (*reader)->Next(&block); more.ok() && *more; more = (*reader)->Next(&block))
      read += block.size();
  }
  unlink(path.c_str());
  if (read > bytes.size()) std::abort();
}

void ReadValues(const std::string& bytes) {
  refrain::StageBytes values(bytes);
  uint64_t left = values.Count(8);
  if (left > bytes.size() / 8) std::abort();
  for (; left > 0 && values.ok(); --left) {
    switch (values.Below(4)) {
      case 0:
        if (values.Text().size() > bytes.size()) std::abort();
        break;
      case 1:
        values.Flag();
        break;
      default:
        values.Number();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  data[0] % 2 == 0 ? ReadFile(bytes) : ReadValues(bytes);
  return 0;
}
