#include "tests/reference/html_gumbo.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <gumbo.h>

#include "refrain/base/utf8.h"

namespace refrain::reference {
namespace {

/// One step of the walk. Lines are made from the steps afterwards.
struct Step {
  enum Kind { kText, kPreText, kBreak, kCell, kSpace } kind;
  std::string text;
};

struct Inherited {
  bool invisible = false;
  bool pre = false;
};

const std::set<std::string> kBlocks = {
    "address", "article",   "aside",  "blockquote", "br",      "caption",  "center",     "dd",     "details",
    "dialog",  "dir",       "div",    "dl",         "dt",      "fieldset", "figcaption", "figure", "footer",
    "form",    "frameset",  "h1",     "h2",         "h3",      "h4",       "h5",         "h6",     "header",
    "hgroup",  "hr",        "legend", "li",         "listing", "main",     "menu",       "nav",    "ol",
    "p",       "plaintext", "pre",    "search",     "section", "summary",  "table",      "tbody",  "textarea",
    "tfoot",   "thead",     "tr",     "ul",         "xmp"};

const std::set<std::string> kNeverShown = {"applet", "audio",    "canvas",   "datalist", "head",   "iframe",
                                           "meter",  "noembed",  "noframes", "noscript", "object", "optgroup",
                                           "option", "progress", "rp",       "script",   "select", "style",
                                           "svg",    "template", "title",    "video"};

const std::set<std::string> kPreformatted = {"listing", "plaintext", "pre", "textarea", "xmp"};

std::string Lower(std::string s) {
  for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

std::string NameOf(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return Lower(std::string(piece.data, piece.length));
}

/// "display: NONE !important; x" as "display:none;x;", so that declarations can be looked for as text.
std::string Declarations(const std::string& style) {
  std::string out = ";";
  bool important = false;
  for (char c : Lower(style)) {
    if (c == '!') important = true;
    if (c == ';') important = false;
    if (!important && !std::isspace(static_cast<unsigned char>(c))) out += c;
  }
  return out + ";";
}

/// The value of the last declaration of `property`.
std::string Value(const std::string& declarations, const std::string& property) {
  const size_t at = declarations.rfind(";" + property + ":");
  if (at == std::string::npos) return "";
  const size_t begin = at + property.size() + 2;
  return declarations.substr(begin, declarations.find(';', begin) - begin);
}

class Walk {
 public:
  std::vector<Step> steps;
  std::string title;

  void Visit(const GumboNode& node, Inherited inherited) {
    switch (node.type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_WHITESPACE:
      case GUMBO_NODE_CDATA:
        if (!inherited.invisible) {
          steps.push_back({inherited.pre ? Step::kPreText : Step::kText, node.v.text.text});
        }
        return;
      case GUMBO_NODE_ELEMENT:
      case GUMBO_NODE_TEMPLATE:
        return VisitElement(node.v.element, inherited);
      default:
        return;
    }
  }

 private:
  void VisitChildren(const GumboElement& element, Inherited inherited) {
    for (unsigned i = 0; i < element.children.length; ++i) {
      Visit(*static_cast<const GumboNode*>(element.children.data[i]), inherited);
    }
  }

  void VisitElement(const GumboElement& element, Inherited inherited) {
    const std::string name = NameOf(element);
    const bool html = element.tag_namespace == GUMBO_NAMESPACE_HTML;
    const bool math = element.tag_namespace == GUMBO_NAMESPACE_MATHML;
    if (name == "html" || name == "body") return VisitChildren(element, inherited);
    FindTitles(element, name);
    if (name == "select" && !IsHidden(element, name)) steps.push_back({Step::kSpace, ""});
    if (math && (name == "annotation" || name == "annotation-xml")) return;
    if (IsHidden(element, name) || (html && kNeverShown.count(name) != 0) || name == "svg") return;
    const std::string visibility = Value(StyleOf(element), "visibility");
    if (visibility == "hidden" || visibility == "collapse") inherited.invisible = true;
    if (visibility == "visible") inherited.invisible = false;
    if (html && kPreformatted.count(name) != 0) inherited.pre = true;
    const bool block = html && kBlocks.count(name) != 0;
    const bool cell = html && (name == "td" || name == "th");
    if (block) steps.push_back({Step::kBreak, ""});
    if (cell) steps.push_back({Step::kCell, ""});
    VisitChildren(element, inherited);
    if (block) steps.push_back({Step::kBreak, ""});
    if (cell) steps.push_back({Step::kCell, ""});
  }

  static std::string StyleOf(const GumboElement& element) {
    const GumboAttribute* style = gumbo_get_attribute(&element.attributes, "style");
    return style == nullptr ? "" : Declarations(style->value);
  }

  static bool IsHidden(const GumboElement& element, const std::string& name) {
    const GumboAttribute* hidden = gumbo_get_attribute(&element.attributes, "hidden");
    if (hidden != nullptr && Lower(hidden->value) != "until-found") return true;
    if (name == "dialog" && gumbo_get_attribute(&element.attributes, "open") == nullptr) return true;
    return Value(StyleOf(element), "display") == "none";
  }

  /// Titles count wherever they stand, but for templates and svg.
  void FindTitles(const GumboElement& element, const std::string& name) {
    if (element.tag_namespace != GUMBO_NAMESPACE_HTML) return;
    if (name == "title" && title.empty() && element.children.length > 0) {
      const auto* text = static_cast<const GumboNode*>(element.children.data[0]);
      std::string joined;
      for (const std::string& word : Words(text->v.text.text)) joined += (joined.empty() ? "" : " ") + word;
      title = joined;
    }
    if (name != "head") return;
    for (unsigned i = 0; i < element.children.length; ++i) {
      const auto* child = static_cast<const GumboNode*>(element.children.data[i]);
      if (child->type == GUMBO_NODE_ELEMENT) FindTitles(child->v.element, NameOf(child->v.element));
    }
  }
};

/// Cells of one line, each with its white space in order.
class Line {
 public:
  void Add(char c, bool pre) {
    const bool white = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    if (!white || pre) {
      cell_ += c == '\f' ? ' ' : c;
    } else if (!cell_.empty() && cell_.back() != ' ' && cell_.back() != '\t') {
      cell_ += ' ';
    }
  }
  void EndCell() {
    while (true) {
      if (cell_.ends_with(' ') || cell_.ends_with('\t')) {
        cell_.pop_back();
      } else if (cell_.ends_with("\xC2\xA0")) {
        cell_.resize(cell_.size() - 2);
      } else if (cell_.ends_with("\u3000")) {
        cell_.resize(cell_.size() - 3);
      } else {
        break;
      }
    }
    if (!cell_.empty()) line_ += (line_.empty() ? "" : "\t") + cell_;
    cell_.clear();
  }
  void EndLine(std::string* text) {
    EndCell();
    if (!line_.empty()) *text += line_ + "\n";
    line_.clear();
  }

 private:
  std::string cell_;
  std::string line_;
};

}  // namespace

GumboText ExtractWithGumbo(std::string_view html) {
  // Gumbo hangs text that stands right before "</form>" behind the form. An element in between prevents that.
  std::string mended;
  for (size_t i = 0; i < html.size(); ++i) {
    if (Lower(std::string(html.substr(i, 6))) == "</form") mended += "<wbr>";
    mended += html[i];
  }
  GumboOptions options = kGumboDefaultOptions;
  GumboOutput* output = gumbo_parse_with_options(&options, mended.data(), mended.size());
  Walk walk;
  walk.Visit(*output->root, {});
  gumbo_destroy_output(&options, output);

  GumboText out;
  out.title = walk.title;
  Line line;
  for (const Step& step : walk.steps) {
    switch (step.kind) {
      case Step::kText:
        for (char c : step.text) line.Add(c, false);
        break;
      case Step::kPreText:
        for (char c : step.text) {
          if (c == '\n' || c == '\r') {
            line.EndLine(&out.text);
          } else {
            line.Add(c, true);
          }
        }
        break;
      case Step::kSpace:
        line.Add(' ', false);
        break;
      case Step::kCell:
        line.EndCell();
        break;
      case Step::kBreak:
        line.EndLine(&out.text);
        break;
    }
  }
  line.EndLine(&out.text);
  return out;
}

std::string WithoutControls(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    char32_t c = 0;
    const bool valid = DecodeUtf8(text, &at, &c);
    const bool white = c == '\t' || c == '\n' || c == '\f' || c == '\r';
    const bool control = (c < 0x20 && !white) || (c >= 0x7F && c < 0xA0);
    const bool noncharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    if (!valid || control || noncharacter) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(begin, at - begin);
    }
  }
  return out;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  const std::string_view white = " \t\n\r\f";
  for (size_t at = text.find_first_not_of(white); at != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(white, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(white, end);
  }
  return words;
}

}  // namespace refrain::reference
