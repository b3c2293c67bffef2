#include "refrain/io/html_tokens_internal.h"

#include <gtest/gtest.h>

#include "tests/io/html_testing.h"

namespace refrain {
namespace {

TEST(HtmlTokens, AngleBracketsThatStartNoTagAreText) {
  EXPECT_EQ(Lines("a < b <1 <= <"), "a < b <1 <= <|");
  EXPECT_EQ(Lines("a<<b>c"), "a<c|");
  EXPECT_EQ(Lines("1 > 2"), "1 > 2|");
  EXPECT_EQ(Lines("a</"), "a</|");
}

TEST(HtmlTokens, AttributesMayHoldAnything) {
  EXPECT_EQ(Lines("<a title='<p>\"' href=\"x>y\" z=a'b\"c/ =d=e / f>t"), "t|");
  EXPECT_EQ(Lines("<p\ttitle\n=\r'a' hidden = x>no<p>yes"), "yes|");
  EXPECT_EQ(Lines("<p/hidden>no<p>yes"), "yes|");
  EXPECT_EQ(Lines("<p title=/hidden>yes"), "yes|");
  EXPECT_EQ(Lines("<p title=>yes"), "yes|");
}

TEST(HtmlTokens, TagNamesEndAtSpaceSlashOrBracketOnly) {
  EXPECT_EQ(Lines("<p<b>x</p<b>y"), "xy|");
  EXPECT_EQ(Lines("<SCRIPT>x</ScRiPt >y<DiV>z"), "y|z|");
}

TEST(HtmlTokens, CommentsEndAsInBrowsers) {
  EXPECT_EQ(Lines("a<!-->b<!--->c<!---->d<!-- -- - -->e<!-- x --!>f<!--->-->g<!-- <!-- -->h"),
            "abcdef-->gh|");
  EXPECT_EQ(Lines("a<!-- b ->c-- >d"), "a|") << "no end";
  EXPECT_EQ(Lines("a<!-- b --->c"), "ac|");
}

TEST(HtmlTokens, BogusCommentsEndAtTheFirstBracket) {
  EXPECT_EQ(Lines("a<!x > b<?x > c</ x y='> d"), "a b c d|");
  EXPECT_EQ(Lines("a</>b</ x>c<!>d"), "abcd|");
}

TEST(HtmlTokens, UnfinishedTagsAreDropped) {
  for (const char* tail : {"<b", "<b ", "<b x", "<b x=", "<b x='y>", "<b x=y", "</b", "<b /", "<!", "<!-",
                           "<!--", "<?", "</ "}) {
    EXPECT_EQ(Lines(std::string("a") + tail), "a|") << tail;
  }
}

TEST(HtmlTokens, RawTextEndsAtItsOwnEndTagOnly) {
  EXPECT_EQ(Lines("<style>a</p></styles></ style></style x>b"), "b|");
  EXPECT_EQ(Lines("<title>a<b></title>c"), "c|");
  EXPECT_EQ(Lines("<textarea>a</textare></textareas</textarea/>b"), "a</textare></textareas|b|");
  EXPECT_EQ(Lines("<iframe><p></iframe>a<noembed><p></noembed>b<noframes><p></noframes>c"), "abc|");
}

TEST(HtmlTokens, ScriptsMayHoldScriptsInsideComments) {
  EXPECT_EQ(Lines("<script><!-- document.write('<script>x</script>') --></script>a"), "a|");
  EXPECT_EQ(Lines("<script><!-- x </script>a"), "a|");
  EXPECT_EQ(Lines("<script><!-- <script> --> </script>a"), "a|");
  EXPECT_EQ(Lines("<script><!--> <script> </script>a"), "a|") << "that comment is over at once";
  EXPECT_EQ(Lines("<script><!-- <scripts> </script>a"), "a|");
  EXPECT_EQ(Lines("<script>'<script>'</script>a"), "a|") << "no comment, no script inside";
  EXPECT_EQ(Lines("<script><!-- <script> </script> </script>a"), "a|");
}

TEST(HtmlTokens, UnclosedRawTextRunsToTheEnd) {
  EXPECT_EQ(Lines("a<script>b<p>c"), "a|");
  EXPECT_EQ(Lines("a<textarea>b<p>c"), "a|b<p>c|");
  EXPECT_EQ(Lines("a<script><!-- <script> </script> b"), "a|");
}

TEST(HtmlTokens, PositionsCoverTheTag) {
  html::Tokens tokens("ab<p class='x'>c</p >d");
  html::Token token;
  ASSERT_TRUE(tokens.Next(&token));
  EXPECT_EQ(token.kind, html::Token::kText);
  EXPECT_EQ(token.end, 2u);
  ASSERT_TRUE(tokens.Next(&token));
  EXPECT_EQ(token.kind, html::Token::kStartTag);
  EXPECT_EQ(token.name, html::NameOf(html::Tag::kP));
  EXPECT_EQ(token.begin, 2u);
  EXPECT_EQ(token.end, 15u);
  ASSERT_TRUE(tokens.Next(&token));
  ASSERT_TRUE(tokens.Next(&token));
  EXPECT_EQ(token.kind, html::Token::kEndTag);
  ASSERT_TRUE(tokens.Next(&token));
  EXPECT_EQ(token.end, 22u);
  EXPECT_FALSE(tokens.Next(&token));
}

TEST(HtmlTags, NamesAreFoundInAnyCaseAndOthersAreTold) {
  EXPECT_EQ(html::LookUpName("BlockQuote"), html::NameOf(html::Tag::kBlockquote));
  EXPECT_EQ(html::LookUpName("annotation-xml"), html::NameOf(html::Tag::kAnnotationXml));
  EXPECT_EQ(html::LookUpName("My-Element"), html::LookUpName("my-element"));
  EXPECT_NE(html::LookUpName("my-element"), html::LookUpName("my-elements"));
  EXPECT_EQ(html::TraitsOf(html::LookUpName("my-element")), uint32_t{html::kOrdinary});
}

}  // namespace
}  // namespace refrain
