#include "plan_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "terminal.h"

namespace refrain::cli {
namespace {

std::string Size(uint64_t bytes) { return Bytes(static_cast<double>(bytes)); }

std::string Time(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} s", std::max(seconds, 1.0));
  return seconds < 6000 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.1f} h", seconds / 3600);
}

std::string Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? "0 %"
                    : fmt::format("{:.0f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

std::string PlanInALine(const DedupPlan& plan) {
  return fmt::format("a run takes about {} of memory, {} of temporary disk, {} of output, {}",
                     Size(plan.memory), Size(plan.temporary_disk), Size(plan.output_bytes),
                     Time(plan.seconds));
}

std::string PlanText(const DedupPlan& plan, const DedupOptions& options) {
  std::string out =
      fmt::format("{} of {} in {}, {}:\n", plan.whole ? "All" : Share(plan.sampled_bytes, plan.input_bytes),
                  Size(plan.input_bytes), Counted(plan.files, "file"),
                  plan.whole ? "looked at" : "looked at, all over the input");
  const auto row = [&](const char* what, const std::string& value) {
    out += fmt::format("  {:<28}{:>12}\n", what, value);
  };
  row("pages", fmt::format("{}", plan.pages));
  row("pages that stay", fmt::format("{} ({})", plan.pages_kept, Share(plan.pages_kept, plan.pages)));
  row("text", Size(plan.text_bytes));
  row("memory, peak", Size(plan.memory));
  row("temporary disk", Size(plan.temporary_disk));
  row("results", Size(plan.output_bytes));
  row("time", Time(plan.seconds));
  if (!options.pages) return out;
  out += fmt::format("Pairs that are compared, with {} bands of {} rows:\n  resemblance ",
                     options.banding.bands, options.banding.rows);
  for (const auto& [resemblance, probability] : plan.recall) out += fmt::format(" {:>6.2f}", resemblance);
  out += "\n  probability ";
  for (const auto& [resemblance, probability] : plan.recall) out += fmt::format(" {:>6.4f}", probability);
  out += fmt::format("\nOf pairs right at {}: {:.4f}\n", options.resemblance,
                     options.banding.MeetingProbability(options.resemblance));
  return out;
}

}  // namespace refrain::cli
