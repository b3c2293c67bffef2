#include "flags.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "refrain/base/cpu.h"

namespace refrain::cli {
namespace {

// The cores this process may use, not those the machine has.
int UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

Flag FieldFlag(const std::string& name, const std::string& what, std::string* field) {
  return {.names = "--" + name + "-field",
          .value = "NAME",
          .group = "Input",
          .help = "JSONL field that holds " + what,
          .fallback = *field,
          .choices = {},
          .take = [field](const std::string& value) {
            if (value.empty()) return std::string("a field's name cannot be empty");
            *field = value;
            return std::string();
          }};
}

std::string Hint(const std::string& text, double least, double most) {
  return fmt::format("'{}' is not a number from {} to {}", text, least, most);
}

}  // namespace

std::vector<std::string> Flag::each_name() const {
  std::vector<std::string> each;
  for (size_t at = 0; at < names.size();) {
    const size_t comma = std::min(names.find(',', at), names.size());
    each.push_back(names.substr(at, comma - at));
    at = comma + 1;
  }
  return each;
}

std::string TakeSize(const std::string& text, uint64_t* bytes) {
  const std::string wrong = fmt::format("'{}' is not a size; write for instance 512M, 4G or 4Gi", text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !(number >= 0)) return wrong;
  std::string unit(end, text.data() + text.size());
  double scale = 1;
  if (!unit.empty()) {
    const bool binary = unit.size() >= 2 && (unit[1] == 'i' || unit[1] == 'I');
    const double base = binary ? 1024 : 1000;
    const size_t power =
        std::string("KMGT").find(static_cast<char>(std::toupper(static_cast<unsigned char>(unit[0]))));
    const std::string rest = unit.substr(binary ? 2 : 1);
    if (power == std::string::npos || (!rest.empty() && rest != "B")) return wrong;
    scale = std::pow(base, static_cast<double>(power + 1));
  }
  if (number * scale > 1e18) return wrong;
  *bytes = static_cast<uint64_t>(number * scale);
  return "";
}

std::string TakeInt(const std::string& text, int least, int most, int* number) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    return Hint(text, least, most);
  *number = value;
  return "";
}

std::string TakeDouble(const std::string& text, double least, double most, double* number) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= least && value <= most)) {
    return Hint(text, least, most);
  }
  *number = value;
  return "";
}

