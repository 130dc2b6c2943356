#include "node/front/http/proxy_negotiation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace idnode {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(WishesByAccept, KnowABrowserByItsNameWhenItTakesAnything) {
  for (const char* accept : {"", "*/*", " */* ;q=0.5", ", ,"}) {
    EXPECT_THAT(WishesByAccept(accept, "curl/8"), ElementsAre(Pair("http_role", "no_conneg")));
    EXPECT_THAT(WishesByAccept(accept, " mozilla/5.0"),
                ElementsAre(Pair("http_role", "browser"), Pair("ctype", "text/html"),
                            Pair("media-type", "text/html")));
  }
}

TEST(WishesByAccept, KnowABrowserByWhatItPrefers) {
  EXPECT_THAT(WishesByAccept("text/html,application/ld+json;q=0.9,*/*;q=0.8", ""),
              ElementsAre(Pair("http_role", "browser"), Pair("ctype", "text/html"),
                          Pair("media-type", "text/html")));
  EXPECT_THAT(WishesByAccept("image/png, application/ld+json;q=0.9", ""),
              ElementsAre(Pair("http_role", "browser")));
}

TEST(WishesByAccept, NameOtherMediaTypesInTheirOrderUpToAWildcard) {
  EXPECT_THAT(
      WishesByAccept("a/low;q=0.2, A/High ; Q=0.9;x=y, text/html;q=0.5, */*;q=0.3", "Mozilla/5.0"),
      ElementsAre(Pair("ctype", "a/high"), Pair("media-type", "a/high"), Pair("ctype", "text/html"),
                  Pair("media-type", "text/html"), Pair("http_role", "conneg")));
}

TEST(WishesByAccept, TakeABadQualityForOne) {
  for (const char* accept : {"a/b;q=, text/html;q=0.9", "a/b;q=x, text/html;q=0.9",
                             "a/b;q=-1, text/html;q=0.9", "a/b;q=2, text/html;q=0.9"}) {
    EXPECT_THAT(WishesByAccept(accept, "").back(), Pair("http_role", "conneg")) << accept;
  }
}

TEST(VaryByAccept, IsSaidWhenALocationAsksForNegotiation) {
  EXPECT_FALSE(VaryByAccept(Locations{}));
  EXPECT_FALSE(VaryByAccept(*ParseLocations(R"(<locations><location href="x"/></locations>)")));
  EXPECT_TRUE(VaryByAccept(
      *ParseLocations(R"(<locations><location href="x" http_role="no_conneg"/></locations>)")));
}

}  // namespace
}  // namespace idnode
