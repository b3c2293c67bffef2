#include "refrain/pipeline/strip_page.h"

#include <algorithm>

#include "refrain/pipeline/packed.h"

namespace refrain {
namespace {

// What stands in front of each row put aside.
struct AsideHead {
  uint64_t key = 0;
  uint64_t text_key = 0;
  uint32_t of = 0;
  Verdict verdict = Verdict::kBoilerplate;
};

Verdict VerdictOf(const FurnitureSpan& span) {
  return span.common                          ? Verdict::kCommon
         : span.slots_begin != span.slots_end ? Verdict::kTemplate
                                              : Verdict::kBoilerplate;
}

}  // namespace

absl::Status PageStripper::Cut(uint32_t number, const Page& page, std::vector<Span>* cuts,
                               std::string* aside) {
  page_ = number;
  common_.clear();
  if (absl::Status status = plan_.finder.Read(number, &found_); !status.ok()) return status;
  if (found_.empty()) {
    cuts->clear();
    return absl::OkStatus();
  }
  Tokenize(page.text, &tokens_);
  Segment(page.text, tokens_, &blocks_);
  marker_.Mark(number, tokens_, blocks_, found_, &furniture_);
  CutFurniture(page.text, tokens_, blocks_, furniture_, plan_.cut_common, cuts, &spans_);
  for (const FurnitureSpan& span : furniture_.spans) {
    if (span.common && !plan_.cut_common) common_.push_back(TextOf(span));
    AppendAside(number, page, span, aside);
  }
  return absl::OkStatus();
}

RemovedSpanRow PageStripper::Row(size_t cut) const {
  const FurnitureSpan& span = furniture_.spans[spans_[cut]];
  return {.verdict = VerdictOf(span),
          .witness = plan_.display_id(span.first_page),
          .pages = span.pages,
          .of = span.common ? 0 : plan_.finder.source_pages(page_)};
}

// What tells its row from others: what does not vary in it, and the page that it is listed under.
uint64_t PageStripper::KeyOf(const FurnitureSpan& span) const {
  uint64_t key = uint64_t{span.first_page} << 32 | static_cast<uint64_t>(VerdictOf(span));
  const auto add = [&](uint64_t hash) {
    key = (key ^ hash) * 0x9E3779B97F4A7C15;
    key ^= key >> 32;
  };
  uint32_t slot = span.slots_begin;
  for (uint32_t token = span.first; token < span.last; ++token) {
    if (slot < span.slots_end && furniture_.slots[slot].begin == token) {
      add(0);
      token = furniture_.slots[slot++].end - 1;
    } else {
      add(tokens_.hashes[token]);
    }
  }
  return key;
}

Span PageStripper::TextOf(const FurnitureSpan& span) const {
  if (span.whole_block) {
    const auto block = std::lower_bound(blocks_.begin(), blocks_.end(), span.first,
                                        [](const Block& one, uint32_t first) { return one.first < first; });
    return block->span;
  }
  return {tokens_.begins[span.first], tokens_.ends[span.last - 1]};
}

void PageStripper::AppendAside(uint32_t number, const Page& page, const FurnitureSpan& span,
                               std::string* aside) {
  constexpr size_t kMostSent = 1 << 16;
  const uint64_t text_key = KeyOf(span);
  if (sent_.size() == kMostSent) sent_.clear();
  // Batches of a thread ascend, so whoever gets them has that row already.
  if (!sent_.insert(text_key).second) return;
  const Span text = TextOf(span);
  const std::string id = plan_.display_id(span.first_page);
  BoilerplateRow row{.source = span.common ? std::string_view() : std::string_view(page.source),
                     .verdict = VerdictOf(span),
                     .text = Slice(page.text, text),
                     .pages = span.pages,
                     .of = span.common ? 0 : plan_.finder.source_pages(number),
                     .first = id};
  for (uint32_t slot = span.slots_begin; slot < span.slots_end; ++slot) {
    const TokenRange tokens = furniture_.slots[slot];
    row.slots.push_back(
        {tokens_.begins[tokens.begin] - text.begin, tokens_.ends[tokens.end - 1] - text.begin});
  }
  const uint32_t source = span.common ? UINT32_MAX : plan_.finder.source_first_page(number);
  std::string printed;
  plan_.print(row, &printed);
  Pack(AsideHead{.key = uint64_t{source} << 32 | (UINT32_MAX - span.pages),
                 .text_key = text_key,
                 .of = row.of,
                 .verdict = row.verdict},
       aside);
  Pack(std::vector<char>(row.source.begin(), row.source.end()), aside);
  Pack(std::vector<char>(printed.begin(), printed.end()), aside);
}

absl::Status BoilerplateRows::Add(std::string_view aside) {
  while (!aside.empty()) {
    const std::string_view begin = aside;
    AsideHead head;
    Unpack(&aside, &head);
    for (int part = 0; part < 2; ++part) {
      uint64_t size = 0;
      Unpack(&aside, &size);
      aside.remove_prefix(size);
    }
    const uint64_t size = begin.size() - aside.size();
    if (!seen_.insert(head.text_key).second) continue;
    absl::Status status = keys_.Add({.key = head.key, .offset = bytes_.size(), .size = size});
    if (status.ok()) status = bytes_.Append(begin.substr(0, size));
    if (!status.ok()) return status;
    common_ += head.verdict == Verdict::kCommon;
    texts_ += head.verdict != Verdict::kCommon;
    templates_ += head.verdict == Verdict::kTemplate;
  }
  return absl::OkStatus();
}

absl::Status BoilerplateRows::ForEach(
    const std::function<absl::Status(std::string_view, uint32_t, std::string_view)>& row) {
  if (absl::Status status = keys_.Finish(); !status.ok()) return status;
  std::string bytes;
  std::vector<char> source, printed;
  while (true) {
    const absl::StatusOr<std::span<const Place>> block = keys_.Next();
    if (!block.ok()) return block.status();
    if (block->empty()) return absl::OkStatus();
    for (const Place& place : *block) {
      bytes.resize(place.size);
      absl::Status status = bytes_.Read(place.offset, place.size, bytes.data());
      if (!status.ok()) return status;
      std::string_view rest = bytes;
      AsideHead head;
      Unpack(&rest, &head);
      Unpack(&rest, &source);
      Unpack(&rest, &printed);
      status = row({source.data(), source.size()}, head.of, {printed.data(), printed.size()});
      if (!status.ok()) return status;
    }
  }
}

}  // namespace refrain
