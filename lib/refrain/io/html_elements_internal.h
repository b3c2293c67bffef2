#pragma once
/// The open elements around the place being read: a stack that follows the WHATWG tree builder closely enough
/// to know what is hidden and which lines end where.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "refrain/io/html_tags_internal.h"

namespace refrain::html {

/// What holds inside an element.
enum State : uint8_t {
  kHidden = 1u << 0,     ///< not displayed, nor anything inside
  kInvisible = 1u << 1,  ///< visibility: hidden; an element inside may be visible again
  kVisible = 1u << 2,    ///< visibility: visible, as an element's own share only
  kPreformatted = 1u << 3,
  kInForeign = 1u << 4,  ///< tags inside are those of svg or math
  kApart = 1u << 5,      ///< beside the running text
};

struct Element {
  Name name = 0;
  uint8_t own = 0;          ///< of State: what the element says itself
  uint8_t barriers = 0;     ///< of Traits, kBarriers only
  bool breaks : 1 = false;  ///< ends its line where it ends, unless it is hidden
  bool cell : 1 = false;
  bool ends_block : 1 = false;  ///< a block around it, no longer open itself, ends with it
  bool formatting : 1 = false;
};

/// What the lines must show of elements that were closed.
struct Closed {
  bool line = false;
  bool cell = false;
};

/// Open elements, innermost last, `max_depth` at most: then the innermost makes room for the next. Finding an
/// element takes a few steps however deep the stack is, so that hostile pages cost no more than others.
class Elements {
 public:
  explicit Elements(size_t max_depth);

  bool empty() const { return stack_.empty(); }
  /// What holds here, of State, the share of all open elements included.
  uint8_t state() const { return stack_.empty() ? uint8_t{0} : stack_.back().state; }
  /// Whether end tags are those of svg or math. (Start tags and text already are HTML inside foreignObject
  /// and its like.)
  bool InsideForeignElement() const { return !stack_.empty() && !(stack_.back().element.barriers & kHtml); }
  bool Has(Tag tag) const { return last_[Bucket(NameOf(tag))] != kNone; }
  /// Blocks may have been forgotten (too deep, or the body was closed): end tags without an open element
  /// still end lines.
  bool forgetful() const { return forgetful_; }

  void Push(const Element& element);
  Closed Clear();

  /// What the start tag of an HTML element closes before it opens.
  Closed BeforeStart(Name name, uint32_t traits);
  /// Leaves svg and math for the element around them.
  Closed LeaveForeign();
  /// The end tag of an HTML element. False if it closes nothing.
  bool End(Name name, uint32_t traits, Closed* closed);
  /// The end tag while inside svg or math. False: no such element there, so that HTML's rules apply.
  bool EndForeign(Name name, Closed* closed);
  /// A control inside a select list ends the list. False if there is none.
  bool EndSelect(Closed* closed) { return Close(NameOf(Tag::kSelect), kTables, closed); }

 private:
  /// What a search cannot go beyond.
  enum Reach : uint8_t {
    kSpecials,
    kScopes,
    kButtons,
    kLists,
    kTables,
    kItems,
    kForeigns,
    kAnywhere,
    kReaches
  };

  using Index = uint16_t;
  static constexpr Index kNone = 0xFFFF;

  struct Entry {
    Element element;
    uint8_t state = 0;
    Index below = kNone;  // the next outer entry in the same bucket
    // For each kind of search, the innermost entry up to this one that stops it.
    std::array<Index, kReaches> barrier{};
  };

  /// Elements of svg and math never share a name with HTML's.
  static Name KeyOf(const Element& e) { return e.barriers & kHtml ? e.name : e.name | 0x40000000u; }
  static size_t Bucket(Name key) { return key < 256 ? key : 256 | (key & 255); }

  Index Find(Name key, Reach reach) const;
  bool Behind(Index i, Reach reach) const;
  Index Last(Tag tag) const { return last_[Bucket(NameOf(tag))]; }
  bool TopIs(Tag tag) const { return !stack_.empty() && KeyOf(stack_.back().element) == NameOf(tag); }
  void Pop(Closed* closed);
  void PopTo(size_t size, Closed* closed);
  bool Close(Name key, Reach reach, Closed* closed);
  void CloseItem(Name name, Closed* closed);
  void CloseTableParts(Name name, Closed* closed);
  bool EndHeading(Closed* closed);
  bool EndFormatting(Name name, Closed* closed);
  bool EndForm(Closed* closed);

  static constexpr std::array<uint16_t, kReaches> kBarriersOfReach = {
      kSpecial, kScope, kScope | kButtonScope, kScope | kListScope, kTableScope, kItemScope, kHtml, 0};

  size_t max_depth_;
  bool forgetful_ = false;
  std::vector<Entry> stack_;
  std::vector<Entry> scratch_;
  std::array<Index, 512> last_;  // the innermost entry of each name; unknown names share
};

}  // namespace refrain::html
