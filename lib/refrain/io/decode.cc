#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

#include "refrain/io/decode_internal.h"

namespace refrain {
namespace {

constexpr size_t kFirstRoom = size_t{64} << 10;

// Gives decoders room in a string, twice as much each time, up to a limit.
class Room {
 public:
  Room(std::string* out, uint64_t limit) : out_(out), limit_(limit) { out_->clear(); }

  char* data() const { return out_->data() + used_; }
  size_t size() const { return out_->size() - used_; }
  size_t used() const { return used_; }
  void Use(size_t bytes) { used_ += bytes; }
  // Makes some room if there is none. False: the limit is reached, and one byte beyond it came.
  bool Grow() {
    if (used_ < out_->size()) return true;
    if (used_ > limit_) return false;
    out_->resize(std::min<uint64_t>(std::max(kFirstRoom, 2 * out_->size()), limit_ + 1));
    return true;
  }
  DecodeResult Finish(DecodeResult result) {
    if (used_ > limit_) result = DecodeResult::kTooLarge;
    out_->resize(result == DecodeResult::kNot || result == DecodeResult::kTooLarge ? 0 : used_);
    return result;
  }

 private:
  std::string* out_;
  uint64_t limit_;
  size_t used_ = 0;
};

// One stream of zlib's: `bits` as inflateInit2 takes them. `*rest` is what stands behind it.
DecodeResult Inflate(std::string_view bytes, int bits, Room* room, std::string_view* rest) {
  z_stream stream{};
  if (::inflateInit2(&stream, bits) != Z_OK) return DecodeResult::kNot;
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, ::inflateEnd);
  const size_t before = room->used();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(std::min(bytes.size(), size_t{1} << 30));
  while (true) {
    if (!room->Grow()) return DecodeResult::kTooLarge;
    stream.next_out = reinterpret_cast<Bytef*>(room->data());
    const auto space = static_cast<uInt>(std::min(room->size(), size_t{1} << 30));
    stream.avail_out = space;
    const int code = ::inflate(&stream, Z_NO_FLUSH);
    room->Use(space - stream.avail_out);
    *rest = bytes.substr(reinterpret_cast<const char*>(stream.next_in) - bytes.data());
    if (code == Z_STREAM_END) return DecodeResult::kWhole;
    if (code != Z_OK || (stream.avail_in == 0 && stream.avail_out > 0)) {
      return room->used() > before ? DecodeResult::kCut : DecodeResult::kNot;
    }
  }
}

DecodeResult DecodeGzip(std::string_view bytes, Room* room) {
  std::string_view rest;
  DecodeResult result = DecodeResult::kNot;
  bool first = true;
  // Members one behind the other; padding and garbage behind them is passed by.
  while (bytes.starts_with("\x1f\x8b")) {
    const DecodeResult member = Inflate(bytes, 16 + MAX_WBITS, room, &rest);
    if (first) result = member;
    if (!first && member == DecodeResult::kCut) result = member;
    if (member != DecodeResult::kWhole) return member == DecodeResult::kTooLarge ? member : result;
    first = false;
    bytes = rest;
  }
  return result;
}

// With zlib's header as the standard has it, or without as some servers send it.
DecodeResult DecodeDeflate(std::string_view bytes, std::string* out, uint64_t limit) {
  DecodeResult best = DecodeResult::kNot;
  for (const int bits : {MAX_WBITS, -MAX_WBITS}) {
    Room room(out, limit);
    std::string_view rest;
    best = room.Finish(Inflate(bytes, bits, &room, &rest));
    if (best == DecodeResult::kWhole && !rest.empty() && bits < 0) best = room.Finish(DecodeResult::kNot);
    if (best != DecodeResult::kNot) return best;
  }
  return best;
}

DecodeResult DecodeBrotli(std::string_view bytes, Room* room) {
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (state == nullptr) return DecodeResult::kNot;
  const auto* next_in = reinterpret_cast<const uint8_t*>(bytes.data());
  size_t left_in = bytes.size();
  while (true) {
    if (!room->Grow()) return DecodeResult::kTooLarge;
    auto* next_out = reinterpret_cast<uint8_t*>(room->data());
    const size_t space = room->size();
    size_t left_out = space;
    const BrotliDecoderResult code =
        BrotliDecoderDecompressStream(state.get(), &left_in, &next_in, &left_out, &next_out, nullptr);
    room->Use(space - left_out);
    if (code == BROTLI_DECODER_RESULT_SUCCESS)
      return left_in == 0 ? DecodeResult::kWhole : DecodeResult::kNot;
    if (code == BROTLI_DECODER_RESULT_ERROR) return DecodeResult::kNot;
    if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) {
      return room->used() > 0 ? DecodeResult::kCut : DecodeResult::kNot;
    }
  }
}

