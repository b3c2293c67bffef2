#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "refrain/io/source_internal.h"

namespace refrain {
namespace {

constexpr std::string_view kFrameMagic("\x28\xb5\x2f\xfd", 4);

// Largest dictionary taken, as stored and as it decompresses. `zstd --train` makes them of about 100 KiB.
constexpr uint64_t kMaxDictionary = uint64_t{64} << 20;

// What is fed first of a frame: the least that its header can be. From then on zstd says how much it wants.
constexpr size_t kFirstStep = 5;

constexpr size_t kBlockHeader = 3;

// To believe that a frame begins somewhere: it decodes to its end or to this many bytes.
constexpr size_t kBelieve = size_t{64} << 10;

class ZstdSource : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<StoredFile> file)
      : file_(std::move(file)), window_(file_.get()), context_(ZSTD_createDCtx()) {
    // zstd --long=31: the largest there is. Memory for a window is touched only as far as a frame fills it.
    if (context_ != nullptr)
      ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, sizeof(size_t) == 8 ? 31 : 30);
  }
  ~ZstdSource() override { ZSTD_freeDCtx(context_); }

  absl::StatusOr<ReadResult> Read(char* out, size_t room, size_t* got) override;
  uint64_t member_offset() const override { return frame_offset_; }
  uint64_t member_length() const override { return frame_length_; }
  uint64_t stored_bytes() const override { return std::max(window_.offset(), stored_bytes_); }
  Coding coding() const override { return Coding::kZstd; }

 private:
  enum class Stage { kBetween, kFrame, kEnd };

  absl::StatusOr<ReadResult> Begin();
  absl::StatusOr<bool> LoadDictionary(uint64_t size);
  absl::StatusOr<ReadResult> Decode(char* out, size_t room, size_t* got);
  absl::StatusOr<ReadResult> BrokenFrame(const std::string& reason);
  absl::StatusOr<ReadResult> Broken(uint64_t search_from, const std::string& reason);
  absl::StatusOr<bool> Plausible(uint64_t* work);

  std::unique_ptr<StoredFile> file_;
  StoredWindow window_;
  ZSTD_DCtx* context_;
  Stage stage_ = Stage::kBetween;
  bool told_ = false;  // that the file became shorter
  size_t hint_ = 0;    // how many bytes the next step wants
  bool full_ = false;  // the last step filled the room it had
  uint64_t frame_offset_ = 0;
  uint64_t frame_length_ = 0;
  uint64_t stored_bytes_ = 0;
  LookBack look_back_;
};

// Moves to the next frame, over skippable ones. kBytes: it stands there.
absl::StatusOr<ReadResult> ZstdSource::Begin() {
  while (true) {
    const absl::StatusOr<bool> more = window_.Want(8);
    if (!more.ok()) return more.status();
    const std::string_view bytes = window_.bytes();
    if (bytes.empty()) {
      stage_ = Stage::kEnd;
      return ReadResult::kEnd;
    }
    const size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
    if (zeros > 0) {
      window_.Consume(zeros);
      continue;
    }
    const uint64_t here = window_.offset();
    if (bytes.starts_with(kFrameMagic)) {
      frame_offset_ = here;
      frame_length_ = 0;
      return ReadResult::kBytes;
    }
    const uint32_t magic = bytes.size() < 8 ? 0 : ReadLittle32(bytes.data());
    if ((magic & 0xFFFFFFF0) != 0x184D2A50) {
      return Broken(here, fmt::format("what follows at byte {} is not a zstd frame", here));
    }
    const uint64_t size = ReadLittle32(bytes.data() + 4);
    if (here + 8 + size > file_->size_at_open()) {
      return Broken(here + 1, fmt::format("unexpected end inside the skippable frame at byte {}", here));
    }
    if (magic == kDictionaryMagic && here == 0) {
      const absl::StatusOr<bool> loaded = LoadDictionary(size);
      if (!loaded.ok()) return loaded.status();
      if (!*loaded) return Broken(1, "the dictionary at the file's begin cannot be read");
    }
    window_.Seek(here + 8 + size);
  }
}

// The dictionary of a .warc.zst file: raw, or itself compressed. False: damaged or too large.
absl::StatusOr<bool> ZstdSource::LoadDictionary(uint64_t size) {
  if (size > kMaxDictionary) return false;
  std::string stored(size, '\0');
  const absl::StatusOr<size_t> got = file_->Read(8, stored.data(), stored.size());
  if (!got.ok()) return got.status();
  if (*got != stored.size()) return false;
  if (stored.starts_with(kFrameMagic)) {
    std::string plain;
    ZSTD_inBuffer in{stored.data(), stored.size(), 0};
    size_t hint = 1;
    while (hint != 0) {
      const size_t have = plain.size();
      if (have > kMaxDictionary) return false;
      plain.resize(have + ZSTD_DStreamOutSize());
      ZSTD_outBuffer out{plain.data() + have, plain.size() - have, 0};
      const size_t in_before = in.pos;
      hint = ZSTD_decompressStream(context_, &out, &in);
      if (ZSTD_isError(hint) || (out.pos == 0 && in.pos == in_before && hint != 0)) return false;
      plain.resize(have + out.pos);
    }
    stored = std::move(plain);
  }
  ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
  return !ZSTD_isError(ZSTD_DCtx_loadDictionary(context_, stored.data(), stored.size()));
}

