// A whole file, as stored: compression, splitting, resynchronising, parsing. The first byte chooses format
// and limits.

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/io/parse.h"
#include "refrain/io/records.h"

namespace {

using namespace refrain;

void Check(bool good) {
  if (!good) std::abort();
}

// What must not depend on the size of batches.
struct Seen {
  std::string records;
  uint64_t in_records = 0;
  uint64_t dropped = 0;
  std::vector<std::string> damage;
};

Seen Read(const std::string& path, const ReaderOptions& options, bool parse) {
  Seen seen;
  auto reader = OpenRecords({.path = path, .name = "fuzz"}, 0, options);
  if (!reader.ok()) return seen;
  PageParser parser(ParseOptions{.max_body = 1 << 20});
  Page page;
  RecordBatch batch;
  uint64_t last = UINT64_MAX;
  while (true) {
    const absl::StatusOr<bool> more = (*reader)->Next(&batch);
    Check(more.ok());
    for (const Record& record : batch.records) {
      Check(!record.bytes.empty());
      seen.in_records += record.bytes.size();
      const bool goes_on = record.oversized && record.location.record == last;
      Check(goes_on || last == UINT64_MAX || record.location.record > last);
      last = record.location.record;
      if (!goes_on) {
        seen.records += "\n--" + std::to_string(record.location.record) + " " +
                        std::to_string(record.location.offset) + " " +
                        std::to_string(record.location.length) + " " + std::to_string(record.member_offset) +
                        " " + std::to_string(static_cast<int>(record.kind)) + "\n";
      }
      seen.records += record.bytes;
      if (parse) parser.Parse(record, &page).status().IgnoreError();
    }
    for (const Damage& damage : batch.damage) {
      seen.dropped += damage.stored ? 0 : damage.bytes;
      seen.damage.push_back(damage.reason + std::to_string(damage.offset) + "+" +
                            std::to_string(damage.bytes) + "@" + std::to_string(damage.record) +
                            (damage.stored ? "s" : ""));
    }
    if (!*more) break;
  }
  Check(seen.in_records + seen.dropped == (*reader)->bytes_read());
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
  if (file < 0 || ::write(file, data + 1, size - 1) != static_cast<ssize_t>(size - 1)) std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  ReaderOptions options;
  options.format = static_cast<InputFormat>(data[0] % 5);
  options.max_record = (data[0] & 0x40) != 0 ? 300 : 5000;
  options.batch_bytes = uint64_t{1} << 16;
  const Seen large = Read(path, options, true);
  options.batch_bytes = 37;
  const Seen small = Read(path, options, false);
  ::close(file);
  Check(large.records == small.records);
  Check(large.damage == small.damage);
  return 0;
}
