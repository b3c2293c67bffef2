// WARC and WET: records of a header and a block whose length the header says.
//
// That length may be wrong and the file may be torn, so each record is checked by what follows it: line ends
// and another record, the end of the file, or the end of its gzip member. Where that fails a later record is
// looked for inside the block, and what lies in front of it is dropped. Otherwise the search goes on behind
// the block.

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "refrain/io/fields_internal.h"
#include "refrain/io/parse_internal.h"
#include "refrain/io/records_internal.h"
#include "refrain/io/sniff_internal.h"

namespace refrain {
namespace {

// Headers are some hundred bytes long, with URLs and cookies some thousand.
constexpr size_t kMaxHead = size_t{256} << 10;
// The same for headers that were searched for.
constexpr size_t kMaxFoundHead = size_t{16} << 10;
// Line ends behind a block: two by the standard; writers' mistakes are tolerated up to here.
constexpr size_t kMaxLineEnds = size_t{64} << 10;
// No record fits into a member of fewer bytes; such members are not remembered, as there may be millions.
constexpr uint64_t kLeastMember = 32;
// "WARC/1.0" with a line end, and blanks that do not belong there.
constexpr size_t kVersionLine = 24;

class WarcReader : public BaseReader {
 public:
  WarcReader(std::unique_ptr<ByteSource> source, uint32_t number, const ReaderOptions& options)
      : BaseReader(std::move(source), InputFormat::kWarc, number, options) {}

  absl::StatusOr<bool> Next(RecordBatch* batch) override;

 private:
  enum class State { kRecord, kSearch, kOversized };
  // A gzip member or zstd frame: its place in the decompressed file, and in the file itself.
  struct Member {
    uint64_t begin;
    uint64_t stored;
    uint64_t stored_length;
  };

  size_t left() const { return used_ - at_; }
  std::string_view Bytes(size_t begin, size_t end) const {
    return {batch_->buffer.data() + begin, end - begin};
  }

  absl::StatusOr<bool> Want(size_t bytes);
  absl::Status ReadRecord();
  absl::Status ReadOversized();
  void AddLargePiece(size_t end);
  absl::Status Search();
  absl::StatusOr<bool> IsHead(size_t begin);
  absl::StatusOr<std::optional<size_t>> FindRecord(size_t begin, size_t end);
  absl::StatusOr<std::optional<size_t>> FindMember(size_t begin, size_t end);
  absl::StatusOr<bool> EndsWell(size_t block_end, size_t* end);
  void Skip(std::string reason, size_t search_from, bool counts);
  void FinishSkip(size_t end);
  void Emit(size_t end, uint64_t length);
  std::deque<Member>::iterator MemberFrom(uint64_t place);
  void RememberMember(uint64_t begin);
  void ForgetMembers();

  RecordBatch* batch_ = nullptr;  // the one being filled
  size_t at_ = 0;                 // begin of the current record, or what is left of it, in the buffer
  State state_ = State::kRecord;
  ReadResult stop_ = ReadResult::kBytes;  // a gap or the end stands behind the buffer's bytes
  bool finished_ = false;

  uint64_t skip_begin_ = 0;    // kSearch: what is dropped begins here
  uint64_t search_at_ = 0;     // kSearch: where to look, both places in the decompressed file
  bool search_first_ = false;  // whether a record may begin at search_at_ itself
  uint64_t skip_record_ = 0;
  std::string skip_reason_;

  uint64_t large_begin_ = 0;   // kOversized: where the record began,
  uint64_t large_left_ = 0;    // how much of it is to come,
  uint64_t large_member_ = 0;  // its member's place in the file,
  bool large_may_be_page_ = true;

