#include "refrain/io/html_tokens_internal.h"

#include <array>
#include <cstring>

#include "refrain/io/html_style_internal.h"

namespace refrain::html {
namespace {

enum CharClass : uint8_t {
  kEndsTagName = 1,    // white space, '/', '>'
  kEndsAttribute = 2,  // the same and '='
  kEndsUnquoted = 4,   // white space, '>'
  kWhiteSpace = 8,
};

constexpr auto kClasses = [] {
  std::array<uint8_t, 256> classes{};
  for (unsigned char c : {' ', '\t', '\n', '\r', '\f'}) {
    classes[c] = kEndsTagName | kEndsAttribute | kEndsUnquoted | kWhiteSpace;
  }
  classes['/'] = kEndsTagName | kEndsAttribute;
  classes['>'] = kEndsTagName | kEndsAttribute | kEndsUnquoted;
  classes['='] = kEndsAttribute;
  return classes;
}();

bool Has(char c, CharClass wanted) { return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0; }

bool IsLetter(char c) {
  const char folded = static_cast<char>(c | 0x20);
  return folded >= 'a' && folded <= 'z';
}

/// Whether `s` is `word` in any case. REQUIRES: `word` is lower case letters.
bool SameWord(std::string_view s, std::string_view word) {
  if (s.size() != word.size()) return false;
  for (size_t i = 0; i < s.size(); ++i) {
    if (static_cast<char>(s[i] | 0x20) != word[i]) return false;
  }
  return true;
}

/// What the attribute means for being shown. `seen_style`: the first of two style attributes counts.
uint32_t ReadAttribute(std::string_view name, std::string_view value, bool* seen_hidden, bool* seen_style) {
  switch (name.size()) {
    case 4:
      if (SameWord(name, "open")) return kOpenAttribute;
      if (SameWord(name, "face") || SameWord(name, "size")) return kFontAttribute;
      return 0;
    case 5:
      if (SameWord(name, "style") && !*seen_style) {
        *seen_style = true;
        return ReadStyle(value);
      }
      return SameWord(name, "color") ? uint32_t{kFontAttribute} : 0;
    case 6:
      if (SameWord(name, "hidden") && !*seen_hidden) {
        *seen_hidden = true;
        const bool until_found = value.size() == 11 && SameWord(value.substr(0, 5), "until") &&
                                 value[5] == '-' && SameWord(value.substr(6), "found");
        return until_found ? 0 : uint32_t{kHiddenAttribute};
      }
      return 0;
    case 14:
      return SameWord(name, "shadowrootmode") ? uint32_t{kShadowRoot} : 0;
    default:
      return 0;
  }
}

}  // namespace

bool Tokens::Next(Token* token) {
  *token = Token();
  const size_t size = html_.size();
  while (at_ < size) {
    // Text runs to the next '<' that begins markup.
    size_t end = at_;
    while (true) {
      if (html_[end] != '<') {
        const void* found = std::memchr(html_.data() + end, '<', size - end);
        if (found == nullptr) {
          end = size;
          break;
        }
        end = static_cast<size_t>(static_cast<const char*>(found) - html_.data());
      }
      if (end + 1 < size) {
        const char c = html_[end + 1];
        if (IsLetter(c) || c == '!' || c == '?' || (c == '/' && end + 2 < size)) break;
      }
      if (++end == size) break;
    }
    if (end > at_) {
      token->kind = Token::kText;
      token->begin = at_;
      token->end = end;
      at_ = end;
      return true;
    }
    token->begin = at_;
    const char c = html_[at_ + 1];
    const bool is_token =
        IsLetter(c) || (c == '/' && IsLetter(html_[at_ + 2])) ? ReadTag(token) : ReadMarkup(token);
    if (is_token) return true;
  }
  return false;
}

bool Tokens::ReadTag(Token* token) {
  const char* const base = html_.data();
  const char* const end = base + html_.size();
  const char* p = base + at_ + 1;
  token->kind = *p == '/' ? Token::kEndTag : Token::kStartTag;
  if (*p == '/') ++p;
  const char* name = p;
  while (p < end && !Has(*p, kEndsTagName)) ++p;
  token->name = LookUpName({name, static_cast<size_t>(p - name)});

  bool seen_hidden = false;
  bool seen_style = false;
  at_ = html_.size();  // unless a '>' is found
  while (true) {
    while (p < end && Has(*p, kWhiteSpace)) ++p;
    if (p == end) return false;
    if (*p == '>') break;
    if (*p == '/') {
      ++p;
      if (p < end && *p == '>') {
        token->self_closing = true;
        break;
      }
      continue;
    }
    const char* attribute = p++;  // a '=' here is the first letter of a name
    while (p < end && !Has(*p, kEndsAttribute)) ++p;
    const std::string_view spelling(attribute, static_cast<size_t>(p - attribute));
    while (p < end && Has(*p, kWhiteSpace)) ++p;
    std::string_view value;
    if (p < end && *p == '=') {
      ++p;
      while (p < end && Has(*p, kWhiteSpace)) ++p;
      if (p == end) return false;
      if (*p == '"' || *p == '\'') {
        const char quote = *p++;
        const char* close = static_cast<const char*>(std::memchr(p, quote, static_cast<size_t>(end - p)));
        if (close == nullptr) return false;
        value = {p, static_cast<size_t>(close - p)};
        p = close + 1;
      } else {
        const char* start = p;
        while (p < end && !Has(*p, kEndsUnquoted)) ++p;
        value = {start, static_cast<size_t>(p - start)};
      }
    }
    if (token->kind == Token::kStartTag) {
      token->attributes |= ReadAttribute(spelling, value, &seen_hidden, &seen_style);
    }
  }
  token->end = at_ = static_cast<size_t>(p + 1 - base);
  return true;
}

/// Comments and their like. True where it was text after all.
bool Tokens::ReadMarkup(Token* token) {
  const std::string_view rest = html_.substr(at_);
  if (rest.starts_with("<!--")) {
    if (rest.substr(4).starts_with(">") || rest.substr(4).starts_with("->")) {
      at_ += rest[4] == '>' ? 5 : 6;
      return false;
    }
    for (size_t from = 4;;) {
      const size_t dashes = rest.find("--", from);
      if (dashes == std::string_view::npos) break;
      // "--->" ends a comment too: look behind all dashes.
      size_t after = dashes + 2;
      while (after < rest.size() && rest[after] == '-') ++after;
      if (after < rest.size() && rest[after] == '>') {
        at_ += after + 1;
        return false;
      }
      if (after + 1 < rest.size() && rest[after] == '!' && rest[after + 1] == '>') {
        at_ += after + 2;
        return false;
      }
      from = after;
    }
    at_ = html_.size();
    return false;
  }
  constexpr std::string_view kCdata = "<![CDATA[";
  if (foreign_ && rest.starts_with(kCdata)) {
    const size_t close = rest.find("]]>", kCdata.size());
    token->kind = Token::kText;
    token->literal = true;
    token->begin = at_ + kCdata.size();
    token->end = close == std::string_view::npos ? html_.size() : at_ + close;
    at_ = close == std::string_view::npos ? html_.size() : at_ + close + 3;
    return token->begin < token->end;
  }
  const size_t close = rest.find('>');
  at_ = close == std::string_view::npos ? html_.size() : at_ + close + 1;
  return false;
}

size_t Tokens::SkipRawText(Name name) {
  if (name == NameOf(Tag::kPlaintext)) return at_ = html_.size();
  if (name == NameOf(Tag::kScript)) return at_ = SkipScript();
  while (true) {
    const size_t open = html_.find("</", at_);
    if (open == std::string_view::npos) return at_ = html_.size();
    size_t end = open + 2;
    while (end < html_.size() && IsLetter(html_[end])) ++end;
    if (end < html_.size() && Has(html_[end], kEndsTagName) &&
        LookUpName(html_.substr(open + 2, end - open - 2)) == name) {
      return at_ = open;
    }
    at_ = end;
  }
}

/// The end tag of a script does not count inside `<!-- <script> ... -->`: pages write script tags from
/// scripts.
size_t Tokens::SkipScript() {
  enum { kPlain, kEscaped, kDoubleEscaped } state = kPlain;
  const size_t size = html_.size();
  size_t i = at_;
  // Whether "script" and something that ends a tag name stand at `at`.
  auto script_at = [&](size_t at) {
    return at + 6 < size && SameWord(html_.substr(at, 6), "script") && Has(html_[at + 6], kEndsTagName);
  };
  while (true) {
    i = state == kPlain ? html_.find('<', i) : html_.find_first_of("<-", i);
    if (i == std::string_view::npos) return size;
    const std::string_view rest = html_.substr(i);
    if (rest[0] == '-') {
      if (rest.starts_with("-->")) state = kPlain;
      ++i;
    } else if (state == kPlain && rest.starts_with("<!--")) {
      state = kEscaped;
      i += 2;  // so that "<!-->" ends at once
    } else if (rest.starts_with("</") && script_at(i + 2)) {
      if (state != kDoubleEscaped) return i;
      state = kEscaped;
      i += 8;
    } else if (state == kEscaped && script_at(i + 1)) {
      state = kDoubleEscaped;
      i += 7;
    } else {
      ++i;
    }
  }
}

}  // namespace refrain::html
