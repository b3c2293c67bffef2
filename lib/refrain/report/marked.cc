#include "refrain/report/marked.h"

#include <algorithm>
#include <array>

#include "refrain/report/safe_text_internal.h"

namespace refrain {
namespace {

constexpr std::array<int, 6> kColors = {36, 33, 35, 32, 34, 31};

// A place in the text where how it is shown changes.
struct Change {
  uint32_t at = 0;
  bool begins = false;
  bool cut = false;
  size_t number = 0;  // which repeat; decides the colour
};

}  // namespace

void AppendMarked(const PageRow& row, const MarkedOptions& options, std::string* out) {
  std::vector<Change> changes;
  // Cuts and repeats ascend side by side.
  size_t next_repeat = 0;
  const auto number_of = [&](Span cut) {
    while (next_repeat < row.repeats.size() && row.repeats[next_repeat].dropped.end <= cut.begin)
      ++next_repeat;
    const bool in_cut = next_repeat < row.repeats.size() && row.repeats[next_repeat].dropped.begin < cut.end;
    return in_cut ? next_repeat : 0;
  };
  for (const Span& cut : row.cut) {
    const size_t number = number_of(cut);
    changes.push_back({cut.begin, true, true, number});
    changes.push_back({cut.end, false, true, number});
  }
  for (size_t i = 0; i < row.repeats.size(); ++i) {
    changes.push_back({row.repeats[i].kept.begin, true, false, i});
    changes.push_back({row.repeats[i].kept.end, false, false, i});
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& one, const Change& other) {
    return one.at != other.at ? one.at < other.at : one.begins < other.begins;
  });

  int cuts = 0, witnesses = 0;
  size_t cut_number = 0, witness_number = 0;
  uint32_t at = 0;
  // Every line is closed and opened again, so that pagers and terminals show each by itself.
  const auto style = [&] {
    if (cuts > 0) return "\x1b[2;9;" + std::to_string(kColors[cut_number % kColors.size()]) + "m";
    if (witnesses > 0) return "\x1b[4;" + std::to_string(kColors[witness_number % kColors.size()]) + "m";
    return std::string();
  };
  const auto show = [&](uint32_t end) {
    while (at < end) {
      size_t stop = row.text.find('\n', at);
      stop = stop == std::string_view::npos || stop >= end ? end : stop;
      if (stop > at) {
        const std::string open = options.color ? style() : "";
        out->append(open);
        AppendSafe(row.text.substr(at, stop - at), out);
        if (!open.empty()) out->append("\x1b[0m");
      }
      if (stop < end) out->push_back('\n');
      at = static_cast<uint32_t>(stop < end ? stop + 1 : end);
    }
  };
  for (const Change& change : changes) {
    show(std::min<uint32_t>(change.at, static_cast<uint32_t>(row.text.size())));
    int& open = change.cut ? cuts : witnesses;
    (change.cut ? cut_number : witness_number) = change.number;
    if (!options.color) {
      const bool first = change.begins && open == 0, last = !change.begins && open == 1;
      if (first) out->append(change.cut ? "[-" : "{+");
      if (last) {
        // The mark closes before the line end that a whole line takes along.
        const bool line = change.cut && !out->empty() && out->back() == '\n';
        if (line) out->pop_back();
        out->append(change.cut ? "-]" : "+}");
        if (line) out->push_back('\n');
      }
    }
    open += change.begins ? 1 : -1;
  }
  show(static_cast<uint32_t>(row.text.size()));
  if (!row.text.empty() && row.text.back() != '\n') out->push_back('\n');
}

}  // namespace refrain
