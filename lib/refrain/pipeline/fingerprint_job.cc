#include "refrain/pipeline/fingerprint_job.h"

#include <span>

#include <fmt/format.h>

#include "refrain/base/json.h"
#include "refrain/base/utf8.h"
#include "refrain/pipeline/block_table.h"
#include "refrain/pipeline/each_page.h"
#include "refrain/sketch/fingerprint.h"
#include "refrain/sketch/sample.h"
#include "refrain/sketch/signature.h"
#include "refrain/text/blocks.h"
#include "refrain/text/tokens.h"

namespace refrain {
namespace {

class FingerprintVisitor : public PageVisitor {
 public:
  explicit FingerprintVisitor(const FingerprintJobOptions& options)
      : options_(options), hasher_({.components = options.components}) {}

  void Visit(const Page& page, const std::string& id, std::string* out) override {
    Tokenize(page.text, &tokens_);
    Segment(page.text, tokens_, &blocks_);
    JsonWriter json(out);
    json.BeginObject();
    if (IsValidUtf8(id)) json.Field("id", id);
    json.Field("bytes", page.text.size())
        .Field("tokens", tokens_.size())
        .Field("invalid_bytes", tokens_.invalid_bytes);
    MakeShingles(tokens_.hashes, tokens_.traits, options_.shingle, &shingles_);
    MakeSet(&shingles_);
    MakeFingerprint(tokens_.hashes, shingles_, signer_, &fingerprint_);
    json.Field("exact", Hex(fingerprint_.exact)).Field("shingles", fingerprint_.shingles);
    Signature(fingerprint_.signature, &json);
    TakeSample(shingles_, &sample_);
    json.Field("scale", sample_.scale).Key("sample").BeginArray();
    for (const uint64_t shingle : sample_.values) json.Value(fmt::format("{:016x}", shingle));
    json.EndArray();
    json.Key("blocks").BeginArray();
    for (const Block& block : blocks_) {
      const std::span<const uint64_t> hashes =
          std::span<const uint64_t>(tokens_.hashes).subspan(block.first, block.size());
      json.BeginObject()
          .Field("begin", block.span.begin)
          .Field("end", block.span.end)
          .Field("tokens", block.size());
      if (block.size() < options_.block_tokens) {
        json.Field("exact", Hex(ExactKey(hashes))).EndObject();
        continue;
      }
      MakeShingles(hashes, std::span<const uint8_t>(tokens_.traits).subspan(block.first, block.size()),
                   BlockShingles(block.size()), &shingles_);
      MakeSet(&shingles_);
      MakeFingerprint(hashes, shingles_, hasher_, &fingerprint_);
      json.Field("exact", Hex(fingerprint_.exact));
      Signature(fingerprint_.signature, &json);
      json.EndObject();
    }
    json.EndArray().EndObject().EndLine();
  }

 private:
  static std::string Hex(const Key128& key) { return fmt::format("{:016x}{:016x}", key.high, key.low); }
  static void Signature(std::span<const uint32_t> signature, JsonWriter* json) {
    json->Key("signature").BeginArray();
    for (const uint32_t component : signature) json->Value(component);
    json->EndArray();
  }

  const FingerprintJobOptions& options_;
  MinHasher hasher_;
  PageSigner signer_;
  Tokens tokens_;
  std::vector<Block> blocks_;
  std::vector<uint64_t> shingles_;
  Fingerprint fingerprint_;
  ScaledSample sample_;
};

}  // namespace

absl::Status FingerprintJobOptions::Validate() const {
  if (components < 1 || components > 4096) {
    return absl::InvalidArgumentError(
        fmt::format("components is {}, must be between 1 and 4096", components));
  }
  return absl::OkStatus();
}

absl::StatusOr<DamageCount> RunFingerprintJob(const FingerprintJobOptions& options, const RunHooks& hooks,
                                              const std::function<absl::Status(std::string_view)>& write) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  return VisitPages(
      options.corpus, hooks, [&] { return std::make_unique<FingerprintVisitor>(options); }, write);
}

}  // namespace refrain
