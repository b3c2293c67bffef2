#include "refrain/report/jsonl.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "refrain/base/base64.h"
#include "refrain/base/json.h"
#include "refrain/base/utf8.h"

namespace refrain {
namespace {

void AppendSpan(Span span, JsonWriter* json) {
  json->BeginArray().Value(span.begin).Value(span.end).EndArray();
}

// Text that may not be UTF-8 goes out as base64 under another key, so that it comes back as it was.
void AppendBytes(std::string_view key, std::string_view bytes, JsonWriter* json) {
  if (IsValidUtf8(bytes)) {
    json->Field(key, bytes);
  } else {
    json->Field(std::string(key) + "_base64", EncodeBase64(bytes));
  }
}

void AppendPlace(const RemovedPlace& place, JsonWriter* json) {
  if (!place.id.empty()) AppendBytes("id", place.id, json);
  AppendBytes("file", place.file, json);
  json->Field("record", place.record);
}

void AppendRepeats(const std::vector<RepeatRow>& repeats, bool explained, JsonWriter* json) {
  json->BeginArray();
  for (const RepeatRow& repeat : repeats) {
    json->BeginObject()
        .Field("begin", repeat.dropped.begin)
        .Field("end", repeat.dropped.end)
        .Field("kept_begin", repeat.kept.begin)
        .Field("kept_end", repeat.kept.end)
        .Field("tokens", repeat.tokens)
        .Field("edits", repeat.edits);
    if (explained) json->Key("words").Fixed(repeat.words, 2).Field("because", Name(repeat.because));
    json->EndObject();
  }
  json->EndArray();
}

void AppendLeft(const std::vector<LeftRepeat>& repeats, JsonWriter* json) {
  json->BeginArray();
  for (const LeftRepeat& left : repeats) {
    json->BeginObject().Key("first");
    AppendSpan(left.first, json);
    json->Key("second");
    AppendSpan(left.second, json);
    json->Key("words").Fixed(left.words, 2).Field("because", Name(left.because));
    if (left.needed > 0) {
      json->Key("weighed").Fixed(left.weighed, 2).Key("needed").Fixed(left.needed, 2);
      json->Field("kind", Name(left.kind));
    }
    json->Key("at_min_tokens");
    left.at_min_tokens > 0 ? json->Value(left.at_min_tokens) : json->Null();
    json->EndObject();
  }
  json->EndArray();
}

void AppendHtmlSpans(const HtmlRow& html, JsonWriter* json) {
  json->Key("html").BeginObject().Field("charset", html.charset).Field("bytes", html.bytes);
  json->Key("repeats").BeginArray();
  for (size_t i = 0; i < html.dropped.size(); ++i) {
    const Span dropped = html.dropped[i], kept = html.kept[i];
    json->BeginArray().Value(dropped.begin).Value(dropped.end).Value(kept.begin).Value(kept.end).EndArray();
  }
  json->EndArray().Key("cut").BeginArray();
  for (const Span& span : html.cut) AppendSpan(span, json);
  json->EndArray().EndObject();
}

}  // namespace

std::string_view Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kExact:
      return "exact";
    case Verdict::kNear:
      return "near";
    case Verdict::kPassage:
      return "passage";
    case Verdict::kRepeat:
      return "repeat";
    case Verdict::kDamaged:
      return "damaged";
    case Verdict::kExtracted:
      return "extracted";
    case Verdict::kMirror:
      return "mirror";
    case Verdict::kCopy:
      return "copy";
    case Verdict::kVersion:
      return "version";
    case Verdict::kExcerpt:
      return "excerpt";
    case Verdict::kQuote:
      return "quote";
    case Verdict::kBoilerplate:
      return "boilerplate";
    case Verdict::kTemplate:
      return "template";
    case Verdict::kCommon:
      return "common";
  }
  return "";
}

std::string_view Name(CutBecause reason) {
  switch (reason) {
    case CutBecause::kCutOff:
      return "cut_off";
    case CutBecause::kGlued:
      return "glued";
    case CutBecause::kCallOut:
      return "call_out";
    case CutBecause::kCapitals:
      return "capitals";
    case CutBecause::kParagraphs:
      return "paragraphs";
    case CutBecause::kEntities:
      return "entities";
    case CutBecause::kJoined:
      return "joined";
    case CutBecause::kSlips:
      return "slips";
    case CutBecause::kQuotes:
      return "quotes";
    case CutBecause::kApart:
      return "apart";
    case CutBecause::kSecond:
      return "second";
  }
  return "";
}

std::string_view Name(LeftBecause reason) {
  switch (reason) {
    case LeftBecause::kNothing:
      return "nothing";
    case LeftBecause::kPeriod:
      return "period";
    case LeftBecause::kVerse:
      return "verse";
    case LeftBecause::kTitle:
      return "title";
    case LeftBecause::kShortForPage:
      return "short_for_page";
    case LeftBecause::kNotProse:
      return "not_prose";
    case LeftBecause::kQuoted:
      return "quoted";
    case LeftBecause::kFormula:
      return "formula";
    case LeftBecause::kEntry:
      return "entry";
    case LeftBecause::kDiffers:
      return "differs";
    case LeftBecause::kHalfSentence:
      return "half_sentence";
    case LeftBecause::kInPieces:
      return "in_pieces";
  }
  return "";
}

std::string_view Name(RepeatKind kind) {
  switch (kind) {
    case RepeatKind::kCutOff:
      return "cut_off";
    case RepeatKind::kCallOut:
      return "call_out";
    case RepeatKind::kGlued:
      return "glued";
    case RepeatKind::kFollows:
      return "follows";
    case RepeatKind::kWholeLines:
      return "whole_lines";
    case RepeatKind::kInsideText:
      return "inside_text";
  }
  return "";
}

