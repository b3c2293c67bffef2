#include "tests/pipeline/crawl_testing.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "refrain/io/output.h"
#include "refrain/io/records.h"
#include "refrain/text/tokens.h"

namespace refrain::testing_crawl {
namespace {

namespace fs = std::filesystem;

std::string FourHex(uint32_t unit) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", unit);
  return text;
}

// Paragraphs with words that need one, two, three and four bytes, slashes and quotation marks.
std::string MakeText(uint64_t seed, int paragraphs = 4) {
  std::string text;
  for (int i = 0; i < paragraphs; ++i) {
    text += MakeLine(seed * 100 + static_cast<uint64_t>(i), 70);
    text += i + 1 < paragraphs ? "\n" : "";
  }
  return text;
}

// The same words: every full stop becomes a semicolon and two spaces, lines are joined.
std::string OtherPunctuation(std::string text) {
  std::string out;
  for (const char c : text) out += c == '.' ? ";  " : c == '\n' ? " \xe2\x80\x94 " : std::string(1, c);
  return out;
}

// One word in the middle is another one.
std::string OneWordChanged(std::string text) {
  const size_t begin = text.find(' ', text.size() / 2) + 1;
  const size_t end = text.find(' ', begin);
  return text.replace(begin, end - begin, "altogether");
}

class Writer {
 public:
  explicit Writer(Crawl* crawl) : crawl_(crawl) {}

  void Open(const std::string& file) {
    file_ = file;
    record_ = 0;
  }
  // A line of JSONL. `shown` is the id that results name it by, where that is not its own.
  void Line(const std::string& id, const std::string& text, const std::string& fresh = "",
            const std::string& end = "\n", const std::string& shown = "", uint64_t escapes = 0) {
    const std::string place = file_ + ":" + std::to_string(record_);
    const std::string name = !shown.empty() ? id + "@" + place : id.empty() ? place : id;
    crawl_->pages.push_back({name, text, fresh.empty() ? name : fresh});
    Raw(JsonLine(id, text, escapes) + end);
  }
  void Raw(const std::string& bytes) {
    crawl_->files[file_] += bytes;
    ++record_;
  }
  void WholeFile(const std::string& file, const std::string& bytes, const std::string& text,
                 const std::string& fresh = "") {
    crawl_->files[file] = bytes;
    crawl_->pages.push_back({file, text, fresh.empty() ? file : fresh});
  }
  size_t offset() const { return crawl_->files[file_].size(); }

 private:
  Crawl* crawl_;
  std::string file_;
  uint64_t record_ = 0;
};

}  // namespace

const WrittenPage& Crawl::page(const std::string& id) const {
  for (const WrittenPage& page : pages) {
    if (page.id == id) return page;
  }
  ADD_FAILURE() << "no page is called " << id;
  return pages.front();
}

std::string MakeLine(uint64_t seed, int words) {
  static const std::vector<std::string> kSyllables = {"ba",  "ke", "lo", "mi", "nu", "sa", "ro", "ti", "vel",
                                                      "dor", "é",  "ß",  "ж",  "ნ",  "ẞ",  "𝒜",  "𐐷"};
  std::mt19937_64 random(seed);
  std::string line;
  for (int i = 0; i < words; ++i) {
    std::string word;
    for (int syllable = 0; syllable < 4; ++syllable) word += kSyllables[random() % kSyllables.size()];
    line += word;
    const uint64_t what = random() % 24;
    if (i + 1 == words) {
      line += ".";
    } else if (what < 2) {
      line += ". ";
    } else if (what < 4) {
      line += ", \"";
    } else if (what == 4) {
      line += "/";
    } else if (what == 5) {
      line += "\t😀 ";
    } else {
      line += " ";
    }
  }
  return line;
}

