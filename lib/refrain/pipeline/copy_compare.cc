#include "refrain/pipeline/copy_compare.h"

#include <algorithm>
#include <string_view>

#include "refrain/pipeline/packed.h"

namespace refrain {
namespace {

uint64_t MemoryOf(const MainText& text) {
  const auto of = [](const auto& values) { return values.capacity() * sizeof(values[0]); };
  const Tokens& tokens = text.tokens;
  return of(tokens.hashes) + of(tokens.begins) + of(tokens.ends) + of(tokens.traits) +
         of(text.seeded.before) + text.seeded.seeds.memory() +
         (text.scored != nullptr ? text.scored->memory() : 0) + 512;
}

// Of memory that is used again.
constexpr uint64_t kLargestSpare = 256 << 10;

constexpr size_t kFewestRewritten = 5;

double Words(const Tokens& tokens, uint32_t first, uint32_t last) {
  uint64_t quarters = 0;
  for (uint32_t i = first; i < last; ++i) quarters += tokens.quarter_words(i);
  return 0.25 * static_cast<double>(quarters);
}

Span Bytes(const Tokens& tokens, uint32_t first, uint32_t last) {
  return {tokens.begins[first], tokens.ends[last - 1]};
}

// Words of either side that passages cover, each once.
double WordsCovered(const Tokens& tokens, std::vector<TokenStretch> stretches) {
  std::sort(stretches.begin(), stretches.end());
  double words = 0;
  uint32_t done = 0;
  for (const auto& [first, last] : stretches) {
    words += Words(tokens, std::max(first, done), std::max(last, done));
    done = std::max(done, last);
  }
  return words;
}

}  // namespace

void KeepMainText(const LeftOut& left_out, Tokens* tokens) {
  if (left_out.empty()) return;
  const auto keep = [&](auto& values) {
    auto to = values.begin() + left_out.front().first;
    for (size_t i = 0; i < left_out.size(); ++i) {
      const auto end = i + 1 < left_out.size() ? values.begin() + left_out[i + 1].first : values.end();
      to = std::copy(values.begin() + left_out[i].last, end, to);
    }
    values.erase(to, values.end());
  };
  keep(tokens->hashes);
  keep(tokens->begins);
  keep(tokens->ends);
  keep(tokens->traits);
}

std::shared_ptr<const MainText> RecentTexts::Find(uint32_t page) {
  const auto at = known_.find(page);
  if (at == known_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, at->second);
  return recent_.front().text;
}

std::shared_ptr<MainText> RecentTexts::DropOldest() {
  Known& oldest = recent_.back();
  bytes_ -= oldest.bytes;
  known_.erase(oldest.page);
  std::shared_ptr<MainText> text = std::move(oldest.text);
  recent_.pop_back();
  return text;
}

// A text that someone looks at is left alone, and memory of a large one would be lost on a small one.
std::shared_ptr<MainText> RecentTexts::Spare() {
  if (!recent_.empty() && bytes_ + bytes_ / recent_.size() > most_) {
    std::shared_ptr<MainText> text = DropOldest();
    if (text.use_count() == 1 && MemoryOf(*text) <= kLargestSpare) return text;
  }
  return std::make_shared<MainText>();
}

void RecentTexts::Add(uint32_t page, std::shared_ptr<MainText> text) {
  const uint64_t bytes = MemoryOf(*text);
  bytes_ += bytes;
  recent_.push_front({page, bytes, std::move(text)});
  known_[page] = recent_.begin();
  while (recent_.size() > 1 && bytes_ > most_) DropOldest();
}

absl::Status CopyComparer::ReadTokens(uint32_t page) {
  if (absl::Status status = texts_->Read(page, &text_); !status.ok()) return status;
  tokenizer_.Tokenize(text_, &tokens_);
  if (!left_out_.has(page)) return absl::OkStatus();
  const absl::StatusOr<std::string_view> packed = left_out_.Read(page, &scratch_);
  if (!packed.ok()) return packed.status();
  LeftOut left_out;
  std::string_view bytes = *packed;
  Unpack(&bytes, &left_out);
  KeepMainText(left_out, &tokens_);
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const MainText>> CopyComparer::Read(uint32_t page) {
  if (std::shared_ptr<const MainText> known = recent_.Find(page); known != nullptr) return known;
  if (absl::Status status = ReadTokens(page); !status.ok()) return status;
  std::shared_ptr<MainText> made = recent_.Spare();
  // Copies, which take no more memory than they must.
  made->tokens = tokens_;
  const Tokens& tokens = made->tokens;
  MakeSeeded(tokens, options_, &placed_, &made->seeded);
  if (!seeds_are_scored_) {
    if (made->scored == nullptr) made->scored = std::make_unique<ShingleTable>();
    MakeShingleTable(tokens.hashes, tokens.traits, shingle_, &placed_, made->scored.get());
  }
  made->words = made->seeded.Words(0, static_cast<uint32_t>(tokens.size()));
  recent_.Add(page, made);
  return made;
}

// With the stretch of the larger text that holds the longest passage, or with the one from the first passage
// to the last, but for passages far too short to say where the copy is: the better of the two. What is
// contained may be broken by an advert, and a caption in front of it may say a sentence of it too.
double CopyComparer::LocalResemblance(const MainText& a, const MainText& b, bool a_is_smaller) {
  const auto stretch = [&](const SharedPassage& p) {
    return a_is_smaller ? TokenStretch{p.b_first, p.b_last} : TokenStretch{p.a_first, p.a_last};
  };
  const auto length = [](const TokenStretch& s) { return s.last - s.first; };
  TokenStretch longest;
  for (const SharedPassage& p : passages_) {
    if (length(stretch(p)) > length(longest)) longest = stretch(p);
  }
  TokenStretch all = longest;
  for (const SharedPassage& p : passages_) {
    if (length(stretch(p)) * 5 < length(longest)) continue;
    all.first = std::min(all.first, stretch(p).first);
    all.last = std::max(all.last, stretch(p).last);
  }
  const auto resemblance = [&](const TokenStretch& s) {
    const TokenRange part{s.first, s.last};
    Overlap overlap = a_is_smaller ? OverlapOfPartOfB(a.shingles(), b.shingles(), scored_, part)
                                   : OverlapOfPartOfA(a.shingles(), b.shingles(), scored_, part);
    if (overlap.a == 0) {
      const MainText& larger = a_is_smaller ? b : a;
      const auto in = [&](const auto& values) { return std::span(values).subspan(s.first, length(s)); };
      MakeShingles(in(larger.tokens.hashes), in(larger.tokens.traits), shingle_, &stretch_shingles_);
      overlap.a = stretch_shingles_.size();
      for (const uint64_t shingle : stretch_shingles_)
        overlap.shared += (a_is_smaller ? a : b).shingles().First(shingle) != ShingleTable::kNone;
    }
    return overlap.resemblance();
  };
  if (length(all) == 0) return 0;
  return all == longest ? resemblance(all) : std::max(resemblance(all), resemblance(longest));
}

absl::Status CopyComparer::Compare(uint32_t a, uint32_t b, bool equals, ComparedPair* pair) {
  if (equals) return CompareEqual(a, b, pair);
  *pair = {};
  const auto one = Read(a);
  if (!one.ok()) return one.status();
  const auto other = Read(b);
  if (!other.ok()) return other.status();
  return CompareTexts(**one, **other, (*other)->tokens, pair);
}

// All that is found of a text and itself holds of its equals, but for where their tokens are: mostly one
// passage, from the first of them to the last, which are known.
absl::Status CopyComparer::CompareEqual(uint32_t a, uint32_t b, ComparedPair* pair) {
  if (itself_page_ != a) {
    itself_page_ = UINT32_MAX;
    itself_ = {};
    const auto one = Read(a);
    if (!one.ok()) return one.status();
    if (absl::Status status = CompareTexts(**one, **one, (*one)->tokens, &itself_); !status.ok())
      return status;
    itself_.equal = true;
    itself_page_ = a;
  }
  *pair = itself_;
  if (pair->spans.empty()) return absl::OkStatus();
  const absl::StatusOr<Span> ours = texts_->Words(a);
  if (!ours.ok()) return ours.status();
  if (pair->spans.size() == 1 && pair->spans[0].a == *ours && pair->spans[0].b == *ours) {
    const absl::StatusOr<Span> theirs = texts_->Words(b);
    if (!theirs.ok()) return theirs.status();
    pair->spans[0].b = *theirs;
    return absl::OkStatus();
  }
  const auto one = Read(a);
  if (!one.ok()) return one.status();
  if (absl::Status status = ReadTokens(b); !status.ok()) return status;
  *pair = {};
  pair->equal = true;
  return CompareTexts(**one, **one, tokens_, pair);
}

absl::Status CopyComparer::CompareTexts(const MainText& ours, const MainText& theirs,
                                        const Tokens& their_tokens, ComparedPair* pair) {
  FindShared(ours.shingles(), theirs.shingles(), &scored_);
  const Overlap& overlap = scored_.overlap;
  pair->scores.resemblance = overlap.resemblance();
  pair->scores.a_in_b = overlap.a_in_b();
  pair->scores.b_in_a = overlap.b_in_a();
  pair->scores.smaller_words = std::min(ours.words, theirs.words);
  // Rewritten text keeps a few shingles; a pair of strangers may well share one.
  if (overlap.shared < (options_.rewritten ? kFewestRewritten : 1)) return absl::OkStatus();
  // What is a page's whole text is a passage, however short.
  PassageOptions options = options_;
  if (pair->scores.smaller_words < options.min_words)
    options.min_words = std::max(1.0, pair->scores.smaller_words * 0.8);
  if (!seeds_are_scored_) FindShared(ours.seeded.seeds, theirs.seeded.seeds, &seeds_);
  finder_.Find(ours.seeded, theirs.seeded, seeds_are_scored_ ? scored_ : seeds_, options, &passages_);
  std::vector<TokenStretch> in_a, in_b;
  for (const SharedPassage& p : passages_) {
    pair->spans.push_back(
        {Bytes(ours.tokens, p.a_first, p.a_last), Bytes(their_tokens, p.b_first, p.b_last)});
    in_a.push_back({p.a_first, p.a_last});
    in_b.push_back({p.b_first, p.b_last});
  }
  // In runs, and what passages have in common once.
  double in_runs_a = 0, in_runs_b = 0;
  for (const SharedPassage& p : passages_) in_runs_a += p.a_words, in_runs_b += p.b_words;
  pair->words =
      std::min({WordsCovered(ours.tokens, in_a), WordsCovered(theirs.tokens, in_b), in_runs_a, in_runs_b});
  pair->scores.passage_words = pair->words;
  pair->scores.local = LocalResemblance(ours, theirs, overlap.a <= overlap.b);
  if (has_words_) pair->scores.numbers = numbers_.Of(ours.tokens, theirs.tokens, passages_);
  return absl::OkStatus();
}

absl::Status CopyComparer::FindChanges(uint32_t origin, uint32_t member, Changes* changes) {
  const auto one = Read(origin);
  if (!one.ok()) return one.status();
  const auto other = Read(member);
  if (!other.ok()) return other.status();
  const Tokens& from = (*one)->tokens;
  const Tokens& to = (*other)->tokens;
  *changes = {};
  // Stretches in the order of the member; those that do not rise in the origin too were moved, and what is
  // between them is told by either side alone.
  Align(to, from, shingle_, &align_, &aligned_);
  std::vector<TokenStretch> in_origin;
  uint32_t at = 0;                 // of the member: before it all is told
  uint32_t at_origin = 0;          // where the origin goes on behind the stretch before
  std::vector<TokenStretch> told;  // of the origin, in changed spans
  const auto between = [&](uint32_t member_last, uint32_t origin_last) {
    const bool rises = at_origin <= origin_last;
    // Much on one side for little on the other is no edit, but text that was added or cut there.
    const uint32_t ours = member_last - at, theirs = rises ? origin_last - at_origin : 0;
    if (ours > 0 && theirs > 0 && theirs <= 4 * ours + 4 && ours <= 4 * theirs + 4) {
      changes->changed.push_back({Bytes(from, at_origin, origin_last), Bytes(to, at, member_last)});
      told.push_back({at_origin, origin_last});
    } else if (at < member_last) {
      changes->added.push_back(Bytes(to, at, member_last));
    }
  };
  for (const AlignedTokens& stretch : aligned_) {
    if (at > 0 || stretch.b_first == 0 || stretch.a_first == 0) {
      between(stretch.a_first, stretch.b_first);
    } else {
      // In front of the first stretch: texts begin differently, that is no edit of one word by another.
      changes->added.push_back(Bytes(to, 0, stretch.a_first));
    }
    in_origin.push_back({stretch.b_first, stretch.b_first + stretch.length});
    at = stretch.a_first + stretch.length;
    at_origin = stretch.b_first + stretch.length;
  }
  if (at < to.size()) changes->added.push_back(Bytes(to, at, static_cast<uint32_t>(to.size())));
  in_origin.insert(in_origin.end(), told.begin(), told.end());
  std::sort(in_origin.begin(), in_origin.end());
  uint32_t done = 0;
  for (const auto& [first, last] : in_origin) {
    if (done < first) changes->cut.push_back(Bytes(from, done, first));
    done = std::max(done, last);
  }
  if (done < from.size()) changes->cut.push_back(Bytes(from, done, static_cast<uint32_t>(from.size())));
  return absl::OkStatus();
}

}  // namespace refrain