  std::deque<Member> members_;  // those that begin in the buffer, and the last one in front of it
  uint64_t checked_ =
      0;  // members that begin before this place do not begin with a record inside another one
};

void WarcReader::RememberMember(uint64_t begin) {
  if (source_->coding() == Coding::kPlain) return;
  const uint64_t stored = source_->member_offset();
  if (members_.empty() || members_.back().stored != stored) {
    if (!members_.empty()) {
      Member& last = members_.back();
      if (last.stored_length == 0 && stored > last.stored) last.stored_length = stored - last.stored;
      if (begin - last.begin < kLeastMember && begin > last.begin) return;
      if (begin == last.begin) members_.pop_back();
    }
    members_.push_back({begin, stored, 0});
  }
  if (members_.back().stored == stored) members_.back().stored_length = source_->member_length();
}

// The first member that begins at `place` or behind it.
std::deque<WarcReader::Member>::iterator WarcReader::MemberFrom(uint64_t place) {
  return std::lower_bound(members_.begin(), members_.end(), place,
                          [](const Member& member, uint64_t offset) { return member.begin < offset; });
}

// All but those that begin behind at_ and the one at_ lies in.
void WarcReader::ForgetMembers() {
  const auto next = MemberFrom(base_ + at_ + 1);
  if (next != members_.begin()) members_.erase(members_.begin(), std::prev(next));
}

// Makes left() at least `bytes`. False: a gap or the end comes first.
absl::StatusOr<bool> WarcReader::Want(size_t bytes) {
  while (left() < bytes) {
    if (stop_ != ReadResult::kBytes) return false;
    const size_t before = used_;
    const absl::StatusOr<ReadResult> result = More(batch_);
    if (!result.ok()) return result.status();
    if (*result == ReadResult::kBytes) {
      RememberMember(base_ + before);
    } else {
      stop_ = *result;
      if (!members_.empty() && members_.back().stored == source_->member_offset()) {
        members_.back().stored_length = source_->member_length();
      }
    }
  }
  return true;
}

// From here on bytes are dropped, until a record is found at or behind `search_from`.
void WarcReader::Skip(std::string reason, size_t search_from, bool counts) {
  skip_begin_ = base_ + at_;
  search_at_ = base_ + search_from;
  search_first_ = true;
  skip_reason_ = std::move(reason);
  skip_record_ = record_;
  if (counts) ++record_;
  state_ = State::kSearch;
}

void WarcReader::FinishSkip(size_t end) {
  const uint64_t bytes = base_ + end - skip_begin_;
  if (bytes > 0) {
    Drop(batch_, skip_begin_, bytes, std::move(skip_reason_));
    batch_->damage.back().record = skip_record_;
  }
  at_ = end;
  state_ = State::kRecord;
}

// The current record goes up to `end`, line ends included; `length` is without them.
void WarcReader::Emit(size_t end, uint64_t length) {
  Record* record = Add(batch_, RecordKind::kWarc, at_, end - at_);
  record->location.length = length;
  record->member_length = length;
  const auto next = MemberFrom(base_ + at_ + 1);
  if (next != members_.begin()) {
    record->member_offset = std::prev(next)->stored;
    record->member_length = std::prev(next)->stored_length;
  }
  ++record_;
  at_ = end;
}

// Whether a whole header begins at `begin`: a version line, fields and nothing else, an empty line,
// Content-Length. Stricter than what is asked of records that stand where they should. Ends at the first line
// that cannot be in a header, so that looking at many places costs no more than reading them.
absl::StatusOr<bool> WarcReader::IsHead(size_t begin) {
  size_t line = begin;  // begin of the current line
  size_t at = begin;    // how far it was looked at
  while (at - begin < kMaxFoundHead) {
    const absl::StatusOr<bool> more = Want(at + 1 - at_);
    if (!more.ok()) return more.status();
    if (!*more) return false;
    const size_t feed = Bytes(at, used_).find('\n');
    if (feed == std::string_view::npos) {
      at = used_;
      if (line == begin && at - begin > kVersionLine) return false;
      continue;
    }
    at += feed + 1;
    const std::string_view text = Bytes(line, at);
    if (line == begin) {
      if (WarcVersionLine(text) == 0) return false;
    } else if (text.find_first_not_of("\r\n") == std::string_view::npos) {
      std::string reason;
      return ParseWarcHead(Bytes(begin, at), &reason).has_value();
    } else if (text[0] != ' ' && text[0] != '\t' && text.find(':') == std::string_view::npos) {
      return false;
    }
    line = at;
  }
  return false;
}

// The first place in [begin, end) of the buffer, at the begin of a line, where a record begins.
absl::StatusOr<std::optional<size_t>> WarcReader::FindRecord(size_t begin, size_t end) {
  while (true) {
    const size_t found = Bytes(begin, end).find("\nWARC/");
    if (found == std::string_view::npos) return std::optional<size_t>();
    begin += found + 1;
    const absl::StatusOr<bool> good = IsHead(begin);
    if (!good.ok()) return good.status();
    if (*good) return std::optional<size_t>(begin);
  }
}

// The first place in [begin, end) of the buffer where both a member and a record begin.
absl::StatusOr<std::optional<size_t>> WarcReader::FindMember(size_t begin, size_t end) {
  while (true) {
    const auto member = MemberFrom(std::max(checked_, base_ + begin));
    if (member == members_.end() || member->begin >= base_ + end) return std::optional<size_t>();
    begin = member->begin - base_;
    const absl::StatusOr<bool> good = IsHead(begin);
    if (!good.ok()) return good.status();
    if (*good) return std::optional<size_t>(begin);
    checked_ = base_ + begin + 1;
  }
}

// Takes the line ends behind a block to it and says whether what follows can follow a record.
absl::StatusOr<bool> WarcReader::EndsWell(size_t block_end, size_t* end) {
  *end = block_end;
  while (true) {
    const absl::StatusOr<bool> more = Want(*end - at_ + 1);
    if (!more.ok()) return more.status();
    if (!*more) return true;
    const size_t limit = std::min(used_, block_end + kMaxLineEnds);
    const char* bytes = batch_->buffer.data();
    while (*end < limit && (bytes[*end] == '\r' || bytes[*end] == '\n')) ++*end;
    if (*end < used_) break;
  }
  const absl::StatusOr<bool> more = Want(*end - at_ + kVersionLine);
  if (!more.ok()) return more.status();
  if (BeginsWarc(Bytes(*end, used_))) return true;
  if (Bytes(block_end, *end).starts_with("\r\n\r\n")) return true;
  // The end of a member is as good as a record.
  const auto member = MemberFrom(base_ + block_end);
  return member != members_.end() && member->begin <= base_ + *end;
}

absl::Status WarcReader::ReadRecord() {
  absl::StatusOr<bool> more = Want(1);
  if (!more.ok()) return more.status();
  if (!*more) {
    ReportGap(batch_);
    if (stop_ == ReadResult::kEnd) finished_ = true;
    stop_ = ReadResult::kBytes;
    return absl::OkStatus();
  }
  more = Want(kVersionLine);
  if (!more.ok()) return more.status();
  if (!BeginsWarc(Bytes(at_, used_))) {
    Skip("no WARC record begins here", at_, false);
    return absl::OkStatus();
  }

  size_t head_size = FindHeaderEnd(Bytes(at_, used_));
  while (head_size == std::string_view::npos && left() <= kMaxHead) {
    const size_t searched = left();
    more = Want(searched + 1);
    if (!more.ok()) return more.status();
    if (!*more) {
      ReportGap(batch_);
      Skip("a WARC header cut off", at_ + 1, true);
      return absl::OkStatus();
    }
    head_size = FindHeaderEnd(Bytes(at_, used_), searched);
  }
  if (head_size > kMaxHead) {
    Skip("a WARC header without end", at_ + 1, true);
    return absl::OkStatus();
  }
  // Where bytes are missing, the header of one record may go on as that of another.
  const absl::StatusOr<std::optional<size_t>> other = FindRecord(at_, at_ + head_size);
  if (!other.ok()) return other.status();
  if (other->has_value()) {
    Skip("a WARC header that runs into the next one", **other, true);
    return absl::OkStatus();
  }
  std::string reason;
  const std::optional<WarcHead> head = ParseWarcHead(Bytes(at_, at_ + head_size), &reason);
  if (!head.has_value()) {
    Skip(reason, at_ + 1, true);
    return absl::OkStatus();
  }
  if (head->content_length > options_.max_record || head->size + head->content_length > options_.max_record) {
    if (head->content_length > UINT64_MAX / 2) {
      Skip(fmt::format("a WARC header with Content-Length {}", head->content_length), at_ + 1, true);
      return absl::OkStatus();
    }
    state_ = State::kOversized;
    large_begin_ = base_ + at_;
    const auto behind = MemberFrom(large_begin_ + 1);
    large_member_ = behind == members_.begin() ? large_begin_ : std::prev(behind)->stored;
    large_left_ = head->size + head->content_length;
    // A header of HTTP may say that it is a video. Names in `head` are lost with the buffer.
    constexpr uint64_t kHttpHead = 16 << 10;
    const size_t seen = head_size + std::min(kHttpHead, head->content_length);
    more = Want(seen);
    if (!more.ok()) return more.status();
    large_may_be_page_ = MayHoldPage(*ParseWarcHead(Bytes(at_, at_ + head_size), &reason),
                                     Bytes(at_ + head_size, at_ + std::min(seen, left())));
    return absl::OkStatus();
  }

  const size_t size = head->size + head->content_length;
  while (true) {
    // A record that begins with a member ends where another member begins with a record, whatever its length
    // says.
    const absl::StatusOr<std::optional<size_t>> member = FindMember(at_ + 1, std::min(at_ + size, used_));
    if (!member.ok()) return member.status();
    if (member->has_value()) {
      Skip(fmt::format("a WARC record of {} bytes that ends after {}", size, **member - at_), **member, true);
      return absl::OkStatus();
    }
    if (left() >= size) break;
    more = Want(left() + 1);
    if (!more.ok()) return more.status();
    if (!*more) {
      const absl::StatusOr<std::optional<size_t>> inner = FindRecord(at_ + head->size - 1, used_);
      if (!inner.ok()) return inner.status();
      ReportGap(batch_);
      Skip(fmt::format("a WARC record of {} bytes cut off after {}", size, inner->value_or(used_) - at_),
           inner->value_or(used_), true);
      return absl::OkStatus();
    }
  }
  size_t end = 0;
  const absl::StatusOr<bool> good = EndsWell(at_ + size, &end);
  if (!good.ok()) return good.status();
  if (!*good) {
    // A little further than the block goes: it may end inside the next one's "WARC/".
    const size_t behind = std::min(at_ + size + kVersionLine, used_);
    const absl::StatusOr<std::optional<size_t>> inner = FindRecord(at_ + head->size - 1, behind);
    if (!inner.ok()) return inner.status();
    if (inner->has_value() && **inner < at_ + size) {
      Skip(fmt::format("a WARC record of {} bytes that runs into the next one", size), **inner, true);
      return absl::OkStatus();
    }
  }
  Emit(end, size);
  return absl::OkStatus();
}

// Hands out a piece of a record that is too large to be kept.
void WarcReader::AddLargePiece(size_t end) {
  AddPiece(batch_, RecordKind::kWarc, at_, end - at_, large_begin_);
  batch_->records.back().member_offset = large_member_;
  batch_->records.back().no_page = !large_may_be_page_;
}

absl::Status WarcReader::ReadOversized() {
  // Enough to see a line end and "WARC/" together. So much is looked at behind each piece, the last one too:
  // the record may end inside that.
  constexpr size_t kHoldBack = 8;
  absl::StatusOr<bool> more = Want(kHoldBack + 1);
  if (!more.ok()) return more.status();
  if (!*more && left() == 0) {
    ReportGap(batch_);
    Drop(batch_, base_ + at_, 0, fmt::format("a WARC record cut off {} bytes before its end", large_left_));
    ++record_;
    state_ = State::kRecord;
    return absl::OkStatus();
  }
  const size_t seen = *more ? left() - kHoldBack : left();
  const bool all = large_left_ <= seen;
  size_t end = at_ + (all ? large_left_ : seen);
  absl::StatusOr<std::optional<size_t>> next = FindMember(at_ + 1, end);
  if (!next.ok()) return next.status();
  const absl::StatusOr<std::optional<size_t>> inner = FindRecord(at_, std::min(end + kHoldBack, used_));
  if (!inner.ok()) return inner.status();
  const bool in_time = inner->has_value() && (all ? **inner < end : **inner <= end);
  if (in_time && (!next->has_value() || **inner < **next)) next = inner;
  if (next->has_value()) {
    AddLargePiece(**next);
    Drop(batch_, base_ + **next, 0,
         fmt::format("a WARC record that ends {} bytes early", large_left_ - (**next - at_)));
    at_ = **next;
    ++record_;
    state_ = State::kRecord;
    return absl::OkStatus();
  }
  large_left_ -= end - at_;
  if (large_left_ == 0) {
    const absl::StatusOr<bool> good = EndsWell(end, &end);
    if (!good.ok()) return good.status();
  }
  AddLargePiece(end);
  at_ = end;
  if (large_left_ == 0) {
    ++record_;
    state_ = State::kRecord;
  }
  return absl::OkStatus();
}

absl::Status WarcReader::Search() {
  const size_t from = search_at_ - base_;
  const size_t end = used_;
  if (search_first_) {
    search_first_ = false;
    const absl::StatusOr<bool> good = IsHead(from);
    if (!good.ok()) return good.status();
    if (*good) {
      FinishSkip(from);
      return absl::OkStatus();
    }
  }
  absl::StatusOr<std::optional<size_t>> found = FindRecord(from, end);
  if (!found.ok()) return found.status();
  const absl::StatusOr<std::optional<size_t>> member = FindMember(from, found->value_or(end));
  if (!member.ok()) return member.status();
  if (member->has_value()) found = member;
  if (found->has_value()) {
    FinishSkip(**found);
    return absl::OkStatus();
  }
  // All of the buffer is dropped, but for what may be the begin of a line with "WARC/".
  at_ = end - std::min<size_t>(5, end - from);
  search_at_ = base_ + at_;
  const absl::StatusOr<bool> more = Want(end - at_ + 1);
  if (!more.ok()) return more.status();
  if (!*more) FinishSkip(used_);  // the gap or the end is ReadRecord's
  return absl::OkStatus();
}

absl::StatusOr<bool> WarcReader::Next(RecordBatch* batch) {
  Begin(batch);
  batch_ = batch;
  at_ = 0;
  while (!finished_ && at_ < std::max<uint64_t>(options_.batch_bytes, 1)) {
    absl::Status status;
    switch (state_) {
      case State::kRecord:
        status = ReadRecord();
        break;
      case State::kSearch:
        status = Search();
        break;
      case State::kOversized:
        status = ReadOversized();
        break;
    }
    if (!status.ok()) return status;
  }
  ForgetMembers();
  End(batch, at_);
  batch_ = nullptr;
  return !finished_ || !batch->records.empty();
}

}  // namespace

std::unique_ptr<RecordReader> NewWarcReader(std::unique_ptr<ByteSource> source, uint32_t number,
                                            const ReaderOptions& options) {
  return std::make_unique<WarcReader>(std::move(source), number, options);
}

}  // namespace refrain
