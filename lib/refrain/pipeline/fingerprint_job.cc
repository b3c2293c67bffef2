#include "refrain/pipeline/fingerprint_job.h"

#include <array>
#include <span>

#include <fmt/format.h>

#include "refrain/base/json.h"
#include "refrain/base/utf8.h"
#include "refrain/pipeline/block_table.h"
#include "refrain/pipeline/each_page.h"
#include "refrain/sketch/fingerprint.h"
#include "refrain/sketch/signature.h"
#include "refrain/text/blocks.h"
#include "refrain/text/tokens.h"

namespace refrain {
namespace {

class FingerprintVisitor : public PageVisitor {
 public:
  explicit FingerprintVisitor(const FingerprintJobOptions& options)
      : options_(options),
        hasher_({.components = options.components}),
        block_signature_(static_cast<size_t>(options.components)) {}

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
    json.Field("exact", Hex(ExactKey(tokens_.hashes)));
    std::array<uint32_t, PageSigner::kComponents> signature;
    signer_.Sign(shingles_, signature);
    MakeSet(&shingles_);
    json.Field("shingles", shingles_.size());
    Signature(tokens_.empty() ? std::span<const uint32_t>() : std::span<const uint32_t>(signature), &json);
    json.Key("blocks").BeginArray();
    for (const Block& block : blocks_) {
      const std::span<const uint64_t> hashes =
          std::span<const uint64_t>(tokens_.hashes).subspan(block.first, block.size());
      json.BeginObject()
          .Field("begin", block.span.begin)
          .Field("end", block.span.end)
          .Field("tokens", block.size());
      json.Field("exact", Hex(ExactKey(hashes)));
      if (block.size() >= options_.block_tokens) {
        MakeShingles(hashes, std::span<const uint8_t>(tokens_.traits).subspan(block.first, block.size()),
                     BlockShingles(block.size()), &shingles_);
        hasher_.Sign(shingles_, block_signature_);
        Signature(block_signature_, &json);
      }
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
  std::vector<uint32_t> block_signature_;
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
