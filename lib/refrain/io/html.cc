#include "refrain/io/html.h"

#include <algorithm>

#include "refrain/io/html_elements_internal.h"
#include "refrain/io/html_lines_internal.h"
#include "refrain/io/html_tags_internal.h"
#include "refrain/io/html_tokens_internal.h"

namespace refrain {
namespace {

using html::Tag;

constexpr bool Is(html::Name name, Tag tag) { return name == html::NameOf(tag); }

class Extractor {
 public:
  Extractor(std::string_view html, const HtmlOptions& options, HtmlText* out)
      : html_(html),
        out_(out),
        tokens_(html),
        elements_(static_cast<size_t>(std::max(options.max_depth, 1))),
        lines_(html, &out->text, options.map_offsets ? &out->offsets : nullptr, &out->ends) {}

  void Run() {
    html::Token token;
    while (tokens_.Next(&token)) {
      switch (token.kind) {
        case html::Token::kText:
          if (Shown()) {
            const size_t before = out_->text.size();
            lines_.Text(token.begin, token.end,
                        {.references = !token.literal,
                         .pre = (elements_.state() & html::kPreformatted) != 0,
                         .keep_nul = InForeign()});
            if (elements_.state() & html::kApart) StandsApart(before);
          }
          continue;
        case html::Token::kStartTag:
          Start(token);
          break;
        case html::Token::kEndTag:
          End(token);
          break;
      }
      tokens_.set_foreign(elements_.InsideForeignElement());
    }
    lines_.Break(html_.size());
  }

 private:
  bool InForeign() const { return (elements_.state() & html::kInForeign) != 0; }
  bool Displayed() const { return (elements_.state() & html::kHidden) == 0; }
  bool Shown() const { return (elements_.state() & (html::kHidden | html::kInvisible)) == 0; }

  void Show(html::Closed closed, size_t at) {
    if (closed.line) {
      lines_.Break(at);
    } else if (closed.cell) {
      lines_.Cell(at);
    }
  }

  void Start(const html::Token& token);
  void StartForeign(const html::Token& token, uint32_t traits);
  bool InTable() const { return elements_.Has(Tag::kTable) || elements_.Has(Tag::kTemplate); }
  /// What the edges of a block or cell do, where the element itself is not on the stack. Browsers pass over
  /// parts of a table that have no table; words must not run together over it.
  void Separate(uint32_t traits, size_t at) {
    if (Displayed()) Show({.line = (traits & html::kBlock) != 0, .cell = (traits & html::kCell) != 0}, at);
  }
  bool LeaveSelect(const html::Token& token);
  void End(const html::Token& token);
  void RawText(const html::Token& token, uint32_t traits, bool shown);
  void Title(size_t begin, size_t end);
  void StandsApart(size_t begin);

