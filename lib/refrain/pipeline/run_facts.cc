#include "refrain/pipeline/run_facts.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "refrain/base/base64.h"

namespace refrain {

namespace {

// Whether a name under a folder names something in it.
bool StaysInFolder(const std::string& name) {
  const std::filesystem::path path(name);
  return path.is_relative() && std::find(path.begin(), path.end(), "..") == path.end();
}

bool HasKnownKeys(simdjson::dom::element input) {
  constexpr std::string_view kKeys[] = {"name",  "name_base64", "bytes", "clean",  "clean_base64",
                                        "lines", "extracted",   "lost",  "digest", "written"};
  simdjson::dom::object object;
  if (input.get(object) != simdjson::SUCCESS) return false;
  return std::all_of(object.begin(), object.end(), [&](const simdjson::dom::key_value_pair& field) {
    return std::find(std::begin(kKeys), std::end(kKeys), field.key) != std::end(kKeys);
  });
}

}  // namespace

absl::StatusOr<RunFacts> ReadRunFacts(const std::string& folder) {
  const std::string path = folder + "/run.json";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(fmt::format(
        "{} is not there: the folder holds no finished run (an unfinished one of dedup goes on with the same "
        "command and --resume)",
        path));
  }
  std::stringstream text;
  text << file.rdbuf();
  const simdjson::padded_string json(text.str());
  simdjson::dom::parser parser;
  simdjson::dom::element run;
  RunFacts facts;
  simdjson::dom::array inputs;
  if (parser.parse(json).get(run) != simdjson::SUCCESS)
    return absl::DataLossError(fmt::format("{} is not what refrain writes", path));
  std::string_view mode;
  if (run["command"].get(mode) == simdjson::SUCCESS && mode == "copies") {
    return absl::FailedPreconditionError(
        fmt::format("{} holds a run of copies, which takes nothing out of pages", folder));
  }
  if (run["mode"].get(mode) == simdjson::SUCCESS) {
    return absl::FailedPreconditionError(fmt::format(
        "{} holds marks beside documents that nothing was taken out of; name the documents themselves",
        folder));
  }
  if (run["inputs"].get(inputs) != simdjson::SUCCESS ||
      run["max_record"].get(facts.max_record) != simdjson::SUCCESS) {
    return absl::DataLossError(fmt::format("{} is not what a run of dedup writes", path));
  }
  const auto take = [](simdjson::dom::element object, const std::string& key, std::string* into) {
    std::string_view value;
    if (object[key].get(value) == simdjson::SUCCESS) *into = std::string(value);
    if (object[key + "_base64"].get(value) == simdjson::SUCCESS) DecodeBase64(value, into);
  };
  for (const simdjson::dom::element input : inputs) {
    RunInput& fact = facts.inputs.emplace_back();
    take(input, "name", &fact.name);
    std::string_view written;
    // It only says who changed what: without it restore knows less.
    if (input["written"].get(written) == simdjson::SUCCESS) fact.written = ParseTrail(written);
    // A file without "clean" was refused by the run and is left out: one damaged letter must not do that.
    if (!HasKnownKeys(input)) {
      return absl::DataLossError(fmt::format(
          "{} is damaged: what it says of '{}' is not what a run of dedup writes", path, fact.name));
    }
    take(input, "clean", &fact.clean);
    take(input, "digest", &fact.digest);
    if (input["lost"].get(fact.lost) != simdjson::SUCCESS) fact.lost = 0;
    // Files are made under this name.
    if (!StaysInFolder(fact.clean)) {
      return absl::DataLossError(
          fmt::format("{} names a file outside of clean/, which no run of dedup does", path));
    }
    if (input["lines"].get(fact.lines) != simdjson::SUCCESS) fact.lines = true;
    if (input["extracted"].get(fact.extracted) != simdjson::SUCCESS) fact.extracted = false;
  }
  simdjson::dom::element fields;
  if (run["fields"].get(fields) == simdjson::SUCCESS) {
    FieldNames& names = facts.fields;
    for (const auto& [key, into] : {std::pair<const char*, std::string*>{"id", &names.id},
                                    {"text", &names.text},
                                    {"html", &names.html},
                                    {"url", &names.url},
                                    {"source", &names.source},
                                    {"date", &names.date}}) {
      take(fields, key, into);
    }
  }
  return facts;
}

}  // namespace refrain
