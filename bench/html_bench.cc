// ExtractHtml and DecodeHtml on pages of our own making, MB/s of HTML. The generator writes the text a reader
// sees beside the page, and no time counts unless the two agree.

#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include "refrain/io/charset.h"
#include "refrain/io/html.h"

namespace refrain {
namespace {

enum Kind : int64_t {
  kArticle,  ///< a news page: navigation, scripts, styles, attributes, some text
  kText,     ///< long paragraphs and hardly a tag
  kTags,     ///< a table of short cells with an element in each
};

struct GeneratedPage {
  std::string html;
  std::string text;
};

/// Words with a beginning that differs from line to line.
std::string Words(uint32_t seed, int count) {
  static constexpr const char* kWords[] = {"harbour", "the",  "council", "of",   "closing", "in",
                                           "autumn",  "a",    "mayor",   "said", "ferries", "were",
                                           "never",   "late", "again",   "and"};
  std::string words;
  for (int i = 0; i < count; ++i) {
    seed = seed * 1664525u + 1013904223u;
    if (i > 0) words += ' ';
    words += kWords[seed >> 28];
  }
  return words;
}

void AddParagraph(uint32_t seed, int words, GeneratedPage* page) {
  const std::string first = Words(seed, words);
  const std::string second = Words(seed + 1, words);
  page->html += "<p class=\"par par-" + std::to_string(seed) + "\">" + first + " <a href=\"/story/" +
                std::to_string(seed) + ".html\" title='see > there'><em>link</em></a>&nbsp;&ndash;\n   " +
                second + ".</p>\n";
  page->text += first + " link\u00A0\u2013 " + second + ".\n";
}

void AddFurniture(uint32_t seed, GeneratedPage* page) {
  const std::string number = std::to_string(seed);
  page->html += "<!-- block " + number + " --><div class=\"module module--" + number + "\" id=\"m" + number +
                "\" data-track='{\"position\":" + number + ",\"kind\":\"teaser\"}'><ul class=\"nav\">";
  for (int i = 0; i < 6; ++i) {
    const std::string word = Words(seed + static_cast<uint32_t>(i), 2);
    page->html +=
        "\n  <li class=\"nav__item\"><a class=\"nav__link\" href=\"https://www.example.com/section/" +
        number + "/?utm_source=nav&amp;utm_medium=web\"><span>" + word + "</span></a></li>";
    page->text += word + "\n";
  }
  page->html += "\n</ul></div>\n<script>window.q=window.q||[];q.push(function(){if(a<b&&c>d){track(\"" +
                number + "\",{x:'</div>'})}});</script>\n<div hidden><p>" + Words(seed, 8) +
                "</p></div><style>.m" + number + "{display:none;margin:0 auto}</style>\n";
}

void AddRow(uint32_t seed, GeneratedPage* page) {
  page->html += "<tr>";
  for (uint32_t i = 0; i < 8; ++i) {
    const std::string word = Words(seed + i, 1);
    page->html += "<td><b>" + word + "</b></td>";
    page->text += word + (i < 7 ? "\t" : "\n");
  }
  page->html += "</tr>";
}

GeneratedPage MakePage(Kind kind) {
  GeneratedPage page;
  page.html = "<!DOCTYPE html><html><head><meta charset=utf-8><title>Page</title></head><body>";
  if (kind == kTags) page.html += "<table>";
  for (uint32_t seed = 1; page.html.size() < 200000; ++seed) {
    if (kind == kTags) {
      AddRow(seed, &page);
    } else {
      AddParagraph(seed, kind == kText ? 200 : 12, &page);
      if (kind == kArticle) AddFurniture(seed, &page);
    }
  }
  return page;
}

void BM_ExtractHtml(benchmark::State& state) {
  const GeneratedPage page = MakePage(static_cast<Kind>(state.range(0)));
  const HtmlOptions options{.map_offsets = state.range(1) != 0};
  HtmlText out;
  ExtractHtml(page.html, options, &out);
  if (out.text != page.text || out.title != "Page") state.SkipWithError("wrong text");
  for (auto _ : state) {
    ExtractHtml(page.html, options, &out);
    benchmark::DoNotOptimize(out.text.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(page.html.size()));
}
BENCHMARK(BM_ExtractHtml)->ArgNames({"page", "offsets"})->ArgsProduct({{kArticle, kText, kTags}, {0, 1}});

struct Encoded {
  const char* charset;
  const char* sentence;  ///< in that encoding
  const char* text;
};

constexpr Encoded kEncoded[] = {
    {"utf-8", "<p>caf\xC3\xA9 \xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82 plain words here </p>\n",
     "<p>café привет plain words here </p>\n"},
    {"windows-1251", "<p>\xEF\xF0\xE8\xE2\xE5\xF2 \xEC\xE8\xF0 plain words here </p>\n",
     "<p>привет мир plain words here </p>\n"},
    {"shift_jis", "<p>\x93\xFA\x96\x7B\x8C\xEA\x93\xFA\x96\x7B\x8C\xEA plain words here </p>\n",
     "<p>日本語日本語 plain words here </p>\n"},
    {"gb18030", "<p>\xC4\xE3\xBA\xC3\xC4\xE3\xBA\xC3 plain words here </p>\n",
     "<p>你好你好 plain words here </p>\n"},
};

void BM_DecodeHtml(benchmark::State& state) {
  const Encoded& encoded = kEncoded[state.range(0)];
  std::string bytes;
  std::string text;
  while (bytes.size() < 200000) {
    bytes += encoded.sentence;
    text += encoded.text;
  }
  if (DecodeHtml(bytes, encoded.charset).text != text) state.SkipWithError("wrong text");
  for (auto _ : state) benchmark::DoNotOptimize(DecodeHtml(bytes, encoded.charset));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes.size()));
  state.SetLabel(encoded.charset);
}
BENCHMARK(BM_DecodeHtml)->ArgName("charset")->DenseRange(0, 3);

}  // namespace
}  // namespace refrain