absl::StatusOr<ReadResult> ZstdSource::Read(char* out, size_t room, size_t* got) {
  *got = 0;
  if (context_ == nullptr)
    return absl::ResourceExhaustedError(fmt::format("{}: no memory to decompress", file_->path()));
  while (true) {
    switch (stage_) {
      case Stage::kBetween: {
        const absl::StatusOr<ReadResult> begun = Begin();
        if (!begun.ok() || *begun == ReadResult::kGap) return begun;
        if (*begun == ReadResult::kEnd) break;
        ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
        stage_ = Stage::kFrame;
        hint_ = kFirstStep;
        full_ = false;
        break;
      }
      case Stage::kFrame: {
        const absl::StatusOr<ReadResult> result = Decode(out, room, got);
        if (!result.ok() || *result == ReadResult::kGap || *got > 0) return result;
        break;
      }
      case Stage::kEnd:
        if (window_.shrunk() && !told_) {
          told_ = true;
          AddDamage(window_.offset(), file_->size_at_open() - window_.offset(), kShrunk);
          return ReadResult::kGap;
        }
        return ReadResult::kEnd;
    }
  }
}

// Decodes some of a frame. Without bytes only at the frame's end, or with a gap.
absl::StatusOr<ReadResult> ZstdSource::Decode(char* out, size_t room, size_t* got) {
  while (true) {
    // What it makes in a call that ends in an error is lost. So it is fed a block a call, without the next
    // one's header though it asks for that as well, and nothing while it may have something left to give.
    const absl::StatusOr<bool> more = window_.Want(hint_);
    if (!more.ok()) return more.status();
    const size_t step = hint_ > kBlockHeader ? hint_ - kBlockHeader : hint_;
    ZSTD_inBuffer in{window_.bytes().data(), full_ ? 0 : std::min(window_.bytes().size(), step), 0};
    ZSTD_outBuffer to{out, room, 0};
    const size_t hint = ZSTD_decompressStream(context_, &to, &in);
    window_.Consume(in.pos);
    *got = to.pos;
    const bool fed = !full_;
    full_ = to.pos == room;
    if (!ZSTD_isError(hint)) hint_ = hint;
    if (ZSTD_isError(hint)) return BrokenFrame(fmt::format("{} in", ZSTD_getErrorName(hint)));
    if (hint == 0) {
      frame_length_ = window_.offset() - frame_offset_;
      stage_ = Stage::kBetween;
      return ReadResult::kBytes;
    }
    if (*got > 0) return ReadResult::kBytes;
    if (fed && in.pos == 0 && !*more) return BrokenFrame("unexpected end inside");
  }
}

// The tear may be in front of where it shows: a block that lacks bytes takes those of the frames behind it,
// and the file's end may come first. So all of this frame is searched.
absl::StatusOr<ReadResult> ZstdSource::BrokenFrame(const std::string& reason) {
  const uint64_t here = window_.offset();
  return Broken(look_back_.From(frame_offset_, here),
                fmt::format("{} the zstd frame at byte {}", reason, frame_offset_));
}

// Reports damage at the window's place and goes to the next frame at or behind `search_from`.
absl::StatusOr<ReadResult> ZstdSource::Broken(uint64_t search_from, const std::string& reason) {
  const uint64_t here = window_.offset();
  stored_bytes_ = std::max(stored_bytes_, here);
  const absl::StatusOr<bool> found =
      Resynchronise(&window_, search_from, kFrameMagic, [this](uint64_t* work) { return Plausible(work); });
  if (!found.ok()) return found.status();
  const uint64_t next = window_.offset();
  const uint64_t begin = std::min(here, next);
  AddDamage(
      begin, next - begin,
      fmt::format("{}; {}", reason,
                  *found ? fmt::format("decoding goes on at byte {}", next) : "no other frame follows"));
  stage_ = *found ? Stage::kBetween : Stage::kEnd;
  return ReadResult::kGap;
}

absl::StatusOr<bool> ZstdSource::Plausible(uint64_t* work) {
  const absl::StatusOr<bool> more = window_.Want(4 * kBelieve);
  if (!more.ok()) return more.status();
  std::vector<char> scratch(size_t{16} << 10);
  ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
  ZSTD_inBuffer in{window_.bytes().data(), window_.bytes().size(), 0};
  size_t made = 0;
  *work += 64;
  while (made < kBelieve) {
    ZSTD_outBuffer out{scratch.data(), scratch.size(), 0};
    const size_t in_before = in.pos;
    const size_t hint = ZSTD_decompressStream(context_, &out, &in);
    if (ZSTD_isError(hint)) return false;
    if (hint == 0) return true;
    made += out.pos;
    *work += in.pos - in_before + out.pos;
    // The file ends inside the frame: good enough if a block came out.
    if (in.pos == in_before && out.pos == 0) return made > 0;
  }
  return true;
}

}  // namespace

std::unique_ptr<ByteSource> NewZstdSource(std::unique_ptr<StoredFile> file) {
  return std::make_unique<ZstdSource>(std::move(file));
}

}  // namespace refrain
