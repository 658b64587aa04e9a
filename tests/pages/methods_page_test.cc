// Several payments asked about at once, and the second method beside the first.
#include <catch2/catch.hpp>
#include <string>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/model/protobuf_json.h"
#include "ledger/pages/site_paths.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Two gifts of one day, 100.00 and 200.00, of which a hub passes 150.00 on. It is the example of docs/reporter.md.
struct TwoGifts : Site {
  std::uint64_t first, second;
  TwoGifts() {
    Do({Party("gift-a", "root", v1::ROLE_SOURCE), Party("gift-b", "root", v1::ROLE_SOURCE),
        Party("hub", "root"), Party("home", "root", v1::ROLE_RECIPIENT)});
    first = Do({Pay("gift-a", "hub", 10'000, v1::TRANSFER_KIND_DONATION)});
    second = Do({Pay("gift-b", "hub", 20'000, v1::TRANSFER_KIND_DONATION)});
    Do({Pay("hub", "home", 15'000)});
  }
  std::string FirstRef() const { return std::to_string(first) + ".1"; }
};

TEST_CASE("several payments are asked about at once: each by itself, and all together once") {
  const Site site;
  const std::string page = site.Body("/went/?refs=3.1%204.1");
  CHECK_THAT(page, Contains("<h1><bdi>2 payments or records: where their money went</bdi></h1>") &&
                       Contains("<b>1,000.00 CNY</b>. Of each 100:") &&
                       Contains("600.00 CNY came round again, and is counted once.") &&
                       Contains("<caption>Each payment by itself") && Contains("href=\"../payment/4.1/\"") &&
                       Contains("<img src=\"../went.svg?refs=3.1%204.1\""));
  CHECK(site.Body("/went/?refs=3.1,4.1").size() > 1'000);
  CHECK_THAT(site.Body("/came/?refs=4.1"),
             Contains("<h1><bdi>1 payment or record: where its money came from</bdi></h1>"));
  CHECK_THAT(site.Body("/zh/went/?refs=4"), Contains("1 笔付款或记录：钱去了哪里") && Contains("逐笔付款"));
  // In the file an amount of one of them never stands in the column of all.
  const std::string csv = site.Body("/went.csv?refs=3.1,4.1");
  CHECK_THAT(
      csv, Contains(",Of this payment alone,Amount of that payment\n") &&
               Contains("reached,,,Party village,village,600.00,") &&
               Contains("reached,,,Party village,village,,,CNY,flood,,,2026-03-01,2026-03-01,4.1,600.00\n"));
  CHECK_THAT(site.Body("/went.json?refs=3.1,4.1"), Contains("\"receipts\""));
  CHECK(site.Ask("/went.svg?refs=3.1").status == 200);
  CHECK_THAT(site.Body("/embed/went/?refs=3.1"), Contains("1,000.00 CNY"));
  // Nobody is named yet: the page asks which.
  CHECK_THAT(site.Body("/went/"), Contains("<textarea name=\"refs\"") && !Contains("<table"));
  CHECK(site.Ask("/went").location == "/went/");
  CHECK(site.Ask("/went.csv").status == 400);
  CHECK(site.Ask("/went/?refs=x").status == 400);
  CHECK(site.Ask("/went/?refs=99.1").status == 404);
  CHECK(site.Ask("/@3/went/?refs=4.1").status == 404);
  for (const char* path : {"/", "/payments/"}) CHECK_THAT(site.Body(path), Contains("went/\""));
  CHECK_THAT(site.Body("/payment/4.1/went/"), Contains("went/?refs=4.1\""));
  // A folder cannot be asked.
  for (const std::string& path : Need(pages::SitePaths(site.view())))
    CHECK((path != "/went/" && path != "/zh/came/"));
}

TEST_CASE("the second method stands beside the first, with what rests on the order of payments") {
  const TwoGifts site;
  const std::string went = "/payment/" + site.FirstRef() + "/went";
  CHECK_THAT(site.Body(went + "/"),
             Contains("href=\"./?method=both\" rel=\"nofollow\"") && !Contains("Two methods"));
  const std::string page = site.Body(went + "/?method=both");
  // First in, first out: all 100.00 reached the home. In proportion a half of it did.
  CHECK_THAT(page, Contains("Two methods, in CNY") && Contains("First in, first out: reached 100.00 CNY") &&
                       Contains("In proportion: reached 50.00 CNY, held 50.00 CNY") &&
                       Contains("<b>50.00 CNY</b> of 100.00 CNY ends elsewhere in proportion.") &&
                       Contains("within a day") && Contains("within a month") &&
                       Contains("href=\"./\" rel=\"nofollow\">By the first method alone</a>"));
  // In the opposite order all of it is held.
  CHECK_THAT(page, Contains("within a day</th><td class=\"n\">100.00</td><td class=\"n\">100.00</td>"));
  CHECK_THAT(site.Body("/zh" + went + "/?method=both"),
             Contains("按比例：到达 50.00 CNY，持有 50.00 CNY") && Contains("一日之内"));
  const std::string csv = site.Body(went + ".csv?method=both");
  CHECK_THAT(csv, Contains("\"First in, first out\",In proportion,Difference,") &&
                      Contains("Party home,home,reached,flood,,CNY,100.00,50.00,-50.00,,\n") &&
                      Contains("in the opposite order within a day,,,CNY,,,,100.00,100.00\n"));
  v1::TraceAnswer answer;
  REQUIRE(model::ReadProtobufJson(site.Body(went + ".json?method=both"), &answer).ok());
  CHECK(answer.assets(0).pro_rata().differs() == 5'000);
  CHECK_THAT(site.Body("/party/home/came/?method=both"), Contains("Two methods, in CNY"));
  CHECK_THAT(site.Body("/went/?refs=" + site.FirstRef() + "&method=both"), Contains("Two methods, in CNY"));
  CHECK(site.Ask(went + "/?method=lowest").status == 400);
  // It never changes.
  const std::string then = "/@" + std::to_string(site.ledger->size() - 1) + went + "/?method=both";
  const std::string before = site.Body(then);
  TwoGifts later;
  later.Do({Pay("hub", "home", 100)});
  CHECK(later.Body(then) == before);
}

TEST_CASE("in a folder of a small ledger both methods stand on each page of a party") {
  const TwoGifts site;
  const auto all = Need(pages::SitePaths(site.view()));
  const std::string page = site.Ask("/party/gift-a/went/", &all).body;
  CHECK_THAT(page, Contains("Two methods, in CNY") && Contains("In proportion: reached 50.00 CNY") &&
                       !Contains("method=both"));
  CHECK(site.Ask("/party/gift-a/went.csv", &all).body == site.Body("/party/gift-a/went.csv"));
}

}  // namespace
}  // namespace fundtrail::testing
