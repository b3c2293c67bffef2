#include <string>

#include <gtest/gtest.h>

#include "refrain/io/charset_internal.h"

namespace refrain {
namespace {

using charset::PrescanMeta;

std::string Seen(std::string_view html) { return std::string(charset::NameOf(PrescanMeta(html))); }

TEST(CharsetMeta, CharsetAttributeInEveryForm) {
  EXPECT_EQ(Seen("<meta charset=koi8-r>"), "koi8-r");
  EXPECT_EQ(Seen("<META CHARSET='KOI8-R' />"), "koi8-r");
  EXPECT_EQ(Seen("<html><head>\n<meta name=a content=b\n charset = \"koi8-r\""), "koi8-r");
  EXPECT_EQ(Seen("<meta/charset=koi8-r/>"), "") << "the slash belongs to the value";
}

TEST(CharsetMeta, ContentTypeInEveryForm) {
  EXPECT_EQ(Seen("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>"), "koi8-r");
  EXPECT_EQ(Seen("<meta content=\"text/html;charset = 'koi8-r'\" http-equiv=\"content-type\">"), "koi8-r");
  EXPECT_EQ(Seen("<meta http-equiv=content-type content='charsetcharset=koi8-r;x'>"), "koi8-r");
  EXPECT_EQ(Seen("<meta content='text/html; charset=koi8-r'>"), "") << "not without http-equiv";
  EXPECT_EQ(Seen("<meta http-equiv=refresh content='0; charset=koi8-r'>"), "");
  EXPECT_EQ(Seen("<meta http-equiv=content-type content='charset=\"koi8-r'>"), "");
}

TEST(CharsetMeta, FirstMetaWithAKnownLabelCounts) {
  EXPECT_EQ(Seen("<meta charset=nonsense><meta charset=big5><meta charset=koi8-r>"), "big5");
  EXPECT_EQ(Seen("<meta name=x><meta charset=big5 charset=koi8-r>"), "big5");
}

TEST(CharsetMeta, CommentsAndAttributesAreNoMeta) {
  EXPECT_EQ(Seen("<!-- <meta charset=koi8-r> --><meta charset=big5>"), "big5");
  EXPECT_EQ(Seen("<!--><meta charset=koi8-r>"), "koi8-r");
  EXPECT_EQ(Seen("<p title='<meta charset=koi8-r>'><meta charset=big5>"), "big5");
  EXPECT_EQ(Seen("<!x <meta charset=koi8-r>"), "");
  EXPECT_EQ(Seen("<metadata charset=koi8-r>"), "");
}

TEST(CharsetMeta, Utf16IsNotBelieved) {
  EXPECT_EQ(Seen("<meta charset=utf-16>"), "utf-8");
  EXPECT_EQ(Seen("<meta charset=x-user-defined>"), "windows-1252");
}

TEST(CharsetMeta, XmlDeclarationCountsWhereThereIsNoMeta) {
  EXPECT_EQ(Seen("<?xml version=\"1.0\" encoding=\"koi8-r\"?><html>"), "koi8-r");
  EXPECT_EQ(Seen("<?xml encoding='koi8-r'?><meta charset=big5>"), "big5");
  EXPECT_EQ(Seen(" <?xml encoding='koi8-r'?>"), "");
  EXPECT_EQ(Seen("<?xml encoding=koi8-r?>"), "");
}

TEST(CharsetMeta, OnlyTheFirst1024BytesAreRead) {
  const std::string meta = "<meta charset=koi8-r>";
  EXPECT_EQ(Seen(std::string(1024 - meta.size(), ' ') + meta), "koi8-r");
  EXPECT_EQ(Seen(std::string(1024, ' ') + meta), "");
}

TEST(CharsetMeta, UnfinishedMarkupIsNothing) {
  const std::string html =
      "<!-- a --><p b='c'><meta http-equiv=content-type content='text/html; charset=koi8-r' charset=big5>";
  for (size_t size = 0; size < html.size(); ++size) {
    const std::string seen = Seen(html.substr(0, size));
    EXPECT_TRUE(seen.empty() || seen == "koi8-r" || seen == "big5") << size;
  }
}

}  // namespace
}  // namespace refrain