std::string Nearest(const std::string& word, const std::vector<std::string>& known) {
  std::string nearest;
  size_t least = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    // Levenshtein distance, one row at a time; a shared beginning ("--thread") counts as near too.
    std::vector<size_t> row(candidate.size() + 1);
    for (size_t j = 0; j <= candidate.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= word.size(); ++i) {
      size_t diagonal = row[0];
      row[0] = i;
      for (size_t j = 1; j <= candidate.size(); ++j) {
        const size_t change = diagonal + (word[i - 1] != candidate[j - 1]);
        diagonal = row[j];
        row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
      }
    }
    const size_t distance = word.size() > 4 && candidate.starts_with(word) ? 1 : row[candidate.size()];
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

Flag SwitchFlag(const std::string& names, const std::string& group, const std::string& help, bool* to,
                bool value) {
  return {.names = names,
          .value = "",
          .group = group,
          .help = help,
          .fallback = "",
          .choices = {},
          .take = [to, value](const std::string&) {
            *to = value;
            return std::string();
          }};
}

Flag TextFlag(const std::string& names, const std::string& value_name, const std::string& group,
              const std::string& help, std::string* to) {
  return {.names = names,
          .value = value_name,
          .group = group,
          .help = help,
          .fallback = "",
          .choices = {},
          .take = [to](const std::string& value) {
            *to = value;
            return value.empty() ? std::string("needs a value") : std::string();
          }};
}

void AddSourceFlag(CorpusOptions* options, std::vector<Flag>* flags) {
  flags->push_back({.names = "--source",
                    .value = "WHAT",
                    .group = "Input",
                    .help = "file: a page's source is its input file, not a field or the host",
                    .fallback = "field",
                    .choices = {"field", "file"},
                    .take = [options](const std::string& value) {
                      options->source_is_file = value == "file";
                      return std::string();
                    }});
}

Flag ColorFlag(Talk* talk, const std::string& else_as, std::function<bool()> marked) {
  return {.names = "--color",
          .value = "WHEN",
          .group = "Output",
          .help = fmt::format("Colours in marked pages; without them {}", else_as),
          .fallback = "auto",
          .choices = {"auto", "always", "never"},
          .take =
              [talk](const std::string& value) {
                talk->color = value;
                return std::string();
              },
          .idle =
              [talk, marked = std::move(marked)] {
                return talk->color != "always" || marked() ? ""
                                                           : "does nothing without --format marked; add that";
              }};
}

Flag ModeFlag(OutputMode* mode) {
  return {.names = "--mode",
          .value = "MODE",
          .group = "Output",
          .help =
              "clean: documents without what goes, undone by restore. mark: documents stay as they are, and "
              "marks/ has a row of dolma attributes for each, with spans in code points",
          .fallback = "clean",
          .choices = {"clean", "mark"},
          .take =
              [mode](const std::string& value) {
                *mode = value == "mark" ? OutputMode::kMark : OutputMode::kClean;
                return std::string();
              },
          .idle = {}};
}

std::string FoldersOf(OutputMode mode) { return mode == OutputMode::kMark ? "marks/" : "clean/, removed"; }

void AddMemoryFlag(const std::string& help, uint64_t* memory, std::vector<Flag>* flags) {
  flags->push_back({.names = "-m,--memory",
                    .value = "SIZE",
                    .group = "Run",
                    .help = help,
                    .fallback = "half of what is available",
                    .choices = {},
                    .take = [memory](const std::string& value) { return TakeSize(value, memory); }});
}

void AddInputFlags(CorpusOptions* options, std::vector<Flag>* flags) {
  options->threads = UsableCores();
  if (const char* tmpdir = std::getenv("TMPDIR"); tmpdir != nullptr && *tmpdir != '\0')
    options->tmpdir = tmpdir;
  if (options->tmpdir.empty()) options->tmpdir = "/tmp";
  FieldNames& fields = options->parse.fields;
  flags->push_back(
      {.names = "--input-format",
       .value = "FORMAT",
       .group = "Input",
       .help = "What the input is, where its content does not say: jsonl, text, html, or warc (WET too)",
       .fallback = "auto",
       .choices = {"auto", "jsonl", "text", "html", "warc"},
       .take = [options](const std::string& value) {
         const auto format = ParseInputFormat(value);
         if (format.ok()) options->reader.format = *format;
         return format.ok() ? std::string() : std::string(format.status().message());
       }});
  flags->push_back(FieldFlag(
      "id", "a page's id. Of this and those below: a name of your own that no page has is said", &fields.id));
  flags->push_back(FieldFlag("text", "its text", &fields.text));
  flags->push_back(FieldFlag("html", "its HTML, read where there is no text", &fields.html));
  flags->push_back(FieldFlag("url", "its address", &fields.url));
  flags->push_back(
      FieldFlag("source", "its source; without it the source is the host of the address", &fields.source));
  flags->push_back(FieldFlag("date", "its date", &fields.date));
  flags->push_back({.names = "--max-record",
                    .value = "SIZE",
                    .group = "Input",
                    .help = "Larger records are not parsed: JSONL lines and text files go through untouched, "
                            "pages of HTML and WARC "
                            "are left out. "
                            "A thread needs ten to thirty-six times its largest record of memory",
                    .fallback = "64Mi",
                    .choices = {},
                    .take = [options](const std::string& value) {
                      uint64_t bytes = 0;
                      std::string wrong = TakeSize(value, &bytes);
                      if (wrong.empty() && (bytes < 1024 || bytes > (uint64_t{1} << 31)))
                        wrong = "must be between 1Ki and 2Gi";
                      if (wrong.empty()) options->reader.max_record = bytes;
                      return wrong;
                    }});
  flags->push_back({.names = "-j,--threads",
                    .value = "N",
                    .group = "Run",
                    .help = "Threads; 0 for all cores. Results are the same for any number",
                    .fallback = "all cores",
                    .choices = {},
                    .take = [options](const std::string& value) {
                      int threads = 0;
                      std::string wrong = TakeInt(value, 0, 1024, &threads);
                      if (wrong.empty()) options->threads = threads == 0 ? UsableCores() : threads;
                      return wrong;
                    }});
  flags->push_back({.names = "--tmpdir",
                    .value = "DIR",
                    .group = "Run",
                    .help = "Folder for temporary files",
                    .fallback = "$TMPDIR, else /tmp",
                    .choices = {},
                    .take = [options](const std::string& value) {
                      options->tmpdir = value;
                      std::error_code error;
                      if (std::filesystem::is_directory(value, error)) return std::string();
                      return fmt::format("{} is no folder; make it, or name one that is there", value);
                    }});
}

void AddRepeatFlags(PageRepeatOptions* options, std::vector<Flag>* flags) {
  flags->push_back({.names = "--min-tokens",
                    .value = "N",
                    .group = "Repeats within a page",
                    .help =
                        "Shortest repeat that is cut, in words (a Han or kana character counts half a "
                        "word, a Thai one a quarter). That suffices for call-outs and what follows itself; a "
                        "paragraph among others needs 1.5 times as many, other lines 3, what stands inside "
                        "a paragraph 6, and in long pages each more: --explain says how many",
                    .fallback = fmt::format("{}", options->min_tokens),
                    .choices = {},
                    .take = [options](const std::string& value) {
                      return TakeDouble(value, 3, 1000, &options->min_tokens);
                    }});
  flags->push_back(
      {.names = "--max-edits",
       .value = "N",
       .group = "Repeats within a page",
       .help = "Words in a row that may differ by a letter or two inside a repeat; 0 for verbatim only. "
               "A number never differs",
       .fallback = fmt::format("{}", options->max_edits),
       .choices = {},
       .take = [options](const std::string& value) { return TakeInt(value, 0, 8, &options->max_edits); }});
}

void AddTalkFlags(Talk* talk, std::vector<Flag>* flags) {
  flags->push_back({.names = "-q,--quiet",
                    .value = "",
                    .group = "Run",
                    .help = "Say nothing but errors on standard error",
                    .fallback = "",
                    .choices = {},
                    .take = [talk](const std::string&) {
                      talk->quiet = true;
                      return std::string();
                    }});
  flags->push_back({.names = "--progress",
                    .value = "WHEN",
                    .group = "Run",
                    .help = "Show progress on standard error; auto: on a terminal",
                    .fallback = "auto",
                    .choices = {"auto", "always", "never"},
                    .take = [talk](const std::string& value) {
                      talk->progress = value;
                      return std::string();
                    }});
  flags->push_back(
      {.names = "--kernel",
       .value = "NAME",
       .group = "Run",
       .help = "Vector unit to use (refrain --version names the one in use). Results are the same with any",
       .fallback = "best",
       .choices = {},
       .take = [](const std::string& value) {
         const absl::Status status = ForceKernel(value == "best" ? "" : value);
         return status.ok() ? std::string() : std::string(status.message());
       }});
}

}  // namespace refrain::cli
