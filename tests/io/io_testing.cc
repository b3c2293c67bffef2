#include "tests/io/io_testing.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>

namespace refrain {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "refrain-test-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::Write(const std::string& name, std::string_view bytes) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path.string();
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string Gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size()));
  return out;
}

std::string RandomBytes(uint64_t seed, size_t size, std::string_view alphabet) {
  std::mt19937_64 random(seed);
  std::string out(size, '\0');
  for (char& c : out) c = alphabet[random() % alphabet.size()];
  return out;
}

uint64_t ReadAll::bytes_in_records() const {
  uint64_t bytes = 0;
  for (const ReadRecord& record : records) bytes += record.bytes.size();
  return bytes;
}

uint64_t ReadAll::bytes_dropped() const {
  uint64_t bytes = 0;
  for (const Damage& place : damage) bytes += place.stored ? 0 : place.bytes;
  return bytes;
}

std::string ReadAll::Joined() const {
  std::string joined;
  for (const ReadRecord& record : records) joined += record.bytes;
  return joined;
}

ReadAll ReadRecords(const std::string& path, const ReaderOptions& options) {
  ReadAll all;
  auto reader = OpenRecords({.path = path, .name = path, .size = 0}, 7, options);
  if (!reader.ok()) {
    all.error = std::string(reader.status().message());
    return all;
  }
  RecordBatch batch;
  while (true) {
    const absl::StatusOr<bool> more = (*reader)->Next(&batch);
    if (!more.ok()) {
      all.error = std::string(more.status().message());
      return all;
    }
    for (const Record& record : batch.records) {
      const bool goes_on = record.oversized && !all.records.empty() && all.records.back().oversized &&
                           all.records.back().location.record == record.location.record;
      if (!goes_on) {
        all.records.push_back({record.location, record.kind, "", record.oversized, record.no_page,
                               record.member_offset, record.member_length});
      }
      all.records.back().bytes += record.bytes;
    }
    for (const Damage& damage : batch.damage) all.damage.push_back(damage);
    all.file_bytes += batch.file_bytes;
    all.largest_buffer = std::max<uint64_t>(all.largest_buffer, batch.buffer.size());
    if (!*more) break;
  }
  all.bytes_read = (*reader)->bytes_read();
  all.format = (*reader)->format();
  return all;
}

std::string WarcRecord(std::string_view type, std::string_view fields, std::string_view block,
                       std::string_view ends) {
  std::string record = "WARC/1.0\r\nWARC-Type: ";
  record.append(type)
      .append("\r\nWARC-Record-ID: <urn:test:")
      .append(std::to_string(block.size()))
      .append(">\r\n");
  record.append(fields).append("Content-Length: ").append(std::to_string(block.size())).append("\r\n\r\n");
  return record.append(block).append(ends);
}

}  // namespace refrain
