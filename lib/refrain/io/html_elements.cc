#include "refrain/io/html_elements_internal.h"

#include <algorithm>

namespace refrain::html {
namespace {

constexpr Name kFirstHeading = NameOf(Tag::kH1);
constexpr Name kLastHeading = NameOf(Tag::kH6);

/// Adds what an element that goes away said to what `inside`, which stands inside it, says itself.
void TakeOver(uint8_t outer, Element* inside) {
  uint32_t more = outer & (kHidden | kPreformatted | kApart);
  if (!(inside->own & (kVisible | kInvisible))) more |= outer & (kVisible | kInvisible);
  inside->own = static_cast<uint8_t>(inside->own | more);
}

/// What holds inside an element that says `own`, inside `outer`.
uint8_t StateInside(uint8_t outer, uint8_t own) {
  uint32_t state =
      (outer & (kHidden | kPreformatted | kApart)) | (own & (kHidden | kPreformatted | kApart | kInForeign));
  if (own & kInvisible) state |= kInvisible;
  if (!(own & kVisible)) state |= outer & kInvisible;
  return static_cast<uint8_t>(state);
}

}  // namespace

Elements::Elements(size_t max_depth) : max_depth_(std::min<size_t>(max_depth, kNone)) { last_.fill(kNone); }

void Elements::Push(const Element& element) {
  Entry entry{.element = element};
  if (stack_.size() >= max_depth_) {
    // The innermost makes room. Its line does not end here, and what it said still holds: what follows is
    // inside it.
    TakeOver(state(), &entry.element);
    Closed unused;
    Pop(&unused);
    forgetful_ = true;
  }
  const auto i = static_cast<Index>(stack_.size());
  if (stack_.empty()) {
    entry.barrier.fill(kNone);
  } else {
    entry.barrier = stack_.back().barrier;
  }
  for (size_t reach = 0; reach < kReaches; ++reach) {
    // Without branches: eight lanes of 16 bits.
    const auto stops = static_cast<Index>(element.barriers & kBarriersOfReach[reach] ? 0xFFFF : 0);
    entry.barrier[reach] = static_cast<Index>((entry.barrier[reach] & ~stops) | (i & stops));
  }
  entry.state = StateInside(state(), entry.element.own);
  Index& last = last_[Bucket(KeyOf(element))];
  entry.below = last;
  last = i;
  stack_.push_back(entry);
}

void Elements::Pop(Closed* closed) {
  const Entry& top = stack_.back();
  closed->line |= top.element.ends_block;
  if (!(top.state & kHidden)) {
    closed->line |= top.element.breaks;
    closed->cell |= top.element.cell;
  }
  last_[Bucket(KeyOf(top.element))] = top.below;
  stack_.pop_back();
}

void Elements::PopTo(size_t size, Closed* closed) {
  while (stack_.size() > size) Pop(closed);
}

Closed Elements::Clear() {
  Closed closed;
  if (!stack_.empty()) forgetful_ = true;
  PopTo(0, &closed);
  return closed;
}

/// Whether a barrier stands further in than entry `i`.
bool Elements::Behind(Index i, Reach reach) const {
  const Index barrier = stack_.back().barrier[reach];
  return barrier != kNone && barrier > i;
}

Elements::Index Elements::Find(Name key, Reach reach) const {
  Index i = last_[Bucket(key)];
  while (i != kNone && KeyOf(stack_[i].element) != key) i = stack_[i].below;
  return i == kNone || Behind(i, reach) ? kNone : i;
}

bool Elements::Close(Name key, Reach reach, Closed* closed) {
  const Index i = Find(key, reach);
  if (i == kNone) return false;
  PopTo(i, closed);
  return true;
}

Closed Elements::BeforeStart(Name name, uint32_t traits) {
  Closed closed;
  if (stack_.empty()) return closed;
  switch (static_cast<Tag>(name < 256 ? name : 0)) {
    case Tag::kLi:
    case Tag::kDd:
    case Tag::kDt:
      CloseItem(name, &closed);
      break;
    case Tag::kA:
    case Tag::kNobr:
      EndFormatting(name, &closed);
      break;
    case Tag::kButton:
      Close(name, kScopes, &closed);
      break;
    case Tag::kOption:
    case Tag::kOptgroup:
      if (TopIs(Tag::kOption)) Pop(&closed);
      break;
    case Tag::kRb:
    case Tag::kRp:
    case Tag::kRt:
    case Tag::kRtc:
      while (Has(Tag::kRuby) && (stack_.back().element.barriers & kImplied)) Pop(&closed);
      break;
    default:
      break;
  }
  if (traits & kClosesP) Close(NameOf(Tag::kP), kButtons, &closed);
  if ((traits & kHeading) && !stack_.empty()) {
    const Name top = KeyOf(stack_.back().element);
    if (top >= kFirstHeading && top <= kLastHeading) Pop(&closed);
  }
  if ((traits & kTablePart) || name == NameOf(Tag::kTable)) CloseTableParts(name, &closed);
  return closed;
}

/// An item ends the one before it in the same list; dd and dt end each other.
void Elements::CloseItem(Name name, Closed* closed) {
  Index i = last_[Bucket(name)];
  if (name != NameOf(Tag::kLi)) {
    const Index dd = Last(Tag::kDd);
    const Index dt = Last(Tag::kDt);
    i = dd == kNone || (dt != kNone && dt > dd) ? dt : dd;
  }
  if (i != kNone && !Behind(i, kItems)) PopTo(i, closed);
}

/// A cell ends the cell before it, a row the row, and so on; a table ends a table that it does not stand in a
/// cell of.
void Elements::CloseTableParts(Name name, Closed* closed) {
  // Positions count from 1, 0 for none.
  auto innermost = [this](std::initializer_list<Tag> tags) {
    size_t found = 0;
    for (Tag tag : tags) {
      if (Last(tag) != kNone) found = std::max<size_t>(found, Last(tag) + size_t{1});
    }
    return found;
  };
  if (name == NameOf(Tag::kTable)) {
    const size_t table = innermost({Tag::kTable});
    if (table > innermost({Tag::kTd, Tag::kTh, Tag::kCaption, Tag::kTemplate})) PopTo(table - 1, closed);
    return;
  }
  size_t holder = innermost({Tag::kTable, Tag::kTemplate});
  const bool cell = name == NameOf(Tag::kTd) || name == NameOf(Tag::kTh);
  if (cell || name == NameOf(Tag::kTr)) {
    holder = std::max(holder, innermost({Tag::kTbody, Tag::kThead, Tag::kTfoot}));
  }
  if (cell) holder = std::max(holder, innermost({Tag::kTr}));
  if (holder > 0) PopTo(holder, closed);
}

/// Any heading's end tag ends any heading.
bool Elements::EndHeading(Closed* closed) {
  Index i = kNone;
  for (Name name = kFirstHeading; name <= kLastHeading; ++name) {
    const Index last = last_[Bucket(name)];
    if (last != kNone && (i == kNone || last > i)) i = last;
  }
  if (i == kNone || Behind(i, kScopes)) return false;
  PopTo(i, closed);
  return true;
}

/// Blocks begun inside a formatting element stay open when it ends, other elements do not (the "adoption
/// agency").
bool Elements::EndFormatting(Name name, Closed* closed) {
  const Index at = Find(name, kScopes);
  if (at == kNone) return false;
  scratch_.assign(stack_.begin() + at + 1, stack_.end());
  Closed kept;
  PopTo(at, &kept);
  for (const Entry& entry : scratch_) {
    if ((entry.element.barriers & kSpecial) || entry.element.formatting) {
      Push(entry.element);
    } else {
      closed->line |= entry.element.breaks && !(entry.state & kHidden);
    }
  }
  return true;
}

/// A form's end tag takes only the form off the stack: what was begun inside stays open, and inside the form.
bool Elements::EndForm(Closed* closed) {
  const Index at = Find(NameOf(Tag::kForm), kScopes);
  if (at == kNone) return false;
  while (stack_.back().element.barriers & kImplied) Pop(closed);
  if (at + size_t{1} == stack_.size()) {
    Pop(closed);
    return true;
  }
  // The element inside takes over what the form said about itself, and its line break.
  const Element form = stack_[at].element;
  scratch_.assign(stack_.begin() + at + 1, stack_.end());
  TakeOver(form.own, &scratch_.front().element);
  scratch_.front().element.ends_block |= form.breaks && !(stack_[at].state & kHidden);
  Closed kept;
  PopTo(at, &kept);
  for (const Entry& entry : scratch_) Push(entry.element);
  return true;
}

bool Elements::End(Name name, uint32_t traits, Closed* closed) {
  if (traits & kHeading) return EndHeading(closed);
  if (last_[Bucket(name)] == kNone) return false;
  if (traits & kFormatting) return EndFormatting(name, closed);
  if (traits & kTablePart) return Close(name, kTables, closed);
  switch (static_cast<Tag>(name < 256 ? name : 0)) {
    case Tag::kForm:
      return EndForm(closed);
    case Tag::kTemplate:
      return Close(name, kAnywhere, closed);
    case Tag::kP:
      return Close(name, kButtons, closed);
    case Tag::kLi:
      return Close(name, kLists, closed);
    case Tag::kTable:
    case Tag::kSelect:
      return Close(name, kTables, closed);
    default:
      return Close(name, traits & kSpecial ? kScopes : kSpecials, closed);
  }
}

Closed Elements::LeaveForeign() {
  Closed closed;
  while (state() & kInForeign) Pop(&closed);
  return closed;
}

bool Elements::EndForeign(Name name, Closed* closed) { return Close(name | 0x40000000u, kForeigns, closed); }

}  // namespace refrain::html
