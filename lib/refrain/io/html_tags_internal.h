#pragma once
/// What the extractor knows about elements: which break lines, which are never shown, which close which.

#include <cstdint>
#include <string_view>

namespace refrain::html {

/// Elements with a property of their own. Every other element is inline and ordinary.
enum class Tag : uint8_t {
  kUnknown,
#define REFRAIN_HTML_TAG(name, id, traits) id,
#include "refrain/io/html_tags.inc"
#undef REFRAIN_HTML_TAG
  kCount,
};

/// Traits, as bits. The first eight bound what an end tag can reach and are kept with each open element.
enum Traits : uint32_t {
  kOrdinary = 0,
  kSpecial = 1u << 0,      ///< stops the end tag of an ordinary element
  kScope = 1u << 1,        ///< stops the end tag of any element outside tables
  kListScope = 1u << 2,    ///< stops the end of a list item
  kButtonScope = 1u << 3,  ///< stops the end of a paragraph
  kTableScope = 1u << 4,   ///< stops the end of a table's parts
  kItemScope = 1u << 5,    ///< stops the search for an item to end where the next one begins
  kHtml = 1u << 6,         ///< not an element of svg or math
  kImplied = 1u << 7,      ///< its end tag may be left out
  kBarriers = 0xFF,

  kBlock = 1u << 8,        ///< breaks the line before and after
  kCell = 1u << 9,         ///< stands apart from other cells of its row by a tab
  kGap = 1u << 10,         ///< not shown, but what stands around it is apart
  kVoid = 1u << 11,        ///< has no content
  kRawText = 1u << 12,     ///< its content has no tags
  kReferences = 1u << 13,  ///< ... but character references
  kDropped = 1u << 14,     ///< never shown, nor what it holds
  kPre = 1u << 15,         ///< keeps line breaks and spaces
  kFormatting = 1u << 16,  ///< b, i, ...: may end in the middle of a block begun inside it
  kClosesP = 1u << 17,     ///< its start ends an open paragraph
  kHeading = 1u << 18,
  kTablePart = 1u << 19,       ///< cells, rows and what holds them
  kBreakout = 1u << 20,        ///< its start ends an open svg or math element
  kForeign = 1u << 21,         ///< svg, math
  kIntegration = 1u << 22,     ///< inside svg or math: holds HTML again
  kForeignDropped = 1u << 23,  ///< inside math: never shown
  kBeside = 1u << 24,          ///< what it holds stands beside the running text
};

/// An element's name: the Tag for those we know, else a hash of the lower-case name above all tags.
using Name = uint32_t;

constexpr Name NameOf(Tag tag) { return static_cast<Name>(tag); }

/// The name in any case; two names that are not in Tag and hash alike count as one (1 in 2^30). Bit 30 is
/// free for the caller.
Name LookUpName(std::string_view spelling);

/// Traits of the element; kOrdinary for unknown ones.
uint32_t TraitsOf(Name name);

}  // namespace refrain::html
