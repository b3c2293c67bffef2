#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "refrain/io/source_internal.h"

namespace refrain {
namespace {

// A member of at most this many bytes in the file and in memory is inflated at once by libdeflate, twice as
// fast as zlib. Web archives have a member for each record and are far below it; what is larger is streamed
// by zlib in constant memory.
constexpr size_t kWholeStored = size_t{2} << 20;
constexpr size_t kWholeInflated = size_t{16} << 20;

// How much of the file is at hand when a member is tried first. Nearly all end within it; a window of
// kWholeStored would be moved to the front of its buffer for every few of its bytes that are used up, which
// took a twentieth of all time.
constexpr size_t kUsualStored = size_t{256} << 10;

// To believe that a member begins somewhere: it inflates to its end and its checksum agrees, or to this many
// bytes, or the file ends first, but not right away.
constexpr size_t kBelieve = size_t{64} << 10;
constexpr size_t kBelieveAtEnd = size_t{4} << 10;

constexpr std::string_view kMagic("\x1f\x8b\x08", 3);

// zlib's inflater, gzip wrapping only.
class Inflater {
 public:
  Inflater() { usable_ = ::inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK; }
  ~Inflater() {
    if (usable_) ::inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void Reset() {
    if (usable_) ::inflateReset(&stream_);
  }
  // zlib's return code. `*used` and `*made` are the bytes taken and given.
  int Run(std::string_view in, char* out, size_t room, size_t* used, size_t* made) {
    *used = *made = 0;
    if (!usable_) return Z_MEM_ERROR;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(std::min(in.size(), size_t{1} << 30));
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(std::min(room, size_t{1} << 30));
    const uInt in_before = stream_.avail_in;
    const uInt out_before = stream_.avail_out;
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    *used = in_before - stream_.avail_in;
    *made = out_before - stream_.avail_out;
    return code;
  }
  // What is wrong with the data, in zlib's words.
  std::string Reason() const { return stream_.msg != nullptr ? stream_.msg : "damaged data"; }

 private:
  z_stream stream_{};
  bool usable_ = false;
};

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<StoredFile> file)
      : file_(std::move(file)), window_(file_.get()), decompressor_(libdeflate_alloc_decompressor()) {}
  ~GzipSource() override { libdeflate_free_decompressor(decompressor_); }

  absl::StatusOr<ReadResult> Read(char* out, size_t room, size_t* got) override;
  uint64_t member_offset() const override { return member_offset_; }
  uint64_t member_length() const override { return member_length_; }
  uint64_t stored_bytes() const override { return std::max(window_.offset(), stored_bytes_); }
  Coding coding() const override { return Coding::kGzip; }

 private:
  enum class Stage { kBetween, kWhole, kStream, kEnd };

  absl::StatusOr<bool> Begin();
  absl::StatusOr<bool> InflateWhole(char* out, size_t room, size_t* got);
  absl::StatusOr<ReadResult> Stream(char* out, size_t room, size_t* got);
  absl::StatusOr<ReadResult> Broken(const std::string& reason);
  absl::StatusOr<bool> Plausible(uint64_t* work);

