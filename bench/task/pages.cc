#include "bench/task/pages.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "bench/corpus.h"
#include "refrain/base/json.h"

namespace refrain::bench {
namespace {

// `bytes` as one gzip member, at the level that crawlers use.
std::string Gzip(const std::string& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Url(size_t number) {
  return fmt::format("https://news{}.example.org/2025/06/story-{}.html", number % 40, number);
}

std::string WarcRecord(std::string_view type, std::string_view media, size_t number,
                       const std::string& block) {
  return fmt::format(
      "WARC/1.0\r\nWARC-Type: {}\r\nWARC-Target-URI: {}\r\nWARC-Date: 2025-06-14T10:{:02}:{:02}Z\r\n"
      "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{:012}>\r\nContent-Type: {}\r\nContent-Length: "
      "{}\r\n\r\n{}\r\n\r\n",
      type, Url(number), number / 60 % 60, number % 60, number, media, block.size(), block);
}

// Nothing of what stands around the text is shown.
std::string Html(const std::string& text, size_t number) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Story {}</title>\n"
      "<link rel=\"canonical\" href=\"{}\"><meta property=\"og:type\" content=\"article\">\n",
      number, Url(number));
  for (size_t i = 0; i < 8; ++i) {
    html += fmt::format(
        "<script>window.dataLayer=window.dataLayer||[];(function(w,d){{var s=d.createElement('script');"
        "s.async=1;if(w.n<{}&&w.q>{}){{s.src='/assets/"
        "{}.js?v='+{};d.head.appendChild(s)}}}})(window,document);"
        "</script>\n<style>.m{}-{}{{display:block;margin:0 auto;padding:{}px 12px;color:#2{}3{}4}}</style>\n",
        i + 3, number % 7, number * 8 + i, number % 97, i, number % 13, i * 2, i, i);
  }
  html += "</head><body class=\"page page--article\">\n";
  size_t line = 0;
  for (size_t at = 0; at < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', at), text.size());
    html += fmt::format(
        "<div class=\"module module--text\" id=\"m{}\" "
        "data-track='{{\"position\":{},\"kind\":\"paragraph\"}}'>"
        "<p class=\"article__text article__text--{}\">",
        line, line, line % 3);
    html.append(text, at, end - at);
    html += "</p></div>\n<!-- end of module -->\n";
    at = end + 1;
  }
  return html + "</body></html>\n";
}

}  // namespace

std::vector<std::string> MakePages(size_t bytes) {
  const std::string text = MakeText("english", bytes);
  std::vector<std::string> pages;
  for (size_t at = 0; at < text.size();) {
    const size_t least = 2000 + pages.size() * 7919 % 12000;
    const size_t feed = text.find('\n', std::min(at + least, text.size() - 1));
    const size_t end = feed == std::string::npos ? text.size() : feed + 1;
    std::string page = text.substr(at, end - at);
    if (pages.size() % 16 == 15) page += page.substr(0, page.find('\n') + 1);
    pages.push_back(std::move(page));
    at = end;
  }
  return pages;
}

std::string MakeFile(const std::string& kind, const std::vector<std::string>& pages) {
  std::string file;
  for (size_t i = 0; i < pages.size(); ++i) {
    if (kind == "jsonl") {
      JsonWriter json(&file);
      json.BeginObject().Field("id", std::to_string(i)).Field("url", Url(i)).Field("text", pages[i]);
      json.EndObject().EndLine();
    } else if (kind == "wet.gz") {
      file += Gzip(WarcRecord("conversion", "text/plain", i, pages[i]));
    } else {
      const std::string html = Html(pages[i], i);
      file +=
          Gzip(WarcRecord("response", "application/http; msgtype=response", i,
                          fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: "
                                      "nginx\r\nContent-Length: {}\r\n\r\n{}",
                                      html.size(), html)));
    }
  }
  return file;
}

}  // namespace refrain::bench
