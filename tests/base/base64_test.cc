#include "refrain/base/base64.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace refrain {
namespace {

TEST(Base64, GivesTheTestVectorsOfRfc4648) {
  EXPECT_EQ(EncodeBase64(""), "");
  EXPECT_EQ(EncodeBase64("f"), "Zg==");
  EXPECT_EQ(EncodeBase64("fo"), "Zm8=");
  EXPECT_EQ(EncodeBase64("foo"), "Zm9v");
  EXPECT_EQ(EncodeBase64("foob"), "Zm9vYg==");
  EXPECT_EQ(EncodeBase64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(EncodeBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(EncodeBase64("\xfb\xff\xfe"), "+//+");
}

TEST(Base64, RefusesWhatItCouldNotHaveWritten) {
  std::string bytes = "left over";
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9", "Zm-_", "Z=g=", "Zm9v\n"}) {
    EXPECT_FALSE(DecodeBase64(text, &bytes)) << text;
    EXPECT_EQ(bytes, "");
  }
}

RC_GTEST_PROP(Base64, DecodeUndoesEncode, (const std::string& bytes)) {
  std::string back;
  RC_ASSERT(DecodeBase64(EncodeBase64(bytes), &back));
  RC_ASSERT(back == bytes);
}

}  // namespace
}  // namespace refrain