  std::unique_ptr<StoredFile> file_;
  StoredWindow window_;
  libdeflate_decompressor* decompressor_;
  Inflater inflater_;
  Stage stage_ = Stage::kBetween;
  uint64_t member_offset_ = 0;
  uint64_t member_length_ = 0;
  uint64_t stored_bytes_ = 0;
  LookBack look_back_;
  bool told_ = false;  // that the file became shorter
  bool large_before_ =
      false;  // the last member was too large to inflate at once: the next one probably is as well
  std::vector<char> whole_;  // a member inflated at once that the caller had no room for
  size_t whole_begin_ = 0;
  size_t whole_end_ = 0;
  size_t last_size_ = 0;           // of the last member, inflated
  size_t at_hand_ = kUsualStored;  // of the file, when the next one is tried first
};

// Moves to the next member. False: there is none, or something else stands there; stage_ tells which.
absl::StatusOr<bool> GzipSource::Begin() {
  while (true) {
    const absl::StatusOr<bool> more = window_.Want(2);
    if (!more.ok()) return more.status();
    const std::string_view bytes = window_.bytes();
    if (bytes.empty()) {
      stage_ = Stage::kEnd;
      return false;
    }
    // Tapes and block devices leave zeros behind the last member.
    const size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
    if (zeros > 0) {
      window_.Consume(zeros);
      continue;
    }
    return bytes.starts_with(kMagic.substr(0, std::min<size_t>(bytes.size(), 2)));
  }
}

// Tries to inflate a whole member, into `out` if it is likely to fit there. False: too large or damaged,
// zlib's work.
absl::StatusOr<bool> GzipSource::InflateWhole(char* out, size_t room, size_t* got) {
  if (large_before_) return false;
  const absl::StatusOr<bool> more = window_.Want(at_hand_);
  if (!more.ok()) return more.status();
  std::string_view in = window_.bytes();
  bool direct = last_size_ <= room;
  while (true) {
    size_t used = 0;
    size_t made = 0;
    char* to = direct ? out : whole_.data();
    const libdeflate_result result = libdeflate_gzip_decompress_ex(
        decompressor_, in.data(), in.size(), to, direct ? room : whole_.size(), &used, &made);
    if (result == LIBDEFLATE_SUCCESS) {
      window_.Consume(used);
      member_length_ = used;
      last_size_ = made;
      at_hand_ = used > kUsualStored ? kWholeStored : kUsualStored;
      if (direct) {
        *got = made;
      } else {
        whole_begin_ = 0;
        whole_end_ = made;
        stage_ = Stage::kWhole;
      }
      return true;
    }
    if (result == LIBDEFLATE_BAD_DATA && in.size() < kWholeStored && !window_.at_end()) {
      // Perhaps it only goes on behind what is at hand.
      const absl::StatusOr<bool> rest = window_.Want(kWholeStored);
      if (!rest.ok()) return rest.status();
      in = window_.bytes();
      continue;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) return false;
    if (!direct && whole_.size() >= kWholeInflated) return false;
    // What did not fit is decoded afresh, so sizes are generous.
    const size_t size = direct ? std::max(whole_.size(), 2 * room) : 2 * whole_.size();
    whole_.resize(std::clamp(size, size_t{1} << 20, kWholeInflated));
    direct = false;
  }
}

absl::StatusOr<ReadResult> GzipSource::Read(char* out, size_t room, size_t* got) {
  *got = 0;
  while (true) {
    switch (stage_) {
      case Stage::kBetween: {
        const absl::StatusOr<bool> begun = Begin();
        if (!begun.ok()) return begun.status();
        if (!*begun) {
          if (stage_ == Stage::kEnd) break;
          return Broken(fmt::format("what follows at byte {} is not a gzip member", window_.offset()));
        }
        member_offset_ = window_.offset();
        member_length_ = 0;
        const absl::StatusOr<bool> whole = InflateWhole(out, room, got);
        if (!whole.ok()) return whole.status();
        if (*whole) {
          if (*got > 0) return ReadResult::kBytes;
        } else {
          inflater_.Reset();
          stage_ = Stage::kStream;
        }
        break;
      }
      case Stage::kWhole:
        *got = std::min(room, whole_end_ - whole_begin_);
        std::memcpy(out, whole_.data() + whole_begin_, *got);
        whole_begin_ += *got;
        if (whole_begin_ == whole_end_) stage_ = Stage::kBetween;
        if (*got > 0) return ReadResult::kBytes;
        break;
      case Stage::kStream: {
        const absl::StatusOr<ReadResult> result = Stream(out, room, got);
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

// Inflates some of a member by zlib. Without bytes only at the member's end, or with a gap.
absl::StatusOr<ReadResult> GzipSource::Stream(char* out, size_t room, size_t* got) {
  while (true) {
    const absl::StatusOr<bool> more = window_.Want(1);
    if (!more.ok()) return more.status();
    size_t used = 0;
    const int code = inflater_.Run(window_.bytes(), out, room, &used, got);
    window_.Consume(used);
    if (code == Z_STREAM_END) {
      member_length_ = window_.offset() - member_offset_;
      large_before_ = member_length_ > kWholeStored;
      stage_ = Stage::kBetween;
      return ReadResult::kBytes;
    }
    if (*got > 0) return ReadResult::kBytes;  // an error, if there is one, comes again with the next call
    if (code == Z_MEM_ERROR) {
      return absl::ResourceExhaustedError(fmt::format("{}: no memory to inflate", file_->path()));
    }
    if (code != Z_OK && code != Z_BUF_ERROR) {
      // In English: "invalid distance too far back", "incorrect data check".
      return Broken(fmt::format("{} in the gzip member at byte {}", inflater_.Reason(), member_offset_));
    }
    if (!*more)
      return Broken(fmt::format("unexpected end inside the gzip member at byte {}", member_offset_));
  }
}

// Reports damage at the window's place and goes to the next member. The tear may be in front of where it
// shows: data without matches inflates to something whatever it is, up to the file's end or another member's.
// So all of this member is searched.
absl::StatusOr<ReadResult> GzipSource::Broken(const std::string& reason) {
  const uint64_t here = window_.offset();
  const uint64_t search_from = stage_ == Stage::kBetween ? here : look_back_.From(member_offset_, here);
  stored_bytes_ = std::max(stored_bytes_, here);
  const absl::StatusOr<bool> found =
      Resynchronise(&window_, search_from, kMagic, [this](uint64_t* work) { return Plausible(work); });
  if (!found.ok()) return found.status();
  const uint64_t next = window_.offset();
  const uint64_t begin = std::min(here, next);
  AddDamage(
      begin, next - begin,
      fmt::format("{}; {}", reason,
                  *found ? fmt::format("inflating goes on at byte {}", next) : "no other member follows"));
  stage_ = *found ? Stage::kBetween : Stage::kEnd;
  large_before_ = false;
  return ReadResult::kGap;
}

absl::StatusOr<bool> GzipSource::Plausible(uint64_t* work) {
  const absl::StatusOr<bool> more = window_.Want(2 * kBelieve);
  if (!more.ok()) return more.status();
  if (window_.bytes().size() < 18 || (window_.bytes()[3] & 0xE0) != 0) return false;
  std::vector<char> scratch(size_t{16} << 10);
  std::string_view in = window_.bytes();
  size_t made = 0;
  inflater_.Reset();
  *work += 64;
  while (made < kBelieve) {
    size_t used = 0;
    size_t got = 0;
    const int code = inflater_.Run(in, scratch.data(), scratch.size(), &used, &got);
    in.remove_prefix(used);
    made += got;
    *work += used + got;
    if (code == Z_STREAM_END) return true;
    if (code != Z_OK) return in.empty() && made >= kBelieveAtEnd;
    if (in.empty() && got == 0) return made >= kBelieveAtEnd;
  }
  return true;
}

}  // namespace

std::unique_ptr<ByteSource> NewGzipSource(std::unique_ptr<StoredFile> file) {
  return std::make_unique<GzipSource>(std::move(file));
}

}  // namespace refrain