std::string JsonString(const std::string& text, uint64_t escape_seed) {
  std::mt19937_64 random(escape_seed);
  std::string out = "\"";
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t point = size == 1 ? lead : lead & (0xff >> (size + 1));
    for (size_t i = 1; i < size; ++i) point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
    const std::string plain = text.substr(at, size);
    at += size;
    const bool escape = escape_seed != 0 && random() % 2 == 0;
    if (escape && point >= 0x10000) {
      out += FourHex(0xd800 + ((point - 0x10000) >> 10)) + FourHex(0xdc00 + ((point - 0x10000) & 0x3ff));
    } else if (escape && (point >= 0x80 || point % 7 == 0)) {
      out += FourHex(point);
    } else if (point == '"' || point == '\\' || (point == '/' && escape)) {
      out += "\\" + plain;
    } else if (point == '\n') {
      out += "\\n";
    } else if (point == '\t') {
      out += "\\t";
    } else if (point < 0x20) {
      out += FourHex(point);
    } else {
      out += plain;
    }
  }
  return out + "\"";
}

std::string JsonLine(const std::string& id, const std::string& text, uint64_t escape_seed) {
  std::string line = "{";
  if (!id.empty()) line += "\"id\": " + JsonString(id) + ", ";
  if (escape_seed % 2 == 1) line += "\"odd\" : [1.50, {\"text\": \"not this\"}, null],";
  line += "\"text\":" + JsonString(text, escape_seed);
  if (escape_seed % 3 == 1) line += " , \"date\":\"2024-01-31\"";
  return line + "}";
}

Crawl MakeCrawl() {
  Crawl crawl;
  Writer to(&crawl);
  to.Open("a.jsonl");
  for (uint64_t i = 0; i < 12; ++i) {
    to.Line("fresh" + std::to_string(i), MakeText(i), "", i % 4 == 1 ? "\r\n" : "\n", "", i % 3 == 2 ? i : 0);
    if (i == 3) to.Raw("\n");
    if (i == 4) to.Raw(" \t\r\n");
  }
  crawl.damaged = "a.jsonl: byte " + std::to_string(to.offset());
  to.Raw("{\"id\":\"broken\",\"text\":\"" + MakeLine(900, 30) + "\n");
  // Pages that show a passage twice, in every spelling of JSON: the cut lies within escapes.
  for (uint64_t i = 20; i < 30; ++i) {
    const std::string once = MakeLine(i, 40), last = MakeLine(i + 500, 60);
    to.Line("twice" + std::to_string(i), once + "\n" + last + "\n" + once, "", "\n", "", i % 2 ? i : 0);
  }
  crawl.oversized = JsonLine("big", MakeLine(7000, 4000)) + "\n";
  EXPECT_GT(crawl.oversized.size(), kMaxRecord);
  to.Raw(crawl.oversized);
  to.Line("exact0", OtherPunctuation(MakeText(0)), "fresh0");
  to.Line("", MakeText(40));

  to.Open("b.jsonl");
  for (uint64_t i = 0; i < 12; i += 2)
    to.Line("near" + std::to_string(i), OneWordChanged(MakeText(i)), "fresh" + std::to_string(i), "\n", "",
            i);
  for (uint64_t i = 1; i < 12; i += 3)
    to.Line("exact" + std::to_string(i), OtherPunctuation(MakeText(i)), "fresh" + std::to_string(i));
  to.Line("same", MakeText(50), "", "\n", "@");
  to.Line("same", MakeText(51), "", "\r\n", "@");
  to.Line("empty", "");
  to.Line("signs", "?!... \xe2\x80\x94");
  to.Line("signs2", "?!... \xe2\x80\x94");
  to.Line("", OneWordChanged(MakeText(40)), "a.jsonl:27");
  to.Raw("\n");
  to.Line("last", MakeText(60), "", "");

  to.WholeFile("c.txt", MakeText(3), MakeText(3), "fresh3");
  const std::string own = "\xef\xbb\xbf" + MakeText(61) + "\r\n";
  to.WholeFile("d.txt", own, own);
  const std::string line = MakeLine(62, 50), text = line + "\r\n\r\n" + MakeText(63) + "\r" + line;
  to.WholeFile("e.txt", text, text);
  std::string html = "<!doctype html><title>t</title><body>";
  std::istringstream paragraphs(MakeText(5));
  for (std::string paragraph; std::getline(paragraphs, paragraph);) html += "<p>" + paragraph + "</p>\n";
  to.WholeFile("f.html", html, MakeText(5), "fresh5");
  return crawl;
}

