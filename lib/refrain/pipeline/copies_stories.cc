// Who had it first: groups around an origin. Whatever is in a story matches its origin itself, so nothing is
// there because of a chain.

#include <algorithm>
#include <bit>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "refrain/pipeline/agency.h"
#include "refrain/pipeline/copies_run_internal.h"
#include "refrain/pipeline/packed.h"

namespace refrain {
namespace {

// Days since 1970 to year, month, day. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::string IsoDate(int64_t seconds) {
  if (seconds == kNoDate) return "";
  int64_t days = seconds / 86400, rest = seconds % 86400;
  if (rest < 0) --days, rest += 86400;
  const int64_t z = days + 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int64_t day_of_era = z - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_index = (5 * day_of_year + 2) / 153;
  const int64_t day = day_of_year - (153 * month_index + 2) / 5 + 1;
  const int64_t month = month_index < 10 ? month_index + 3 : month_index - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2);
  if (rest == 0) return fmt::format("{:04}-{:02}-{:02}", year, month, day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, rest / 3600, rest / 60 % 60,
                     rest % 60);
}

}  // namespace

std::string CopiesRun::SourceOf(const PageEntry& entry) const {
  return entry.source_rank == kNoSource ? std::string() : sources_[entry.source_rank];
}

StoryMember CopiesRun::MemberOf(uint32_t rank) const {
  const uint32_t page = pages_.by_rank[rank];
  return {.id = DisplayId(page),
          .source = SourceOf(Entry(page)),
          .date = IsoDate(Entry(page).date),
          .agency = std::string(AgencyName(agencies_[page])),
          .role = "origin"};
}

// How sure it is that the first of the story is its origin: docs/parameters.md, "Who had it first".
void CopiesRun::Weigh(uint32_t origin, const std::vector<uint32_t>& members, StoryRow* row) const {
  const PageEntry& first = Ranked(origin);
  bool all_dated = first.date != kNoDate, all_later = true, earlier = false, all_inside = true;
  bool carries_mark = false, others_dated = false;
  size_t may_be_first = 1;  // what is not known to be later
  for (size_t i = 0; i < members.size(); ++i) {
    if (IsRoundUp(members[i])) continue;  // is no origin, though it may be older
    const PageEntry& entry = Ranked(members[i]);
    ++may_be_first;
    all_dated &= entry.date != kNoDate;
    if (first.date != kNoDate && entry.date != kNoDate) {
      others_dated = true;
      all_later &= IsEarlier(first.date, entry.date);
      may_be_first -= IsEarlier(first.date, entry.date);
      earlier |= IsEarlier(entry.date, first.date);
    }
    all_inside &= row->members[i + 1].in_origin >= thresholds_.containment &&
                  row->members[i + 1].in_origin > row->members[i + 1].of_origin;
    carries_mark |= agencies_[pages_.by_rank[members[i]]] == agencies_[pages_.by_rank[origin]];
  }
  if (earlier) {  // only with --of: the story is told around the page that was asked about
    row->because = OriginBecause::kOrder;
    row->confidence = 0;
  } else if (all_dated && all_later) {
    row->because = OriginBecause::kDate;
    row->confidence = 0.9;
  } else if (first.agency && carries_mark) {
    row->because = OriginBecause::kAgency;
    row->confidence = 0.8;
  } else if (others_dated && all_later) {
    row->because = OriginBecause::kEarliest;
    row->confidence = 0.6;
  } else if (all_inside) {
    row->because = OriginBecause::kCompleteness;
    row->confidence = 0.5;
  } else {
    row->because = OriginBecause::kOrder;
    row->confidence = 1.0 / static_cast<double>(may_be_first);
  }
}

void CopiesRun::PackTold(const Told& told, std::string* bytes) {
  Pack(told.verdict, bytes);
  Pack(told.in_origin, bytes);
  Pack(told.of_origin, bytes);
  Pack(told.changes.added, bytes);
  Pack(told.changes.cut, bytes);
  Pack(told.changes.changed, bytes);
}

CopiesRun::Told CopiesRun::UnpackTold(std::string_view bytes) {
  Told told;
  Unpack(&bytes, &told.verdict);
  Unpack(&bytes, &told.in_origin);
  Unpack(&bytes, &told.of_origin);
  Unpack(&bytes, &told.changes.added);
  Unpack(&bytes, &told.changes.cut);
  Unpack(&bytes, &told.changes.changed);
  return told;
}

