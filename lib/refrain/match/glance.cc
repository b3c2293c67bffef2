// One look at a page's bytes, compiled once for each vector unit.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/match/glance.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <cstring>

#include "refrain/base/cpu.h"
#include "refrain/match/glance_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::match_internal {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

// Never chosen (UseScalarKernel() is asked first), but Highway wants one for its table.
void GlanceImpl(std::string_view text, Glance* glance) { GlanceAtScalar(text, glance); }

#else

namespace hn = hwy::HWY_NAMESPACE;

// 64 bytes a step. Of ampersands only whether there is one is kept, so their comparisons are gathered in a
// vector. Line feeds, what begins as U+2026 does, and two full stops side by side, which prose has nowhere
// else, are few: one mask for all of them, and each is looked at. A search of its own for each of these, with
// memchr from line to line and from one full stop to the next, took a sixth of the time of pages that repeat
// nothing.
void GlanceImpl(std::string_view text, Glance* glance) {
  constexpr size_t kBlock = 64;
  const hn::CappedTag<uint8_t, kBlock> d;
  const size_t lanes = hn::Lanes(d);
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  auto ampersands = hn::Zero(d);
  for (size_t at = 0; at < text.size(); at += kBlock) {
    uint8_t last[kBlock + 1];
    const uint8_t* block = bytes + at;
    if (text.size() - at <= kBlock) {  // a byte more than a block is read
      std::memset(last, 0, sizeof(last));
      std::memcpy(last, block, text.size() - at);
      block = last;
    }
    uint64_t few = 0;
    for (size_t i = 0; i < kBlock; i += lanes) {
      const auto v = hn::LoadU(d, block + i);
      const auto is = [&](auto bytes_here, char c) HWY_ATTR {
        return hn::VecFromMask(d, hn::Eq(bytes_here, hn::Set(d, static_cast<uint8_t>(c))));
      };
      const auto pair = hn::And(is(v, '.'), is(hn::LoadU(d, block + i + 1), '.'));
      const auto those = hn::Or(hn::Or(is(v, '\n'), is(v, '\xE2')), pair);
      uint64_t bits = 0;
      hn::StoreMaskBits(d, hn::MaskFromVec(those), reinterpret_cast<uint8_t*>(&bits));
      few |= bits << i;
      ampersands = hn::Or(ampersands, is(v, '&'));
    }
    for (; few != 0; few &= few - 1) {
      const size_t place = at + hwy::Num0BitsBelowLS1Bit_Nonzero64(few);
      if (text[place] == '\n') {
        glance->feeds.push_back(static_cast<uint32_t>(place));
      } else {
        const std::string_view rest = text.substr(place);
        glance->ellipsis |= rest.starts_with(rest[0] == '.' ? "..." : "\u2026");
      }
    }
  }
  glance->ampersand = !hn::AllTrue(d, hn::Eq(ampersands, hn::Zero(d)));
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace refrain::match_internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain {
namespace match_internal {
HWY_EXPORT(GlanceImpl);
}  // namespace match_internal

void GlanceAtScalar(std::string_view text, Glance* glance) {
  glance->feeds.clear();
  for (size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos; ++at)
    glance->feeds.push_back(static_cast<uint32_t>(at));
  glance->ampersand = text.find('&') != std::string_view::npos;
  glance->ellipsis =
      text.find("\u2026") != std::string_view::npos || text.find("...") != std::string_view::npos;
}

void GlanceAt(std::string_view text, Glance* glance) {
  if (UseScalarKernel()) return GlanceAtScalar(text, glance);
  glance->feeds.clear();
  glance->ampersand = glance->ellipsis = false;
  HWY_DYNAMIC_DISPATCH(match_internal::GlanceImpl)(text, glance);
}

}  // namespace refrain
#endif  // HWY_ONCE
