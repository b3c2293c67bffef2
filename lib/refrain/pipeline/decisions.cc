#include "refrain/pipeline/decisions.h"

#include <string>
#include <string_view>

#include "refrain/pipeline/packed.h"

namespace refrain {

absl::Status Decisions::Drop(uint32_t page, const DroppedPage& why) {
  std::string bytes;
  Pack(why.witness, &bytes);
  Pack(why.verdict, &bytes);
  Pack(why.resemblance, &bytes);
  Pack(why.in_witness, &bytes);
  Pack(why.only_in_dropped, &bytes);
  return dropped_.Add(page, bytes);
}

absl::Status Decisions::Cut(uint32_t page, const std::vector<CutPassage>& passages) {
  std::string bytes;
  Pack(passages, &bytes);
  return cut_.Add(page, bytes);
}

absl::Status Decisions::Read(uint32_t page, DroppedPage* why) const {
  std::string scratch;
  absl::StatusOr<std::string_view> bytes = dropped_.Read(page, &scratch);
  if (!bytes.ok()) return bytes.status();
  Unpack(&*bytes, &why->witness);
  Unpack(&*bytes, &why->verdict);
  Unpack(&*bytes, &why->resemblance);
  Unpack(&*bytes, &why->in_witness);
  Unpack(&*bytes, &why->only_in_dropped);
  return absl::OkStatus();
}

absl::Status Decisions::Read(uint32_t page, std::vector<CutPassage>* passages) const {
  passages->clear();
  if (!cuts(page)) return absl::OkStatus();
  std::string scratch;
  absl::StatusOr<std::string_view> bytes = cut_.Read(page, &scratch);
  if (!bytes.ok()) return bytes.status();
  Unpack(&*bytes, passages);
  return absl::OkStatus();
}

}  // namespace refrain