DecodeResult DecodeZstd(std::string_view bytes, Room* room) {
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (context == nullptr) return DecodeResult::kNot;
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  while (true) {
    if (!room->Grow()) return DecodeResult::kTooLarge;
    ZSTD_outBuffer out{room->data(), room->size(), 0};
    const size_t in_before = in.pos;
    const size_t hint = ZSTD_decompressStream(context.get(), &out, &in);
    room->Use(out.pos);
    if (hint == 0 && in.pos == in.size) return DecodeResult::kWhole;
    if (ZSTD_isError(hint) || (in.pos == in_before && out.pos == 0)) {
      return room->used() > 0 ? DecodeResult::kCut : DecodeResult::kNot;
    }
  }
}

std::string_view NextLine(std::string_view* rest) {
  const size_t end = rest->find('\n');
  std::string_view line = rest->substr(0, end);
  rest->remove_prefix(end == std::string_view::npos ? rest->size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The size that a chunk's first line gives. False: it is none.
bool ReadChunkSize(std::string_view line, uint64_t* size) {
  *size = 0;
  size_t digits = 0;
  for (; digits < line.size(); ++digits) {
    const char c = line[digits];
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      *size = *size << 4 | static_cast<uint64_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      *size = *size << 4 | static_cast<uint64_t>(lower - 'a' + 10);
    } else {
      break;
    }
  }
  if (digits == 0 || digits > 15) return false;
  // White space and extensions may follow.
  const size_t next = line.find_first_not_of(" \t", digits);
  return next == std::string_view::npos || line[next] == ';';
}

}  // namespace

bool IsKnownCoding(std::string_view coding) {
  return coding == "gzip" || coding == "x-gzip" || coding == "deflate" || coding == "br" || coding == "zstd";
}

DecodeResult DecodeContent(std::string_view coding, std::string_view bytes, uint64_t limit,
                           std::string* out) {
  if (coding == "deflate") return DecodeDeflate(bytes, out, limit);
  Room room(out, limit);
  if (coding == "gzip" || coding == "x-gzip") return room.Finish(DecodeGzip(bytes, &room));
  if (coding == "br") return room.Finish(DecodeBrotli(bytes, &room));
  if (coding == "zstd") return room.Finish(DecodeZstd(bytes, &room));
  return DecodeResult::kNot;
}

DecodeResult DecodeChunks(std::string_view bytes, std::string* out) {
  out->clear();
  bool any = false;
  while (true) {
    if (bytes.empty()) return any ? DecodeResult::kWhole : DecodeResult::kNot;
    uint64_t size = 0;
    if (!ReadChunkSize(NextLine(&bytes), &size)) break;
    if (size == 0) {
      // Trailers, if there are any, are header fields.
      while (!bytes.empty()) {
        const std::string_view line = NextLine(&bytes);
        if (!line.empty() && line.find(':') == std::string_view::npos) return DecodeResult::kNot;
      }
      return DecodeResult::kWhole;
    }
    if (size > bytes.size()) {
      if (any) out->append(bytes);
      break;
    }
    out->append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    any = true;
    if (!bytes.empty() && !NextLine(&bytes).empty()) return DecodeResult::kNot;
  }
  if (!any) out->clear();
  return any ? DecodeResult::kCut : DecodeResult::kNot;
}

}  // namespace refrain
