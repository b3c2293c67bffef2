#include "tests/reference/html_soup.h"

#include <random>

namespace refrain::reference {
namespace {

using Words = std::vector<std::string>;

const Words kBlocks = {"div",     "p",          "ul",       "ol",     "li",         "dl",      "dt",
                       "dd",      "section",    "article",  "pre",    "center",     "address", "details",
                       "summary", "blockquote", "fieldset", "figure", "figcaption", "button"};
const Words kPlainOnly = {"h1", "h2", "form", "legend", "audio", "ruby", "rt", "rp", "object"};
const Words kInline = {"span", "label", "q", "x-y"};
const Words kFormatting = {"b", "i", "em", "a", "code", "font", "nobr"};

const Words kHiding = {" hidden>", " style='display:none'>", " style='color:red; Visibility: hidden'>",
                       " style=visibility:visible>"};

const Words kOthers = {"<br>",
                       "<hr>",
                       "</br>",
                       "<img src=x>",
                       "<input>",
                       "<wbr>",
                       "<!-- c -->",
                       "<!--->",
                       "<!doctype html>",
                       "<script>if(a<b)\"</div>\"</script>",
                       "<style>p{}</style>",
                       "<title>T</title>",
                       "<template>t<p></template>",
                       "<iframe><p></iframe>",
                       "<?php x ?>",
                       "x</>y",
                       "</ x>",
                       "<![CDATA[x]]>",
                       "<p/>",
                       "<div/>",
                       "<span/>",
                       "<textarea>\n x\n y &amp;</textarea>",
                       "<xmp>a<b>\nc</xmp>",
                       "<svg><title>t</title><path d='M0'/><g></svg>",
                       "<math><mi>x</mi><mo>=</mo></math>",
                       "<select><option>1<option>2</select>",
                       "&amp;",
                       "&nbsp;",
                       "&eacute;",
                       "&notit;",
                       "&#65;",
                       "&#x26;",
                       "&bogus;",
                       "\u3000",
                       "\u4E2D\u6587",
                       " ",
                       "\n",
                       "  ",
                       "a",
                       "b ",
                       " c",
                       "word",
                       "a < b"};

const Words kTables = {"<td>",
                       "<th>",
                       "<tr><td>",
                       "</td><td>",
                       "</td></tr><tr><th>",
                       "</tr><tr><td>",
                       "<table><tr><td>",
                       "<table><td>",
                       "</table><table><tr><td>",
                       "<tbody><tr><td>",
                       "</tbody><tfoot><td>",
                       "<td hidden>",
                       "<tr hidden><td>",
                       "<tr style='display:none'><td>",
                       "<tr><td style='visibility:hidden'>",
                       "<tbody hidden><td>",
                       "</table><table><caption>"};

void Append(const Words& more, Words* to) { to->insert(to->end(), more.begin(), more.end()); }

}  // namespace

std::vector<std::string> MakeSoup(Soup kind, uint32_t seed, size_t longest) {
  Words names = kBlocks;
  Append(kInline, &names);
  Words hiding = kBlocks;
  if (kind == Soup::kFormatting) {
    Append(kFormatting, &names);
  } else {
    Append(kPlainOnly, &names);
    Append(kInline, &hiding);
    Append({"h1", "legend", "rt"}, &hiding);
  }
  std::mt19937 random(seed);
  auto one_of = [&random](const Words& words) { return words[random() % words.size()]; };
  Words soup = {"<!doctype html><body>"};
  if (kind == Soup::kTables) soup[0] += "<table><tr><td>";
  for (size_t left = 1 + random() % longest; left > 0; --left) {
    if (kind == Soup::kTables && random() % 3 == 0) {
      soup.push_back(one_of(kTables));
      continue;
    }
    switch (random() % 10) {
      case 0:
      case 1:
      case 2:
        soup.push_back("<" + one_of(names) + ">");
        break;
      case 3:
      case 4:
      case 5:
        soup.push_back("</" + one_of(names) + ">");
        break;
      case 6:
        soup.push_back("<" + one_of(hiding) + one_of(kHiding));
        break;
      case 7:
        soup.push_back(one_of(kOthers));
        break;
      default:
        soup.push_back(std::string(1, static_cast<char>('a' + random() % 26)) +
                       (random() % 3 == 0 ? " " : ""));
        break;
    }
  }
  return soup;
}

std::vector<std::string> Shrink(std::vector<std::string> pieces,
                                const std::function<bool(const std::vector<std::string>&)>& fails) {
  for (size_t i = 1; i < pieces.size();) {
    std::vector<std::string> fewer = pieces;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (fails(fewer)) {
      pieces = fewer;
      i = 1;
    } else {
      ++i;
    }
  }
  return pieces;
}

std::string Join(const std::vector<std::string>& pieces) {
  std::string joined;
  for (const std::string& piece : pieces) joined += piece;
  return joined;
}

}  // namespace refrain::reference