std::string MakeFolder() {
  static std::atomic<int> number = 0;
  const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string folder = ::testing::TempDir() + "refrain-" + test->test_suite_name() + "-" +
                             test->name() + "-" + std::to_string(::getpid()) + "-" + std::to_string(number++);
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

std::string WriteFolder(const std::map<std::string, std::string>& files) {
  const std::string folder = MakeFolder();
  for (const auto& [name, bytes] : files) {
    fs::create_directories(fs::path(folder + "/" + name).parent_path());
    std::ofstream(folder + "/" + name, std::ios::binary) << bytes;
  }
  return folder;
}

std::string WriteCompressedFolder(const std::map<std::string, std::string>& files) {
  const std::string folder = MakeFolder();
  for (const auto& [name, bytes] : files) {
    fs::create_directories(fs::path(folder + "/" + name).parent_path());
    const auto file = OutputFile::Create(folder + "/" + name, Compression::kZstd);
    EXPECT_TRUE(file.ok() && (*file)->Write(bytes).ok() && (*file)->Close().ok());
  }
  return folder;
}

std::map<std::string, std::string> ReadFolder(const std::string& folder) {
  std::map<std::string, std::string> files;
  if (!fs::exists(folder)) return files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::stringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().lexically_relative(folder).string()] = bytes.str();
  }
  return files;
}

std::map<std::string, std::string> ResultBytes(const std::string& run) {
  std::map<std::string, std::string> files = ReadFolder(run);
  EXPECT_EQ(files.erase("run.json"), 1u);
  return files;
}

DedupOptions OptionsFor(const std::string& input) {
  DedupOptions options;
  options.corpus.inputs = {input};
  options.corpus.reader.max_record = kMaxRecord;
  options.corpus.tmpdir = MakeFolder();
  options.out = MakeFolder() + "/run";
  return options;
}

std::vector<Row> ReadRows(const std::string& run, const std::string& name) {
  const std::string path = run + "/" + name;
  std::vector<Row> rows;
  auto reader = OpenRecords({.path = path, .name = name, .size = fs::file_size(path)}, 0,
                            {.format = InputFormat::kJsonl});
  if (!reader.ok()) {
    ADD_FAILURE() << reader.status();
    return rows;
  }
  simdjson::dom::parser parser;
  RecordBatch batch;
  while (true) {
    const absl::StatusOr<bool> more = (*reader)->Next(&batch);
    EXPECT_TRUE(more.ok()) << more.status();
    EXPECT_TRUE(batch.damage.empty());
    for (const Record& record : batch.records) {
      simdjson::dom::element json;
      if (parser.parse(simdjson::padded_string(record.bytes)).get(json) != simdjson::SUCCESS) {
        ADD_FAILURE() << "not JSON: " << record.bytes;
        continue;
      }
      Row& row = rows.emplace_back();
      const auto text = [&](const char* key, std::string* to) {
        std::string_view value;
        if (json[key].get(value) == simdjson::SUCCESS) *to = value;
      };
      text("file", &row.file), text("verdict", &row.verdict), text("witness", &row.witness);
      text("id", &row.id), text("raw", &row.raw), text("a", &row.a), text("b", &row.b);
      uint64_t number = 0;
      if (json["record"].get(number) == simdjson::SUCCESS) row.record = number;
      if (json["begin"].get(number) == simdjson::SUCCESS) row.begin = static_cast<uint32_t>(number);
      if (json["end"].get(number) == simdjson::SUCCESS) row.end = static_cast<uint32_t>(number);
      row.is_span = json["at"].get(number) == simdjson::SUCCESS;
      if (json["resemblance"].get(row.resemblance) != simdjson::SUCCESS) row.resemblance = -1;
      const auto number_of = [](simdjson::dom::element value) {
        return static_cast<uint32_t>(value.get_uint64().value_unsafe());
      };
      simdjson::dom::array list;
      if (json["repeats"].get(list) == simdjson::SUCCESS) {
        for (const simdjson::dom::element repeat : list) {
          row.kept.emplace_back(number_of(repeat["kept_begin"].value_unsafe()),
                                number_of(repeat["kept_end"].value_unsafe()));
        }
      }
      if (json["kept"].get(list) == simdjson::SUCCESS)
        row.kept.emplace_back(number_of(list.at(0).value_unsafe()), number_of(list.at(1).value_unsafe()));
    }
    if (!more.ok() || !*more) return rows;
  }
}

