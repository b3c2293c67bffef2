#include "refrain/report/web.h"

#include <cstdint>

#include <fmt/format.h>

#include "refrain/report/explained.h"
#include "refrain/report/safe_text_internal.h"
#include "refrain/report/stretches_internal.h"

namespace refrain {
namespace {

constexpr uint32_t kColors = 6;

// Colours on their ground have a contrast of 4.5 and more (WCAG AA).
constexpr char kHead[] = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What repeats</title>
<style>
:root { color-scheme: light dark; --ground: #fff; --text: #1a1a1a; --cut: #5c5c5c; --line: #c8c8c8;
  --c0: #005fb8; --c1: #974500; --c2: #8a1f9c; --c3: #1a6b1a; --c4: #b3123a; --c5: #00646a }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16181c; --text: #e6e6e6; --cut: #a8a8a8; --line: #44484f;
    --c0: #6cb6ff; --c1: #f0a35e; --c2: #d9a0f5; --c3: #7fd67f; --c4: #ff8fa3; --c5: #5fd3d8 }
}
body { margin: 0 auto; padding: 0 1rem 4rem; max-width: 46rem; background: var(--ground); color: var(--text);
  font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.3rem } h2 { font-size: 1.1rem; margin: 0 }
article { border-top: 1px solid var(--line); padding: 1rem 0 }
.facts { color: var(--cut); margin: 0 0 1rem }
.text, .why { white-space: pre-wrap; unicode-bidi: plaintext }
.why { font: inherit; font-size: .9rem }
del { color: var(--cut); text-decoration: line-through var(--c) }
mark { color: inherit; background: none; text-decoration: underline 2px var(--c); text-underline-offset: .2em }
.text a { display: inline-block; font-size: .75rem; line-height: 1.2; font-weight: bold; padding: 0 .3em;
  margin-inline-end: .2em; border: 1px solid; border-radius: .6em; color: var(--c); text-decoration: none;
  user-select: none }
.text a:target { outline: 3px solid var(--c); outline-offset: 2px }
.c0 { --c: var(--c0) } .c1 { --c: var(--c1) } .c2 { --c: var(--c2) }
.c3 { --c: var(--c3) } .c4 { --c: var(--c4) } .c5 { --c: var(--c5) }
</style>
</head>
<body>
<h1>What repeats</h1>
<p><del class="c0">Struck text</del> goes, <mark class="c0">underlined text</mark> stays and stands for it. Both
have the same number and colour; a number leads to the other copy.</p>
)";

constexpr char kFoot[] = "</body>\n</html>\n";

void AppendEscaped(std::string_view text, std::string* out) {
  std::string safe;
  AppendSafe(text, &safe);
  for (const char c : safe) {
    switch (c) {
      case '&':
        out->append("&amp;");
        break;
      case '<':
        out->append("&lt;");
        break;
      case '>':
        out->append("&gt;");
        break;
      default:
        out->push_back(c);
    }
  }
}

// "26 words, 1 of them spelt in another way by the copy that stays".
std::string Title(const RepeatRow& repeat) {
  std::string title = fmt::format("{} word{}", repeat.tokens, repeat.tokens == 1 ? "" : "s");
  if (repeat.edits > 0)
    title += fmt::format(", {} spelt in another way by the copy that stays", repeat.edits);
  return title;
}

// The number of a repeat, which leads to its other place.
void AppendLink(const PageRow& row, std::string_view name, uint32_t repeat, bool cut, std::string* out) {
  const uint32_t number = repeat + 1;
  *out +=
      fmt::format("<a id=\"{0}-{1}{3}\" href=\"#{0}-{2}{3}\" title=\"{4}\" aria-label=\"{5} {3}\">{3}</a>",
                  name, cut ? "cut" : "kept", cut ? "kept" : "cut", number, Title(row.repeats[repeat]),
                  cut ? "Goes; to the copy that stays:" : "Stays; to the copy that goes:");
}

void AppendStretch(const PageRow& row, std::string_view name, const Stretch& stretch, std::string* out) {
  const bool cut = stretch.look == Stretch::kCut;
  const std::string_view text = Slice(row.text, stretch.span);
  if (stretch.look == Stretch::kPlain) return AppendEscaped(text, out);
  const std::string_view tag = cut ? "del" : "mark";
  *out += fmt::format("<{} class=\"c{}\"", tag, stretch.passage % kColors);
  if (cut && stretch.repeat < row.repeats.size())
    *out += fmt::format(" title=\"{}\"", Title(row.repeats[stretch.repeat]));
  *out += '>';
  for (const uint32_t repeat : stretch.begins) AppendLink(row, name, repeat, cut, out);
  AppendEscaped(text, out);
  *out += fmt::format("</{}>", tag);
}

}  // namespace

void AppendWebHead(std::string* out) { out->append(kHead); }
void AppendWebFoot(std::string* out) { out->append(kFoot); }

void AppendWebPage(const PageRow& row, std::string_view name, std::string* out) {
  *out += fmt::format("<article id=\"{}\">\n<h2 dir=\"auto\">", name);
  AppendEscaped(row.id, out);
  size_t cut_bytes = 0;
  for (const Span& span : row.cut) cut_bytes += span.size();
  const size_t bytes = row.text.size();
  *out += fmt::format("</h2>\n<p class=\"facts\">{} byte{}, {:.1f} % cut, {} repeat{}</p>\n", bytes,
                      bytes == 1 ? "" : "s",
                      bytes == 0 ? 0.0 : 100 * static_cast<double>(cut_bytes) / static_cast<double>(bytes),
                      row.repeats.size(), row.repeats.size() == 1 ? "" : "s");
  out->append("<div class=\"text\" dir=\"auto\">");
  for (const Stretch& stretch : StretchesOf(row)) AppendStretch(row, name, stretch, out);
  out->append("</div>\n");
  if (row.explained) {
    std::string explanation;
    AppendExplanation(row, &explanation);
    out->append("<details>\n<summary>Why</summary>\n<pre class=\"why\" dir=\"auto\">");
    AppendEscaped(explanation, out);
    out->append("</pre>\n</details>\n");
  }
  out->append("</article>\n");
}

}  // namespace refrain
