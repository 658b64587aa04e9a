// site: the pages for everybody, as files that any web server can host.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a site is written, beside an archive too, and again") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --key clerk")
              .exit == 0);
  REQUIRE(desk.Run("--ledger l archive public").exit == 0);
  const auto first = desk.Run("--ledger l site public --base https://aid.example");
  INFO(first.err);
  REQUIRE(first.exit == 0);
  CHECK_THAT(first.out, Contains("of example.org/l in public, as of 8 records, root "));
  const std::string went = desk.read("public/party/donor/went/index.html");
  CHECK_THAT(
      went,
      Contains(
          "<b>5.00 CNY</b>. Of each 100: <b>0.00</b> reached recipients; <b>100.00</b> is held on the way;"));
  CHECK_THAT(went, Contains("rel=\"canonical\" href=\"https://aid.example/party/donor/went/\""));
  // The key is that of the folder, as the browser's check needs it.
  const std::string vkey = desk.read("l/vkey");
  CHECK_THAT(went, Contains("data-vkey=\"" + vkey.substr(0, vkey.find('\n')) + "\""));
  CHECK_THAT(desk.read("public/zh/party/donor/went/index.html"),
             Contains("<html lang=\"zh\">") && Contains("捐赠人：钱去了哪里"));
  CHECK_THAT(desk.read("public/party/donor/went.csv"), Contains("flow,捐赠人,donor,红十字会,hub,5.00,"));
  CHECK(nlohmann::json::parse(desk.read("public/payments.json"))["transfers"].size() == 1);
  CHECK_THAT(desk.read("public/payment/7.1/index.html"), Contains("data-amount=\"500\""));
  CHECK_THAT(desk.read("public/names.js"), Contains("[\"party\",\"hub\",\"红十字会\",\"\"]"));
  CHECK_THAT(desk.read("public/sitemap.xml"), Contains("https://aid.example/zh/party/hub/"));
  CHECK_THAT(desk.read("public/web/style.css"), Contains("table"));
  CHECK_THAT(desk.read("public/record/7.tlog-proof"), Contains("c2sp.org/tlog-proof@v1\n"));
  // It is a whole receipt.
  CHECK(desk.Run("receipt verify public/record/7.tlog-proof --vkey " + VkeyOf(desk)).exit == 0);

  // Both go on in the same folder.
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 6 --asset CNY --fund winter --key clerk")
              .exit == 0);
  CHECK(desk.Run("--ledger l archive public").exit == 0);
  const auto json = desk.Run("--ledger l --json site public --base https://aid.example");
  INFO(json.err);
  REQUIRE(json.exit == 0);
  const auto told = nlohmann::json::parse(json.out);
  CHECK(told["size"] == 9);
  CHECK(told["files"].get<int>() > 100);
  CHECK_THAT(desk.read("public/party/donor/went/index.html"), Contains("<b>11.00 CNY</b>"));
}

TEST_CASE("a site has the same bytes, however many pages are made at once") {
  namespace fs = std::filesystem;
  const Desk desk;
  desk.MakeLedger();
  for (const char* amount : {"5", "6", "7"})
    REQUIRE(desk.Run(std::string("--ledger l pay --from donor --to hub --amount ") + amount +
                     " --asset CNY --fund winter --key clerk")
                .exit == 0);
  for (const char* jobs : {"1", "2", "9"}) {
    const auto ran = desk.Run(std::string("--ledger l site site-") + jobs + " --jobs " + jobs);
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
  }
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(desk.path("site-1"))) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string path = fs::relative(entry.path(), desk.path("site-1")).string();
    INFO(path);
    const std::string one = desk.read("site-1/" + path);
    CHECK(desk.read("site-2/" + path) == one);
    CHECK(desk.read("site-9/" + path) == one);
  }
  CHECK(files > 100);
  for (const char* many : {"site-2", "site-9"}) {
    std::size_t there = 0;
    for (const auto& entry : fs::recursive_directory_iterator(desk.path(many)))
      there += entry.is_regular_file() ? 1 : 0;
    CHECK(there == files);
  }
  CHECK(desk.Run("--ledger l site site-1 --jobs 0").exit == 2);
}

TEST_CASE("a site says where its data come from, how they may be used, and whose outlines it draws") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run("--ledger l site plain").exit == 0);
  CHECK_THAT(desk.read("plain/data/index.html"), Contains("states no licence"));

  desk.write("places.json",
             R"({"type": "FeatureCollection", "features": [{"type": "Feature", "id": "cn", "geometry":
             {"type": "Polygon", "coordinates": [[[100, 30], [110, 30], [110, 40], [100, 30]]]}}]})");
  const auto told = desk.Run(
      "--ledger l site public --source 'Office of Relief' --licence 'CC BY 4.0' --places places.json "
      "--places-licence 'CC0 outlines' --places-review GS-1");
  INFO(told.err);
  REQUIRE(told.exit == 0);
  CHECK_THAT(desk.read("public/data/index.html"),
             Contains("Office of Relief") && Contains("CC BY 4.0") && !Contains("states no licence"));

  CHECK(desk.Run("--ledger l site other --places places.json").exit == 2);  // without its licence
  CHECK(desk.Run("--ledger l site other --places-licence CC0").exit == 2);
  desk.write("places.json", "{}");
  const auto none = desk.Run("--ledger l site other --places places.json --places-licence CC0");
  CHECK(none.exit == 2);
  CHECK_THAT(none.err, Contains("--places places.json"));
  CHECK(desk.Run("--ledger l site other --licence " + std::string(201, 'x')).exit == 2);
  CHECK_FALSE(std::filesystem::exists(desk.path("other")));
}

TEST_CASE("site says what it cannot do, and does nothing then") {
  const Desk desk;
  desk.MakeLedger();
  std::filesystem::create_directory(desk.path("mine"));
  desk.write("mine/index.html", "dear");
  const struct {
    std::string arguments;
    int exit;
    std::string says;
  } kCases[] = {
      {"--ledger l site", 2, "DIR"},
      {"site public", 2, "--ledger"},
      {"--ledger none site public", 2, "not a ledger"},
      {"--server 127.0.0.1:1 site public", 2, "--ledger"},
      {"--ledger l site mine", 2, "neither a site nor an archive"},
      {"--ledger l site public --base aid.example", 2, "https://HOST"},
      {"--ledger l site public --base https://aid.example/", 2, "without a / at its end"},
  };
  for (const auto& one : kCases) {
    INFO(one.arguments);
    const auto ran = desk.Run(one.arguments);
    CHECK(ran.exit == one.exit);
    CHECK_THAT(ran.err, Contains(one.says));
  }
  CHECK(desk.read("mine/index.html") == "dear");
  CHECK_FALSE(std::filesystem::exists(desk.path("public")));
}

}  // namespace
}  // namespace fundtrail::testing
