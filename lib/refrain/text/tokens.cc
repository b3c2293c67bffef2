#include "refrain/text/tokens.h"

#include "refrain/base/cpu.h"
#include "refrain/text/run_internal.h"
#include "refrain/text/tokenize_vector_internal.h"

namespace refrain {

void Tokens::clear() {
  hashes.clear();
  begins.clear();
  ends.clear();
  traits.clear();
  invalid_bytes = 0;
}

void Tokenize(std::string_view text, Tokens* tokens) {
  text_internal::Sink sink(tokens);
  if (UseScalarKernel()) {
    text_internal::TokenizeRun(text, 0, text.size(), &sink);
  } else {
    text_internal::TokenizeVector(text, &sink);
  }
  sink.Finish();
}

}  // namespace refrain
