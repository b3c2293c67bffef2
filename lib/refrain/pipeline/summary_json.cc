#include "refrain/pipeline/summary_json.h"

#include "refrain/base/utf8.h"

namespace refrain {
namespace {

void AppendSeconds(const std::vector<std::pair<std::string, double>>& seconds, JsonWriter* json) {
  json->Key("seconds").BeginObject();
  for (const auto& [stage, its] : seconds) json->Key(stage).Fixed(its, 3);
  json->EndObject();
}

}  // namespace

void AppendDamage(const DamageCount& damage, JsonWriter* json) {
  json->Key("damage").BeginObject();
  json->Field("places", damage.places).Field("bytes", damage.bytes);
  json->Field("oversized", damage.oversized).Field("refused_files", damage.refused_files);
  json->Key("first").BeginArray();
  for (const std::string& line : damage.first) json->Value(ToValidUtf8(line));
  json->EndArray().EndObject();
}

void AppendSummaryFields(const DedupSummary& summary, JsonWriter* json) {
  json->Key("counts").BeginObject();
  json->Field("records", summary.records).Field("pages", summary.pages).Field("pages_kept", summary.kept());
  json->Field("dropped_exact", summary.dropped_exact).Field("dropped_near", summary.dropped_near);
  if (summary.kept_in_part > 0) json->Field("kept_in_part", summary.kept_in_part);
  json->Field("pages_repaired", summary.pages_repaired).Field("repeat_spans", summary.repeat_spans);
  json->Field("passages_cut", summary.passages_cut);
  json->Field("text_bytes", summary.text_bytes).Field("dropped_bytes", summary.dropped_bytes);
  json->Field("repeat_bytes", summary.repeat_bytes).Field("passage_bytes", summary.passage_bytes);
  if (summary.unread_dates > 0) json->Field("unread_dates", summary.unread_dates);
  json->Field("invalid_bytes", summary.invalid_bytes).Field("same_ids", summary.same_ids);
  json->Field("compared", summary.compared)
      .Field("matches", summary.matches)
      .Field("candidates_skipped", summary.skipped);
  if (!summary.warc_records.empty()) {
    json->Key("warc_records").BeginObject();
    for (const auto& [type, records] : summary.warc_records) json->Field(type, records);
    json->EndObject();
  }
  json->EndObject();
  AppendDamage(summary.damage, json);
  json->Key("expected_recall").Fixed(summary.expected_recall, 4);
  json->Field("input_bytes", summary.input_bytes)
      .Field("peak_memory", summary.peak_memory)
      .Field("temporary_disk", summary.temporary_disk);
  AppendSeconds(summary.seconds, json);
  json->Key("examples").BeginArray();
  for (const DedupExample& example : summary.examples) {
    json->BeginObject().Field("verdict", example.verdict).Field("id", example.id);
    if (!example.witness.empty()) json->Field("witness", example.witness);
    json->Field("resemblance", example.resemblance);
    if (!example.text.empty()) json->Field("text", example.text);
    json->EndObject();
  }
  json->EndArray();
}

void AppendSummaryFields(const BoilerplateSummary& summary, JsonWriter* json) {
  json->Key("counts").BeginObject();
  json->Field("records", summary.records).Field("pages", summary.pages);
  json->Field("pages_stripped", summary.pages_stripped).Field("spans", summary.spans);
  json->Field("texts", summary.texts).Field("templates", summary.templates).Field("common", summary.common);
  json->Field("text_bytes", summary.text_bytes).Field("cut_bytes", summary.cut_bytes);
  json->Field("same_ids", summary.same_ids).EndObject();
  AppendDamage(summary.damage, json);
  json->Field("input_bytes", summary.input_bytes)
      .Field("peak_memory", summary.peak_memory)
      .Field("temporary_disk", summary.temporary_disk);
  AppendSeconds(summary.seconds, json);
}

void AppendSummaryFields(const CopiesSummary& summary, JsonWriter* json) {
  json->Key("counts").BeginObject();
  json->Field("records", summary.records).Field("pages", summary.pages).Field("sources", summary.sources);
  if (summary.unread_dates > 0) json->Field("unread_dates", summary.unread_dates);
  json->Field("text_bytes", summary.text_bytes).Field("left_out_bytes", summary.left_out_bytes);
  json->Field("same_ids", summary.same_ids).Field("compared", summary.compared);
  json->Field("candidates_skipped", summary.skipped);
  json->Key("pairs").BeginObject();
  for (const auto& [verdict, pairs] : summary.pairs) json->Field(verdict, pairs);
  json->EndObject();
  json->Field("stories", summary.stories).Field("story_pages", summary.story_pages);
  if (summary.asked > 0) {
    json->Key("of").BeginObject();
    json->Field("pages", summary.asked).Field("found", summary.found).Field("found_part", summary.found_part);
    json->EndObject();
  }
  json->EndObject();
  AppendDamage(summary.damage, json);
  json->Field("input_bytes", summary.input_bytes)
      .Field("peak_memory", summary.peak_memory)
      .Field("temporary_disk", summary.temporary_disk);
  AppendSeconds(summary.seconds, json);
}

}  // namespace refrain
