// refrain as one of the peers of bench/peers: answers the commands of the protocol that peers.py describes.
//
//   refrain_peer minhash:128     MinHasher, that many components
//   refrain_peer page            PageSigner, 128 components
//   refrain_peer text KIND BYTES writes text of bench/corpus as pages of 400 to 8000 bytes, JSONL

#include <time.h>

#include <array>
#include <cstdint>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "bench/corpus.h"
#include "refrain/base/cpu.h"
#include "refrain/base/json.h"
#include "refrain/base/version.h"
#include "refrain/io/inputs.h"
#include "refrain/io/parse.h"
#include "refrain/io/records.h"
#include "refrain/sketch/banding.h"
#include "refrain/sketch/resemblance.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"
#include "refrain/text/tokens.h"

namespace refrain::bench {
namespace {

constexpr std::array<Banding, 2> kBandings{{{.bands = 12, .rows = 4}, {.bands = 16, .rows = 8}}};

/// Processor seconds of this process, all threads together.
double ProcessSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

absl::StatusOr<std::vector<std::string>> ReadTexts(const std::string& path) {
  auto inputs = ExpandInputs({path});
  if (!inputs.ok()) return inputs.status();
  if (inputs->size() != 1) return absl::InvalidArgumentError(absl::StrCat(path, " is not one file"));
  auto reader = OpenRecords(inputs->front(), 0, {.format = InputFormat::kJsonl});
  if (!reader.ok()) return reader.status();
  PageParser parser({});
  std::vector<std::string> texts;
  RecordBatch batch;
  for (;;) {
    const auto more = (*reader)->Next(&batch);
    if (!more.ok()) return more.status();
    if (!*more) return texts;
    for (const Record& record : batch.records) {
      Page page;
      const auto parsed = parser.Parse(record, &page);
      if (!parsed.ok()) return parsed.status();
      if (*parsed) texts.push_back(std::move(page.text));
    }
  }
}

/// Tokenises, shingles and signs one text after the other in memory that stays.
class Sketcher {
 public:
  /// InvalidArgument if there is no sketch called `name`.
  static absl::StatusOr<Sketcher> Make(const std::string& name) {
    Sketcher sketcher;
    if (name == "page") {
      sketcher.signature_.resize(PageSigner::kComponents);
      return sketcher;
    }
    const std::string_view kind = "minhash:";
    MinHashOptions options;
    if (!name.starts_with(kind) || !absl::SimpleAtoi(name.substr(kind.size()), &options.components) ||
        !options.Validate().ok()) {
      return absl::InvalidArgumentError(absl::StrCat("no such sketch: ", name));
    }
    sketcher.hasher_.emplace(options);
    sketcher.signature_.resize(options.components);
    return sketcher;
  }

  std::vector<uint64_t>& Shingle(const std::string& text) {
    Tokenize(text, &tokens_);
    MakeShingles(tokens_.hashes, tokens_.traits, ShingleOptions(), &shingles_);
    return shingles_;
  }

  const std::vector<uint32_t>& Sketch(const std::string& text) {
    Shingle(text);
    if (hasher_) {
      hasher_->Sign(shingles_, signature_);
    } else {
      PageSigner().Sign(shingles_, std::span<uint32_t, PageSigner::kComponents>(signature_));
    }
    return signature_;
  }

 private:
  std::optional<MinHasher> hasher_;  // else PageSigner
  Tokens tokens_;
  std::vector<uint64_t> shingles_;
  std::vector<uint32_t> signature_;
};

class Peer {
 public:
  explicit Peer(Sketcher sketcher) : sketcher_(std::move(sketcher)) {}

  absl::StatusOr<std::string> Answer(const std::string& line) {
    const size_t space = line.find(' ');
    const std::string command = line.substr(0, space);
    const std::string path = space == std::string::npos ? "" : line.substr(space + 1);
    std::string answer;
    JsonWriter json(&answer);
    json.BeginObject();
    if (command == "about") {
      json.Field("version", kVersion).Field("kernel", KernelName()).Field("compiler", __VERSION__);
    } else if (command == "time" || command == "compare") {
      auto texts = ReadTexts(path);
      if (!texts.ok()) return texts.status();
      texts_ = *std::move(texts);
      command == "time" ? Time(json) : Compare(json);
    } else {
      return absl::InvalidArgumentError(absl::StrCat("no such command: ", command));
    }
    json.EndObject().EndLine();
    return answer;
  }

