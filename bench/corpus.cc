#include "bench/corpus.h"

#include <string_view>

#include "refrain/base/utf8.h"

namespace refrain::bench {
namespace {

// SplitMix64 (Steele, Lea and Flood 2014): small, and the same on every machine, unlike std distributions.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
  size_t Below(size_t n) { return static_cast<size_t>(Next() % n); }

 private:
  uint64_t state_;
};

// How many of 100 words have 1, 2, ... letters: roughly those of English prose.
constexpr int kLengths[] = {4, 17, 22, 17, 12, 9, 7, 5, 3, 2, 1, 1};

size_t WordLength(Random& random) {
  int left = static_cast<int>(random.Below(100));
  size_t length = 0;
  while ((left -= kLengths[length]) >= 0) ++length;
  return length + 1;
}

// Frequent letters stand more than once.
using Alphabet = std::u32string_view;

constexpr Alphabet kLatin = U"eeeeeetttttaaaaoooiiinnnsssrrrhhhlllddccuummffggppwwyybbvk";
constexpr Alphabet kAccented = U"eeeeeennnnniiiisssrrraaatttdddhhuullccggmmoobbwwffkkzzäöüßéèêàçñ";
constexpr Alphabet kCyrillic =
    U"ооооееееааааииинннтттсссрррвввлллкккмммдддпппуууяяыыьььггззббччййххжжшшюцщэф";
constexpr Alphabet kHangul = U"이다는을에의가하고로한사지도는기은리대시자그인어나정아서";

// 2000 words, so that frequent ones repeat as words do; the first ones most.
std::vector<std::string> MakeWords(Alphabet alphabet, Random& random) {
  std::vector<std::string> words(2000);
  for (std::string& word : words) {
    for (size_t n = WordLength(random); n > 0; --n) {
      AppendUtf8(alphabet[random.Below(alphabet.size())], &word);
    }
  }
  return words;
}

void AppendSentence(const std::vector<std::string>& words, bool capital, Random& random, std::string* text) {
  const size_t length = 5 + random.Below(20);
  for (size_t i = 0; i < length; ++i) {
    if (random.Below(40) == 0) {
      *text += std::to_string(random.Below(3000));
    } else {
      // The square of a uniform number: low ranks more often.
      const double uniform = static_cast<double>(random.Next() >> 11) * 0x1p-53;
      const std::string& word =
          words[static_cast<size_t>(uniform * uniform * static_cast<double>(words.size()))];
      if (capital && (i == 0 || random.Below(12) == 0) && word[0] >= 'a' && word[0] <= 'z') {
        *text += static_cast<char>(word[0] - 0x20);
        text->append(word, 1);
      } else {
        *text += word;
      }
    }
    if (i + 1 == length) break;
    *text += random.Below(12) == 0   ? ", "
             : random.Below(60) == 0 ? "\u2019s "
             : random.Below(60) == 0 ? "-"
                                     : " ";
  }
  *text += ". ";
}

void AppendLetters(char32_t first, size_t count, const char* stop, Random& random, std::string* text) {
  for (size_t n = 8 + random.Below(30); n > 0; --n) {
    AppendUtf8(first + static_cast<char32_t>(random.Below(count)), text);
  }
  *text += stop;
}

}  // namespace

const std::vector<std::string>& TextKinds() {
  static const auto* const kinds =
      new std::vector<std::string>{"english", "mixed", "cyrillic", "han", "thai", "adversarial"};
  return *kinds;
}

std::string MakeText(const std::string& kind, size_t bytes, uint64_t seed) {
  Random random(seed);
  const std::vector<std::string> latin = MakeWords(kLatin, random);
  const std::vector<std::string> accented = MakeWords(kAccented, random);
  const std::vector<std::string> cyrillic = MakeWords(kCyrillic, random);
  const std::vector<std::string> hangul = MakeWords(kHangul, random);
  std::string text;
  text.reserve(bytes + 4096);
  while (text.size() < bytes) {
    if (kind == "adversarial") {
      text += "a ";
      continue;
    }
    const size_t script = kind == "english"    ? 0
                          : kind == "cyrillic" ? 4
                          : kind == "han"      ? 6
                          : kind == "thai"     ? 8
                                               : random.Below(9);
    for (size_t sentences = 1 + random.Below(6); sentences > 0; --sentences) {
      switch (script) {
        case 0:
        case 1:
        case 2:
          AppendSentence(latin, true, random, &text);
          break;
        case 3:
          AppendSentence(accented, true, random, &text);
          break;
        case 4:
        case 5:
          AppendSentence(cyrillic, false, random, &text);
          break;
        case 6:
          AppendLetters(0x4E00, 3000, "\u3002", random, &text);
          break;
        case 7:
          AppendSentence(hangul, false, random, &text);
          break;
        default:
          AppendLetters(0xE01, 46, " ", random, &text);
          break;
      }
    }
    text += '\n';
  }
  size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

}  // namespace refrain::bench
