#include "refrain/pipeline/bench_json.h"

#include <cmath>

namespace refrain {
namespace {

void AppendSpeed(double bytes_per_second, JsonWriter* json) {
  json->Key("text_bytes_per_second");
  // Of a stage that took no time there is none.
  std::isfinite(bytes_per_second) ? json->Fixed(bytes_per_second, 0) : json->Null();
}

void AppendRun(const BenchRun& run, JsonWriter* json) {
  json->BeginObject().Field("threads", run.threads);
  json->Key("seconds").Fixed(run.wall, 6);
  AppendSpeed(run.TextBytesPerSecond(), json);
  json->Key("busy_seconds").Fixed(run.busy(), 6);
  json->Key("stages").BeginArray();
  for (size_t i = 0; i < kStages; ++i) {
    const Stage stage = static_cast<Stage>(i);
    json->BeginObject().Field("stage", Name(stage));
    json->Key("serial_seconds").Fixed(run[stage].serial, 6);
    json->Key("shared_seconds").Fixed(run[stage].shared, 6);
    json->Key("share").Fixed(run.Share(stage), 4);
    AppendSpeed(run.TextBytesPerSecond(stage), json);
    json->EndObject();
  }
  json->EndArray().EndObject();
}

}  // namespace

void AppendBenchFields(const BenchSummary& summary, JsonWriter* json) {
  json->Field("kernel", summary.kernel);
  json->Key("sample").BeginObject();
  json->Field("whole", summary.whole).Field("files", summary.files).Field("files_all", summary.files_all);
  json->Field("stored_bytes", summary.stored_bytes).Field("record_bytes", summary.record_bytes);
  json->Field("pages", summary.pages).Field("text_bytes", summary.text_bytes);
  json->Field("digest", summary.digest).EndObject();
  json->Field("rounds", summary.rounds);
  json->Key("first_read_seconds").Fixed(summary.first_read, 6);
  json->Key("one_thread");
  AppendRun(summary.one, json);
  json->Key("all_threads");
  AppendRun(summary.all, json);
  json->Key("times_one_thread").Fixed(summary.one.wall / summary.all.wall, 3);
  const BenchLimit limit = LimitOf(summary);
  json->Key("bottleneck").BeginObject().Field("stage", Name(limit.stage));
  json->Key("share").Fixed(limit.share, 4).Field("sentence", Bottleneck(summary)).EndObject();
  json->Key("damage").BeginObject();
  json->Field("places", summary.damage.places).Field("bytes", summary.damage.bytes);
  json->Field("oversized", summary.damage.oversized).Field("refused_files", summary.damage.refused_files);
  json->EndObject();
}

}  // namespace refrain