void AppendJson(const PageRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  AppendBytes("id", row.id, &json);
  json.Field("bytes", row.text.size());
  if (row.explained) json.Key("words").Fixed(row.words, 2);
  json.Key("repeats");
  AppendRepeats(row.repeats, row.explained, &json);
  json.Key("cut").BeginArray();
  for (const Span& span : row.cut) AppendSpan(span, &json);
  json.EndArray();
  if (row.explained) {
    json.Key("left");
    AppendLeft(row.left, &json);
  }
  if (row.html) AppendHtmlSpans(*row.html, &json);
  json.EndObject().EndLine();
}

void AppendJson(const MatchRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  AppendBytes("a", row.a, &json);
  AppendBytes("b", row.b, &json);
  json.Field("resemblance", row.resemblance).Field("a_in_b", row.a_in_b).Field("b_in_a", row.b_in_a);
  json.Field("shingle", row.shingle).Field("verdict", Name(row.verdict));
  json.Key("spans").BeginArray();
  for (const SharedSpan& span : row.spans) {
    json.BeginArray().Value(span.a.begin).Value(span.a.end).Value(span.b.begin).Value(span.b.end).EndArray();
  }
  json.EndArray().EndObject().EndLine();
}

void AppendJson(const ClusterRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  AppendBytes("kept", row.kept, &json);
  json.Key("dropped").BeginArray();
  for (const std::string& id : row.dropped) json.Value(IsValidUtf8(id) ? id : EncodeBase64(id));
  json.EndArray().Field("size", row.dropped.size() + 1).EndObject().EndLine();
}

// As the attribute files of dolma have it; who keeps the text stands beside, in the same order.
void AppendJson(const MarkRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  AppendBytes("id", row.id, &json);
  std::vector<Verdict> verdicts;
  for (const MarkedSpan& span : row.spans) {
    if (std::find(verdicts.begin(), verdicts.end(), span.verdict) == verdicts.end())
      verdicts.push_back(span.verdict);
  }
  std::sort(verdicts.begin(), verdicts.end());
  const auto for_each = [&](const auto& append) {
    for (const Verdict verdict : verdicts) {
      json.Key(fmt::format("refrain__{}", Name(verdict))).BeginArray();
      for (const MarkedSpan& span : row.spans) {
        if (span.verdict == verdict) append(span);
      }
      json.EndArray();
    }
  };
  json.Key("attributes").BeginObject();
  for_each([&](const MarkedSpan& span) {
    json.BeginArray().Value(span.begin).Value(span.end).Value(span.score).EndArray();
  });
  json.EndObject();
  if (!row.spans.empty()) {
    json.Key("witnesses").BeginObject();
    for_each([&](const MarkedSpan& span) { json.Value(ToValidUtf8(span.witness)); });
    json.EndObject();
  }
  json.EndObject().EndLine();
}

void AppendJson(const RemovedPageRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject().Field("verdict", Name(row.verdict));
  AppendPlace(row.place, &json);
  if (row.verdict == Verdict::kDamaged) {
    AppendBytes("reason", row.reason, &json);
  } else if (row.verdict != Verdict::kExtracted) {
    AppendBytes("witness", row.witness, &json);
    json.Field("resemblance", row.resemblance).Field("in_witness", row.in_witness);
    json.Key("only_in_dropped").BeginArray();
    for (const Span& span : row.only_in_dropped) AppendSpan(span, &json);
    json.EndArray();
  }
  AppendBytes("raw", row.raw, &json);
  json.EndObject().EndLine();
}

void AppendJson(const RemovedSpanRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject().Field("verdict", Name(row.verdict));
  AppendPlace(row.place, &json);
  json.Field("begin", row.span.begin).Field("end", row.span.end);
  AppendBytes("witness", row.witness, &json);
  if (row.verdict == Verdict::kRepeat) {
    json.Key("repeats");
    AppendRepeats(row.repeats, /*explained=*/false, &json);
  } else if (row.pages > 0) {
    json.Field("pages", row.pages);
    if (row.of > 0) json.Field("of", row.of);
  } else {
    json.Field("resemblance", row.resemblance);
    if (row.verdict == Verdict::kPassage) {
      json.Key("kept");
      AppendSpan(row.kept, &json);
    }
  }
  json.Field("at", row.at);
  AppendBytes("raw", row.raw, &json);
  json.EndObject().EndLine();
}

void AppendJson(const BoilerplateRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  if (!row.source.empty()) AppendBytes("source", row.source, &json);
  json.Field("verdict", Name(row.verdict));
  AppendBytes("text", row.text, &json);
  if (row.of > 0) {
    json.Field("pages", row.pages).Field("of", row.of);
    json.Field("share", static_cast<double>(row.pages) / row.of);
  } else {
    json.Field("sources", row.pages);
  }
  AppendBytes("first", row.first, &json);
  json.Key("slots").BeginArray();
  for (const Span& span : row.slots) AppendSpan(span, &json);
  json.EndArray().EndObject().EndLine();
}

void AppendJson(const BoilerplatePageRow& row, std::string* out) {
  JsonWriter json(out);
  json.BeginObject();
  AppendBytes("id", row.id, &json);
  if (row.source.empty()) {
    json.Key("source").Null();
  } else {
    AppendBytes("source", row.source, &json);
  }
  AppendBytes("text", row.text, &json);
  json.Key("cut").BeginArray();
  for (const Span& span : row.cut) AppendSpan(span, &json);
  json.EndArray().Key("common").BeginArray();
  for (const Span& span : row.common) AppendSpan(span, &json);
  json.EndArray().EndObject().EndLine();
}

}  // namespace refrain