absl::StatusOr<CopiesRun::Told> CopiesRun::Tell(uint32_t origin, uint32_t member,
                                                CopyComparer* comparer) const {
  const uint32_t a = pages_.by_rank[origin], b = pages_.by_rank[member];
  ComparedPair pair;
  Told told;
  absl::Status status = comparer->Compare(a, b, AreEqual(origin, member), &pair);
  if (status.ok() && !pair.equal) status = comparer->FindChanges(a, b, &told.changes);
  if (!status.ok()) return status;
  told.verdict = Judge(a, b, pair.scores);
  told.in_origin = pair.scores.b_in_a;
  told.of_origin = pair.scores.a_in_b;
  return told;
}

absl::Status CopiesRun::MakeStory(Story* story, CopyComparer* comparer, StoryRow* row) const {
  const uint32_t origin = story->origin;
  *row = {};
  row->members.push_back(MemberOf(origin));
  std::set<uint32_t> sources;
  uint64_t unknown = 0;
  const auto count_source = [&](uint32_t rank) {
    const uint32_t source = Ranked(rank).source_rank;
    source == kNoSource ? void(++unknown) : void(sources.insert(source));
  };
  count_source(origin);
  std::vector<uint32_t> members;
  for (size_t i = 0; i < story->members.size(); ++i) {
    if (Stopped()) return absl::CancelledError("stopped");
    const uint32_t rank = story->members[i];
    absl::StatusOr<Told> told =
        story->told[i].empty() ? Tell(origin, rank, comparer) : UnpackTold(story->told[i]);
    if (!told.ok()) return told.status();
    if (!IsOneStory(told->verdict)) continue;
    StoryMember member = MemberOf(rank);
    member.role = std::string(Name(told->verdict));
    member.same_source =
        Ranked(origin).source_rank != kNoSource && Ranked(origin).source_rank == Ranked(rank).source_rank;
    member.in_origin = told->in_origin;
    member.of_origin = told->of_origin;
    member.added = std::move(told->changes.added);
    member.cut = std::move(told->changes.cut);
    member.changed = std::move(told->changes.changed);
    row->members.push_back(std::move(member));
    members.push_back(rank);
    count_source(rank);
  }
  row->publishers = sources.size() + unknown;
  story->members = std::move(members);
  Weigh(origin, story->members, row);
  return absl::OkStatus();
}

// A page of news in brief contains a page of each of its stories, which have nothing to do with each other.
// It may be in one of them, but would make one story of all if it came first.
absl::StatusOr<std::vector<uint32_t>> CopiesRun::DecideStories() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  uint32_t round_ups = 0;
  for (uint32_t rank = 0; rank < size; ++rank) round_ups += IsRoundUp(rank);
  if (round_ups == 0) return DecideFromMatches(size, one_story_.get());
  std::vector<uint32_t> place_of(size), rank_of(size);
  uint32_t others = 0, behind = size - round_ups;
  for (uint32_t rank = 0; rank < size; ++rank) {
    place_of[rank] = IsRoundUp(rank) ? behind++ : others++;
    rank_of[place_of[rank]] = rank;
  }
  SpillSorter<MatchedEdge> placed(Spilled(), 32 + std::bit_width(size));
  while (true) {
    const absl::StatusOr<std::span<const MatchedEdge>> block = one_story_->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) break;
    for (const MatchedEdge& edge : *block) {
      const uint32_t one = place_of[edge.pair().earlier], other = place_of[edge.pair().later];
      absl::Status added =
          placed.Add(MatchedEdge({.earlier = std::min(one, other), .later = std::max(one, other)}));
      if (!added.ok()) return added;
    }
  }
  NoteDisk(placed.disk());
  if (absl::Status status = placed.Finish(); !status.ok()) return status;
  const absl::StatusOr<std::vector<uint32_t>> decided = DecideFromMatches(size, &placed);
  if (!decided.ok()) return decided.status();
  std::vector<uint32_t> witness(size, kNoWitness);
  for (uint32_t place = 0; place < size; ++place) {
    if ((*decided)[place] != kNoWitness) witness[rank_of[place]] = rank_of[(*decided)[place]];
  }
  return witness;
}