std::string Unescaped(const std::string& raw) {
  simdjson::dom::parser parser;
  std::string_view text;
  EXPECT_TRUE(parser.parse(simdjson::padded_string("\"" + raw + "\"")).get(text) == simdjson::SUCCESS) << raw;
  return std::string(text);
}

BoilerplateLine ReadBoilerplateLine(const std::string& json) {
  BoilerplateLine line;
  simdjson::dom::parser parser;
  simdjson::dom::element row;
  if (parser.parse(simdjson::padded_string(json)).get(row) != simdjson::SUCCESS) {
    ADD_FAILURE() << "not JSON: " << json;
    return line;
  }
  EXPECT_TRUE(row["pages"].get(line.pages) == simdjson::SUCCESS ||
              row["sources"].get(line.pages) == simdjson::SUCCESS);
  std::string_view first, text;
  EXPECT_TRUE(row["first"].get(first) == simdjson::SUCCESS && row["text"].get(text) == simdjson::SUCCESS);
  line.first = first;
  const auto add = [&](std::string_view part) {
    const size_t begin = part.find_first_not_of(" \n");
    if (begin != std::string_view::npos)
      line.fixed.emplace_back(part.substr(begin, part.find_last_not_of(" \n") - begin + 1));
  };
  size_t at = 0;
  simdjson::dom::array slots;
  if (row["slots"].get(slots) == simdjson::SUCCESS) {
    for (const simdjson::dom::element slot : slots) {
      const uint64_t begin = slot.at(0).get_uint64().value_unsafe();
      add(text.substr(at, begin - at));
      at = slot.at(1).get_uint64().value_unsafe();
    }
  }
  add(text.substr(at));
  return line;
}

double SlowResemblance(const std::string& one, const std::string& other) {
  const auto windows = [](const std::string& text) {
    Tokens tokens;
    Tokenize(text, &tokens);
    std::set<std::vector<uint64_t>> set;
    for (size_t i = 0; i + 5 <= tokens.size(); ++i)
      set.insert({tokens.hashes.begin() + static_cast<ptrdiff_t>(i),
                  tokens.hashes.begin() + static_cast<ptrdiff_t>(i) + 5});
    return set;
  };
  const auto a = windows(one), b = windows(other);
  size_t shared = 0;
  for (const auto& window : a) shared += b.count(window);
  const size_t all = a.size() + b.size() - shared;
  return all == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(all);
}

DedupSummary MustRun(const DedupOptions& options, const RunHooks& hooks) {
  absl::StatusOr<DedupSummary> summary = Dedup(options, hooks);
  EXPECT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(ReadFolder(options.corpus.tmpdir).empty()) << "temporary files stay behind";
  return summary.ok() ? *std::move(summary) : DedupSummary();
}

std::map<std::string, std::string> DroppedPages(const std::string& run) {
  std::map<std::string, std::string> dropped;
  for (const Row& row : ReadRows(run, "removed.jsonl.zst")) {
    if (row.verdict == "exact" || row.verdict == "near") dropped[row.id] = row.witness;
  }
  return dropped;
}

}  // namespace refrain::testing_crawl
