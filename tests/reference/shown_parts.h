#pragma once
// What scenarios of shown pages are made of: parts of an article as sites show them, and ways to write it
// otherwise.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/reference/shown_pages.h"

namespace refrain::reference {

// Numbers of paragraphs.
std::vector<size_t> All(const InventedArticle& article);
// All but `count` paragraphs; the first always stays.
std::vector<size_t> AllBut(size_t count, const InventedArticle& article, Random* random);
void Shuffle(std::vector<size_t>* numbers, Random* random);

// Text of the page's own.
std::string Stamp(Random* random);
std::string Caption(Random* random);
void Head(const InventedArticle& article, ShownPage* page);

// Paragraphs apart.
void Column(const InventedArticle& article, const std::vector<size_t>& paragraphs, ShownPage* page,
            std::string_view between = "\n");
// Paragraphs as one line.
void Blob(const InventedArticle& article, const std::vector<size_t>& paragraphs, std::string_view glue,
          ShownPage* page, const ShownPage::Change& change = nullptr);
// Paragraphs broken to a width.
void Wrapped(const InventedArticle& article, const std::vector<size_t>& paragraphs, size_t width,
             std::string_view between, ShownPage* page);
// The beginning of a paragraph, cut off between these shares of it, in hundredths.
void Lead(const InventedArticle& article, size_t paragraph, std::string_view tail, size_t low, size_t high,
          Random* random, ShownPage* page);
// What stands behind a cut-off lead.
std::string_view Tail(Random* random);
// Whether a sentence is long enough for a call-out.
bool IsLong(const InventedArticle& article, size_t paragraph, Part sentence);

// Changes: quotation marks and spaces, entities that were not read, capitals, full-width forms, soft hyphens.
std::u32string Curly(const std::u32string& text);
std::u32string Entities(const std::u32string& text);
std::u32string Upper(const std::u32string& text);
std::u32string FullWidth(const std::u32string& text);
std::u32string SoftHyphens(const std::u32string& text);
// One word in forty loses or doubles a letter; never a number.
ShownPage::Change Slips(Random* random);

}  // namespace refrain::reference
