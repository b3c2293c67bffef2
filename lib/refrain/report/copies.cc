#include "refrain/report/copies.h"

#include <utility>

#include <fmt/format.h>

#include "refrain/base/base64.h"
#include "refrain/base/json.h"
#include "refrain/base/utf8.h"
#include "refrain/report/csv_internal.h"

namespace refrain {
namespace {

void AppendText(std::string_view key, std::string_view text, JsonWriter* json) {
  if (IsValidUtf8(text)) {
    json->Field(key, text);
  } else {
    json->Field(std::string(key) + "_base64", EncodeBase64(text));
  }
}

void AppendTextOrNull(std::string_view key, std::string_view text, JsonWriter* json) {
  text.empty() ? json->Key(key).Null() : (AppendText(key, text, json), *json);
}

void AppendSpans(const std::vector<Span>& spans, JsonWriter* json) {
  json->BeginArray();
  for (const Span& span : spans) json->BeginArray().Value(span.begin).Value(span.end).EndArray();
  json->EndArray();
}

void AppendSpans(const std::vector<SharedSpan>& spans, JsonWriter* json) {
  json->BeginArray();
  for (const SharedSpan& span : spans) {
    json->BeginArray().Value(span.a.begin).Value(span.a.end);
    json->Value(span.b.begin).Value(span.b.end).EndArray();
  }
  json->EndArray();
}

}  // namespace

std::string_view Name(OriginBecause reason) {
  switch (reason) {
    case OriginBecause::kDate:
      return "date";
    case OriginBecause::kEarliest:
      return "earliest";
    case OriginBecause::kAgency:
      return "agency";
    case OriginBecause::kCompleteness:
      return "completeness";
    case OriginBecause::kOrder:
      return "order";
  }
  return "";
}

void AppendJson(const CopyRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  AppendText("a", row.a, &json);
  AppendText("b", row.b, &json);
  json.Field("resemblance", row.resemblance).Field("a_in_b", row.a_in_b).Field("b_in_a", row.b_in_a);
  json.Field("local", row.local).Field("shingle", row.shingle).Field("verdict", Name(row.verdict));
  json.Key("words").Fixed(row.words, 2).Field("same_source", row.same_source).Key("earlier");
  row.earlier == Earlier::kUnknown ? json.Null() : json.Value(row.earlier == Earlier::kA ? "a" : "b");
  json.Key("spans");
  AppendSpans(row.spans, &json);
  json.EndObject().EndLine();
}

void AppendJson(const StoryRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  AppendText("origin", row.members.front().id, &json);
  json.Field("because", Name(row.because)).Key("confidence").Fixed(row.confidence, 2);
  json.Field("publishers", row.publishers).Field("pages", row.members.size());
  json.Key("members").BeginArray();
  for (const StoryMember& member : row.members) {
    json.BeginObject();
    AppendText("id", member.id, &json);
    AppendTextOrNull("source", member.source, &json);
    AppendTextOrNull("date", member.date, &json);
    AppendTextOrNull("agency", member.agency, &json);
    json.Field("role", member.role).Field("same_source", member.same_source);
    json.Field("in_origin", member.in_origin).Field("of_origin", member.of_origin).Key("added");
    AppendSpans(member.added, &json);
    json.Key("cut");
    AppendSpans(member.cut, &json);
    json.Key("changed");
    AppendSpans(member.changed, &json);
    json.EndObject();
  }
  json.EndArray().EndObject().EndLine();
}

std::string_view StoriesCsvHead() {
  return "story,id,source,date,role,same_source,in_origin,of_origin,agency,because,confidence\r\n";
}

std::string_view SourcesCsvHead() { return "origin,source,stories\r\n"; }

void AppendCsv(const StoryRow& row, std::string* out) {
  for (const StoryMember& member : row.members) {
    AppendCsvLine({ToValidUtf8(row.members.front().id), ToValidUtf8(member.id), ToValidUtf8(member.source),
                   member.date, member.role, member.same_source ? "true" : "false",
                   fmt::format("{:.4f}", member.in_origin), fmt::format("{:.4f}", member.of_origin),
                   member.agency, Name(row.because), fmt::format("{:.2f}", row.confidence)},
                  out);
  }
}

void AppendCsv(const SourceEdge& edge, std::string* out) {
  AppendCsvLine({ToValidUtf8(edge.origin), ToValidUtf8(edge.source), fmt::format("{}", edge.stories)}, out);
}

void AppendPassim(const PassimSide& a, const PassimSide& b, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  for (const auto& [side, suffix] : {std::pair(&a, ""), std::pair(&b, "2")}) {
    const auto key = [&suffix = suffix](const char* name) { return std::string(name) + suffix; };
    AppendText(key("uid"), side->id, &json);
    AppendTextOrNull(key("series"), side->series, &json);
    json.Field(key("begin"), side->begin).Field(key("end"), side->end);
    AppendText(key("text"), side->text, &json);
  }
  json.EndObject().EndLine();
}

}  // namespace refrain
