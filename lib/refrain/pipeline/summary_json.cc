#include "refrain/pipeline/summary_json.h"

#include "refrain/base/utf8.h"

namespace refrain {

void AppendSummaryFields(const DedupSummary& summary, JsonWriter* json) {
  json->Key("counts").BeginObject();
  json->Field("records", summary.records).Field("pages", summary.pages).Field("pages_kept", summary.kept());
  json->Field("dropped_exact", summary.dropped_exact).Field("dropped_near", summary.dropped_near);
  json->Field("pages_repaired", summary.pages_repaired).Field("repeat_spans", summary.repeat_spans);
  json->Field("passages_cut", summary.passages_cut);
  json->Field("text_bytes", summary.text_bytes).Field("dropped_bytes", summary.dropped_bytes);
  json->Field("repeat_bytes", summary.repeat_bytes).Field("passage_bytes", summary.passage_bytes);
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
  json->Key("damage").BeginObject();
  json->Field("places", summary.damage.places).Field("bytes", summary.damage.bytes);
  json->Field("oversized", summary.damage.oversized).Field("refused_files", summary.damage.refused_files);
  json->Key("first").BeginArray();
  for (const std::string& line : summary.damage.first) json->Value(ToValidUtf8(line));
  json->EndArray().EndObject();
  json->Key("expected_recall").Fixed(summary.expected_recall, 4);
  json->Field("input_bytes", summary.input_bytes)
      .Field("peak_memory", summary.peak_memory)
      .Field("temporary_disk", summary.temporary_disk);
  json->Key("seconds").BeginObject();
  for (const auto& [stage, seconds] : summary.seconds) json->Key(stage).Fixed(seconds, 3);
  json->EndObject();
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

}  // namespace refrain