absl::Status CopiesRun::WriteStories() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  const absl::StatusOr<std::vector<uint32_t>> witness = DecideStories();
  if (!witness.ok()) return witness.status();
  one_story_.reset();
  SpillSorter<MatchedEdge> members(Spilled(), 32 + std::bit_width(size));  // by origin: in `later`
  for (uint32_t rank = 0; rank < size; ++rank) {
    // What equals a page is in its story.
    const uint32_t first = pages_.first_equal[rank];
    uint32_t origin = (*witness)[rank];
    if (origin == kNoWitness && first != rank && of_ == nullptr) {
      origin = (*witness)[first] == kNoWitness ? first : (*witness)[first];
    }
    if (origin == kNoWitness || origin == rank) continue;
    if (absl::Status status = members.Add(MatchedEdge({.earlier = rank, .later = origin})); !status.ok())
      return status;
  }
  if (absl::Status status = members.Finish(); !status.ok()) return status;
  if (absl::Status status = told_->Finish(); !status.ok()) return status;

  std::unique_ptr<OutputFile> json, csv, sources_csv;
  for (const auto& [name, file] :
       {std::pair{"stories.jsonl", &json}, {"stories.csv", &csv}, {"sources.csv", &sources_csv}}) {
    absl::StatusOr<std::unique_ptr<OutputFile>> created =
        OutputFile::Create(folder_->path() + "/" + name, Compression::kNone);
    if (!created.ok()) return created.status();
    *file = *std::move(created);
  }
  if (absl::Status status = csv->Write(StoriesCsvHead()); !status.ok()) return status;
  if (absl::Status status = sources_csv->Write(SourcesCsvHead()); !status.ok()) return status;
  // Who shows whose stories: a story counts once for each pair of sources.
  SpillSorter<MatchedEdge> shown(Spilled());

  struct Written {
    std::string json, csv;
    std::vector<MatchedPair> shown;
    uint64_t pages = 0;
  };
  auto comparers = Comparers();
  std::span<const MatchedEdge> block;
  absl::Status status = RunOrdered<Story, Written>(
      options_.corpus.threads,
      [&](Story* story) -> absl::StatusOr<bool> {
        if (Stopped()) return absl::CancelledError("stopped");
        story->members.clear();
        story->told.clear();
        while (true) {
          if (block.empty()) {
            const absl::StatusOr<std::span<const MatchedEdge>> next = members.Next();
            if (!next.ok()) return next.status();
            block = *next;
            if (block.empty()) break;
          }
          const MatchedPair pair = block.front().pair();
          if (!story->members.empty() && pair.later != story->origin) break;
          story->origin = pair.later;
          story->members.push_back(pair.earlier);
          const absl::StatusOr<bool> told = told_->Find(block.front().key, &story->told.emplace_back());
          if (!told.ok()) return told.status();
          block = block.subspan(1);
        }
        return !story->members.empty();
      },
      [&](int worker, Story& story, Written* written) -> absl::Status {
        StoryRow row;
        absl::Status made = MakeStory(&story, comparers[static_cast<size_t>(worker)].get(), &row);
        if (!made.ok()) return made;
        if (row.members.size() < 2) return absl::OkStatus();
        AppendJson(row, &written->json);
        AppendCsv(row, &written->csv);
        written->pages = row.members.size();
        const uint32_t from = Ranked(story.origin).source_rank;
        std::set<uint32_t> to;
        for (const uint32_t member : story.members) to.insert(Ranked(member).source_rank);
        for (const uint32_t source : to) {
          if (from != kNoSource && source != kNoSource && source != from)
            written->shown.push_back({.earlier = source, .later = from});
        }
        return absl::OkStatus();
      },
      [&](Written&& written) {
        summary_.stories += written.pages > 0;
        summary_.story_pages += written.pages;
        for (const MatchedPair& pair : written.shown) {
          if (absl::Status added = shown.Add(MatchedEdge(pair)); !added.ok()) return added;
        }
        if (absl::Status wrote = json->Write(written.json); !wrote.ok()) return wrote;
        return csv->Write(written.csv);
      });
  if (!status.ok()) return status;
  NoteDisk();
  told_.reset();
  if (status = json->Close(); !status.ok()) return status;
  if (status = csv->Close(); !status.ok()) return status;
  if (status = WriteSources(&shown, sources_csv.get()); !status.ok()) return status;
  return sources_csv->Close();
}

// By name: numbers of sources follow the order of files. Takes memory for each pair of sources.
absl::Status CopiesRun::WriteSources(SpillSorter<MatchedEdge>* shown, OutputFile* file) const {
  if (absl::Status status = shown->Finish(); !status.ok()) return status;
  std::vector<std::pair<MatchedPair, uint64_t>> counts;
  while (true) {
    const absl::StatusOr<std::span<const MatchedEdge>> block = shown->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) break;
    for (const MatchedEdge& edge : *block) {
      if (counts.empty() || MatchedEdge(counts.back().first).key != edge.key)
        counts.emplace_back(edge.pair(), 0);
      ++counts.back().second;
    }
  }
  std::sort(counts.begin(), counts.end(), [this](const auto& x, const auto& y) {
    return std::tie(sources_[x.first.later], sources_[x.first.earlier]) <
           std::tie(sources_[y.first.later], sources_[y.first.earlier]);
  });
  std::string lines;
  for (const auto& [pair, stories] : counts) {
    AppendCsv(
        SourceEdge{.origin = sources_[pair.later], .source = sources_[pair.earlier], .stories = stories},
        &lines);
  }
  return file->Write(lines);
}

}  // namespace refrain
