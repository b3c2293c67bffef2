// Nothing is allocated in the hot path once its buffers have grown: neither a token nor a block nor a page
// costs a call of operator new.

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "bench/corpus.h"
#include "refrain/match/page_repeats.h"
#include "refrain/sketch/banding.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"
#include "refrain/text/blocks.h"
#include "tests/reference/sketch_reference.h"

namespace {

std::atomic<size_t> allocations{0};

void* Counted(size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  std::abort();
}

}  // namespace

void* operator new(size_t size) { return Counted(size); }
void* operator new[](size_t size) { return Counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

namespace refrain {
namespace {

// What is made of a page before it meets others, as the pipeline makes it.
class Worker {
 public:
  void Take(const std::string& text) {
    Tokenize(text, &tokens_);
    Segment(text, tokens_, &blocks_);
    MakeShingles(tokens_.hashes, tokens_.traits, {}, &shingles_);
    signer_.Sign(shingles_, page_signature_);
    keys_.clear();
    AppendBandKeys(page_signature_, {}, &keys_);
    for (const Block& block : blocks_) {
      const std::span hashes = std::span(tokens_.hashes).subspan(block.first, block.size());
      MakeShingles(hashes, std::span(tokens_.traits).subspan(block.first, block.size()), {.words = 3}, &set_);
      MakeSet(&set_);
      hasher_.Sign(set_, signature_);
    }
    repeats_.Find(text, tokens_, {}, &found_);
  }
  const PageRepeats& found() const { return found_; }

 private:
  Tokens tokens_;
  std::vector<Block> blocks_;
  std::vector<uint64_t> shingles_, set_, keys_;
  PageSigner signer_;
  MinHasher hasher_{{.components = 48}};
  std::vector<uint32_t> signature_ = std::vector<uint32_t>(48);
  std::array<uint32_t, PageSigner::kComponents> page_signature_;
  PageRepeatFinder repeats_;
  PageRepeats found_;
};

size_t AllocationsFor(Worker* worker, const std::string& text) {
  const size_t before = allocations;
  worker->Take(text);
  return allocations - before;
}

// Two pages, since what one leaves behind must not be in the way of the other.
TEST(Allocations, PagesLikeThoseBeforeCostNone) {
  for (const std::string& kind : bench::TextKinds()) {
    if (kind == "adversarial") continue;  // repeats everywhere
    const std::string one = bench::MakeText(kind, 24000, 1), other = bench::MakeText(kind, 16000, 2);
    reference::ForEachKernel([&] {
      Worker worker;
      EXPECT_GT(AllocationsFor(&worker, one), 10) << "is anything counted?";
      ASSERT_TRUE(worker.found().empty());
      AllocationsFor(&worker, other);
      EXPECT_EQ(AllocationsFor(&worker, one), 0) << kind;
      EXPECT_EQ(AllocationsFor(&worker, other), 0) << kind;
    });
  }
}

// Repeats are worth some, but not more for having more words.
TEST(Allocations, PagesShownTwiceCostFewWhateverTheirLength) {
  for (const size_t bytes : {4000, 16000, 64000}) {
    std::string text = bench::MakeText("english", bytes, 1);
    text = text + "\n\n" + text;
    Worker worker;
    worker.Take(text);
    EXPECT_FALSE(worker.found().empty());
    EXPECT_LE(AllocationsFor(&worker, text), 50) << bytes;
  }
}

}  // namespace
}  // namespace refrain
