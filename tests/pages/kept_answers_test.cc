// Pages that share answers are those that each asks for by itself, and all of a folder's pages are in one group of them.
#include "ledger/pages/kept_answers.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/site_paths.h"
#include "ledger/query/trace.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("an answer is made once for a question, and an error again and again") {
  pages::KeptAnswers kept;
  int made = 0;
  const auto make = [&made] { return StatusOr<int>(++made); };
  CHECK(*Need(kept.Of("how many", make)) == 1);
  CHECK(*Need(kept.Of("how many", make)) == 1);
  CHECK(*Need(kept.Of("how few", make)) == 2);
  // A question of one name has another answer where its type is another.
  CHECK(*Need(kept.Of("how many", [] { return StatusOr<std::string>("many"); })) == "many");
  int asked = 0;
  const auto fail = [&asked]() -> StatusOr<int> {
    if (++asked == 1) return absl::UnavailableError("not now");
    return 7;
  };
  CHECK(absl::IsUnavailable(kept.Of("which", fail).status()));
  CHECK(*Need(kept.Of("which", fail)) == 7);
}

TEST_CASE("pages of a folder that share answers have the bytes of those that share none") {
  Site site;
  // So many that a statement goes on after its page, and one that fits.
  for (int i = 0; i < 110; ++i) site.Do({Pay("donor", "county", 100 + i, v1::TRANSFER_KIND_DONATION)});
  const query::View view = site.view();
  const std::set<std::string> all = Need(pages::SitePaths(view));
  const auto groups = pages::SharingPaths(all);
  pages::Keeping keeping;
  std::multiset<std::string> seen;
  for (const std::vector<std::string>& group : groups) {
    for (const std::string& path : group) {
      INFO(path);
      pages::PageRequest request;
      request.path = path;
      request.folder = &all;
      const pages::Page alone = Need(pages::AnswerPage(view, request));
      request.keeping = &keeping;
      const pages::Page shared = Need(pages::AnswerPage(view, request));
      CHECK(shared.status == 200);
      CHECK(shared.body == alone.body);
      seen.insert(path);
    }
    keeping.near = pages::KeptAnswers();
  }
  CHECK(seen == std::multiset<std::string>(all.begin(), all.end()));
  CHECK(groups.size() < all.size() / 3);
  // What a server answers too.
  for (const char* path : {"/party/donor/statement.csv", "/party/village/statement.csv",
                           "/party/donor/went.csv", "/party/county/came.csv", "/party/ministry.csv"}) {
    INFO(path);
    CHECK(site.Ask(path, &all).body == site.Body(path));
  }
}

TEST_CASE("all that is of one item is made together, in both languages, and lists come first") {
  const std::set<std::string> paths = {"/party/X/",
                                       "/party/X.csv",
                                       "/zh/party/X/went/USD.svg",
                                       "/party/X/feed.atom",
                                       "/party/X.svg",
                                       "/zh/payments/2020/",
                                       "/payments.csv",
                                       "/payment/4.1/",
                                       "/zh/payment/4.1/",
                                       "/payment/4.10/",
                                       "/zh/feed.atom",
                                       "/",
                                       "/zh/",
                                       "/names.js",
                                       "/party/a.b/",
                                       "/party/a.b.csv",
                                       "/record/3.tlog-proof"};
  const auto groups = pages::SharingPaths(paths);
  const auto group_of = [&](const std::string& path) {
    for (const auto& group : groups)
      for (const std::string& one : group)
        if (one == path) return std::set<std::string>(group.begin(), group.end());
    return std::set<std::string>();
  };
  CHECK(group_of("/party/X/") == std::set<std::string>{"/party/X/", "/party/X.csv",
                                                       "/zh/party/X/went/USD.svg", "/party/X/feed.atom",
                                                       "/party/X.svg"});
  CHECK(group_of("/party/a.b/") == std::set<std::string>{"/party/a.b/", "/party/a.b.csv"});
  CHECK(group_of("/payment/4.1/") == std::set<std::string>{"/payment/4.1/", "/zh/payment/4.1/"});
  CHECK(group_of("/payments.csv") == std::set<std::string>{"/payments.csv", "/zh/payments/2020/"});
  REQUIRE_FALSE(groups.empty());
  CHECK(groups.back().front().find("/pa") != std::string::npos);
  CHECK(groups.front().front().find("/party/") == std::string::npos);
}

TEST_CASE("a feed of which it is known which records have news is the same feed") {
  const Site site;
  const query::View view = site.view();
  const pages::RecordNumbers with_news = Need(pages::RecordsWithNews(view));
  CHECK_FALSE(with_news.empty());
  CHECK(with_news.size() < view.checkpoint.size());
  for (const char* path : {"party/county/feed.atom", "zh/place/gz/feed.atom", "zh/feed.atom",
                           "party/village/feed.atom", "project/lunches/feed.atom"}) {
    INFO(path);
    const auto feed = pages::ReadOwnFeedPath(path);
    REQUIRE(feed.has_value());
    CHECK(Need(pages::FeedOf(view, *feed, &with_news)) == Need(pages::FeedOf(view, *feed)));
  }
}

TEST_CASE("the assets of a trace are known without following it") {
  Site site;
  site.Do({Asset("USD")});
  v1::Action other = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION);
  other.mutable_transfer()->set_asset("USD");
  site.Do({std::move(other)});
  const query::View view = site.view();
  std::size_t found = 0;
  for (const char* party : {"donor", "ministry", "village", "county", "hostile-0", "home-7", "root"}) {
    for (const v1::Direction way : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
      INFO(party << " " << way);
      v1::TraceRequest request;
      request.set_party(party);
      request.set_direction(way);
      std::set<std::string> assets;
      const v1::TraceAnswer answer = Need(query::Trace(view, request));
      for (const v1::AssetTrace& trace : answer.assets()) assets.insert(trace.asset());
      CHECK(Need(query::TracedAssets(view, request)) == assets);
      found += assets.size();
    }
  }
  CHECK(found > 5);
  v1::TraceRequest nobody;
  nobody.set_party("nobody");
  nobody.set_direction(v1::DIRECTION_FROM);
  CHECK(absl::IsNotFound(query::TracedAssets(view, nobody).status()));
}

}  // namespace
}  // namespace fundtrail::testing
