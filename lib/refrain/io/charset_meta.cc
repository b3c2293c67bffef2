/// The prescan for <meta charset>, after the HTML standard's "prescan a byte stream to determine its
/// encoding".

#include <cstddef>

#include "refrain/io/charset_internal.h"

namespace refrain::charset {
namespace {

constexpr size_t kPrescanned = 1024;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool IsLetter(char c) { return Lower(c) >= 'a' && Lower(c) <= 'z'; }

/// Whether `word`, lower case, stands at the begin of `s` in any case.
bool StartsWith(std::string_view s, std::string_view word) {
  if (s.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (Lower(s[i]) != word[i]) return false;
  }
  return true;
}

bool Same(std::string_view s, std::string_view word) {
  return s.size() == word.size() && StartsWith(s, word);
}

void SkipSpace(std::string_view* s) {
  while (!s->empty() && IsSpace(s->front())) s->remove_prefix(1);
}

struct Attribute {
  std::string_view name;
  std::string_view value;
};

/// Reads one attribute off `rest`, which then stands behind it. False in front of '>' and at the end.
bool ReadAttribute(std::string_view* rest, Attribute* out) {
  while (!rest->empty() && (IsSpace(rest->front()) || rest->front() == '/')) rest->remove_prefix(1);
  if (rest->empty() || rest->front() == '>') return false;
  size_t end = 1;
  while (end < rest->size() && !IsSpace((*rest)[end]) && (*rest)[end] != '/' && (*rest)[end] != '>' &&
         (*rest)[end] != '=') {
    ++end;
  }
  out->name = rest->substr(0, end);
  out->value = {};
  rest->remove_prefix(end);
  SkipSpace(rest);
  if (!rest->starts_with('=')) return true;
  rest->remove_prefix(1);
  SkipSpace(rest);
  if (rest->empty()) return false;
  const char quote = rest->front();
  if (quote == '"' || quote == '\'') {
    const size_t close = rest->find(quote, 1);
    if (close == std::string_view::npos) {
      *rest = {};
      return false;
    }
    out->value = rest->substr(1, close - 1);
    rest->remove_prefix(close + 1);
    return true;
  }
  end = 0;
  while (end < rest->size() && !IsSpace((*rest)[end]) && (*rest)[end] != '>') ++end;
  out->value = rest->substr(0, end);
  rest->remove_prefix(end);
  return true;
}

/// The encoding named in "text/html; charset=...".
Charset FromContent(std::string_view content) {
  constexpr std::string_view kWord = "charset";
  for (size_t i = 0; i + kWord.size() <= content.size(); ++i) {
    if (!StartsWith(content.substr(i), kWord)) continue;
    std::string_view rest = content.substr(i + kWord.size());
    SkipSpace(&rest);
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    SkipSpace(&rest);
    if (rest.empty()) return Charset::kNone;
    if (rest.front() == '"' || rest.front() == '\'') {
      const size_t close = rest.find(rest.front(), 1);
      return close == std::string_view::npos ? Charset::kNone : FindCharset(rest.substr(1, close - 1));
    }
    return FindCharset(rest.substr(0, rest.find_first_of("; \t\n\r\f")));
  }
  return Charset::kNone;
}

/// Reads the attributes of a <meta>; `rest` stands behind its name.
Charset ReadMeta(std::string_view* rest) {
  bool seen_http_equiv = false;
  bool seen_content = false;
  bool seen_charset = false;
  bool content_type = false;
  bool from_content = false;
  Charset charset = Charset::kNone;
  Attribute attribute;
  while (ReadAttribute(rest, &attribute)) {
    if (Same(attribute.name, "http-equiv") && !seen_http_equiv) {
      seen_http_equiv = true;
      content_type = Same(attribute.value, "content-type");
    } else if (Same(attribute.name, "content") && !seen_content) {
      seen_content = true;
      if (charset == Charset::kNone && !seen_charset) {
        charset = FromContent(attribute.value);
        from_content = charset != Charset::kNone;
      }
    } else if (Same(attribute.name, "charset") && !seen_charset) {
      seen_charset = true;
      charset = FindCharset(attribute.value);
      from_content = false;
    }
  }
  return from_content && !content_type ? Charset::kNone : charset;
}

/// <?xml version="1.0" encoding="..."?> at the very begin.
Charset ReadXmlDeclaration(std::string_view bytes) {
  if (!bytes.starts_with("<?xml")) return Charset::kNone;
  const std::string_view declaration = bytes.substr(0, bytes.find('>'));
  constexpr std::string_view kWord = "encoding";
  const size_t at = declaration.find(kWord);
  if (at == std::string_view::npos) return Charset::kNone;
  std::string_view rest = declaration.substr(at + kWord.size());
  SkipSpace(&rest);
  if (!rest.starts_with('=')) return Charset::kNone;
  rest.remove_prefix(1);
  SkipSpace(&rest);
  if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) return Charset::kNone;
  const size_t close = rest.find(rest.front(), 1);
  return close == std::string_view::npos ? Charset::kNone : FindCharset(rest.substr(1, close - 1));
}

/// What was read is ASCII, so that it cannot be what it says: UTF-16 means UTF-8, x-user-defined
/// windows-1252.
Charset Believable(Charset charset) {
  if (charset == Charset::kUtf16Le || charset == Charset::kUtf16Be) return Charset::kUtf8;
  return charset == Charset::kUserDefined ? Charset::kWindows1252 : charset;
}

}  // namespace

Charset PrescanMeta(std::string_view bytes) {
  bytes = bytes.substr(0, kPrescanned);
  std::string_view rest = bytes;
  while (!rest.empty()) {
    if (rest.starts_with("<!--")) {
      const size_t close = rest.find("-->", 2);
      rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 3);
    } else if (StartsWith(rest, "<meta") && rest.size() > 5 && (IsSpace(rest[5]) || rest[5] == '/')) {
      rest.remove_prefix(5);
      const Charset charset = ReadMeta(&rest);
      if (charset != Charset::kNone) return Believable(charset);
    } else if (rest.front() == '<' && rest.size() > 1 &&
               (IsLetter(rest[1]) || (rest[1] == '/' && rest.size() > 2 && IsLetter(rest[2])))) {
      rest.remove_prefix(1);
      while (!rest.empty() && !IsSpace(rest.front()) && rest.front() != '>') rest.remove_prefix(1);
      Attribute attribute;
      while (ReadAttribute(&rest, &attribute)) {
      }
    } else if (rest.starts_with("<!") || rest.starts_with("</") || rest.starts_with("<?")) {
      const size_t close = rest.find('>');
      rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 1);
    } else {
      const size_t next = rest.find('<', 1);
      rest.remove_prefix(next == std::string_view::npos ? rest.size() : next);
    }
  }
  return Believable(ReadXmlDeclaration(bytes));
}

}  // namespace refrain::charset
