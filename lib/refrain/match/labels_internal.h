#pragma once
/// Lines above a text that are no heading of its own: who wrote it, in which part of the paper it stands.

#include <string_view>

#include "refrain/base/span.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// The tokens `line`, a whole line, are a few words that name an author or a photographer: "By Jon Dahl",
/// "Photo: Reuters", in some twenty languages. What stands behind the first word begins with a capital,
/// unless letters have none, and is a name of two words, or stands behind a colon: "By train" and "By Car"
/// are headings.
bool IsCredit(std::string_view text, const Tokens& tokens, Span line);

/// They are a credit, or the name of a part that every paper has: "Opinion", "Sport".
bool IsLabel(std::string_view text, const Tokens& tokens, Span line);

}  // namespace refrain
