// What is done with shingles of one page, and with sets of two.

#include <memory>

#include "bench/corpus.h"
#include "bench/guard/loops.h"
#include "refrain/match/page_repeats.h"
#include "refrain/match/winnow_internal.h"
#include "refrain/sketch/resemblance.h"
#include "refrain/sketch/shingle.h"

namespace refrain::guard {
namespace {

std::function<void()> Winnow(size_t length) {
  constexpr size_t kWindow = 6;  // that of the default --min-tokens
  return [values = Hashes(length), scratch = std::make_shared<std::vector<uint64_t>>(),
          chosen = std::make_shared<std::vector<uint32_t>>()] {
    refrain::Winnow(values, kWindow, scratch.get(), chosen.get());
    sink = chosen->size();
  };
}

// A page that repeats nothing, as most are: seeds are made and dropped, lines compared by their beginnings.
Loop PageScopeLoop(const std::string& name, const std::string& kind, size_t shorter, size_t longer) {
  return {.name = name,
          .element = "byte",
          .shorter = shorter,
          .longer = longer,
          .prepare = [kind](size_t length) {
            const auto text = std::make_shared<std::string>(bench::MakeText(kind, length));
            const auto tokens = std::make_shared<Tokens>();
            Tokenize(*text, tokens.get());
            return [text, tokens, finder = std::make_shared<PageRepeatFinder>(),
                    found = std::make_shared<PageRepeats>()] {
              finder->Find(*text, *tokens, {}, found.get());
              sink = found->cut.size();
            };
          }};
}

// Two sets of `length` shingles, of which they share half.
std::pair<std::vector<uint64_t>, std::vector<uint64_t>> Sets(size_t length) {
  std::vector<uint64_t> a = Hashes(length), b = Hashes(length, 2);
  std::copy_n(a.begin(), length / 2, b.begin());
  MakeSet(&a);
  MakeSet(&b);
  return {a, b};
}

std::function<void()> Overlap(size_t length) {
  return [sets = Sets(length)] { sink = ExactOverlap(sets.first, sets.second).shared; };
}

// As above, to the end: what they share is just enough.
std::function<void()> Resemble(size_t length) {
  return [sets = Sets(length)] { sink = Resembles(sets.first, sets.second, 0.33); };
}

// A small set in one a hundred times as large.
std::function<void()> Gallop(size_t length) {
  std::vector<uint64_t> many = Hashes(100 * length), few = Hashes(length, 2);
  std::copy_n(many.begin(), length / 2, few.begin());
  MakeSet(&few);
  MakeSet(&many);
  return [few, many] { sink = ExactOverlap(few, many).shared; };
}

const Register loops = {
    {.name = "winnow", .element = "shingle", .shorter = 1024, .longer = 4096, .prepare = Winnow},
    PageScopeLoop("page_scope:english", "english", 16 << 10, 64 << 10),
    PageScopeLoop("page_scope:mixed", "mixed", 16 << 10, 64 << 10),
    // Beyond this seeds are told apart in parts.
    PageScopeLoop("page_scope:large", "english", 320 << 10, 640 << 10),
    {.name = "overlap",
     .element = "shingle",
     .shorter = 1024,
     .longer = 4096,
     .prepare = Overlap,
     .dispatched = false},
    {.name = "resembles",
     .element = "shingle",
     .shorter = 1024,
     .longer = 4096,
     .prepare = Resemble,
     .dispatched = false},
    {.name = "overlap:gallop",
     .element = "shingle",
     .shorter = 64,
     .longer = 192,
     .prepare = Gallop,
     .dispatched = false}};

}  // namespace
}  // namespace refrain::guard
