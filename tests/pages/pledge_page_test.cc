// The form to print for a pledge, and the place for files that a reader kept.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE(
    "each need has a form to print, which says what is missing, to whom it goes, and how it is recorded") {
  const Site site;
  const std::string form = site.Body("/need/rice/pledge/");
  CHECK_THAT(form, Contains("Pledge for need rice") && Contains("700.00 CNY") && Contains("Hand it to") &&
                       Contains("Party county") && Contains("Day and signature") &&
                       Contains("class=\"form\"") &&
                       Contains("pledge add PLEDGE --owner DONOR --asset CNY --amount AMOUNT --need rice"));
  CHECK_THAT(site.Body("/zh/need/rice/pledge/"), Contains("对需求 rice 的认捐") && Contains("日期和签名"));
  CHECK_THAT(site.Body("/need/rice/"), Contains("href=\"../../need/rice/pledge/\""));
  CHECK_THAT(site.Body("/give/"), Contains("href=\"../need/rice/pledge/\""));
  CHECK_THAT(site.Body("/@7/need/rice/pledge/"), Contains("record 7"));
  CHECK(site.Ask("/need/none/pledge/").status == 404);
  CHECK(site.Ask("/party/donor/pledge/").status == 404);
  CHECK(site.Ask("/need/rice/pledge.csv").status == 404);
  // A folder that lacks it does not lead to it.
  const std::set<std::string> folder = {"/need/rice/", "/give/"};
  CHECK_THAT(site.Ask("/need/rice/", &folder).body, !Contains("pledge/"));
}

TEST_CASE(
    "a need of goods has a form with its unit, and a unit that would end a word of the command is left out") {
  Site site;
  v1::Action blankets = NeedAt("blankets", "county", "gz", "NUT", 3);
  blankets.mutable_declare_need()->set_quantity(4'000);
  blankets.mutable_declare_need()->set_unit("pieces");
  v1::Action odd = NeedAt("odd", "county", "gz", "NUT", 3);
  odd.mutable_declare_need()->set_quantity(1);
  odd.mutable_declare_need()->set_unit("x'; rm -rf /; '");
  site.Do({blankets, odd});
  CHECK_THAT(site.Body("/need/blankets/pledge/"),
             Contains("How much, in ") && Contains("--quantity QUANTITY --unit &apos;pieces&apos;"));
  const std::string form = site.Body("/need/odd/pledge/");
  CHECK_THAT(form, Contains("--unit UNIT"));
  CHECK(form.find("rm -rf", form.find("<pre>")) == std::string::npos);
}

TEST_CASE("the page of checks has a place for receipts and answers that a reader kept") {
  const Site site;
  CHECK_THAT(site.Body("/check/"), Contains("<div id=\"kept\">") && Contains("src=\"../web/drop.js\""));
  CHECK_THAT(site.Body("/zh/check/"), Contains("你保存的文件") && Contains("src=\"../../web/drop.js\""));
  CHECK_THAT(site.Ask("/web/drop.js").body, Contains("./opened.js"));
  // Opened as files the place stays empty: a page of a folder says so.
  const std::set<std::string> folder = {"/check/", "/zh/check/"};
  CHECK_THAT(site.Body("/check/"), !Contains("opened as a file"));
  CHECK_THAT(
      site.Ask("/check/", &folder).body,
      Contains("opened as a file") && Contains("checker instead: <a href=\"../web/checker.html\" download"));
  CHECK_THAT(site.Ask("/zh/check/", &folder).body,
             Contains("作为文件打开") && Contains("请改用离线核验程序：<a href=\"../../web/checker.html\""));
}

}  // namespace
}  // namespace fundtrail::testing