 private:
  /// Passes over the texts for a third of a second, after one that does not count; as many that only make
  /// shingles in between, so that both see the same machine.
  void Time(JsonWriter& json) {
    uint64_t bytes = 0, shingles = 0, sum = 0;
    for (const std::string& text : texts_) {
      bytes += text.size();
      sum += sketcher_.Sketch(text).back();
      shingles += sketcher_.Shingle(text).size();
    }
    double seconds = 0, shingle_seconds = 0;
    int passes = 0;
    do {
      const double begin = ProcessSeconds();
      for (const std::string& text : texts_) sum += sketcher_.Sketch(text).back();
      const double middle = ProcessSeconds();
      for (const std::string& text : texts_) sum += sketcher_.Shingle(text).size();
      seconds += middle - begin;
      shingle_seconds += ProcessSeconds() - middle;
      ++passes;
    } while (seconds < 1.0 / 3);
    checksum_ = sum;
    json.Field("bytes", bytes).Field("shingles", shingles);
    json.Key("seconds").Fixed(seconds / passes, 9);
    json.Key("shingle_seconds").Fixed(shingle_seconds / passes, 9);
  }

  void Compare(JsonWriter& json) {
    std::vector<double> exact, estimates;
    std::array<std::vector<bool>, kBandings.size()> meets;
    for (size_t i = 0; i + 1 < texts_.size(); i += 2) {
      std::array<std::vector<uint32_t>, 2> signatures;
      std::array<std::vector<uint64_t>, 2> sets;
      for (size_t side = 0; side < 2; ++side) {
        signatures[side] = sketcher_.Sketch(texts_[i + side]);
        sets[side] = sketcher_.Shingle(texts_[i + side]);
        MakeSet(&sets[side]);
      }
      exact.push_back(ExactOverlap(sets[0], sets[1]).resemblance());
      estimates.push_back(EstimateResemblance(signatures[0], signatures[1]));
      for (size_t banding = 0; banding < kBandings.size(); ++banding) {
        meets[banding].push_back(Meet(signatures, kBandings[banding]));
      }
    }
    const auto array = [&json](const auto& values) {
      json.BeginArray();
      for (const double value : values) json.Fixed(value, 6);
      json.EndArray();
    };
    json.Key("exact");
    array(exact);
    json.Key("estimates");
    array(estimates);
    json.Key("meets").BeginObject();
    for (size_t banding = 0; banding < kBandings.size(); ++banding) {
      json.Key(absl::StrCat(kBandings[banding].bands, "x", kBandings[banding].rows)).BeginArray();
      for (const bool meet : meets[banding]) json.Value(meet ? 1 : 0);
      json.EndArray();
    }
    json.EndObject();
  }

  static bool Meet(const std::array<std::vector<uint32_t>, 2>& signatures, const Banding& banding) {
    std::array<std::vector<uint64_t>, 2> keys;
    for (size_t side = 0; side < 2; ++side) AppendBandKeys(signatures[side], banding, &keys[side]);
    for (size_t band = 0; band < keys[0].size(); ++band) {
      if (keys[0][band] == keys[1][band]) return true;
    }
    return false;
  }

  Sketcher sketcher_;
  std::vector<std::string> texts_;
  volatile uint64_t checksum_ = 0;  // so that no work can be left out
};

/// The lines of generated text, as many to a page as its size allows.
void WritePages(const std::string& kind, size_t bytes) {
  constexpr std::array<size_t, 5> kSizes{400, 1000, 2000, 4000, 8000};
  const std::string text = MakeText(kind, bytes);
  size_t begin = 0;
  for (size_t page = 0; begin < text.size(); ++page) {
    size_t end = text.find('\n', begin + kSizes[page % kSizes.size()]);
    end = end == std::string::npos ? text.size() : end + 1;
    std::string line;
    JsonWriter(&line)
        .BeginObject()
        .Field("text", std::string_view(text).substr(begin, end - begin))
        .EndObject()
        .EndLine();
    std::cout << line;
    begin = end;
  }
}

int Main(const std::vector<std::string>& arguments) {
  size_t bytes = 0;
  if (arguments.size() == 3 && arguments[0] == "text" && absl::SimpleAtoi(arguments[2], &bytes)) {
    WritePages(arguments[1], bytes);
    return 0;
  }
  if (arguments.size() != 1) {
    std::cerr << "usage: refrain_peer minhash:N|page, or refrain_peer text KIND BYTES\n";
    return 2;
  }
  auto sketcher = Sketcher::Make(arguments[0]);
  if (!sketcher.ok()) {
    std::cerr << "refrain_peer: " << sketcher.status().message() << "\n";
    return 2;
  }
  Peer peer(*std::move(sketcher));
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = peer.Answer(line);
    if (!answer.ok()) {
      std::cerr << "refrain_peer: " << answer.status().message() << "\n";
      return 2;
    }
    std::cout << *answer << std::flush;
  }
  return 0;
}

}  // namespace
}  // namespace refrain::bench

int main(int argc, char** argv) {
  return refrain::bench::Main(std::vector<std::string>(argv + 1, argv + argc));
}
