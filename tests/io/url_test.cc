#include "refrain/io/url.h"

#include <gtest/gtest.h>

namespace refrain {
namespace {

TEST(HostOf, IsLowerCaseWithoutUserAndPort) {
  EXPECT_EQ(HostOf("http://Example.COM/Path"), "example.com");
  EXPECT_EQ(HostOf("https://www.example.com:8080"), "www.example.com");
  EXPECT_EQ(HostOf("http://me:secret@x@example.com/a@b"), "example.com");
  EXPECT_EQ(HostOf("http://example.com?q=http://other.com/"), "example.com");
  EXPECT_EQ(HostOf("http://example.com#f"), "example.com");
  EXPECT_EQ(HostOf("http://example.com./"), "example.com");
  EXPECT_EQ(HostOf("//example.com/a"), "example.com");
  EXPECT_EQ(HostOf("http://[2001:DB8::1]:80/"), "[2001:db8::1]");
  EXPECT_EQ(HostOf("http://m\u00fcnchen.de/"), "m\u00fcnchen.de");
}

TEST(HostOf, IsEmptyWithoutOne) {
  for (const char* url : {"", "example.com/a", "/a//b", "mailto:a@b.c", "urn:uuid:1", "http:", "a b://c",
                          "page?u=http://x.y/"}) {
    EXPECT_EQ(HostOf(url), "") << url;
  }
  EXPECT_EQ(HostOf("http:///path"), "");
  EXPECT_EQ(HostOf("http://"), "");
}

}  // namespace
}  // namespace refrain
