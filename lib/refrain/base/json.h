#pragma once
/// Writing JSON: compact, UTF-8 as it stands, the same bytes on every machine. Reading is simdjson's work, in
/// `io`.
///
///   std::string line;
///   JsonWriter json(&line);
///   json.BeginObject().Field("id", page.id).Field("bytes", page.text.size());
///   json.Key("cut").BeginArray();
///   for (Span s : cut) json.BeginArray().Value(s.begin).Value(s.end).EndArray();
///   json.EndArray().EndObject().EndLine();   // {"id":"a","bytes":4827,"cut":[[73,228]]}\n

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace refrain {

/// Appends `text` as it stands inside a JSON string, without the quotes: `"`, `\` and what is below U+0020
/// are escaped, all else is copied, byte for byte. Bytes that are not UTF-8 are copied too and make the JSON
/// invalid: ask IsValidUtf8 (utf8.h) first where they may occur, and write base64 (base64.h) under another
/// key.
void AppendJsonEscaped(std::string_view text, std::string* out);

/// The same with quotes around it.
void AppendJsonString(std::string_view text, std::string* out);

/// Appends one value after the other to a string and sets the commas. No white space. Calls must nest as JSON
/// does; this is not checked. The string may be used in between and must outlive the writer.
class JsonWriter {
 public:
  explicit JsonWriter(std::string* out) : out_(out) {}

  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  /// REQUIRES: inside an object; a value must follow.
  JsonWriter& Key(std::string_view key);

  JsonWriter& Value(std::string_view text);
  JsonWriter& Value(const char* text) { return Value(std::string_view(text)); }
  JsonWriter& Value(const std::string& text) { return Value(std::string_view(text)); }
  JsonWriter& Value(std::same_as<bool> auto value) { return Raw(value ? "true" : "false"); }
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  JsonWriter& Value(T value) {
    if constexpr (std::signed_integral<T>) {
      return Signed(value);
    } else {
      return Unsigned(value);
    }
  }
  /// With exactly `decimals` digits behind the point (0 to 17), correctly rounded; "-0.00" is written "0.00".
  /// What is not a number, and infinity, become null.
  JsonWriter& Fixed(double value, int decimals);
  /// A score: 4 decimals.
  JsonWriter& Value(double value) { return Fixed(value, 4); }
  JsonWriter& Null() { return Raw("null"); }
  JsonWriter& Value(char) = delete;
  /// `json` must be one JSON value; it is copied.
  JsonWriter& Raw(std::string_view json);

  /// Key and value.
  template <typename T>
  JsonWriter& Field(std::string_view key, const T& value) {
    return Key(key).Value(value);
  }

  /// Ends a line of JSONL: a line feed, and the next value begins afresh.
  JsonWriter& EndLine();

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  JsonWriter& Signed(int64_t value);
  JsonWriter& Unsigned(uint64_t value);
  void Comma() {
    if (comma_) out_->push_back(',');
    comma_ = true;
  }

  std::string* out_;
  bool comma_ = false;  // whether something that needs a comma stands in front; one bit does, as a closed
                        // container is a value
};

}  // namespace refrain
