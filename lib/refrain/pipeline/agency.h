#pragma once
/// Marks of news agencies: "(AP) — ", "LONDON (Reuters) - ", "© 2020 The Associated Press".

#include <cstdint>
#include <string_view>

namespace refrain {

/// No agency.
inline constexpr uint8_t kNoAgency = 0;

/// The agency whose mark a text carries: in brackets or behind "By" in its first six hundred bytes, in
/// brackets in its last two hundred, or there in a line with a sign of rights ("(c)", "All rights reserved").
/// In lines of these that name it alone ("Agencia EFE", but not two letters), behind "Source:" and the like,
/// behind a name at the end of a byline ("By JANE DOE Associated Press"), or in front of a dash where a
/// paragraph begins ("AP \u2014 ", "LONDON, Reuters \u2014 "). In other scripts: in brackets of any kind,
/// between slashes, or where a line begins with it, a place and a day ("新华社北京3月4日电"). Looks at
/// nothing else: whom a text only speaks of did not write it. kNoAgency if there is none, or more than one.
uint8_t FindAgency(std::string_view text);

/// "AP", "Reuters"; "" for kNoAgency.
std::string_view AgencyName(uint8_t agency);

/// The agency that a source is, by its name: "apnews.com", "www.reuters.com", "AP". kNoAgency if it is none.
uint8_t AgencyOfSource(std::string_view source);

}  // namespace refrain