  std::string_view html_;
  HtmlText* out_;
  html::Tokens tokens_;
  html::Elements elements_;
  html::Lines lines_;
  bool in_form_ = false;
};

/// The element's own share of what holds inside it.
uint8_t OwnState(const html::Token& token, uint32_t traits) {
  uint32_t own = 0;
  bool hidden = (traits & html::kDropped) != 0;
  if (Is(token.name, Tag::kTemplate) && (token.attributes & html::kShadowRoot)) hidden = false;
  if (Is(token.name, Tag::kDialog) && !(token.attributes & html::kOpenAttribute)) hidden = true;
  if (token.attributes & (html::kHiddenAttribute | html::kDisplayNone)) hidden = true;
  if (hidden) own |= html::kHidden;
  if (token.attributes & html::kVisibilityHidden) own |= html::kInvisible;
  if (token.attributes & html::kVisibilityVisible) own |= html::kVisible;
  if (traits & html::kPre) own |= html::kPreformatted;
  if (traits & html::kForeign) own |= html::kInForeign;
  if (traits & html::kBeside) own |= html::kApart;
  return static_cast<uint8_t>(own);
}

void Extractor::Start(const html::Token& token) {
  const uint32_t traits = html::TraitsOf(token.name);
  if (InForeign()) {
    const bool leaves = (traits & html::kBreakout) ||
                        (Is(token.name, Tag::kFont) && (token.attributes & html::kFontAttribute));
    if (!leaves) return StartForeign(token, traits);
    Show(elements_.LeaveForeign(), token.begin);
  }
  if (Is(token.name, Tag::kHtml) || Is(token.name, Tag::kBody)) {
    // Never hidden: a page that starts hidden is shown by its scripts.
    if (Displayed()) lines_.Break(token.begin);
    return;
  }
  if (Is(token.name, Tag::kHead)) return;
  if (elements_.Has(Tag::kSelect) && LeaveSelect(token)) return;
  if (Is(token.name, Tag::kForm) && !elements_.Has(Tag::kTemplate)) {
    if (in_form_) return;  // until the next "</form>", wherever that is
    in_form_ = true;
  }
  if ((traits & html::kTablePart) && !InTable()) return Separate(traits, token.begin);
  Show(elements_.BeforeStart(token.name, traits), token.begin);

  const uint8_t own = OwnState(token, traits);
  const bool displayed = Displayed() && !(own & html::kHidden);
  if (displayed && (traits & html::kBlock)) lines_.Break(token.begin);
  if (displayed && (traits & html::kCell)) lines_.Cell(token.begin);
  if (Displayed() && (traits & html::kGap)) lines_.Space(token.begin);
  if (traits & html::kRawText) {
    const bool visible = (own & html::kVisible) || (Shown() && !(own & html::kInvisible));
    return RawText(token, traits, displayed && visible);
  }
  if (traits & html::kVoid) return;
  if ((traits & html::kForeign) && token.self_closing) return;
  const uint32_t is_html = traits & html::kForeign ? 0 : uint32_t{html::kHtml};
  elements_.Push({.name = token.name,
                  .own = own,
                  .barriers = static_cast<uint8_t>((traits & html::kBarriers) | is_html),
                  .breaks = (traits & html::kBlock) != 0,
                  .cell = (traits & html::kCell) != 0,
                  .formatting = (traits & html::kFormatting) != 0});
}

/// An element of svg or math. HTML comes back inside those that may hold it.
void Extractor::StartForeign(const html::Token& token, uint32_t traits) {
  if (token.self_closing) return;
  const bool holds_html = (traits & html::kIntegration) != 0;
  uint8_t own = OwnState(token, traits & html::kForeignDropped ? uint32_t{html::kDropped} : 0);
  if (!holds_html) own = static_cast<uint8_t>(own | html::kInForeign);
  elements_.Push(
      {.name = token.name,
       .own = own,
       .barriers = static_cast<uint8_t>(holds_html ? html::kSpecial | html::kScope | html::kItemScope : 0)});
}

/// Inside a select list: controls end it. True if the tag does nothing else.
bool Extractor::LeaveSelect(const html::Token& token) {
  const bool select = Is(token.name, Tag::kSelect);
  if (!select && !Is(token.name, Tag::kInput) && !Is(token.name, Tag::kKeygen) &&
      !Is(token.name, Tag::kTextarea)) {
    return false;
  }
  html::Closed closed;
  return elements_.EndSelect(&closed) && select;
}

void Extractor::End(const html::Token& token) {
  const uint32_t traits = html::TraitsOf(token.name);
  if (elements_.InsideForeignElement()) {
    html::Closed closed;
    if (Is(token.name, Tag::kP) || Is(token.name, Tag::kBr)) {
      closed = elements_.LeaveForeign();
    } else if (elements_.EndForeign(token.name, &closed)) {
      return Show(closed, token.begin);
    }
    Show(closed, token.begin);
  }
  if (Is(token.name, Tag::kHtml) || Is(token.name, Tag::kBody)) {
    // Whatever was left open ends with the page, so that nothing hidden swallows a page that follows.
    if (elements_.Has(Tag::kTemplate)) return;
    elements_.Clear();
    return lines_.Break(token.begin);
  }
  if (Is(token.name, Tag::kForm) && !elements_.Has(Tag::kTemplate)) {
    if (!in_form_) return;
    in_form_ = false;
  }
  html::Closed closed;
  if (elements_.End(token.name, traits, &closed)) return Show(closed, token.begin);
  if (!Displayed()) return;
  // "</p>" alone is an empty paragraph and "</br>" is a "<br>".
  if (Is(token.name, Tag::kP) || Is(token.name, Tag::kBr)) lines_.Break(token.begin);
  if (elements_.forgetful() || ((traits & html::kTablePart) && !InTable())) Separate(traits, token.begin);
}

void Extractor::RawText(const html::Token& token, uint32_t traits, bool shown) {
  const size_t begin = tokens_.position();
  const size_t end = tokens_.SkipRawText(token.name);
  if (Is(token.name, Tag::kTitle)) return Title(begin, end);
  if (!shown) return;
  lines_.Text(begin, end, {.references = (traits & html::kReferences) != 0, .pre = true, .keep_nul = true});
  lines_.Break(end);
}

/// The text from `begin` on.
void Extractor::StandsApart(size_t begin) {
  const size_t end = out_->text.size();
  if (begin >= end) return;
  std::vector<Span>& apart = out_->apart;
  // Across the end of a line; white space may have gone.
  if (!apart.empty() && begin <= apart.back().end + size_t{1}) {
    apart.back().end = static_cast<uint32_t>(end);
  } else {
    apart.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }
}

/// The first title that says something.
void Extractor::Title(size_t begin, size_t end) {
  std::string& title = out_->title;
  if (!title.empty() || elements_.Has(Tag::kTemplate)) return;
  html::Lines lines(html_, &title, nullptr, nullptr);
  lines.Text(begin, end, {.keep_nul = true});
  lines.Break(end);
  if (!title.empty()) title.pop_back();
}

}  // namespace

void ExtractHtml(std::string_view html, const HtmlOptions& options, HtmlText* out) {
  out->text.clear();
  out->title.clear();
  out->offsets.clear();
  out->ends.clear();
  out->apart.clear();
  Extractor(html, options, out).Run();
}

}  // namespace refrain
